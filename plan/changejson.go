package plan

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// changeJSON is a change as saved plans have it.
type changeJSON struct {
	// ID is derived from the kind and the natural key of the effect, not from
	// its position, so that the same sheet gives the same ids.
	ID   string `json:"id"`
	Kind Kind   `json:"kind"`
	// Rows are indexes into Plan.Rows: the rows that ask for the change. A
	// swap lists the rows of both extensions that it touches, also one that is
	// in error (the change is Tainted then).
	Rows  []int  `json:"rows,omitempty"`
	Cells []Cell `json:"cells,omitempty"` // the cells that ask for it

	// Extension is the extension it happens on; empty for inventory and
	// location changes. ExtensionNumber and Person are for people.
	Extension       ExtensionID `json:"extension,omitempty"`
	ExtensionNumber string      `json:"extension_number,omitempty"`
	Person          string      `json:"person,omitempty"`
	// Site is the name of the site where it happens, for people; empty where
	// the account does not tell.
	Site string `json:"site,omitempty"`

	Reason string `json:"reason"` // why this row means this object
	// Before and After are the object as it is and as it shall be, as far as
	// the change concerns it: for people, for undo and for reading back.
	Before *factsJSON `json:"before,omitempty"`
	After  *factsJSON `json:"after,omitempty"`

	Precondition Precondition `json:"precondition"`
	// DependsOn are changes that must succeed first; Follows are changes that
	// must have ended, in whatever way.
	DependsOn []string `json:"depends_on,omitempty"`
	Follows   []string `json:"follows,omitempty"`
	// Uncounted is set on steps that finish a row's own goal and do not count
	// for a guard of their own: the unstock of an add's placeholder or of
	// keep_assets=number.
	Uncounted bool `json:"uncounted,omitempty"`
	// Tainted: the change shares an extension, device, number or swap cycle
	// with a row in error; --skip-bad-rows leaves it out.
	Tainted bool `json:"tainted,omitempty"`

	// Exactly one of the following is set, by Kind (Update serves update and
	// update_emergency).
	Location *NewLocation  `json:"location,omitempty"`
	Stock    *StockSlots   `json:"stock,omitempty"`
	Add      *AddLine      `json:"add,omitempty"`
	Swap     *SwapDevice   `json:"swap,omitempty"`
	Update   *UpdateDevice `json:"update,omitempty"`
	Remove   *RemoveLine   `json:"remove,omitempty"`
	Unstock  *DeleteDevice `json:"unstock,omitempty"`

	SetSerial *SetSerial `json:"set_serial,omitempty"`
}

// factsJSON are facts as saved plans have them.
type factsJSON struct {
	Device      DeviceID    `json:"device,omitempty"`
	Type        string      `json:"type,omitempty"`
	Name        string      `json:"name,omitempty"`
	Serial      string      `json:"serial,omitempty"`
	Model       ModelID     `json:"model,omitempty"`
	Number      string      `json:"number,omitempty"`
	NumberID    NumberID    `json:"number_id,omitempty"`
	CommonPhone *bool       `json:"common_phone,omitempty"`
	Emergency   *Emergency  `json:"emergency,omitempty"`
	Target      DeviceID    `json:"target,omitempty"`           // swap: the other device
	TargetOn    ExtensionID `json:"target_extension,omitempty"` // swap: where that one is
	Site        SiteID      `json:"site,omitempty"`
	Lines       int         `json:"lines,omitempty"`   // where the device has more than one
	Special     bool        `json:"special,omitempty"` // shared or a hot-desk phone
}

// rowJSON is a row's result as saved plans have it.
type rowJSON struct {
	Sheet     int       `json:"sheet"`
	At        Cell      `json:"at"`
	Raw       []string  `json:"raw"`
	Status    RowStatus `json:"status"`
	Extension string    `json:"extension,omitempty"` // number
	Person    string    `json:"person,omitempty"`
	Site      string    `json:"site,omitempty"`       // name of the extension's site
	MatchedBy string    `json:"matched_by,omitempty"` // "serial", "only phone on 101"
	Device    DeviceID  `json:"device,omitempty"`     // the claimed phone
	Number    string    `json:"number,omitempty"`     // its number
	Emergency string    `json:"emergency,omitempty"`  // its present address status
	Message   string    `json:"message,omitempty"`    // why nothing is to be done, or the first error
	Changes   []string  `json:"changes,omitempty"`    // ids, in order
}

// MarshalJSON writes the change as saved plans have it.
func (c Change) MarshalJSON() ([]byte, error) {
	return json.Marshal(&changeJSON{
		ID: c.ID, Kind: c.Kind, Rows: c.Rows, Cells: c.Cells.List(),
		Extension: c.ExtensionID(), ExtensionNumber: c.ExtensionNumber(), Person: c.Person(), Site: c.Site(),
		Reason: c.Reason, Before: c.Before().saved(), After: c.After().saved(),
		Precondition: c.Requires(), DependsOn: c.DependsOn(), Follows: c.Follows(), Uncounted: c.Uncounted, Tainted: c.Tainted,
		Location: c.Location(), Stock: c.Stock(), Add: c.Add(), Swap: c.Swap(),
		Update: c.Update(), Remove: c.Remove(), Unstock: c.Unstock(), SetSerial: c.SetSerial(),
	})
}

