package chaos

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// names are all ids and numbers of an account before a run; what else turns up
// was made by the service.
type names map[string]bool

func namesOf(account []byte) (names, error) {
	var doc any
	if err := json.Unmarshal(account, &doc); err != nil {
		return nil, err
	}
	n := names{}
	n.note(doc)
	return n, nil
}

func (n names) note(at any) {
	switch v := at.(type) {
	case map[string]any:
		for _, field := range v {
			n.note(field)
		}
	case []any:
		for _, item := range v {
			n.note(item)
		}
	case string:
		n[v] = true
	case float64:
		n[fmt.Sprintf("%.0f", v)] = true
	}
}

// known is an id that was there before the run, or made.
func (n names) known(id string) string {
	if id == "" || n[id] {
		return id
	}
	return made
}

// normal is an account without what differs between two runs of one plan: ids
// and numbers that the service made up, times, the order of lists.
func (n names) normal(account []byte) ([]string, error) {
	var doc map[string]any
	if err := json.Unmarshal(account, &doc); err != nil {
		return nil, err
	}
	var all []string
	for _, list := range slices.Sorted(maps.Keys(doc)) {
		items, ok := doc[list].([]any)
		if list == "settings" || !ok {
			continue
		}
		lines := make([]string, 0, len(items))
		for _, item := range items {
			text, err := json.Marshal(n.blur(item))
			if err != nil {
				return nil, err
			}
			lines = append(lines, list+" "+string(text))
		}
		slices.Sort(lines)
		all = append(all, lines...)
	}
	return all, nil
}

func (n names) blur(at any) any {
	switch v := at.(type) {
	case map[string]any:
		for name, field := range v {
			switch lower := strings.ToLower(name); {
			case strings.HasSuffix(lower, "id") || strings.HasSuffix(lower, "phonenumber"):
				v[name] = n.blurID(field)
			case strings.HasSuffix(lower, "time"):
				v[name] = "then"
			default:
				v[name] = n.blur(field)
			}
		}
	case []any:
		for i := range v {
			v[i] = n.blur(v[i])
		}
	}
	return at
}

func (n names) blurID(field any) any {
	switch v := field.(type) {
	case string:
		return n.known(v)
	case float64:
		return n.known(fmt.Sprintf("%.0f", v))
	}
	return field
}

// difference says which lines only one of two sorted lists has.
func difference(want, got []string) string {
	count := map[string]int{}
	for _, line := range want {
		count[line]--
	}
	for _, line := range got {
		count[line]++
	}
	var b strings.Builder
	for _, line := range slices.Sorted(maps.Keys(count)) {
		for range -count[line] {
			b.WriteString("-" + line + "\n")
		}
		for range count[line] {
			b.WriteString("+" + line + "\n")
		}
	}
	return b.String()
}

// holders are the extensions that hold a device, by its id.
func holders(account []byte) (map[string]string, error) {
	var doc struct {
		Devices []struct {
			ID        string `json:"id"`
			Extension *struct {
				ID json.Number `json:"id"`
			} `json:"extension"`
		} `json:"devices"`
	}
	if err := json.Unmarshal(account, &doc); err != nil {
		return nil, err
	}
	on := map[string]string{}
	for _, d := range doc.Devices {
		on[d.ID] = ""
		if d.Extension != nil {
			on[d.ID] = d.Extension.ID.String()
		}
	}
	return on, nil
}
