package plan

import "time"

// FormatVersion is the version of the saved plan's format. It is raised when
// an older program could misread a newer plan.
const FormatVersion = 1

// Plan is what would be done, and everything that a person needs to judge it
// and a program to do it. It is data: it is printed, saved, compared, resumed.
type Plan struct {
	FormatVersion int         `json:"format_version"`
	Program       string      `json:"program"` // version of the program that made it
	CreatedAt     time.Time   `json:"created_at"`
	Account       Account     `json:"account"`
	Sheets        []SheetInfo `json:"sheets"`
	// SnapshotDigest is a fingerprint of the live account that was compared;
	// SnapshotAt is when it was read.
	SnapshotDigest string    `json:"snapshot_digest"`
	SnapshotAt     time.Time `json:"snapshot_at"`
	Options        Options   `json:"options"`

	Rows     []RowResult `json:"rows"`
	Changes  []Change    `json:"changes"` // by kind, then extension number, then id
	Errors   []Problem   `json:"row_errors"`
	Warnings []Problem   `json:"row_warnings"`
	Notes    []string    `json:"notes,omitempty"` // one line each, about the plan as a whole

	// UndoOf is the id of the run that this plan takes back, NotUndone what it
	// leaves as that run made it; both are empty for a plan made of sheets.
	UndoOf    string      `json:"undo_of,omitempty"`
	NotUndone []NotUndone `json:"not_undone,omitempty"`

	// HiddenSkipped counts rows that were left out because they are hidden.
	HiddenSkipped int `json:"hidden_skipped,omitempty"`

	// What guards look at.
	AssignedPhones int         `json:"assigned_phones"` // of the types that rows match; the 100 % of guards
	LeftWithout    []PersonRef `json:"left_without_phone,omitempty"`
	NumbersGivenUp []string    `json:"numbers_given_up,omitempty"`

	// Safety lists the phones of the named extensions whose emergency address
	// is missing or not valid, also where no row changes them.
	Safety []SafetyItem `json:"safety,omitempty"`
	// Unmanaged are phones of the named extensions that no row claims.
	Unmanaged []Unmanaged `json:"unmanaged,omitempty"`
	// Phones are the phones that rows and changes name, as the account showed
	// them, by id: what a person at the phone, or an auditor, has to be told.
	Phones []NamedPhone `json:"phones,omitempty"`

	Estimate Estimate `json:"estimate"`
	// Digest is the SHA-256 of the plan's bytes without it, in hex; only
	// [Encode] sets it.
	Digest string `json:"digest,omitempty"`
}

// RowResult is what planning made of one row, in sheet order.
type RowResult struct { // saved as rowJSON says
	Sheet     int32
	Status    RowStatus
	At        Cell
	Raw       []string
	On        *Extension // whom the row is for; only the number is set where the account has no such extension
	MatchedBy string     // "serial", "only phone on 101"
	Phone     *RowPhone  // the phone that it claims; nil: none, or a new one without a number
	Message   string     // why nothing is to be done, or the first error
	Changes   []string   // ids, in order
}

// RowPhone is the phone that a row claims, or the number of a new one.
type RowPhone struct {
	Device    DeviceID // empty for a new one
	Number    string
	Emergency string // its present address status
}

// Claimed is the phone that the row claims, the zero value if none.
func (r *RowResult) Claimed() RowPhone {
	if r.Phone == nil {
		return RowPhone{}
	}
	return *r.Phone
}

// ExtensionNumber is the number of the extension that the row is for.
func (r *RowResult) ExtensionNumber() string { return r.On.number() }

// Person is the name of the extension that the row is for.
func (r *RowResult) Person() string { return r.On.name() }

// Site is the name of the extension's site; empty where the account has none.
func (r *RowResult) Site() string {
	if r.On == nil {
		return ""
	}
	return r.On.SiteName
}

// Stated is what a row has in one of our columns, as the sheet spells it; empty
// where it has nothing there, or its sheet no such column.
func (p *Plan) Stated(r *RowResult, column string) string {
	if r.Sheet < 0 || int(r.Sheet) >= len(p.Sheets) {
		return ""
	}
	for i, ours := range p.Sheets[r.Sheet].Mapping {
		if ours == column && i < len(r.Raw) && r.Raw[i] != "" {
			return r.Raw[i]
		}
	}
	return ""
}

// PersonRef names a person by extension.
type PersonRef struct {
	Extension string `json:"extension"`
	Person    string `json:"person,omitempty"`
}

