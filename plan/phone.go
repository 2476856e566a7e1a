package plan

import (
	"cmp"
	"slices"
	"strings"
)

// Phone is a phone as the account showed it when the plan was made.
type Phone struct {
	Device    DeviceID   `json:"device"`
	Type      string     `json:"type"`
	Name      string     `json:"name,omitempty"`
	Serial    string     `json:"serial,omitempty"`
	Model     string     `json:"model,omitempty"`     // the model's name
	Extension string     `json:"extension,omitempty"` // number; empty: unassigned
	Number    string     `json:"number,omitempty"`    // of its first line
	Emergency *Emergency `json:"emergency,omitempty"` // nil: none
}

// PhoneOf finds a phone among the plan's; nil if the plan does not name it.
func (p *Plan) PhoneOf(id DeviceID) *Phone {
	i, ok := slices.BinarySearchFunc(p.Phones, id, func(f Phone, id DeviceID) int { return compareNumeric(f.Device, id) })
	if !ok || id == "" {
		return nil
	}
	return &p.Phones[i]
}

// phonesOf are the phones that a plan's rows and changes name, by id.
func (x *index) phonesOf(p *Plan) []Phone {
	var ids []DeviceID
	name := func(id DeviceID) {
		if id != "" {
			ids = append(ids, id)
		}
	}
	for i := range p.Rows {
		name(p.Rows[i].Claimed().Device)
	}
	for i := range p.Changes {
		switch e := p.Changes[i].Effect.(type) {
		case *SwapDevice:
			name(e.Source.ID)
			name(e.Target.ID)
		case *UpdateDevice:
			name(e.Device.ID)
		case *SetSerial:
			name(e.Device.ID)
		case *RemoveLine:
			name(e.Device)
		case *DeleteDevice:
			name(e.Device.ID)
		}
	}
	slices.SortFunc(ids, compareNumeric[DeviceID])
	ids = slices.Compact(ids)
	out := make([]Phone, 0, len(ids))
	for _, id := range ids {
		if d := x.device(id); d != nil {
			out = append(out, x.phone(d))
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

func (x *index) phone(d *Device) Phone {
	f := Phone{Device: d.ID, Type: d.Type, Name: d.Name, Serial: d.Serial, Model: d.Model, Number: firstNumber(d)}
	if e := x.extByID(d.Extension); e != nil && d.Extension != "" {
		f.Extension = e.Number
	}
	f.Emergency = x.emergencyOf(d)
	return f
}

// emergencyOf is a phone's emergency address with what its location tells of
// it; nil: it has none. It is the device's own where that says all.
func (x *index) emergencyOf(d *Device) *Emergency {
	if d.Emergency == (Emergency{}) {
		return nil
	}
	l := x.location(d.Emergency.LocationID)
	if d.Emergency.LocationID == "" || l == nil {
		return &d.Emergency
	}
	e := d.Emergency
	e.LocationName = cmp.Or(e.LocationName, l.Name)
	e.AddressStatus = cmp.Or(e.AddressStatus, l.AddressStatus)
	if e.Address == (Address{}) {
		e.Address = l.Address
	}
	if e == d.Emergency {
		return &d.Emergency
	}
	return &e
}

// Floor is the floor that an address names, as "3" or "ground"; empty if it
// names none. It holds nothing else of the address.
func (a Address) Floor() string {
	d := doorOf(a)
	for _, u := range d.units {
		if u.kind == floorKind || u.kind == "level" {
			return strings.TrimSpace(u.id)
		}
	}
	return ""
}

// PlaceKey is what all spellings of a place have in common, see [SamePlace]:
// two addresses of one place have the same key. It is for comparison, not for
// people.
func (a Address) PlaceKey() string { return placeKey(a) }
