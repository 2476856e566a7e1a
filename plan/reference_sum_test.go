package plan_test

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"provision/plan"
)

// prune finds the phones that are taken off because no row mentions them. It is
// all or nothing: one row in error or left over, and nothing is.
func (f *reference) prune() {
	site, ofSite := strings.CutPrefix(f.o.Prune, plan.PruneSite)
	if f.o.Prune == "" || f.pruneRefused(ofSite) {
		return
	}
	for i := range f.s.Extensions {
		e := &f.s.Extensions[i]
		listed := slices.ContainsFunc(f.rows, func(r *refRow) bool { return r.ext == e })
		if !ofSite && !listed || ofSite && e.Site != f.siteCalled(site) {
			continue
		}
		if e.Type != "User" && e.Type != "Limited" || e.Status == "Disabled" || e.Status == "Frozen" {
			continue
		}
		for _, d := range f.unclaimed(e) {
			if !f.mentioned(e, d) && !sharedPhone(d) && len(d.Lines) < 2 {
				f.pruned = append(f.pruned, d)
			}
		}
	}
}

func (f *reference) pruneRefused(ofSite bool) bool {
	later := slices.ContainsFunc(f.rows, func(r *refRow) bool { return r.later })
	return later || len(f.invalid()) > 0 || ofSite && !f.s.DevicesComplete
}

// mentioned reports whether some row names the phone, by whatever, or spares it.
func (f *reference) mentioned(e *plan.Extension, d *plan.Device) bool {
	return slices.ContainsFunc(f.rows, func(r *refRow) bool {
		spares := r.Action == plan.ActionIgnore && r.ext == e && !r.DeviceID.IsSet() && !r.Serial.IsSet() && !r.PhoneNumber.IsSet() && !r.DeviceName.IsSet()
		return spares || r.DeviceID.Text == string(d.ID) || r.target == d || r.gone == d || r.ReplaceWith.Form == plan.ReplaceID && r.ReplaceWith.Arg == string(d.ID) ||
			d.Serial != "" && same(r.Serial.Text, d.Serial) ||
			// Which phone the inventory gave for the source that is gone can't be told.
			r.ext == e && r.trades && r.reached && r.target == nil && couldBe(r, d)
	})
}

// numbersOnce: a number goes to one line.
func (f *reference) numbersOnce() {
	var bad []*refRow
	for _, a := range f.rows {
		for _, b := range f.rows {
			if a != b && a.bad == "" && b.bad == "" && a.does == "add" && b.does == "add" {
				x, _ := f.number(a)
				y, _ := f.number(b)
				if x == y && !strings.HasPrefix(x, "area") {
					bad = append(bad, a)
				}
			}
		}
	}
	for _, r := range bad {
		r.fail("a number is asked for twice")
	}
}

// nameSaid is the name by which the next plan would look for the phone.
func (r *refRow) nameSaid() string {
	if r.ReplaceWith.Form != plan.ReplaceNone {
		return r.name
	}
	return cmp.Or(r.name, r.DeviceName.Text)
}

// linesAgree: rows for the lines of one phone say the same of it.
func (f *reference) linesAgree() {
	for _, a := range f.rows {
		for _, b := range f.rows {
			if a == b || a.dev == nil || a.dev != b.dev || a.does != "keep" || b.does != "keep" || a.bad != "" || b.bad != "" {
				continue
			}
			x, y := f.wishOf(a), f.wishOf(b)
			if !f.s.Account.ERLRegime {
				x.name, y.name = "", ""
			}
			differ := func(s, t string) bool { return s != "" && t != "" && s != t }
			place := !x.none && !y.none && (x.loc != y.loc || x.loc == nil && (!plan.SamePlace(x.addr, y.addr) || !same(x.name, y.name)))
			_, m := f.sets(a)
			_, o := f.sets(b)
			if differ(a.serialSaid(), b.serialSaid()) || differ(string(m), string(o)) || a.name+b.name != "" && differ(a.nameSaid(), b.nameSaid()) || differ(a.CommonPhone.Text, b.CommonPhone.Text) || differ(a.CustomerName.Text, b.CustomerName.Text) || place {
				a.fail("the rows of a phone disagree")
				b.fail("the rows of a phone disagree")
			}
		}
	}
}

