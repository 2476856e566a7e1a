package rcclient

import "context"

// MaxExtensionsPerCall is the most extension ids one device-list call names.
// The service states no number for this call; 30 is stated for a neighbour and
// the batch maximum of a published SDK's tests.
const MaxExtensionsPerCall = 30

// ExtensionDevicesResult are the devices of one extension, or why they could
// not be read.
type ExtensionDevicesResult struct {
	Extension ID
	Devices   []DeviceResource
	Err       error
}

// ExtensionDevices reads the devices of many extensions, at most
// MaxExtensionsPerCall a call, fewer where the service refuses that many. The
// results are in the order of ids; an extension that fails has its own Err, and
// the error returned is of what stopped the reading as a whole.
//
// GET /restapi/v1.0/account/~/extension/{id,id,…}/device; Light; a read;
// listExtensionDevices.
func (c *Client) ExtensionDevices(ctx context.Context, ids []ID) ([]ExtensionDevicesResult, error) {
	return nil, errTODO
}
