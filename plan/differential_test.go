package plan_test

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"provision/plan"
)

// scenesPerCheck is how many scenes one check of rapid draws: rapid makes 100
// checks unless told otherwise.
const scenesPerCheck = 40

// The planner and the reference agree: on which rows are in error, and on what
// is to be done. What was applied plans to nothing, and neither the order of
// rows and columns nor which sheet they stand in plays a part. -rapid.seed=N looks at other scenes, -rapid.checks=N at more.
func TestAgreesWithReference(t *testing.T) {
	t.Parallel()
	var n tally
	rapid.Check(t, func(r *rapid.T) {
		for range scenesPerCheck {
			sc := drawScene(r)
			if why := n.compare(t, r, sc); why != "" {
				sc.shrink(t, r)
				r.Fatalf("%s\n%s", sc, n.compare(t, r, sc))
			}
		}
	})
	t.Logf("%+v", n)
	if n.Changed < n.Scenes/4 || n.Unclear > n.Scenes/10 || n.InError < n.Scenes/4 {
		t.Errorf("the scenes look at too little: %+v", n)
	}
}

// tally counts what scenes came to.
type tally struct{ Scenes, InError, Unclear, Changed, Parts, Meaningless int }

// compare plans a scene both ways. While both find rows in error, those that
// both find are left out and the rest is planned again, as an error of one row
// may be an error of another that needs it. It returns what differs.
func (n *tally) compare(t *testing.T, r *rapid.T, sc *scene) string {
	n.Scenes++
	rows := slices.Clone(sc.rows)
	for {
		cut := &scene{s: sc.s, o: sc.o, rows: rows}
		d := cut.desired()
		ref := planByReference(d, &cut.s, cut.o)
		if ref.unclear {
			n.Unclear++
			return ""
		}
		p, err := plan.Build(d, cut.s, cut.o)
		if err != nil {
			r.Fatal(err)
		}
		bad, theirs := invalidRows(p), ref.invalid()
		if len(bad) == 0 && len(theirs) == 0 {
			return cmp.Or(n.sameEffects(p, ref), otherOrder(r, cut, p), plansToNothing(t, cut, d, p), n.samePart(cut, sc.part))
		}
		n.InError++
		both := map[int]bool{}
		for _, i := range bad {
			both[i] = slices.Contains(theirs, i)
		}
		left := rows[:0]
		for i, row := range rows {
			if !both[i] {
				left = append(left, row)
			}
		}
		if len(left) == len(rows) {
			return explainErrors(cut, p, ref, rows)
		}
		rows = slices.Clone(left)
	}
}

func invalidRows(p *plan.Plan) []int {
	var out []int
	for i, r := range p.Rows {
		if r.Status == plan.RowInvalid {
			out = append(out, i)
		}
	}
	return out
}

// samePart plans a part of a scene without errors both ways.
func (n *tally) samePart(sc *scene, part plan.Selection) string {
	if part.IsZero() {
		return ""
	}
	o := sc.o
	o.Prune, o.Select = "", part
	d := sc.desired()
	whole := o
	whole.Select = plan.Selection{}
	stocks := slices.ContainsFunc(sc.rows, func(l refLine) bool {
		return slices.ContainsFunc(l.cells, func(c [2]string) bool {
			return c == [2]string{"action", "stock"} || c == [2]string{"replace_with", "new"}
		})
	})
	if stocks {
		o.Select.Limit = 0 // whose call for slots it is, where rows share one, is not for the reference
	}
	ref := planByReference(d, &sc.s, o)
	p, err := plan.Build(d, sc.s, o)
	switch {
	case (err != nil) != ref.meaningless:
		return fmt.Sprintf("selection %+v: planner says %v, the reference that it means something: %t", o.Select, err, !ref.meaningless)
	case err != nil:
		n.Meaningless++
		return ""
	case len(ref.invalid()) > 0 || len(invalidRows(p)) > 0:
		return ""
	}
	n.Parts++
	for i, r := range p.Rows {
		if (r.Status == plan.RowDeselected) != (ref.rows[i].off != "") {
			return fmt.Sprintf("selection %+v: row %s is %s, the reference says deselected: %q\nplan:\n%s", o.Select, r.At, r.Status, ref.rows[i].off, p)
		}
	}
	if diff := gocmp.Diff(ref.effects, effectsOf(p, ref)); diff != "" {
		return fmt.Sprintf("selection %+v: -reference +planner:\n%s\nplan:\n%s", o.Select, diff, p)
	}
	return ""
}

