package plan

import "cmp"

// DeviceRef names a device that exists, or one that another change of the plan
// makes. Exactly one of ID and Change is set.
type DeviceRef struct {
	ID     DeviceID `json:"id,omitempty"`
	Change string   `json:"change,omitempty"` // id of the add or stock change
	Slot   int      `json:"slot,omitempty"`   // which of a stock change's devices, from 0
}

// LocationRef names an ERL that exists, or one that a create_location change
// makes. Exactly one of ID and Change is set.
type LocationRef struct {
	ID     LocationID `json:"id,omitempty"`
	Change string     `json:"change,omitempty"`
	Name   string     `json:"name,omitempty"` // for people
}

// EmergencyTarget is what a device's emergency address shall become: an ERL in
// the ERL regime, a plain address otherwise. Exactly one is set.
type EmergencyTarget struct {
	Location *LocationRef `json:"location,omitempty"`
	Address  *Address     `json:"address,omitempty"`
	// Place is the address that the target stands for, for comparison with
	// what is read back; zero where only a location's id is known.
	Place Address `json:"place"`
}

// Change is one intended effect on one object of the account.
type Change struct {
	// A plan may have a million changes, so that one is kept lean here; it is
	// saved as changeJSON says.

	// ID is derived from the kind and the natural key of the effect, not from
	// its position, so that the same sheet gives the same ids.
	ID   string
	Kind Kind
	// Uncounted is set on steps that finish a row's own goal and do not count
	// for a guard of their own: the unstock of an add's placeholder or of
	// keep_assets=number.
	Uncounted bool
	// Tainted: the change shares an extension, device, number or swap cycle
	// with a row in error; --skip-bad-rows leaves it out.
	Tainted bool

	// Rows are indexes into Plan.Rows: the rows that ask for the change. A
	// swap lists the rows of both extensions that it touches, also one that is
	// in error (the change is Tainted then).
	Rows  []int
	Cells Cells // the cells that ask for it

	// On is the extension it happens on. Of inventory and location changes it
	// says the site and nothing else; nil: not even that. A plan that was read
	// from a file knows an extension's id, number, name and site's name.
	On *Extension

	Reason string // why this row means this object
	// The method Before is the object as it is, as far as the change concerns
	// it: for people, for undo and for reading back. After is the object as it
	// shall be. Was and Becomes are these where the effect does not say all of it.
	Was     *Facts
	Becomes *Facts

	// Precondition is what must hold when the change is sent, where the method
	// Requires can't tell it from the effect. Changes may share one.
	Precondition *Precondition
	Order        *Order // nil: it waits for nothing

	// Effect is what is done, by Kind. The methods Location, Stock, Add, Swap,
	// Update, Remove, Unstock and SetSerial ask for one form of it.
	Effect Effect
}

// Order says which changes must be over before a change is sent.
type Order struct {
	DependsOn []string // changes that must succeed first
	Follows   []string // changes that must have ended, in whatever way
}

// Requires is what must hold when the change is sent. An update that states
// nothing, and is for one phone only, requires that this is on the extension
// and that an address that it changes is still the one before.
func (c *Change) Requires() Precondition {
	if c.Precondition != nil {
		return *c.Precondition
	}
	if u := c.Update(); u != nil && len(u.Carriers) == 0 && c.On != nil {
		p := Precondition{Holds: []Holding{{Device: u.Device, Extension: c.On.ID}}}
		if before := c.Before(); u.Emergency != nil && before != nil {
			p.Emergency = before.Emergency
		}
		return p
	}
	return Precondition{}
}

// Emergency is the emergency address that the change sets; nil: it sets none.
func (c *Change) Emergency() *EmergencyTarget {
	switch {
	case c.Add() != nil:
		return c.Add().Emergency
	case c.Update() != nil:
		return c.Update().Emergency
	}
	return nil
}

// Before is the object as it is, as far as the change concerns it; nil: it says
// nothing.
func (c *Change) Before() *Facts {
	if u := c.Update(); c.Was == nil && u != nil && u.phone != nil {
		return u.before()
	}
	return c.Was
}

// After is the object as it shall be, as far as the change concerns it; nil:
// it says nothing.
func (c *Change) After() *Facts {
	if c.Becomes != nil {
		return c.Becomes
	}
	switch e := c.Effect.(type) {
	case *AddLine:
		f := e.facts()
		f.Emergency = e.Emergency.shown()
		return f
	case *UpdateDevice:
		return e.facts()
	}
	return nil
}

// facts are what the added line shows, but for its emergency address.
func (a *AddLine) facts() *Facts {
	f := &Facts{Type: a.DeviceType, Number: a.Number.Number}
	f.setRare(RareFacts{NumberID: a.Number.NumberID})
	return f
}

