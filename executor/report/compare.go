package report

import (
	"fmt"
	"io"

	"provision/executor/report/review"
	"provision/plan"
)

// ComparisonJSON is what differs between two plans, in JSON documents.
type ComparisonJSON struct {
	Plan    string        `json:"plan"` // the older plan's file
	Same    int           `json:"same"` // changes that are in both and alike
	Added   []ChangeJSON  `json:"added"`
	Gone    []ChangeJSON  `json:"gone"`
	Altered []AlteredJSON `json:"altered"`
}

// ChangeJSON names a change.
type ChangeJSON struct {
	ID        string    `json:"id"`
	Kind      plan.Kind `json:"kind"`
	Extension string    `json:"extension"`
	Person    string    `json:"person"`
	Change    string    `json:"change"` // what it does, for people
}

// AlteredJSON is a change that is in both plans but not alike.
type AlteredJSON struct {
	ChangeJSON
	Fields []plan.Difference `json:"fields"`
}

// Compared is the comparison of two plans, ready to be shown.
type Compared struct {
	Was, Is *plan.Plan
	Path    string // of the older plan
	plan.Comparison
}

// JSON is the comparison as JSON documents show it.
func (c *Compared) JSON() *ComparisonJSON {
	was, is := review.NewNames(c.Was), review.NewNames(c.Is)
	doc := &ComparisonJSON{Plan: c.Path, Same: c.Same, Added: []ChangeJSON{}, Gone: []ChangeJSON{}, Altered: []AlteredJSON{}}
	for _, a := range c.Added {
		doc.Added = append(doc.Added, changeJSON(is, a))
	}
	for _, g := range c.Gone {
		doc.Gone = append(doc.Gone, changeJSON(was, g))
	}
	for _, a := range c.Altered {
		doc.Altered = append(doc.Altered, AlteredJSON{changeJSON(is, a.Is), a.Fields})
	}
	return doc
}

func changeJSON(n *review.Names, c *plan.Change) ChangeJSON {
	return ChangeJSON{ID: c.ID, Kind: c.Kind, Extension: c.ExtensionNumber(), Person: c.Person(), Change: n.Describe(c)}
}

// WriteText writes the comparison for a terminal of the given width (0: nothing
// is wrapped).
func (c *Compared) WriteText(w io.Writer, width int, color bool) error {
	s := &screen{width: width, color: color}
	doc := c.JSON()
	s.heading(colorHead, "Compared with %s", clean(c.Path))
	c.list(s, "Added since", doc.Added)
	c.list(s, "Gone since", doc.Gone)
	if len(doc.Altered) > 0 {
		s.heading(colorWarn, "Altered since: %s", thousands(len(doc.Altered)))
		var rows [][]string
		for _, a := range doc.Altered {
			for i, f := range a.Fields {
				row := []string{"", "", "", clean(f.Field), clean(f.Was), clean(f.Is)}
				if i == 0 {
					row[0], row[1], row[2] = a.Kind.String(), clean(a.Extension), clean(a.Person)
				}
				rows = append(rows, row)
			}
		}
		s.table(columns{header: []string{"kind", "ext", "person", "value", "was", "is"}, flex: []int{2, 4, 5}}, rows)
	}
	s.heading(colorHead, "%s added, %s gone, %s altered, %s the same", thousands(len(doc.Added)), thousands(len(doc.Gone)), thousands(len(doc.Altered)), thousands(doc.Same))
	if c.IsZero() {
		s.line("The plans do the same.")
	}
	if _, err := io.WriteString(w, s.b.String()); err != nil {
		return fmt.Errorf("write comparison as text: %w", err)
	}
	return nil
}

func (c *Compared) list(s *screen, title string, list []ChangeJSON) {
	if len(list) == 0 {
		return
	}
	s.heading(colorWarn, "%s: %s", title, thousands(len(list)))
	var rows [][]string
	for _, a := range list {
		rows = append(rows, []string{a.Kind.String(), clean(a.Extension), clean(a.Person), clean(a.Change)})
	}
	s.table(columns{header: []string{"kind", "ext", "person", "change"}, flex: []int{2, 3}, main: "change"}, rows)
}
