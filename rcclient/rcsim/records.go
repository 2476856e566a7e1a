package rcsim

import (
	"encoding/json"
	"strings"
)

// Device is a phone as readDevice shows it (API reference, DeviceResource).
// What hangs on a device by pointer, slice or map is replaced as a whole, never
// changed in place: answers are encoded while other calls go on.
type Device struct {
	ID                      ID              `json:"id"`
	URI                     string          `json:"uri,omitempty"`
	SKU                     string          `json:"sku,omitempty"`
	Type                    string          `json:"type"`
	Name                    string          `json:"name,omitempty"`
	Serial                  string          `json:"serial,omitempty"`
	Status                  string          `json:"status,omitempty"`
	ComputerName            string          `json:"computerName,omitempty"`
	Model                   *Model          `json:"model,omitempty"`
	Extension               *ExtensionRef   `json:"extension,omitempty"`
	Emergency               *Emergency      `json:"emergency,omitempty"`
	EmergencyServiceAddress Address         `json:"emergencyServiceAddress,omitempty"`
	PhoneLines              []PhoneLine     `json:"phoneLines,omitempty"`
	Shipping                json.RawMessage `json:"shipping,omitempty"`
	BoxBillingID            *int64          `json:"boxBillingId,omitempty"`
	UseAsCommonPhone        *bool           `json:"useAsCommonPhone,omitempty"`
	HotDeskDevice           *bool           `json:"hotDeskDevice,omitempty"`
	InCompanyNet            *bool           `json:"inCompanyNet,omitempty"`
	Site                    *SiteRef        `json:"site,omitempty"`
	LastLocationReportTime  string          `json:"lastLocationReportTime,omitempty"`
	LinePooling             string          `json:"linePooling,omitempty"`
	BillingStatement        json.RawMessage `json:"billingStatement,omitempty"`
	AutomaticVoicemailLogin *bool           `json:"automaticVoicemailLogin,omitempty"`
}

// Model is a device's make.
type Model struct {
	ID          ID              `json:"id,omitempty"`
	Name        string          `json:"name,omitempty"`
	Addons      json.RawMessage `json:"addons,omitempty"`
	DeviceClass string          `json:"deviceClass,omitempty"`
	Features    []string        `json:"features,omitempty"`
	LineCount   *int            `json:"lineCount,omitempty"`
}

// ExtensionRef names an extension by its int64 id (v1.0 answers).
type ExtensionRef struct {
	ID              IntID  `json:"id"`
	URI             string `json:"uri,omitempty"`
	ExtensionNumber string `json:"extensionNumber,omitempty"`
	PartnerID       string `json:"partnerId,omitempty"`
}

// SiteRef names a site.
type SiteRef struct {
	ID   ID     `json:"id"`
	Name string `json:"name,omitempty"`
}

// Emergency is what a device shows of its emergency address.
type Emergency struct {
	Address               Address      `json:"address,omitempty"`
	Location              *LocationRef `json:"location,omitempty"`
	OutOfCountry          *bool        `json:"outOfCountry,omitempty"`
	AddressStatus         string       `json:"addressStatus,omitempty"`
	Visibility            string       `json:"visibility,omitempty"`
	SyncStatus            string       `json:"syncStatus,omitempty"`
	AddressEditableStatus string       `json:"addressEditableStatus,omitempty"`
}

// LocationRef names an ERL.
type LocationRef struct {
	ID                  ID     `json:"id"`
	Name                string `json:"name,omitempty"`
	AddressFormatID     ID     `json:"addressFormatId,omitempty"`
	AddressFormatStatus string `json:"addressFormatStatus,omitempty"`
	Trusted             *bool  `json:"trusted,omitempty"`
}

// Address is an address as the interface writes it: texts by field name, and
// outOfCountry as a bool. Fields differ by country, so it is a map.
type Address map[string]any

// text is the field's text without outer spaces, "" where there is none.
func (a Address) text(field string) string {
	text, _ := a[field].(string)
	return strings.TrimSpace(text)
}