// UnmarshalJSON reads what MarshalJSON writes. A change with two effects is
// refused.
func (c *Change) UnmarshalJSON(data []byte) error {
	var j changeJSON
	if err := unmarshalStrictly(data, &j); err != nil {
		return fmt.Errorf("read change: %w", err)
	}
	effect, err := j.effect()
	if err != nil {
		return fmt.Errorf("read change %q: %w", j.ID, err)
	}
	*c = Change{
		ID: j.ID, Kind: j.Kind, Rows: j.Rows, Cells: CellsOf(j.Cells...), On: extensionOf(j.Extension, j.ExtensionNumber, j.Person, j.Site),
		Reason: j.Reason, Was: j.Before.facts(), Becomes: j.After.facts(), Precondition: &j.Precondition,
		Uncounted: j.Uncounted, Tainted: j.Tainted, Effect: effect,
	}
	if len(j.DependsOn)+len(j.Follows) > 0 {
		c.Order = &Order{DependsOn: j.DependsOn, Follows: j.Follows}
	}
	return nil
}

// effect is the one that is set; nil if none is.
func (j *changeJSON) effect() (Effect, error) {
	var set []Effect
	add := func(is bool, e Effect) {
		if is {
			set = append(set, e)
		}
	}
	add(j.Location != nil, j.Location)
	add(j.Stock != nil, j.Stock)
	add(j.Add != nil, j.Add)
	add(j.Swap != nil, j.Swap)
	add(j.Update != nil, j.Update)
	add(j.Remove != nil, j.Remove)
	add(j.Unstock != nil, j.Unstock)
	add(j.SetSerial != nil, j.SetSerial)
	switch len(set) {
	case 0:
		return nil, nil //nolint:nilnil // no effect is an answer
	case 1:
		return set[0], nil
	}
	return nil, fmt.Errorf("it has %d effects, want one", len(set))
}

// extensionOf is an extension of which a saved plan has this; nil if nothing.
func extensionOf(id ExtensionID, number, name, site string) *Extension {
	e := Extension{ID: id, Number: number, Name: name, SiteName: site}
	if e == (Extension{}) {
		return nil
	}
	return &e
}

// saved are the facts as saved plans have them.
func (f *Facts) saved() *factsJSON {
	if f == nil {
		return nil
	}
	m := f.More()
	return &factsJSON{
		Device: f.Device, Type: f.Type, Name: f.Name, Serial: f.Serial, Model: m.Model, Number: f.Number, NumberID: m.NumberID,
		CommonPhone: m.CommonPhone, Emergency: f.Emergency, Target: m.Target, TargetOn: m.TargetOn, Site: m.Site, Lines: m.Lines, Special: m.Special,
	}
}

// facts are what was saved.
func (j *factsJSON) facts() *Facts {
	if j == nil {
		return nil
	}
	f := &Facts{Device: j.Device, Type: j.Type, Name: j.Name, Serial: j.Serial, Number: j.Number, Emergency: j.Emergency}
	f.setRare(RareFacts{Model: j.Model, NumberID: j.NumberID, CommonPhone: j.CommonPhone, Target: j.Target, TargetOn: j.TargetOn, Site: j.Site, Lines: j.Lines, Special: j.Special})
	return f
}

// MarshalJSON writes the result as saved plans have it.
func (r RowResult) MarshalJSON() ([]byte, error) {
	claimed := r.Claimed()
	return json.Marshal(&rowJSON{
		Sheet: int(r.Sheet), At: r.At, Raw: r.Raw, Status: r.Status, Extension: r.ExtensionNumber(), Person: r.Person(), Site: r.Site(), MatchedBy: r.MatchedBy,
		Device: claimed.Device, Number: claimed.Number, Emergency: claimed.Emergency, Message: r.Message, Changes: r.Changes,
	})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (r *RowResult) UnmarshalJSON(data []byte) error {
	var j rowJSON
	if err := unmarshalStrictly(data, &j); err != nil {
		return fmt.Errorf("read row: %w", err)
	}
	*r = RowResult{
		Sheet: narrow(j.Sheet), At: j.At, Raw: j.Raw, Status: j.Status, On: extensionOf("", j.Extension, j.Person, j.Site),
		MatchedBy: j.MatchedBy, Message: j.Message, Changes: j.Changes,
	}
	if phone := (RowPhone{Device: j.Device, Number: j.Number, Emergency: j.Emergency}); phone != (RowPhone{}) {
		r.Phone = &phone
	}
	return nil
}

// unmarshalStrictly refuses fields that are not known.
func unmarshalStrictly(data []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	return d.Decode(v)
}