// SafetyItem is a phone whose emergency address cannot be relied on.
type SafetyItem struct {
	Extension string   `json:"extension"`
	Person    string   `json:"person,omitempty"`
	Device    DeviceID `json:"device"`
	Number    string   `json:"number,omitempty"`
	Status    string   `json:"status"` // missing, Invalid, Deprovisioned
	Changes   []string `json:"changes,omitempty"`
}

// Unmanaged is a phone that no row mentions.
type Unmanaged struct {
	Extension string   `json:"extension"`
	Person    string   `json:"person,omitempty"`
	Device    DeviceID `json:"device"`
	Type      string   `json:"type"`
	Name      string   `json:"name,omitempty"`
	Number    string   `json:"number,omitempty"`
}

// Estimate is what the changes cost: mutating calls per throttling group and
// the least service time that the limits allow for them.
type Estimate struct {
	Light        int `json:"light"`
	Medium       int `json:"medium"`
	Heavy        int `json:"heavy"`
	LeastSeconds int `json:"least_seconds"`
}

// Options are the inputs of planning beside rows and account. They are saved
// with the plan.
type Options struct {
	Now     time.Time `json:"-"` // becomes Plan.CreatedAt
	Program string    `json:"-"` // becomes Plan.Program
	// Country is the ISO code that addresses without a country get.
	Country string `json:"country,omitempty"`
	// DefaultNames is a regular expression: a phone whose name matches it
	// counts as unnamed.
	DefaultNames string `json:"default_names,omitempty"`
	OrderNumbers bool   `json:"order_numbers,omitempty"`
	// DeferMissing leaves over the rows whose extension is not on the account
	// ([RowDeferred]), instead of putting them in error.
	DeferMissing bool   `json:"defer_missing,omitempty"`
	BulkSize     int    `json:"bulk_size"` // records per bulk-add call; 0 means 10
	Guards       Guards `json:"guards"`
	// KnownPlaces say what the service made of addresses that were applied
	// before. A plan holds those that bear on its rows and its account.
	// Pairs that can't be respellings (see [MayBeRespelled]) are not used.
	KnownPlaces []KnownPlace `json:"known_places,omitempty"`
	// ProtectExtensions and ProtectDevices list what no change may touch, by
	// number, id, serial or name, by range (100-199) or by pattern (1*).
	ProtectExtensions []string `json:"protect_extensions,omitempty"`
	ProtectDevices    []string `json:"protect_devices,omitempty"`
	// UnlistedOperations allows set_serial changes, which use an operation that
	// is not in the public contract.
	UnlistedOperations bool `json:"unlisted_operations,omitempty"`
	// Prune says where phones that no row mentions are taken off: empty for
	// nowhere, [PruneListed], or [PruneSite] and a site's name.
	Prune string `json:"prune,omitempty"`
	// Offline: the snapshot was read from a file, which the plan says.
	Offline bool `json:"offline,omitempty"`
	// Select says which part of the sheets is to be done.
	Select Selection `json:"select,omitzero"`
}

// Guards are the limits of one run. The zero value of a limit is its default,
// see [DefaultGuards].
type Guards struct {
	Off               bool  `json:"off,omitempty"`
	MaxRemovals       Bound `json:"max_removals"`
	MaxSwaps          Bound `json:"max_swaps"`
	MaxAddressChanges Bound `json:"max_address_changes"`
	MaxAdds           Bound `json:"max_adds"`
	MaxChanges        Bound `json:"max_changes"`
	MaxNewLocations   int   `json:"max_new_locations"`
	LeaveWithoutPhone int   `json:"leave_without_phone"`
	ReleaseNumbers    bool  `json:"release_numbers"`
	MaxStale          Bound `json:"max_stale"`
}

// Bound is a guard's limit: a count, a percentage of the account's assigned
// phones, or the lower of both. Its text form is "10", "2%", "10,2%" or
// "none"; the zero value stands for the guard's default.
type Bound struct {
	Count      int     `json:"count,omitempty"`
	HasCount   bool    `json:"has_count,omitempty"`
	Percent    float64 `json:"percent,omitempty"`
	HasPercent bool    `json:"has_percent,omitempty"`
	None       bool    `json:"none,omitempty"` // no limit at all
}

// Breach is a guard that a plan breaks.
type Breach struct {
	Guard   string `json:"guard"` // the flag's name without dashes
	Limit   string `json:"limit"`
	Count   int    `json:"count"`
	Flag    string `json:"flag"` // what to pass to allow it
	Message string `json:"message"`
}
