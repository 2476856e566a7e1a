package plan

import "time"

// Ids of the service are opaque texts; it spells some as JSON numbers, which
// makes no difference here.
type (
	// DeviceID is the id of a device.
	DeviceID string
	// ExtensionID is the id of an extension, not its number.
	ExtensionID string
	// LocationID is the id of an emergency response location.
	LocationID string
	// SiteID is the id of a site.
	SiteID string
	// ModelID is the id of a phone's hardware model.
	ModelID string
	// CostCenterID is the id of a cost center.
	CostCenterID string
	// NumberID is the id of a phone number.
	NumberID string
)

// MainSite is the site id that the service uses for the main site.
const MainSite SiteID = "main-site"

// Snapshot is the live account as far as it was read. Lists are sorted by id;
// what the flags call incomplete may be missing records, and then "nothing
// found" proves nothing.
type Snapshot struct {
	Account Account   `json:"account"`
	TakenAt time.Time `json:"taken_at"` // service time at the begin of the reading

	// DevicesComplete: the account-wide device list answered, so that
	// unassigned devices and all extensions' devices are known.
	DevicesComplete bool `json:"devices_complete"`
	// Listed are the extensions whose own device lists were read. With
	// DevicesComplete all are known and it is empty.
	Listed []ExtensionID `json:"listed,omitempty"`
	// Asked are device ids that were asked for one by one; one that is not
	// among Devices does not exist.
	Asked []DeviceID `json:"asked,omitempty"`
	// The following say whether the lists were read at all.
	NumbersRead     bool `json:"numbers_read"`
	CostCentersRead bool `json:"cost_centers_read"`
	LocationsRead   bool `json:"locations_read"`

	Sites       []Site       `json:"sites,omitempty"`
	CostCenters []CostCenter `json:"cost_centers,omitempty"`
	Locations   []Location   `json:"locations,omitempty"`
	Extensions  []Extension  `json:"extensions,omitempty"`
	Devices     []Device     `json:"devices,omitempty"`
	Numbers     []Number     `json:"numbers,omitempty"`

	// Limits are the calls that each throttling group allows in Window
	// seconds of service time, as the answers' headers gave them.
	Limits Limits `json:"limits"`
}

// Account is the account itself.
type Account struct {
	ID         string `json:"id"`
	Name       string `json:"name,omitempty"`
	MainNumber string `json:"main_number,omitempty"`
	Country    string `json:"country,omitempty"` // ISO alpha-2, where the account tells
	// ERLRegime: plain addresses are refused, an emergency location is required
	// (feature NewEmergencyCallingFramework).
	ERLRegime bool `json:"erl_regime"`
}

// Limits are calls per window and throttling group.
type Limits struct {
	Light  GroupLimit `json:"light"`
	Medium GroupLimit `json:"medium"`
	Heavy  GroupLimit `json:"heavy"`
}

// GroupLimit is the limit of one throttling group.
type GroupLimit struct {
	Calls         int `json:"calls"`
	WindowSeconds int `json:"window_seconds"`
}

// Site is a site of the account.
type Site struct {
	ID   SiteID `json:"id"`
	Name string `json:"name"`
	Code string `json:"code,omitempty"`
}

// CostCenter is a cost center; only an add can set one.
type CostCenter struct {
	ID   CostCenterID `json:"id"`
	Name string       `json:"name"`
	Code string       `json:"code,omitempty"` // billing code
}

// Location is a company emergency response location (ERL).
type Location struct {
	ID            LocationID `json:"id"`
	Name          string     `json:"name"`
	Address       Address    `json:"address"`
	Site          SiteID     `json:"site,omitempty"` // empty: not tied to a site
	SiteName      string     `json:"site_name,omitempty"`
	AddressStatus string     `json:"address_status,omitempty"` // Valid, Invalid, Provisioning, Deprovisioned
	UsageStatus   string     `json:"usage_status,omitempty"`   // Active, Inactive
	FormatStatus  string     `json:"format_status,omitempty"`  // Actual, Outdated, Deprecated
	Visibility    string     `json:"visibility,omitempty"`     // Public, Private
}

// Extension is an extension of the account.
type Extension struct {
	ID       ExtensionID `json:"id"`
	Number   string      `json:"number"`
	Name     string      `json:"name,omitempty"`
	Email    string      `json:"email,omitempty"`
	Type     string      `json:"type"`   // User, Limited, …
	Status   string      `json:"status"` // Enabled, Disabled, Frozen, NotActivated, Unassigned
	Site     SiteID      `json:"site,omitempty"`
	SiteName string      `json:"site_name,omitempty"`
}

// Device is a phone device of the account.
type Device struct {
	ID          DeviceID    `json:"id"`
	Type        string      `json:"type"`
	Name        string      `json:"name,omitempty"`
	Serial      string      `json:"serial,omitempty"` // 12 lower-case hex digits where it is a MAC, else as shown
	Model       string      `json:"model,omitempty"`  // the model's name
	ModelID     ModelID     `json:"model_id,omitempty"`
	Extension   ExtensionID `json:"extension,omitempty"` // empty: unassigned
	Site        SiteID      `json:"site,omitempty"`
	Lines       []Line      `json:"lines,omitempty"`
	Emergency   Emergency   `json:"emergency"`
	LinePooling string      `json:"line_pooling,omitempty"` // Host, Guest, None
	CommonPhone bool        `json:"common_phone,omitempty"`
	HotDesk     bool        `json:"hot_desk,omitempty"`
}

// Line is a digital line of a device.
type Line struct {
	ID        string   `json:"id"`
	Type      string   `json:"type,omitempty"` // Standalone, BlaPrimary, …
	Number    string   `json:"number,omitempty"`
	NumberID  NumberID `json:"number_id,omitempty"`
	LocalOnly bool     `json:"local_only,omitempty"`
}

// Emergency is what a device shows of its emergency address.
type Emergency struct {
	LocationID    LocationID `json:"location_id,omitempty"`
	LocationName  string     `json:"location_name,omitempty"`
	Address       Address    `json:"address"`
	AddressStatus string     `json:"address_status,omitempty"`
	SyncStatus    string     `json:"sync_status,omitempty"`
	Visibility    string     `json:"visibility,omitempty"`
	Editable      string     `json:"editable,omitempty"` // AnyDevice, MainDevice
}

// Number is a phone number of the account.
type Number struct {
	ID        NumberID    `json:"id"`
	Number    string      `json:"number"`               // E.164
	Usage     string      `json:"usage"`                // Inventory, DirectNumber, MainCompanyNumber, …
	Status    string      `json:"status"`               // Normal, Pending, PortedIn, Temporary, Unknown
	Type      string      `json:"type,omitempty"`       // VoiceFax, VoiceOnly, FaxOnly
	TollType  string      `json:"toll_type,omitempty"`  // Toll, TollFree
	Extension ExtensionID `json:"extension,omitempty"`  // the holder
	HolderExt string      `json:"holder_ext,omitempty"` // its extension number
}
