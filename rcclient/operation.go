package rcclient

import "net/http"

// operation is one call of the interface: its name, method and what is known
// of it before the first answer.
type operation struct {
	// id is the operationId of the API reference, or a name of ours for a call
	// that it does not list.
	id     string
	method string
	// group is where the call is counted until an answer's header says otherwise.
	group Group
	// write marks a call with an effect: it is never sent again when in doubt.
	write bool
	// secret marks a call whose bodies are secrets: no trace shows them.
	secret bool
}

// The operations; groups by the API reference (Aug 2026).
var (
	opGetToken    = &operation{id: "getToken", method: http.MethodPost, group: GroupAuth, secret: true}
	opRevokeToken = &operation{id: "revokeToken", method: http.MethodPost, group: GroupAuth, secret: true} // group assumed

	opReadAccount     = &operation{id: "readAccountInfo", method: http.MethodGet, group: GroupLight}
	opReadFeatures    = &operation{id: "readExtensionFeatures", method: http.MethodGet, group: GroupMedium}
	opListExtensions  = &operation{id: "listExtensions", method: http.MethodGet, group: GroupMedium}
	opListSites       = &operation{id: "listSites", method: http.MethodGet, group: GroupLight}
	opListCostCenters = &operation{id: "listCostCenters", method: http.MethodGet, group: GroupLight}
	opListLocations   = &operation{id: "listEmergencyLocations", method: http.MethodGet, group: GroupLight}
	opReadLocation    = &operation{id: "readEmergencyLocation", method: http.MethodGet, group: GroupLight}
	opCreateLocation  = &operation{id: "createEmergencyLocation", method: http.MethodPost, group: GroupMedium, write: true}
	opListNumbers     = &operation{id: "listAccountPhoneNumbersV2", method: http.MethodGet, group: GroupHeavy}
	// opAccountDevices is not in the public contract; Heavy is what one public
	// program notes of it.
	opAccountDevices = &operation{id: "listAccountDevices", method: http.MethodGet, group: GroupHeavy}

	opListExtensionDevices  = &operation{id: "listExtensionDevices", method: http.MethodGet, group: GroupLight}
	opReadDevice            = &operation{id: "readDevice", method: http.MethodGet, group: GroupLight}
	opReadSIPInfo           = &operation{id: "readDeviceSipInfo", method: http.MethodGet, group: GroupLight, secret: true}
	opUpdateDevice          = &operation{id: "updateDevice", method: http.MethodPut, group: GroupMedium, write: true}
	opUpdateDeviceEmergency = &operation{id: "updateDeviceEmergency", method: http.MethodPut, group: GroupMedium, write: true}
	opReplaceDevice         = &operation{id: "replaceDevicesJWSPublic", method: http.MethodPost, group: GroupMedium, write: true}
	opRemoveLine            = &operation{id: "removeLineJWSPublic", method: http.MethodDelete, group: GroupMedium, write: true}
	opBulkAdd               = &operation{id: "bulkAddDevicesV2", method: http.MethodPost, group: GroupHeavy, write: true}
	opAddInventory          = &operation{id: "addDeviceToInventory", method: http.MethodPost, group: GroupHeavy, write: true}
	// opUpdateHardware is not in the public contract and its group is unknown:
	// Heavy is the slowest.
	opUpdateHardware = &operation{id: "bulkUpdateDevices", method: http.MethodPost, group: GroupHeavy, write: true}

	opDeleteInventory = &operation{id: "deleteDeviceFromInventory", method: http.MethodDelete, group: GroupHeavy, write: true}
)

// Paths; "~" is the token's own account.
const (
	tokenPath     = "/restapi/oauth/token" //nolint:gosec // a path, not a secret
	revokePath    = "/restapi/oauth/revoke"
	accountV1     = "/restapi/v1.0/account/~"
	accountV2     = "/restapi/v2/accounts/~"
	locationsPath = accountV1 + "/emergency-locations"
	inventoryPath = accountV2 + "/device-inventory"
)
