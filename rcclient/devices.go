package rcclient

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
)

// ErrNotAvailable says that the service does not offer a call that its public
// contract does not list; the caller takes the other way.
var ErrNotAvailable = errors.New("not available on this account")

// AccountDevices reads all pages of the account's devices, assigned or not.
// The call is not in the public contract: where it is refused (403) or unknown
// (404) the error is ErrNotAvailable, and ExtensionDevices is the other way.
//
// GET /restapi/v1.0/account/~/device; group unknown, Heavy is assumed until an
// answer's header tells; a read; no operationId.
func (c *Client) AccountDevices(ctx context.Context) ([]DeviceResource, error) {
	devices, err := readPages[DeviceResource](ctx, c, request{op: opAccountDevices, path: accountV1 + "/device"})
	return devices, notOffered(err)
}

// AccountDevicesAnswer asks for one device of the account's list, to learn
// whether that list answers: nil if it does, ErrNotAvailable if it does not.
//
// GET /restapi/v1.0/account/~/device; group as of AccountDevices; a read; no
// operationId.
func (c *Client) AccountDevicesAnswer(ctx context.Context) error {
	_, err := c.do(ctx, request{op: opAccountDevices, path: accountV1 + "/device", query: url.Values{"page": {"1"}, "perPage": {"1"}}})
	return notOffered(err)
}

// notOffered turns the refusal of the account's device list into
// ErrNotAvailable; any other error, and none, stays as it is.
func notOffered(err error) error {
	var api *APIError
	if errors.As(err, &api) && (api.Status == http.StatusForbidden || api.Status == http.StatusNotFound) {
		return fmt.Errorf("list account devices: %w (%w)", ErrNotAvailable, api)
	}
	return err
}

// Device reads one device. With sync the service first asks its provider for
// the emergency address's state, and fills SyncStatus.
//
// GET /restapi/v1.0/account/~/device/{id}; Light; a read; readDevice.
func (c *Client) Device(ctx context.Context, id ID, sync bool) (*DeviceResource, error) {
	path, err := pathOf(opReadDevice, accountV1+"/device", id)
	if err != nil {
		return nil, err
	}
	d, meta, err := callOne[DeviceResource](ctx, c, request{op: opReadDevice, path: path, query: syncQuery(sync)})
	if err != nil {
		return nil, err
	}
	if err := sameID(opReadDevice, meta, d.ID, id); err != nil {
		return nil, err
	}
	return d, nil
}

// SIPInfo reads the SIP settings of a device. The password is a live secret:
// it belongs into no log, journal or report.
//
// GET /restapi/v1.0/account/~/device/{id}/sip-info; Light; a read;
// readDeviceSipInfo.
func (c *Client) SIPInfo(ctx context.Context, id ID) (*SIPInfo, error) {
	path, err := pathOf(opReadSIPInfo, accountV1+"/device", id)
	if err != nil {
		return nil, err
	}
	return readOne[SIPInfo](ctx, c, request{op: opReadSIPInfo, path: path + "/sip-info"})
}

// DeviceUpdate is what a device shall become (AccountDeviceUpdate); what is
// nil stays as it is. Name and emergency address go in one call.
type DeviceUpdate struct {
	// Name is at most 64 characters.
	Name      *string          `json:"name,omitempty"`
	Emergency *EmergencyUpdate `json:"emergency,omitempty"`
	// Extension assigns an unassigned device.
	Extension *IDRef `json:"extension,omitempty"`
	// UseAsCommonPhone is for Limited extensions only.
	UseAsCommonPhone *bool `json:"useAsCommonPhone,omitempty"`
}

// EmergencyUpdate names an ERL (the ERL regime) or an address (the other).
type EmergencyUpdate struct {
	Location *IDRef          `json:"location,omitempty"`
	Address  *AddressRequest `json:"address,omitempty"`
}

// UpdateDevice changes a device. A success may leave the emergency address
// Provisioning: it is not yet the address's success.
//
// PUT /restapi/v1.0/account/~/device/{id}; Medium; idempotent in effect, but
// never sent again by this package: a lost answer means that the device may
// show the new values, which Device tells; updateDevice.
func (c *Client) UpdateDevice(ctx context.Context, id ID, u DeviceUpdate) (*DeviceResource, Meta, error) {
	return c.updateDevice(ctx, opUpdateDevice, id, "", u)
}