// before is what the account showed of the phone.
func (u *UpdateDevice) before() *Facts {
	d := u.phone
	f := &Facts{Device: d.ID, Number: firstNumber(d)}
	f.namePhone(d)
	if u.Emergency != nil {
		f.Emergency = &d.Emergency
	}
	if u.CommonPhone != nil {
		f.setRare(RareFacts{CommonPhone: new(d.CommonPhone)})
	}
	return f
}

// facts are what the phone shows in the end of what the update sets.
func (u *UpdateDevice) facts() *Facts {
	f := &Facts{Device: u.Device.ID, Emergency: u.Emergency.shown()}
	if u.Name != nil {
		f.Name = *u.Name
	}
	f.setRare(RareFacts{CommonPhone: u.CommonPhone})
	return f
}

// DependsOn are the changes that must succeed first.
func (c *Change) DependsOn() []string {
	if c.Order == nil {
		return nil
	}
	return c.Order.DependsOn
}

// Follows are the changes that must have ended, in whatever way.
func (c *Change) Follows() []string {
	if c.Order == nil {
		return nil
	}
	return c.Order.Follows
}

// order is what the change waits for, to be filled.
func (c *Change) order() *Order {
	if c.Order == nil {
		c.Order = &Order{}
	}
	return c.Order
}

// condition is the change's own precondition, to be filled further.
func (c *Change) condition() *Precondition {
	if c.Precondition == nil {
		c.Precondition = new(c.Requires())
	}
	return c.Precondition
}

// ExtensionID is the id of the extension that the change happens on; empty for
// inventory and location changes.
func (c *Change) ExtensionID() ExtensionID {
	if c.On == nil {
		return ""
	}
	return c.On.ID
}

// ExtensionNumber is that extension's number, for people.
func (c *Change) ExtensionNumber() string { return c.On.number() }

// Person is that extension's name, for people.
func (c *Change) Person() string { return c.On.name() }

// Site is the name of the site where it happens, for people, or the site's id;
// empty where the account does not tell.
func (c *Change) Site() string {
	if c.On == nil {
		return ""
	}
	return cmp.Or(c.On.SiteName, string(c.On.Site))
}

// number is the extension's number; nil has none.
func (e *Extension) number() string {
	if e == nil {
		return ""
	}
	return e.Number
}

// name is the extension's name; nil has none.
func (e *Extension) name() string {
	if e == nil {
		return ""
	}
	return e.Name
}

// Facts are what people and undo need of an object's state. Only what the
// change concerns is filled.
type Facts struct {
	Device    DeviceID
	Type      string
	Name      string
	Serial    string
	Number    string
	Emergency *Emergency
	Rare      *RareFacts // nil: none of them
}

// RareFacts are the facts that few changes concern.
type RareFacts struct {
	Model       ModelID
	NumberID    NumberID
	CommonPhone *bool
	Target      DeviceID    // swap: the other device
	TargetOn    ExtensionID // swap: where that one is
	Site        SiteID
	Lines       int  // where the device has more than one
	Special     bool // shared or a hot-desk phone
}

// More are the rare facts, the zero value where there are none.
func (f *Facts) More() RareFacts {
	if f == nil || f.Rare == nil {
		return RareFacts{}
	}
	return *f.Rare
}

// setRare keeps rare facts where there are any.
func (f *Facts) setRare(rare RareFacts) {
	f.Rare = nil
	if rare != (RareFacts{}) {
		f.Rare = &rare
	}
}

// rare are the rare facts, to be filled.
func (f *Facts) rare() *RareFacts {
	if f.Rare == nil {
		f.Rare = &RareFacts{}
	}
	return f.Rare
}

// Precondition is what must hold of the account when a change is sent. Inside
// a chain it is stated against what the change's predecessors leave.
type Precondition struct {
	// Exactly is, for an add, the whole set of devices on the extension. It
	// may name adds that the change follows; one that failed left no device.
	Exactly []DeviceRef `json:"exactly,omitempty"`
	// ExactlySet distinguishes an empty set from none stated.
	ExactlySet bool `json:"exactly_set,omitempty"`
	// Holds says where devices must be.
	Holds []Holding `json:"holds,omitempty"`
	// Name, CommonPhone and Emergency are what the device to be updated must
	// still show; nil: not looked at. Emergency is the line's, which stays on
	// the extension in a swap; Name and CommonPhone are the phone's own.
	Name        *string    `json:"name,omitempty"`
	CommonPhone *bool      `json:"common_phone,omitempty"`
	Emergency   *Emergency `json:"emergency,omitempty"`
	// Serial is what the device must still show before it gets another one.
	Serial *string `json:"serial,omitempty"`
}

// Holding says that a device is on an extension; an empty extension means
// unassigned.
type Holding struct {
	Device    DeviceRef   `json:"device"`
	Extension ExtensionID `json:"extension,omitempty"`
}
