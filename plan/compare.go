package plan

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
)

// Comparison is what differs between two plans: an older one and a newer one.
// Where in the sheets a change comes from makes no difference.
type Comparison struct {
	Added   []*Change // only in the newer plan
	Gone    []*Change // only in the older plan
	Altered []Altered // in both, but not alike
	Same    int       // in both and alike
}

// Altered is a change that is in both plans but not alike.
type Altered struct {
	Was, Is *Change
	Fields  []Difference
}

// Difference is one value of a change that differs. Field is its path in the
// saved plan, "update.name"; a value that is not there is the empty text.
type Difference struct {
	Field string `json:"field"`
	Was   string `json:"was"`
	Is    string `json:"is"`
}

// IsZero reports whether nothing differs.
func (c *Comparison) IsZero() bool { return len(c.Added)+len(c.Gone)+len(c.Altered) == 0 }

// Compare finds what changed from one plan to another. A change is known by
// its id, which says what it does to which object; lists are in the order of
// the plans. Plans of different accounts have nothing to be compared: that is
// an error.
func Compare(was, is *Plan) (Comparison, error) {
	var c Comparison
	if was.Account.ID != is.Account.ID {
		return c, fmt.Errorf("compare plans: one was made for account %s, the other for account %s", was.Account.ID, is.Account.ID)
	}
	older := make(map[string]*Change, len(was.Changes))
	for i := range was.Changes {
		older[was.Changes[i].ID] = &was.Changes[i]
	}
	found := make(map[string]bool, len(older))
	for i := range is.Changes {
		now := &is.Changes[i]
		before := older[now.ID]
		if before == nil {
			c.Added = append(c.Added, now)
			continue
		}
		found[now.ID] = true
		fields, err := differences(before, now)
		if err != nil {
			return Comparison{}, fmt.Errorf("compare change %s: %w", now.ID, err)
		}
		if len(fields) == 0 {
			c.Same++
			continue
		}
		c.Altered = append(c.Altered, Altered{Was: before, Is: now, Fields: fields})
	}
	for i := range was.Changes {
		if !found[was.Changes[i].ID] {
			c.Gone = append(c.Gone, &was.Changes[i])
		}
	}
	return c, nil
}

// differences lists the values of two changes that differ, by their paths.
func differences(was, is *Change) ([]Difference, error) {
	a, err := flatten(was)
	if err != nil {
		return nil, err
	}
	b, err := flatten(is)
	if err != nil {
		return nil, err
	}
	paths := map[string]bool{}
	for _, m := range []map[string]string{a, b} {
		for path := range m {
			paths[path] = true
		}
	}
	var out []Difference
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		if a[path] != b[path] {
			out = append(out, Difference{Field: path, Was: a[path], Is: b[path]})
		}
	}
	return out, nil
}

// flatten lists a change's values by their paths, but for where in the sheets
// it comes from and what stands beside it for people.
func flatten(c *Change) (map[string]string, error) {
	bare := *c
	bare.Rows, bare.Cells = nil, Cells{}
	if c.On != nil {
		on := *c.On
		on.Site, on.SiteName = "", ""
		bare.On = &on
	}
	if l := c.Location(); l != nil {
		alone := *l
		alone.Nearest = nil
		bare.Effect = &alone
	}
	data, err := json.Marshal(&bare)
	if err != nil {
		return nil, err
	}
	var tree map[string]any
	if err := json.Unmarshal(data, &tree); err != nil {
		return nil, err
	}
	out := map[string]string{}
	var walk func(path string, v any)
	walk = func(path string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for name, inner := range v {
				walk(path+"."+name, inner)
			}
		case []any:
			for i, inner := range v {
				walk(path+"."+strconv.Itoa(i), inner)
			}
		default:
			out[path[1:]] = fmt.Sprint(v)
		}
	}
	for name, v := range tree {
		walk("."+name, v)
	}
	return out, nil
}
