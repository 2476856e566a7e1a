package plan

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestCompare(t *testing.T) {
	t.Parallel()
	s := testAccount(true)
	was := build(t, sheetOf(t, "extension=101; new_name=X", "extension=102; new_name=Y", "action=remove; extension=103"), s)
	is := build(t, sheetOf(t, "extension=102; new_name=Z", "extension=104; new_name=N", "extension=101; new_name=X"), s)
	c, err := Compare(was, is)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Added) != 1 || c.Added[0].ExtensionNumber() != "104" || len(c.Gone) != 1 || c.Gone[0].Kind != KindRemove || c.Same != 1 || len(c.Altered) != 1 || c.IsZero() {
		t.Fatalf("got %+v", c)
	}
	if diff := cmp.Diff([]Difference{{"after.name", "Y", "Z"}, {"update.name", "Y", "Z"}}, c.Altered[0].Fields); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	other := *is
	other.Account.ID = "2"
	if _, err := Compare(was, &other); err == nil {
		t.Error("another account: got no error")
	}
}

// A plan differs from itself in nothing, wherever its rows stand; of two
// plans, every change is in one of the lists, and the other way round added
// and gone trade places.
func TestCompareIsComplete(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		sc := drawScene(r)
		d := sheetOf(t, sc.rows...)
		p := build(t, d, sc.s)
		shuffled := d
		shuffled.Rows = rapid.Permutation(d.Rows).Draw(r, "order")
		if c, err := Compare(p, build(t, shuffled, sc.s)); err != nil || !c.IsZero() || c.Same != len(p.Changes) {
			r.Fatalf("of the same rows: got %+v, %v", c, err)
		}
		var part []Row
		for _, row := range d.Rows {
			if rapid.Bool().Draw(r, "kept") {
				part = append(part, row)
			}
		}
		fewer := d
		fewer.Rows = part
		q := build(t, fewer, sc.s)
		c, err := Compare(p, q)
		if err != nil || len(c.Added)+len(c.Altered)+c.Same != len(q.Changes) || len(c.Gone)+len(c.Altered)+c.Same != len(p.Changes) {
			r.Fatalf("got %+v, %v", c, err)
		}
		back, err := Compare(q, p)
		if err != nil || len(back.Added) != len(c.Gone) || len(back.Gone) != len(c.Added) || len(back.Altered) != len(c.Altered) {
			r.Fatalf("there %+v, back %+v, %v", c, back, err)
		}
	})
}