// PhoneLine is a digital line of a device.
type PhoneLine struct {
	ID               ID             `json:"id,omitempty"`
	LineType         string         `json:"lineType,omitempty"`
	PhoneInfo        *PhoneInfo     `json:"phoneInfo,omitempty"`
	EmergencyAddress *LineEmergency `json:"emergencyAddress,omitempty"`
}

// PhoneInfo is the number on a line; its id is an int64 here and a string in
// the number list.
type PhoneInfo struct {
	ID          IntID           `json:"id"`
	Country     json.RawMessage `json:"country,omitempty"`
	Extension   *LineExtension  `json:"extension,omitempty"`
	Label       string          `json:"label,omitempty"`
	Location    string          `json:"location,omitempty"`
	PaymentType string          `json:"paymentType,omitempty"`
	PhoneNumber string          `json:"phoneNumber,omitempty"`
	Status      string          `json:"status,omitempty"`
	Type        string          `json:"type,omitempty"`
	UsageType   string          `json:"usageType,omitempty"`
}

// LineExtension names an extension by its string id.
type LineExtension struct {
	ID              ID     `json:"id"`
	URI             string `json:"uri,omitempty"`
	ExtensionNumber string `json:"extensionNumber,omitempty"`
	PartnerID       string `json:"partnerId,omitempty"`
}

// LineEmergency is a line's own view of its emergency address.
type LineEmergency struct {
	Required               *bool  `json:"required,omitempty"`
	LocalOnly              *bool  `json:"localOnly,omitempty"`
	LineProvisioningStatus string `json:"lineProvisioningStatus,omitempty"`
}

// Extension is a person, a shared phone, a queue and so on (API reference,
// listExtensions).
type Extension struct {
	ID              IntID           `json:"id"`
	URI             string          `json:"uri,omitempty"`
	Contact         *Contact        `json:"contact,omitempty"`
	ExtensionNumber string          `json:"extensionNumber,omitempty"`
	Name            string          `json:"name,omitempty"`
	Permissions     json.RawMessage `json:"permissions,omitempty"`
	ProfileImage    json.RawMessage `json:"profileImage,omitempty"`
	PartnerID       string          `json:"partnerId,omitempty"`
	References      json.RawMessage `json:"references,omitempty"`
	Status          string          `json:"status,omitempty"`
	Type            string          `json:"type,omitempty"`
	SubType         string          `json:"subType,omitempty"`
	CallQueueInfo   json.RawMessage `json:"callQueueInfo,omitempty"`
	Hidden          *bool           `json:"hidden,omitempty"`
	Roles           json.RawMessage `json:"roles,omitempty"`
	Site            *ExtensionSite  `json:"site,omitempty"`
	AssignedCountry json.RawMessage `json:"assignedCountry,omitempty"`
	CostCenter      *CostCenterRef  `json:"costCenter,omitempty"`
	CreationTime    string          `json:"creationTime,omitempty"`
}

// Contact is an extension's person.
type Contact struct {
	FirstName        string          `json:"firstName,omitempty"`
	LastName         string          `json:"lastName,omitempty"`
	Name             string          `json:"name,omitempty"`
	Company          string          `json:"company,omitempty"`
	JobTitle         string          `json:"jobTitle,omitempty"`
	Email            string          `json:"email,omitempty"`
	BusinessPhone    string          `json:"businessPhone,omitempty"`
	MobilePhone      string          `json:"mobilePhone,omitempty"`
	BusinessAddress  json.RawMessage `json:"businessAddress,omitempty"`
	EmailAsLoginName *bool           `json:"emailAsLoginName,omitempty"`
	Department       string          `json:"department,omitempty"`
}

// ExtensionSite is the site of an extension.
type ExtensionSite struct {
	ID   ID     `json:"id"`
	URI  string `json:"uri,omitempty"`
	Name string `json:"name,omitempty"`
	Code string `json:"code,omitempty"`
}