// UpdateDeviceEmergency changes a device's emergency address. Which other
// fields of the same body it honours is not documented: send none.
//
// PUT /restapi/v1.0/account/~/device/{id}/emergency; Medium; idempotent in
// effect, never sent again by this package; a lost answer is settled by
// Device; updateDeviceEmergency.
func (c *Client) UpdateDeviceEmergency(ctx context.Context, id ID, u DeviceUpdate) (*DeviceResource, Meta, error) {
	return c.updateDevice(ctx, opUpdateDeviceEmergency, id, "/emergency", u)
}

func (c *Client) updateDevice(ctx context.Context, op *operation, id ID, suffix string, u DeviceUpdate) (*DeviceResource, Meta, error) {
	path, err := pathOf(op, accountV1+"/device", id)
	if err != nil {
		return nil, Meta{}, err
	}
	d, meta, err := callOne[DeviceResource](ctx, c, request{op: op, path: path + suffix, body: u})
	if err != nil {
		return nil, meta, err
	}
	if err := sameID(op, meta, d.ID, id); err != nil {
		return nil, meta, err
	}
	return d, meta, nil
}

// ReplaceDevice swaps the hardware under an extension: number, line and
// emergency address stay with it. A target in the inventory trades places with
// the source; a target on another extension makes the two trade places.
//
// POST /restapi/v2/accounts/~/extensions/{ext}/devices/{from}/replace; Medium;
// not idempotent: a lost answer means that the swap may be made, and a repeat
// may undo it; read the devices of the extension; replaceDevicesJWSPublic.
func (c *Client) ReplaceDevice(ctx context.Context, ext, from, to ID) (Meta, error) {
	onExtension, err := pathOf(opReplaceDevice, accountV2+"/extensions", ext)
	if err != nil {
		return Meta{}, err
	}
	path, err := pathOf(opReplaceDevice, onExtension+"/devices", from)
	if err != nil {
		return Meta{}, err
	}
	if to == "" {
		return Meta{}, &ArgumentError{Operation: opReplaceDevice.id, Reason: "no target device"}
	}
	body := struct {
		TargetDeviceID ID `json:"targetDeviceId"`
	}{to}
	a, err := c.do(ctx, request{op: opReplaceDevice, path: path + "/replace", body: body})
	if err != nil {
		return metaOf(a), err
	}
	return a.meta, nil
}

// RemovedLine is what remains of a line that was removed.
type RemovedLine struct {
	// Kept is true when device and number went to the inventory (200), false when
	// both left the account (204); the other fields are filled only if kept.
	Kept   bool   `json:"-"`
	ID     ID     `json:"id"`
	Type   string `json:"type"`
	Name   string `json:"name"`
	Serial string `json:"serial"`
}

// RemoveLine takes a device and its digital line off its extension. With keep
// the device goes to the unassigned devices and its number to the number
// inventory; without it both leave the account, which nothing undoes.
//
// DELETE /restapi/v2/accounts/~/devices/{id}; Medium; not idempotent: a lost
// answer means that the line may be gone; read the extension's devices;
// removeLineJWSPublic.
func (c *Client) RemoveLine(ctx context.Context, device ID, keep bool) (*RemovedLine, Meta, error) {
	path, err := pathOf(opRemoveLine, accountV2+"/devices", device)
	if err != nil {
		return nil, Meta{}, err
	}
	body := struct {
		KeepAssetsInInventory bool `json:"keepAssetsInInventory"`
	}{keep}
	a, err := c.do(ctx, request{op: opRemoveLine, path: path, body: body})
	if err != nil {
		return nil, metaOf(a), err
	}
	if a.status == http.StatusNoContent {
		return &RemovedLine{}, a.meta, nil
	}
	line := &RemovedLine{Kept: true}
	if err := a.decode(line); err != nil {
		return nil, a.meta, err
	}
	if err := sameID(opRemoveLine, a.meta, line.ID, device); err != nil {
		return nil, a.meta, err
	}
	return line, a.meta, nil
}
