package review

import (
	"provision/executor/report/wording"
	"provision/plan"
)

// Field is one value of a change, as it is and as it shall be. An empty Before
// is something new; an empty After something that goes.
type Field struct{ Name, Before, After string }

// fields takes a change apart into values.
func (n *Names) fields(c *plan.Change) []Field {
	before, after := c.Before(), c.After()
	if before == nil {
		before = &plan.Facts{}
	}
	if after == nil {
		after = &plan.Facts{}
	}
	var f fieldList
	switch {
	case c.Add() != nil:
		f.add("new device", "", wording.Words(" ", wording.DeviceType(c.Add().DeviceType), wording.Quoted(after.Name)))
		f.add("number", "", numberWords(c.Add().Number))
		f.add("emergency address", "", Target(c.Add().Emergency))
		f.add("cost center", "", string(c.Add().CostCenter))
	case c.Swap() != nil:
		source, target, how := n.swapWords(c, before, after)
		f.add("phone on the line", source, target)
		f.add("how", "", how)
	case c.Update() != nil:
		n.updateFields(&f, c.Update(), before)
	case c.SetSerial() != nil:
		f.add("phone", "", wording.Words(" ", n.Ref(c.SetSerial().Device), wording.Quoted(before.Name)))
		if c.SetSerial().Serial != "" {
			f.add("serial", before.Serial, c.SetSerial().Serial)
		}
		if c.SetSerial().Model != "" {
			f.add("model", oldModel(c.SetSerial(), before), newModel(c.SetSerial()))
		}
	case c.Remove() != nil:
		f.add("line", phone(c.Remove().Device, before), fate(c.Remove()))
	case c.Unstock() != nil:
		f.add("device", wording.Words(" ", n.Ref(c.Unstock().Device), wording.Quoted(before.Name)), "deleted")
	case c.Stock() != nil:
		f.add("inventory at "+n.site(c), "", wording.Count(c.Stock().Quantity, "free slot"))
	case c.Location() != nil:
		f.add("name", "", c.Location().Name)
		f.add("address", "", wording.OneLine(c.Location().Address))
	}
	return f
}

// fieldList gathers fields, cleaned; one that says nothing is none.
type fieldList []Field

func (f *fieldList) add(name, before, after string) {
	if before != "" || after != "" {
		*f = append(*f, Field{wording.Clean(name), wording.Clean(before), wording.Clean(after)})
	}
}

func (n *Names) updateFields(f *fieldList, u *plan.UpdateDevice, before *plan.Facts) {
	f.add("phone", "", n.Ref(u.Device))
	if u.Name != nil {
		f.add("name", before.Name, *u.Name)
	}
	if u.CommonPhone != nil {
		was := ""
		if before.More().CommonPhone != nil {
			was = wording.YesNo(*before.More().CommonPhone)
		}
		f.add("common phone", was, wording.YesNo(*u.CommonPhone))
	}
	if u.Emergency != nil {
		f.add("emergency address", presentWithStatus(before), Target(u.Emergency))
	}
}

// Same reports whether the field names something that stays as it is: it
// stands there to say what the others are about.
func (f Field) Same() bool { return f.Before == "" && f.Name == "phone" }