// CostCenterRef names a cost center by its string id.
type CostCenterRef struct {
	ID   ID     `json:"id"`
	Name string `json:"name,omitempty"`
}

// Site is a site of the account.
type Site struct {
	ID               ID              `json:"id"`
	URI              string          `json:"uri,omitempty"`
	Name             string          `json:"name"`
	ExtensionNumber  string          `json:"extensionNumber,omitempty"`
	CallerIDName     string          `json:"callerIdName,omitempty"`
	Email            string          `json:"email,omitempty"`
	BusinessAddress  json.RawMessage `json:"businessAddress,omitempty"`
	RegionalSettings json.RawMessage `json:"regionalSettings,omitempty"`
	SiteAccess       string          `json:"siteAccess,omitempty"`
	Operator         json.RawMessage `json:"operator,omitempty"`
	Code             string          `json:"code,omitempty"`
}

// CostCenter is a cost center; the list writes its id as an int64.
type CostCenter struct {
	ID          IntID           `json:"id"`
	Name        string          `json:"name"`
	BillingCode string          `json:"billingCode,omitempty"`
	ParentID    *IntID          `json:"parentId,omitempty"`
	TaxLocation json.RawMessage `json:"taxLocation,omitempty"`
}

// EmergencyLocation is an ERL, an emergency response location.
type EmergencyLocation struct {
	URI                 string          `json:"uri,omitempty"`
	ID                  ID              `json:"id"`
	Address             Address         `json:"address,omitempty"`
	Name                string          `json:"name,omitempty"`
	Site                *SiteRef        `json:"site,omitempty"`
	AddressStatus       string          `json:"addressStatus,omitempty"`
	UsageStatus         string          `json:"usageStatus,omitempty"`
	SyncStatus          string          `json:"syncStatus,omitempty"`
	AddressType         string          `json:"addressType,omitempty"`
	Visibility          string          `json:"visibility,omitempty"`
	Owners              []LocationOwner `json:"owners,omitempty"`
	AddressFormatID     ID              `json:"addressFormatId,omitempty"`
	AddressFormatStatus string          `json:"addressFormatStatus,omitempty"`
	Trusted             *bool           `json:"trusted,omitempty"`
}

// LocationOwner is the user of a private ERL.
type LocationOwner struct {
	ID              ID     `json:"id"`
	ExtensionNumber string `json:"extensionNumber,omitempty"`
	Name            string `json:"name,omitempty"`
}

// Number is a phone number of the account (API reference,
// listAccountPhoneNumbersV2).
type Number struct {
	ID            ID               `json:"id"`
	PhoneNumber   string           `json:"phoneNumber"`
	Type          string           `json:"type,omitempty"`
	TollType      string           `json:"tollType"`
	UsageType     string           `json:"usageType"`
	Status        string           `json:"status"`
	ByocNumber    *bool            `json:"byocNumber,omitempty"`
	MobileNumber  *bool            `json:"mobileNumber,omitempty"`
	HotDeskNumber *bool            `json:"hotDeskNumber,omitempty"`
	CallerIDName  string           `json:"callerIdName,omitempty"`
	Label         string           `json:"label,omitempty"`
	Primary       *bool            `json:"primary,omitempty"`
	Extension     *NumberExtension `json:"extension,omitempty"`
}

// NumberExtension is the extension that a number belongs to.
type NumberExtension struct {
	ID              ID     `json:"id"`
	ExtensionNumber string `json:"extensionNumber,omitempty"`
}

// Words of the interface that the simulator itself uses.
const (
	typeHardPhone  = "HardPhone"
	typeOtherPhone = "OtherPhone"

	statusValid        = "Valid"
	statusInvalid      = "Invalid"
	statusProvisioning = "Provisioning"

	usageInventory = "Inventory"
	usageDirect    = "DirectNumber"

	mainSite = "main-site"
)

func ptr[T any](value T) *T { return &value }
