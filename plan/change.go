package plan

// Kind is the kind of a [Change].
type Kind string

// The kinds of change, in the order in which they are listed.
const (
	KindCreateLocation  Kind = "create_location"  // one new ERL
	KindStock           Kind = "stock"            // one call: up to 50 new inventory slots of a site
	KindAdd             Kind = "add"              // one new device with a digital line
	KindSwap            Kind = "swap"             // one call: two devices trade places, or one goes to the inventory
	KindUpdateEmergency Kind = "update_emergency" // one device PUT that changes only the address
	KindUpdate          Kind = "update"           // one device PUT that changes the name or the common-phone flag too
	KindRemove          Kind = "remove"           // one line taken off its extension
	// KindSetSerial is the serial and model of one BYOD phone, written by device
	// bulk-update, which is not in the service's public contract.
	KindSetSerial Kind = "set_serial"
	KindUnstock   Kind = "unstock" // one unassigned device deleted
)

// Kinds lists all kinds in listing order.
func Kinds() []Kind {
	return []Kind{KindCreateLocation, KindStock, KindAdd, KindSwap, KindUpdateEmergency, KindUpdate, KindSetSerial, KindRemove, KindUnstock}
}

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

	Reason string `json:"reason"` // why this row means this object
	// Before and After are the object as it is and as it shall be, as far as
	// the change concerns it: for people, for undo and for reading back.
	Before *Facts `json:"before,omitempty"`
	After  *Facts `json:"after,omitempty"`

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

// Facts are what people and undo need of an object's state. Only what the
// change concerns is filled.
type Facts struct {
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

// NewLocation is a create_location change: POST emergency-locations.
type NewLocation struct {
	Name    string  `json:"name"`
	Address Address `json:"address"`
	Site    SiteID  `json:"site,omitempty"`
}

// StockSlots is a stock change: one addDeviceToInventory call, 1 to 50 slots.
type StockSlots struct {
	Quantity int    `json:"quantity"`
	Site     SiteID `json:"site"`
}

// AddLine is an add change: one record of a bulk-add call.
type AddLine struct {
	DeviceType string           `json:"device_type"` // OtherPhone or WebRTC
	Emergency  *EmergencyTarget `json:"emergency"`
	Number     NumberSource     `json:"number"`
	CostCenter CostCenterID     `json:"cost_center,omitempty"`
}

// NumberSource says where an added line's number comes from; the first one
// that is set counts: NumberID, Number, AreaCode, TollType.
type NumberSource struct {
	NumberID NumberID `json:"number_id,omitempty"`
	Number   string   `json:"number,omitempty"` // with NumberID: what it is; alone: a number to be ordered
	AreaCode string   `json:"area_code,omitempty"`
	TollType string   `json:"toll_type,omitempty"`
}

// SwapDevice is a swap change: one replaceDevicesJWSPublic call. The source is
// on the change's extension when it is sent, the target goes there.
type SwapDevice struct {
	Source DeviceRef `json:"source"`
	Target DeviceRef `json:"target"`
	// TargetOn is where the target is when the call is sent; empty: in the
	// inventory.
	TargetOn ExtensionID `json:"target_on,omitempty"`
}

// UpdateDevice is one device PUT. Device is the phone that the plan expects;
// Carriers, where set, are the phones of a swap, and whichever of them is on
// the extension when the change is sent is the one whose address is updated.
// Name and CommonPhone are for Device only: if another carrier is there, they
// are left out and only the address is sent.
type UpdateDevice struct {
	Device      DeviceRef        `json:"device"`
	Carriers    []DeviceRef      `json:"carriers,omitempty"`
	Name        *string          `json:"name,omitempty"`
	CommonPhone *bool            `json:"common_phone,omitempty"`
	Emergency   *EmergencyTarget `json:"emergency,omitempty"`
}

// RemoveLine is a remove change: one removeLineJWSPublic call.
type RemoveLine struct {
	Device     DeviceID `json:"device"`
	KeepAssets bool     `json:"keep_assets"`
}

// DeleteDevice is an unstock change: one record of a
// deleteDeviceFromInventory call.
type DeleteDevice struct {
	Device DeviceRef `json:"device"`
}

// SetSerial is a set_serial change: one record of a device bulk-update call.
// At least one of Serial and Model is set; an empty one stays as it is.
type SetSerial struct {
	Device DeviceRef `json:"device"`
	Serial string    `json:"serial,omitempty"` // 12 lower-case hex digits
	Model  ModelID   `json:"model,omitempty"`
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
