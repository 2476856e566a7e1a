package plan

// Action is what a row asserts about its difference (the sheet's column
// "action"). The empty action means "make it so".
type Action string

// The actions of a row.
const (
	ActionEnsure  Action = ""
	ActionAdd     Action = "add"
	ActionUpdate  Action = "update"
	ActionSwap    Action = "swap"
	ActionRemove  Action = "remove"
	ActionStock   Action = "stock"
	ActionUnstock Action = "unstock"
	ActionIgnore  Action = "ignore"
)

// ReasonColumn is the column that a part of a run's report adds to the
// operator's own: why its rows are there. A sheet may have it, and no row heeds
// it.
const ReasonColumn = "provision says"

// Device types that a row can mean (the sheet's column "device_type").
const (
	TypeHardPhone  = "HardPhone"
	TypeOtherPhone = "OtherPhone"
	TypeWebRTC     = "WebRTC"
)

// Keep says what a removal leaves in the account (the column "keep_assets").
type Keep string

// The values of keep_assets.
const (
	KeepAll    Keep = "yes"    // device and number stay in the inventory
	KeepNumber Keep = "number" // the number stays, the BYOD slot is deleted
	KeepNone   Keep = "no"     // both are given up; needs --release-numbers
)

// Replacement is the parsed column "replace_with": the phone that shall carry
// the row's line.
type Replacement struct {
	Form ReplaceForm
	Arg  string // device id, serial, name, extension number or site; empty for inventory at the extension's site and for new
	Cell Cell
}

// ReplaceForm is the form of a [Replacement].
type ReplaceForm string

// The forms of replace_with.
const (
	ReplaceNone      ReplaceForm = ""
	ReplaceID        ReplaceForm = "id"
	ReplaceSerial    ReplaceForm = "serial"
	ReplaceName      ReplaceForm = "name"
	ReplaceExtension ReplaceForm = "ext"
	ReplaceInventory ReplaceForm = "inventory"
	ReplaceNew       ReplaceForm = "new"
)

// Row is one row of a sheet with its values normalised but not yet compared
// with anything. The zero value of a field means that the row does not state
// it. Sheet decoding fills it; [Build] reads it.
type Row struct {
	Sheet int  // index into Desired.Sheets
	At    Cell // the row as a whole (Column 0)
	// Raw are the row's cells as they were read, in the order of the sheet's
	// header, for the report.
	Raw []string
	// Invalid is set where a value of the row could not be read; the problems
	// are in Desired.Errors. Such a row claims what its keys name and changes
	// nothing.
	Invalid bool

	Action     Action
	ActionCell Cell

	Extension Value // extension number
	Email     Value
	UserName  Value
	Site      Value // name, id or "main-site"

	DeviceID    Value
	PhoneNumber Value // E.164
	Serial      Value // 12 lower-case hex digits
	DeviceName  Value
	NewName     Value
	NewSerial   Value
	Model       Value
	NewModel    Value
	DeviceType  Value // empty, OtherPhone or WebRTC

	PhoneNumberID Value
	AreaCode      Value
	TollType      Value // Toll or TollFree

	CostCenter  Value // name, code or id
	Location    Value // emergency_location as written: a name, "id:…" or "keep"
	Address     Address
	AddressCell Cell // first cell of street…country; zero: no address in this row
	// CustomerName stands apart: it may be given without an address.
	CustomerName Value

	ReplaceWith Replacement
	KeepAssets  Keep // empty: not stated, which means KeepAll on removals
	KeepCell    Cell
	CommonPhone Value // "yes", "no" or empty
	Quantity    int
	QtyCell     Cell
	RowID       Value
}

// HasAddress reports whether the row states an address.
func (r *Row) HasAddress() bool { return !r.AddressCell.IsZero() }

// SheetInfo names one sheet that rows were read from.
type SheetInfo struct {
	File   string   `json:"file"`
	Path   string   `json:"path,omitempty"` // as given on the command line
	Sheet  string   `json:"sheet,omitempty"`
	SHA256 string   `json:"sha256"` // of the file's bytes, lower-case hex
	Header []string `json:"header"` // as the sheet spells it
	// Mapping tells for each header which of our columns it is; an empty
	// text marks a column that is kept for the report only.
	Mapping []string `json:"mapping"`
	// Layout names the layout of somebody else's sheets by which the header was
	// understood; empty for our own.
	Layout string `json:"layout,omitempty"`
}

// Cell names the sheet as a whole: "onboarding.xlsx!Users", or "moves.csv".
func (s *SheetInfo) Cell() Cell { return RowCell(s.File, s.Sheet, 0) }

// Desired is what the sheets ask for.
type Desired struct {
	Sheets   []SheetInfo
	Rows     []Row
	Errors   []Problem
	Warnings []Problem
	// HiddenSkipped counts data rows that were left out because they are
	// hidden or filtered (--hidden=skip).
	HiddenSkipped int
}