func (n *tally) sameEffects(p *plan.Plan, ref *reference) string {
	if len(p.Changes) > 0 {
		n.Changed++
	}
	if diff := gocmp.Diff(ref.effects, effectsOf(p, ref)); diff != "" {
		return "-reference +planner:\n" + diff + "\nplan:\n" + p.String()
	}
	for i, r := range p.Rows {
		want := ref.rows[i]
		if got := r.Status == plan.RowDeferred; got != want.later {
			return fmt.Sprintf("row %s: status %s, the reference says deferred: %t", r.At, r.Status, want.later)
		}
		if want.dev != nil && !want.keyless && r.Claimed().Device != want.dev.ID {
			return fmt.Sprintf("row %s claims %q, the reference says %s", r.At, r.Claimed().Device, want.dev.ID)
		}
	}
	return ""
}

// plansToNothing applies the plan to a model of the service and plans anew.
func plansToNothing(t *testing.T, sc *scene, d plan.Desired, p *plan.Plan) string {
	t.Helper()
	after := plan.Applied(t, sc.s, p)
	again, err := plan.Build(d, after, sc.o)
	if err != nil {
		t.Fatal(err)
	}
	errs := slices.DeleteFunc(slices.Clone(again.Errors), func(e plan.Problem) bool {
		return e.Code == "snapshot_incomplete" // whether what was deleted is gone, the list would tell
	})
	if len(again.Changes) > 0 || len(errs) > 0 {
		return fmt.Sprintf("what was applied does not plan to nothing:\n%s\nfirst plan:\n%s\nerrors: %v", again, p, again.Errors)
	}
	return ""
}

// otherOrder plans the same rows in the reverse order, in other sheets and
// with their columns turned round.
func otherOrder(r *rapid.T, sc *scene, p *plan.Plan) string {
	turned := &scene{s: sc.s, o: sc.o}
	for i, l := range slices.Backward(sc.rows) {
		cells := slices.Clone(l.cells)
		slices.Reverse(cells)
		turned.rows = append(turned.rows, refLine{fmt.Sprintf("sheet%d.csv", i%3), cells})
	}
	q, err := plan.Build(turned.desired(), sc.s, sc.o)
	if err != nil {
		r.Fatal(err)
	}
	bare := func(cs []plan.Change) []plan.Change {
		cs = slices.Clone(cs)
		for i := range cs {
			cs[i].Rows, cs[i].Cells, cs[i].Was = nil, plan.Cells{}, cs[i].Before()
		}
		return cs
	}
	return gocmp.Diff(bare(p.Changes), bare(q.Changes), cmpopts.IgnoreUnexported(plan.UpdateDevice{}))
}

func explainErrors(sc *scene, p *plan.Plan, ref *reference, rows []refLine) string {
	var b strings.Builder
	for i, row := range rows {
		if p.Rows[i].Status == plan.RowInvalid {
			fmt.Fprintf(&b, "planner refuses %s\n", row)
		}
		if ref.rows[i].bad != "" {
			fmt.Fprintf(&b, "reference refuses %s: %s\n", row, ref.rows[i].bad)
		}
	}
	for _, e := range p.Errors {
		fmt.Fprintf(&b, "planner: %s %s\n", e.Code, e)
	}
	return b.String()
}

// effectsOf says of a plan what the reference says of its own: what the
// account becomes, not by which calls.
func effectsOf(p *plan.Plan, ref *reference) []string {
	var out []string
	byID := map[string]*plan.Change{}
	for i := range p.Changes {
		byID[p.Changes[i].ID] = &p.Changes[i]
	}
	e := effecter{ref: ref, byID: byID, stock: map[plan.SiteID][]int{}, on: map[plan.DeviceRef]plan.ExtensionID{}}
	for i := range p.Changes {
		out = append(out, e.effect(&p.Changes[i])...)
	}
	for site, calls := range e.stock {
		sum := 0
		for _, n := range calls {
			sum += n
		}
		out = append(out, fmt.Sprintf("stock %s %d in %d calls", site, sum, len(calls)))
	}
	out = append(out, e.lines(p)...)
	slices.Sort(out)
	return out
}

type effecter struct {
	ref   *reference
	byID  map[string]*plan.Change
	stock map[plan.SiteID][]int
	on    map[plan.DeviceRef]plan.ExtensionID
}

func (e *effecter) device(id plan.DeviceID) *plan.Device {
	for i := range e.ref.s.Devices {
		if e.ref.s.Devices[i].ID == id {
			return &e.ref.s.Devices[i]
		}
	}
	return nil
}

// phone names a device as the reference does.
func (e *effecter) phone(r plan.DeviceRef) string {
	c := e.byID[r.Change]
	switch {
	case r.ID != "":
		return e.ref.canonical(e.device(r.ID))
	case c.Kind == plan.KindStock:
		return "new @" + string(c.Stock().Site)
	}
	return "added " + c.After().Name
}

func (e *effecter) place(t plan.EmergencyTarget) string {
	switch {
	case t.Address != nil:
		a := *t.Address
		a.CustomerName = ""
		return a.Line() + "|" + t.Address.CustomerName
	case t.Location.Change != "":
		return "new " + e.byID[t.Location.Change].Location().Name
	}
	return string(t.Location.ID)
}

