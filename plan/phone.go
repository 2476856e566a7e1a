package plan

import (
	"cmp"
	"encoding/json"
	"fmt"
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

// NamedPhone is an entry of [Plan.Phones]. It points into the account; saved
// plans have it as a [Phone].
type NamedPhone struct {
	device    *Device
	on        *Extension // nil: unassigned, or not on the account
	emergency *Emergency
}

// Named is the phone as an entry of a plan.
func (p Phone) Named() NamedPhone {
	n := NamedPhone{emergency: p.Emergency, device: &Device{ID: p.Device, Type: p.Type, Name: p.Name, Serial: p.Serial, Model: p.Model}}
	if p.Number != "" {
		n.device.Lines = []Line{{Number: p.Number}}
	}
	if p.Extension != "" {
		n.on = &Extension{Number: p.Extension}
	}
	return n
}

// Phone is what the account showed of the phone.
func (n NamedPhone) Phone() Phone {
	d := n.device
	if d == nil {
		return Phone{}
	}
	return Phone{Device: d.ID, Type: d.Type, Name: d.Name, Serial: d.Serial, Model: d.Model, Extension: n.on.number(), Number: firstNumber(d), Emergency: n.emergency}
}

// ID is the phone's device id.
func (n NamedPhone) ID() DeviceID {
	if n.device == nil {
		return ""
	}
	return n.device.ID
}

// Emergency is its emergency address; nil: none.
func (n NamedPhone) Emergency() *Emergency { return n.emergency }

// MarshalJSON writes the phone as saved plans have it.
func (n NamedPhone) MarshalJSON() ([]byte, error) { return json.Marshal(n.Phone()) }

// UnmarshalJSON reads what MarshalJSON writes.
func (n *NamedPhone) UnmarshalJSON(data []byte) error {
	var p Phone
	if err := unmarshalStrictly(data, &p); err != nil {
		return fmt.Errorf("read phone: %w", err)
	}
	*n = p.Named()
	return nil
}

// PhoneOf finds a phone among the plan's; nil if the plan does not name it.
func (p *Plan) PhoneOf(id DeviceID) *Phone {
	i, ok := slices.BinarySearchFunc(p.Phones, id, func(n NamedPhone, id DeviceID) int { return CompareNumeric(n.ID(), id) })
	if !ok || id == "" {
		return nil
	}
	return new(p.Phones[i].Phone())
}

// phonesOf are the phones that a plan's rows and changes name, by id.
func (x *index) phonesOf(p *Plan) []NamedPhone {
	named, n := x.namedDevices(p)
	if n == 0 {
		return nil
	}
	out := make([]NamedPhone, 0, n)
	for i, is := range named {
		if !is {
			continue
		}
		d := &x.s.Devices[i]
		phone := NamedPhone{device: d, emergency: x.emergencyOf(d)}
		if place := x.holderPlace(i); place >= 0 {
			phone.on = &x.s.Extensions[place]
		}
		out = append(out, phone)
	}
	slices.SortFunc(out, func(a, b NamedPhone) int { return byDeviceID(a.device, b.device) })
	return out
}

// namedDevices marks the devices of the account that a plan's rows and changes
// name, and counts them.
func (x *index) namedDevices(p *Plan) (named []bool, n int) {
	named = make([]bool, len(x.s.Devices))
	name := func(id DeviceID) {
		if id == "" {
			return
		}
		if i := x.devicePlace(id); i >= 0 && !named[i] {
			named[i] = true
			n++
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
			if !p.claimed(e.Device.ID, &p.Changes[i]) {
				name(e.Device.ID)
			}
		case *SetSerial:
			name(e.Device.ID)
		case *RemoveLine:
			if !p.claimed(e.Device, &p.Changes[i]) {
				name(e.Device)
			}
		case *DeleteDevice:
			name(e.Device.ID)
		}
	}
	return named, n
}

// claimed reports whether the first row that asks for a change claims the
// phone.
func (p *Plan) claimed(id DeviceID, c *Change) bool {
	return len(c.Rows) > 0 && c.Rows[0] < len(p.Rows) && p.Rows[c.Rows[0]].Claimed().Device == id
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
