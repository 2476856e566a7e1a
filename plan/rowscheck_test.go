package plan_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"provision/plan"
)

// What the check without an account calls an error is one on the account too:
// rows that are planned have none.
func TestRowsThatArePlannedPassTheCheck(t *testing.T) {
	t.Parallel()
	told, planned := 0, 0
	rapid.Check(t, func(r *rapid.T) {
		for range scenesPerCheck {
			sc := drawScene(r)
			d := sc.desired()
			p, err := plan.Build(d, sc.s, sc.o)
			if err != nil {
				r.Fatal(err)
			}
			var good []plan.Row
			for i, row := range p.Rows {
				if row.Status != plan.RowInvalid && row.Status != plan.RowDeferred {
					good = append(good, d.Rows[i])
				}
			}
			planned += len(good)
			errs, _ := plan.CheckRows(d, good)
			errs = slices.DeleteFunc(errs, func(e plan.Problem) bool { return e.Code == "partner_missing" }) // it may be a row in error
			if len(errs) > 0 {
				r.Fatalf("%s\nplanned, but the check says %v\n%s", sc, errs, p)
			}
			errs, _ = plan.CheckRows(d, d.Rows)
			told += len(errs)
			for _, e := range errs {
				if e.Code == "partner_missing" && !sc.o.DeferMissing && !slices.ContainsFunc(p.Errors, func(o plan.Problem) bool { return o.Cell.Whole() == e.Cell.Whole() }) {
					r.Fatalf("%s\nthe check says %s, the plan nothing of that row\n%s", sc, e, p)
				}
			}
			if len(errs) > 0 && len(p.Errors) == 0 && !sc.o.DeferMissing {
				r.Fatalf("%s\nthe check says %v, the plan nothing", sc, errs)
			}
		}
	})
	if told < planned/100 {
		t.Errorf("the check told of %d errors beside %d good rows: the scenes look at too little", told, planned)
	}
	t.Logf("%d errors told, %d rows planned", told, planned)
}