func (e *effecter) effect(c *plan.Change) []string {
	switch c.Kind {
	case plan.KindAdd:
		n := c.Add().Number
		number := "area=" + n.AreaCode + " toll=" + n.TollType
		if n.NumberID != "" {
			number = "id=" + string(n.NumberID)
		} else if n.Number != "" {
			number = "order=" + n.Number
		}
		return []string{fmt.Sprintf("add %s %s %s cost=%s at %s", c.ExtensionNumber(), c.Add().DeviceType, number, c.Add().CostCenter, e.place(*c.Add().Emergency))}
	case plan.KindRemove:
		return []string{fmt.Sprintf("remove %s release=%t", c.Remove().Device, !c.Remove().KeepAssets)}
	case plan.KindUnstock:
		if a := e.byID[c.Unstock().Device.Change]; a != nil {
			return []string{"unstock added " + a.ExtensionNumber()}
		}
		return []string{"unstock " + string(c.Unstock().Device.ID)}
	case plan.KindStock:
		e.stock[c.Stock().Site] = append(e.stock[c.Stock().Site], c.Stock().Quantity)
	case plan.KindCreateLocation:
		return []string{"create " + c.Location().Name}
	case plan.KindUpdate, plan.KindUpdateEmergency:
		set := map[string]string{}
		if c.Update().Name != nil {
			set["name"] = *c.Update().Name
		}
		if c.Update().CommonPhone != nil {
			set["common"] = map[bool]string{true: "yes", false: "no"}[*c.Update().CommonPhone]
		}
		if c.Update().Emergency != nil {
			set["at"] = e.place(*c.Update().Emergency)
		}
		return []string{fmt.Sprintf("put %s %s %v", c.ExtensionNumber(), e.phone(c.Update().Device), set)}
	case plan.KindSetSerial:
		s := c.SetSerial()
		return []string{fmt.Sprintf("set %s %s serial=%s model=%s", c.ExtensionNumber(), e.phone(s.Device), s.Serial, s.Model)}
	case plan.KindSwap:
	}
	return nil
}

// lines carries out the swaps, in an order that their dependencies allow, and
// says which phone came onto which line, and how many calls that took.
func (e *effecter) lines(p *plan.Plan) []string {
	done := map[string]bool{}
	swaps := 0
	for again := true; again; {
		again = false
		for i := range p.Changes {
			c := &p.Changes[i]
			if done[c.ID] || slices.ContainsFunc(c.DependsOn(), func(id string) bool { return !done[id] }) {
				continue
			}
			done[c.ID], again = true, true
			if c.Swap() != nil {
				swaps++
				e.on[c.Swap().Source], e.on[c.Swap().Target] = cmp.Or(c.Swap().TargetOn, "none"), c.ExtensionID()
			}
		}
	}
	out := []string{fmt.Sprintf("%d swaps", swaps)}
	for phone, ext := range maps.All(e.on) {
		for _, x := range e.ref.s.Extensions {
			if x.ID == ext {
				out = append(out, "line "+x.Number+" "+e.phone(phone))
			}
		}
	}
	return out
}

// shrink drops rows and devices while the two still disagree.
func (sc *scene) shrink(t *testing.T, r *rapid.T) {
	var n tally
	for again := true; again; {
		again = false
		for i := range sc.rows {
			cut := &scene{s: sc.s, o: sc.o, part: sc.part, rows: slices.Delete(slices.Clone(sc.rows), i, i+1)}
			if n.compare(t, r, cut) != "" {
				*sc, again = *cut, true
				break
			}
		}
		for i := range sc.s.Devices {
			cut := &scene{s: sc.s, o: sc.o, part: sc.part, rows: sc.rows}
			cut.s.Devices = slices.Delete(slices.Clone(sc.s.Devices), i, i+1)
			if n.compare(t, r, cut) != "" {
				*sc, again = *cut, true
				break
			}
		}
	}
}

func (sc *scene) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "erl=%t unlisted=%t part=%+v complete=%t order=%t defer=%t prune=%s\n", sc.s.Account.ERLRegime, sc.o.UnlistedOperations, sc.part, sc.s.DevicesComplete, sc.o.OrderNumbers, sc.o.DeferMissing, sc.o.Prune)
	for _, d := range sc.s.Devices {
		fmt.Fprintf(&b, "device %s %s %q serial=%s model=%s ext=%s site=%s lines=%v em=%+v pool=%s hot=%t common=%t\n", d.ID, d.Type, d.Name, d.Serial, d.ModelID, d.Extension, d.Site, d.Lines, d.Emergency, d.LinePooling, d.HotDesk, d.CommonPhone)
	}
	for _, row := range sc.rows {
		fmt.Fprintf(&b, "row %s\n", row)
	}
	return b.String()
}
