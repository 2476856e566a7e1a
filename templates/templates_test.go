package templates_test

import (
	"testing"

	"provision/templates"
)

func TestColumnsAreWellFormed(t *testing.T) {
	t.Parallel()
	columns, err := templates.Columns()
	if err != nil {
		t.Fatal(err)
	}
	names, err := templates.ExampleNames()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, c := range columns {
		if c.Name == "" || c.Description == "" {
			t.Errorf("column %+v: want a name and a description", c)
		}
		if seen[c.Name] {
			t.Errorf("column %q stands twice", c.Name)
		}
		seen[c.Name] = true
		if len(c.Examples) != len(names) {
			t.Errorf("column %q has %d examples, want %d", c.Name, len(c.Examples), len(names))
		}
	}
	for i, name := range names {
		filled := 0
		for _, c := range columns {
			if c.Examples[i] != "" {
				filled++
			}
		}
		if filled < 3 {
			t.Errorf("example %q fills %d columns, want at least 3", name, filled)
		}
	}
}
