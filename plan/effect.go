package plan

// Effect is one of *[NewLocation], *[StockSlots], *[AddLine], *[SwapDevice],
// *[UpdateDevice] (of update and update_emergency), *[RemoveLine],
// *[DeleteDevice] and *[SetSerial].
type Effect interface{ effect() }

func (*NewLocation) effect()  {}
func (*StockSlots) effect()   {}
func (*AddLine) effect()      {}
func (*SwapDevice) effect()   {}
func (*UpdateDevice) effect() {}
func (*RemoveLine) effect()   {}
func (*DeleteDevice) effect() {}
func (*SetSerial) effect()    {}

// effectAs is the effect if it is of this form, else nil.
func effectAs[T Effect](c *Change) T {
	e, _ := c.Effect.(T)
	return e
}

// Location is the effect of a create_location change, nil for others.
func (c *Change) Location() *NewLocation { return effectAs[*NewLocation](c) }

// Stock is the effect of a stock change, nil for others.
func (c *Change) Stock() *StockSlots { return effectAs[*StockSlots](c) }

// Add is the effect of an add change, nil for others.
func (c *Change) Add() *AddLine { return effectAs[*AddLine](c) }

// Swap is the effect of a swap change, nil for others.
func (c *Change) Swap() *SwapDevice { return effectAs[*SwapDevice](c) }

// Update is the effect of an update or update_emergency change, nil for others.
func (c *Change) Update() *UpdateDevice { return effectAs[*UpdateDevice](c) }

// Remove is the effect of a remove change, nil for others.
func (c *Change) Remove() *RemoveLine { return effectAs[*RemoveLine](c) }

// Unstock is the effect of an unstock change, nil for others.
func (c *Change) Unstock() *DeleteDevice { return effectAs[*DeleteDevice](c) }

// SetSerial is the effect of a set_serial change, nil for others.
func (c *Change) SetSerial() *SetSerial { return effectAs[*SetSerial](c) }

// NewLocation is a create_location change: POST emergency-locations.
type NewLocation struct {
	Name    string  `json:"name"`
	Address Address `json:"address"`
	Site    SiteID  `json:"site,omitempty"`
	// Nearest is the company ERL that is nearest to it, for people; nil where
	// none is in the same city or has the same postcode.
	Nearest *NearLocation `json:"nearest,omitempty"`
}

// NearLocation is an ERL that the account has already.
type NearLocation struct {
	ID            LocationID `json:"id"`
	Name          string     `json:"name"`
	Address       Address    `json:"address"`
	AddressStatus string     `json:"address_status,omitempty"`
}

// StockSlots is a stock change: one addDeviceToInventory call, 1 to 50 slots.
type StockSlots struct {
	Quantity int    `json:"quantity"`
	Site     SiteID `json:"site"`
	// Level is what the call assumes and reaches, where it brings the site's
	// free slots to a level; nil: all its slots are for lines that wait for
	// one, or the plan is of a program that did not state it.
	Level *SlotLevel `json:"level,omitempty"`
}

// SlotLevel is the precondition and the goal of a stock change: numbers of
// free slots of its site. Slots that a change of the plan names do not count,
// nor do those that the run itself makes for a line: so nothing that the run
// does elsewhere alters them.
type SlotLevel struct {
	Free int `json:"free"` // just before the call
	Goal int `json:"goal"` // after it
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

	phone *Device // the phone that stays on the line; nil where it is another one in the end, or in a plan from a file
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
	// ModelName and OldModelName are what the account calls the new model and
	// the one that the phone shows, where it tells: for people.
	ModelName    string `json:"model_name,omitempty"`
	OldModelName string `json:"old_model_name,omitempty"`
}
