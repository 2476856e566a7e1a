package plan_test

import (
	"fmt"
	"slices"
	"strings"

	"provision/plan"
)

// unstock finds the device of an unstock row.
func (f *reference) unstock(r *refRow) {
	if r.does != "unstock" {
		return
	}
	byID := f.devices(func(d *plan.Device) bool { return string(d.ID) == r.DeviceID.Text })
	bySerial := f.devices(func(d *plan.Device) bool { return r.Serial.IsSet() && same(d.Serial, r.Serial.Text) })
	found := append(slices.Clone(byID), bySerial...)
	known := f.s.DevicesComplete || r.DeviceID.IsSet() && f.known(r.DeviceID.Text)
	switch {
	case r.DeviceID.IsSet() && len(byID) == 0 || !r.DeviceID.IsSet() && len(bySerial) == 0:
		r.does = "nothing"
		if !known {
			r.fail("whether it is gone can't be told")
		}
		return
	case r.DeviceID.IsSet() && r.Serial.IsSet() && (len(bySerial) == 0 || bySerial[0] != byID[0]):
		r.fail("device_id and serial are of different devices")
		return
	}
	d := found[0]
	if !matched(d.Type) || d.Extension != "" || len(d.Lines) > 0 {
		r.fail("it is in use, or of a type that is left alone")
	}
	for _, o := range f.rows {
		switch {
		case o.exchange && o.bad == "" && o.target == d:
			r.fail("a swap takes it")
		case f.knownBySource(o, d):
			r.fail("a swap row knows its line by it")
		case o != r && o.does == "unstock" && o.dev == d:
			r.fail("two rows delete it")
			o.fail("two rows delete it")
		}
	}
	r.dev = d
}

// knownBySource: that the row's line got another phone is known by the device.
func (f *reference) knownBySource(r *refRow, d *plan.Device) bool {
	return r.bad == "" && r.trades && r.source == d && (r.ReplaceWith.Form == plan.ReplaceInventory || r.ReplaceWith.Form == plan.ReplaceNew)
}

// levels finds out how many slots each site lacks in the end.
func (f *reference) levels() {
	seen := map[plan.SiteID]*refRow{}
	f.each(func(r *refRow) {
		if r.does != "stock" {
			return
		}
		site := f.siteCalled(r.Site.Text)
		if site == "" || !f.s.DevicesComplete {
			r.fail("the site's slots are not known")
			return
		}
		if o := seen[site]; o != nil {
			o.fail("two levels for a site")
			r.fail("two levels for a site")
		}
		seen[site] = r
	})
	f.lacks = map[plan.SiteID]int{}
	for site, r := range seen {
		if lack := r.Quantity - f.freeInTheEnd(site); r.bad == "" && lack > 0 {
			f.lacks[site] = lack
			r.does = "stocked"
		}
	}
}

// stock lists the new slots: of each site first those for lines, then those of
// its level, 50 to a call. A call is made for the selected rows that need one of
// its slots.
func (f *reference) stock() {
	for _, site := range []plan.SiteID{"main-site", "7"} {
		var needs []*refRow // of each slot
		for _, r := range f.rows {
			if r.exchange && r.bad == "" && r.ReplaceWith.Form == plan.ReplaceNew && r.ext.Site == site {
				needs = append(needs, r)
			}
		}
		for _, r := range f.rows {
			if r.does == "stocked" && f.siteCalled(r.Site.Text) == site {
				needs = append(needs, slices.Repeat([]*refRow{r}, f.lacks[site])...)
			}
		}
		n, calls := 0, 0
		for call := range slices.Chunk(needs, 50) {
			if slices.ContainsFunc(call, func(r *refRow) bool { return r.off == "" }) {
				n, calls = n+len(call), calls+1
			}
		}
		if n > 0 {
			f.effects = append(f.effects, fmt.Sprintf("stock %s %d in %d calls", site, n, calls))
		}
	}
}

// freeInTheEnd counts the free slots that the run leaves at a site.
func (f *reference) freeInTheEnd(site plan.SiteID) int {
	pruned := 0
	for _, d := range f.pruned {
		if isSlot(d) && d.Site == site {
			pruned++
		}
	}
	free := pruned + len(f.devices(func(d *plan.Device) bool { return isSlot(d) && d.Extension == "" && d.Site == site }))
	for _, r := range f.rows {
		if r.bad != "" {
			continue
		}
		if r.exchange {
			if r.comes == "free "+plan.TypeOtherPhone+" @"+string(site) || r.target != nil && r.target.Extension == "" && isSlot(r.target) && r.target.Site == site && !strings.HasPrefix(r.comes, "free") {
				free--
			}
			wanted := slices.ContainsFunc(f.rows, func(o *refRow) bool { return o.exchange && o.bad == "" && o.target == r.dev && r.dev != nil })
			if !r.placeholder && !wanted && isSlot(r.dev) && r.dev.Site == site {
				free++
			}
		}
		if r.does == "remove" && r.KeepAssets != plan.KeepNumber && r.KeepAssets != plan.KeepNone && isSlot(r.dev) && r.dev.Site == site {
			free++
		}
		if r.does == "unstock" && isSlot(r.dev) && r.dev.Site == site {
			free--
		}
	}
	return free
}