// sumUp lists what the account shall become.
func (f *reference) sumUp() {
	made, puts := map[string]bool{}, map[string]map[string]string{}
	f.each(func(r *refRow) {
		if r.off != "" {
			return
		}
		switch r.does {
		case "add":
			number, _ := f.number(r)
			cost, _ := f.costCenter(r)
			f.effects = append(f.effects, fmt.Sprintf("add %s %s %s cost=%s at %s", r.ext.Number, cmp.Or(r.DeviceType.Text, plan.TypeOtherPhone), number, cost, f.emergencyText(r, &plan.Emergency{}, false)))
		case "remove":
			f.effects = append(f.effects, fmt.Sprintf("remove %s release=%t", r.dev.ID, r.KeepAssets == plan.KeepNone))
			if r.KeepAssets == plan.KeepNumber {
				f.effects = append(f.effects, "unstock "+string(r.dev.ID))
			}
		case "unstock":
			f.effects = append(f.effects, "unstock "+string(r.dev.ID))
		}
		if r.does == "add" || r.does == "keep" {
			f.put(r, puts)
			if w := f.wishOf(r); w.make && f.setsAddress(r) && f.s.Account.ERLRegime {
				made["create "+f.newName(w)] = true
			}
		}
		if r.exchange {
			f.effects = append(f.effects, "line "+r.ext.Number+" "+r.comes)
			if r.placeholder && r.does == "keep" {
				f.effects = append(f.effects, "unstock "+string(r.dev.ID))
			} else if r.placeholder {
				f.effects = append(f.effects, "unstock added "+r.ext.Number)
			}
		}
	})
	for _, d := range f.pruned {
		f.effects = append(f.effects, fmt.Sprintf("remove %s release=false", d.ID))
	}
	f.effects = append(f.effects, slices.Collect(maps.Keys(made))...)
	for phone, set := range puts {
		f.effects = append(f.effects, fmt.Sprintf("put %s %v", visible(phone), set))
	}
	f.effects = append(f.effects, fmt.Sprintf("%d swaps", f.fewestSwaps()))
	slices.Sort(f.effects)
}

// phoneOf names the phone that the row's line has in the end. What is not
// visible of it tells two apart that are called the same.
func (f *reference) phoneOf(r *refRow) string {
	switch {
	case r.exchange:
		return r.ext.Number + " " + r.comes + "\x00" + r.At.String()
	case r.dev != nil:
		return r.ext.Number + " " + string(r.dev.ID)
	}
	return fmt.Sprintf("%s added %s\x00%s", r.ext.Number, r.name, r.At)
}

func visible(phone string) string {
	phone, _, _ = strings.Cut(phone, "\x00")
	return phone
}

// put gathers what one call says of one phone.
func (f *reference) put(r *refRow, puts map[string]map[string]string) {
	set := map[string]string{}
	name, common := f.differs(r)
	if name {
		set["name"] = r.name
	}
	if common {
		set["common"] = r.CommonPhone.Text
	}
	if r.does == "keep" && f.setsAddress(r) {
		set["at"] = f.emergencyText(r, &r.dev.Emergency, true)
	}
	if r.does == "add" && !f.s.Account.ERLRegime && r.CustomerName.IsSet() {
		set["at"] = f.emergencyText(r, &plan.Emergency{}, true)
	}
	phone := f.phoneOf(r)
	if len(set) > 0 && puts[phone] == nil {
		puts[phone] = map[string]string{}
	}
	for k, v := range set {
		// Of two rows for the lines of one phone, one may say the place and the
		// other the customer's name.
		if k == "at" && puts[phone][k] != "" && !f.s.Account.ERLRegime {
			place, customer, _ := strings.Cut(puts[phone][k], "|")
			mine, my, _ := strings.Cut(v, "|")
			if r.HasAddress() {
				place = mine
			}
			if r.CustomerName.IsSet() {
				customer = my
			}
			v = place + "|" + customer
		}
		puts[phone][k] = v
	}
}

// fewestSwaps: each line that gets a phone of the inventory, directly or
// through others, takes one call; lines that trade among themselves in a ring
// take one less than they are.
func (f *reference) fewestSwaps() int {
	n := 0
	seen := map[*refRow]bool{}
	giver := func(r *refRow) *refRow {
		for _, o := range f.rows {
			if o.exchange && o.bad == "" && r.target != nil && o.dev == r.target {
				return o
			}
		}
		return nil
	}
	f.each(func(r *refRow) {
		if !r.exchange || r.off != "" {
			return
		}
		n++
		ring := []*refRow{r}
		for q := giver(r); q != nil && q != r && len(ring) <= len(f.rows); q = giver(q) {
			ring = append(ring, q)
		}
		if giver(ring[len(ring)-1]) == r && !seen[r] {
			n--
			for _, q := range ring {
				seen[q] = true
			}
		}
	})
	return n
}
