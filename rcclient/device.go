package rcclient

// Device types that the program knows by name. The service has more.
const (
	HardPhone  = "HardPhone"
	OtherPhone = "OtherPhone"
	WebRTC     = "WebRTC"
)

// DeviceResource is a phone as the service shows it (DeviceResource in the API
// reference). Every field is optional there; one that is absent is empty here.
type DeviceResource struct {
	ID ID `json:"id"`
	// Type is HardPhone, OtherPhone, WebRTC, SoftPhone, BLA, Paging, Room, …
	Type string `json:"type"`
	Name string `json:"name"`
	SKU  string `json:"sku"`
	// Serial is the MAC address of a HardPhone that was provisioned.
	Serial       string `json:"serial"`
	ComputerName string `json:"computerName"`
	// Status is Online or Offline.
	Status string       `json:"status"`
	Model  *DeviceModel `json:"model"`
	// Extension is nil for an unassigned device.
	Extension               *ExtensionRef            `json:"extension"`
	Site                    *Ref                     `json:"site"`
	PhoneLines              []PhoneLine              `json:"phoneLines"`
	Emergency               *DeviceEmergency         `json:"emergency"`
	EmergencyServiceAddress *EmergencyServiceAddress `json:"emergencyServiceAddress"`
	// LinePooling is Host, Guest or None.
	LinePooling      string `json:"linePooling"`
	UseAsCommonPhone bool   `json:"useAsCommonPhone"`
	HotDeskDevice    bool   `json:"hotDeskDevice"`
}

// DeviceModel is the hardware model of a device.
type DeviceModel struct {
	ID          ID       `json:"id"`
	Name        string   `json:"name"`
	DeviceClass string   `json:"deviceClass"`
	LineCount   int      `json:"lineCount"`
	Features    []string `json:"features"`
}

// ExtensionRef refers to an extension by id and number.
type ExtensionRef struct {
	ID              ID     `json:"id"`
	ExtensionNumber string `json:"extensionNumber,omitempty"`
}

// PhoneLine is one digital line of a device.
type PhoneLine struct {
	ID ID `json:"id"`
	// LineType is Standalone, StandaloneFree, BlaPrimary, BlaSecondary, Unknown.
	LineType         string                `json:"lineType"`
	PhoneInfo        *LineNumber           `json:"phoneInfo"`
	EmergencyAddress *LineEmergencyAddress `json:"emergencyAddress"`
}

// LineNumber is the phone number on a digital line.
type LineNumber struct {
	ID          ID            `json:"id"`
	PhoneNumber string        `json:"phoneNumber"`
	UsageType   string        `json:"usageType"`
	Type        string        `json:"type"`
	PaymentType string        `json:"paymentType"`
	Status      string        `json:"status"`
	Extension   *ExtensionRef `json:"extension"`
}

// LineEmergencyAddress says what a line wants of an emergency address.
type LineEmergencyAddress struct {
	Required bool `json:"required"`
	// LocalOnly forbids an address outside the line's country.
	LocalOnly bool `json:"localOnly"`
	// LineProvisioningStatus is Valid, Provisioning or Invalid.
	LineProvisioningStatus string `json:"lineProvisioningStatus"`
}

// DeviceEmergency is the emergency part of a device.
type DeviceEmergency struct {
	Address      *EmergencyAddress     `json:"address"`
	Location     *EmergencyLocationRef `json:"location"`
	OutOfCountry bool                  `json:"outOfCountry"`
	// AddressStatus is Valid, Invalid, Provisioning or Deprovisioned.
	AddressStatus string `json:"addressStatus"`
	// Visibility is Private (set by the user) or Public.
	Visibility string `json:"visibility"`
	// SyncStatus is filled only by a reading with sync.
	SyncStatus string `json:"syncStatus"`
	// AddressEditableStatus is MainDevice or AnyDevice.
	AddressEditableStatus string `json:"addressEditableStatus"`
}

// EmergencyLocationRef is an ERL as a device names it.
type EmergencyLocationRef struct {
	ID                  ID     `json:"id"`
	Name                string `json:"name"`
	AddressFormatID     string `json:"addressFormatId"`
	AddressFormatStatus string `json:"addressFormatStatus"`
	Trusted             bool   `json:"trusted"`
}

// EmergencyServiceAddress is the older view of a device's address, which also
// tells the state of its provisioning.
type EmergencyServiceAddress struct {
	EmergencyAddress
	// LineProvisioningStatus is Valid, Provisioning or Invalid.
	LineProvisioningStatus string `json:"lineProvisioningStatus"`
	SyncStatus             string `json:"syncStatus"`
}

// SIPInfo are the SIP settings of a device. It holds a live secret: it shows
// itself to no formatter.
type SIPInfo struct {
	Domain          string          `json:"domain"`
	OutboundProxies []OutboundProxy `json:"outboundProxies"`
	UserName        string          `json:"userName"`
	Password        string          `json:"password"`
	AuthorizationID string          `json:"authorizationId"`
}

// OutboundProxy is one SIP proxy of a region.
type OutboundProxy struct {
	Region   string `json:"region"`
	Proxy    string `json:"proxy"`
	ProxyTLS string `json:"proxyTLS"`
}

// String hides the account and the password.
func (s SIPInfo) String() string { return "rcclient.SIPInfo{" + s.Domain + " " + redacted + "}" }

// GoString is String.
func (s SIPInfo) GoString() string { return s.String() }
