package plan

import (
	"fmt"
	"strconv"
	"strings"
)

// String is a compact text of the whole plan: a line for each change, then
// errors, warnings, rows without change and what guards look at. It is meant
// for tests and logs of the program itself; reports have their own forms.
func (p *Plan) String() string {
	t := texter{labels: make(map[string]string, len(p.Changes))}
	for i := range p.Changes {
		c := &p.Changes[i]
		t.labels[c.ID] = t.label(c)
	}
	for i := range p.Changes {
		t.change(&p.Changes[i])
	}
	for _, e := range p.Errors {
		fmt.Fprintf(&t.b, "error %s %s\n", e.Cell, e.Code)
	}
	for _, e := range p.Warnings {
		fmt.Fprintf(&t.b, "warning %s %s\n", e.Cell, e.Code)
	}
	for _, r := range p.Rows {
		switch r.Status {
		case RowNoOp:
			fmt.Fprintf(&t.b, "no_op %d %s\n", r.At.Row(), strings.TrimSpace("("+r.MatchedBy+") "+r.Message))
		case RowDeselected:
			fmt.Fprintf(&t.b, "deselected %d %s\n", r.At.Row(), r.Message)
		case RowDeferred:
			fmt.Fprintf(&t.b, "deferred %d\n", r.At.Row())
		case RowChanged, RowIgnored, RowInvalid:
		}
	}
	for _, u := range p.Unmanaged {
		fmt.Fprintf(&t.b, "unmanaged %s %s\n", u.Extension, u.Device)
	}
	for _, w := range p.LeftWithout {
		fmt.Fprintf(&t.b, "left without phone %s\n", w.Extension)
	}
	for _, n := range p.NumbersGivenUp {
		fmt.Fprintf(&t.b, "number given up %s\n", n)
	}
	return t.b.String()
}

// texter writes the compact text; changes are called by kind and object.
type texter struct {
	b      strings.Builder
	labels map[string]string
}

func (t *texter) label(c *Change) string {
	switch c.Kind {
	case KindCreateLocation:
		return "create_location " + strconv.Quote(c.Location().Name)
	case KindStock:
		return "stock " + string(c.Stock().Site)
	case KindUnstock:
		return "unstock " + t.ref(c.Unstock().Device)
	case KindUpdate, KindUpdateEmergency, KindSetSerial, KindSwap, KindAdd, KindRemove:
		return c.Kind.String() + " " + c.ExtensionNumber()
	}
	return c.Kind.String()
}

func (t *texter) ref(r DeviceRef) string {
	if r.Change == "" {
		return string(r.ID)
	}
	label := t.labels[r.Change]
	if strings.HasPrefix(label, KindStock.String()) {
		label += "#" + strconv.Itoa(r.Slot)
	}
	return "<" + label + ">"
}

func (t *texter) change(c *Change) {
	fmt.Fprintf(&t.b, "%s", t.label(c))
	switch {
	case c.Location() != nil:
		fmt.Fprintf(&t.b, " at %s", c.Location().Address.Line())
	case c.Stock() != nil:
		fmt.Fprintf(&t.b, " x%d", c.Stock().Quantity)
	case c.Add() != nil:
		t.add(c)
	case c.Swap() != nil:
		fmt.Fprintf(&t.b, " %s <-> %s", t.ref(c.Swap().Source), t.ref(c.Swap().Target))
		if c.Swap().TargetOn != "" {
			fmt.Fprintf(&t.b, " of %s", c.Swap().TargetOn)
		}
	case c.Update() != nil:
		t.update(c.Update())
	case c.SetSerial() != nil:
		fmt.Fprintf(&t.b, " %s serial=%s model=%s", t.ref(c.SetSerial().Device), c.SetSerial().Serial, c.SetSerial().Model)
	case c.Remove() != nil && c.Remove().KeepAssets:
		fmt.Fprintf(&t.b, " %s", c.Remove().Device)
	case c.Remove() != nil:
		fmt.Fprintf(&t.b, " %s and give up its number", c.Remove().Device)
	}
	if c.Uncounted {
		t.b.WriteString(" uncounted")
	}
	if c.Tainted {
		t.b.WriteString(" tainted")
	}
	for _, id := range c.DependsOn() {
		fmt.Fprintf(&t.b, " needs[%s]", t.labels[id])
	}
	for _, id := range c.Follows() {
		fmt.Fprintf(&t.b, " after[%s]", t.labels[id])
	}
	t.b.WriteByte('\n')
}

func (t *texter) add(c *Change) {
	n := c.Add().Number
	fmt.Fprintf(&t.b, " %s", c.Add().DeviceType)
	for _, p := range []struct{ name, value string }{
		{"number_id", string(n.NumberID)}, {"number", n.Number}, {"area", n.AreaCode}, {"toll", n.TollType}, {"cost", string(c.Add().CostCenter)},
	} {
		if p.value != "" {
			fmt.Fprintf(&t.b, " %s=%s", p.name, p.value)
		}
	}
	t.target(c.Add().Emergency)
	for _, d := range c.Requires().Exactly {
		fmt.Fprintf(&t.b, " beside %s", t.ref(d))
	}
}

func (t *texter) update(u *UpdateDevice) {
	fmt.Fprintf(&t.b, " %s", t.ref(u.Device))
	if u.Name != nil {
		fmt.Fprintf(&t.b, " name=%q", *u.Name)
	}
	if u.CommonPhone != nil {
		fmt.Fprintf(&t.b, " common=%t", *u.CommonPhone)
	}
	if u.Emergency != nil {
		t.target(u.Emergency)
	}
	for i, r := range u.Carriers {
		sep := "|"
		if i == 0 {
			sep = " on "
		}
		t.b.WriteString(sep + t.ref(r))
	}
}

func (t *texter) target(e *EmergencyTarget) {
	switch {
	case e.Location != nil && e.Location.Change != "":
		fmt.Fprintf(&t.b, " erl=<%s>", t.labels[e.Location.Change])
	case e.Location != nil:
		fmt.Fprintf(&t.b, " erl=%s", e.Location.ID)
	case e.Address != nil:
		fmt.Fprintf(&t.b, " address=%q", e.Address.Line())
		if e.Address.CustomerName != "" {
			fmt.Fprintf(&t.b, " customer=%q", e.Address.CustomerName)
		}
	}
}
