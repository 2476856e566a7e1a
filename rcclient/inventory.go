package rcclient

import (
	"context"
	"fmt"
	"slices"
)

// Limits of the inventory calls.
const (
	// MaxInventoryAdd is the most slots one call may make (spec,
	// addDeviceToInventory, quantity).
	MaxInventoryAdd = 50
	// MaxInventoryDelete is the most devices one call may name (spec,
	// deleteDeviceFromInventory, in prose).
	MaxInventoryDelete = 10
)

// InventoryAdded are the slots that one call made.
type InventoryAdded struct {
	Devices []ID
	Site    Ref
}

// AddInventory makes quantity unassigned BYOD slots (OtherPhone) at a site: a
// site's id, MainSite, or empty for the service's default. The slots have no
// name, serial or number.
//
// POST /restapi/v2/accounts/~/device-inventory; Heavy; not idempotent: a lost
// answer means that the slots may exist, and a repeat makes more of them;
// compare the account's unassigned devices; addDeviceToInventory.
func (c *Client) AddInventory(ctx context.Context, quantity int, site ID) (*InventoryAdded, Meta, error) {
	if quantity < 1 || quantity > MaxInventoryAdd {
		return nil, Meta{}, &ArgumentError{Operation: opAddInventory.id, Reason: fmt.Sprintf("quantity %d is not in 1..%d", quantity, MaxInventoryAdd)}
	}
	body := struct {
		Type     string `json:"type"`
		Quantity int    `json:"quantity"`
		Site     *IDRef `json:"site,omitempty"`
	}{Type: OtherPhone, Quantity: quantity}
	if site != "" {
		body.Site = &IDRef{ID: site}
	}
	type answerBody struct {
		Devices []IDRef `json:"devices"`
		Site    Ref     `json:"site"`
	}
	got, meta, err := callOne[answerBody](ctx, c, request{op: opAddInventory, path: inventoryPath, body: body})
	if err != nil {
		return nil, meta, err
	}
	added := &InventoryAdded{Site: got.Site}
	for _, d := range got.Devices {
		added.Devices = append(added.Devices, d.ID)
	}
	if len(added.Devices) != quantity {
		return added, meta, missized(opAddInventory, meta, fmt.Sprintf("%d devices made where %d were asked for", len(added.Devices), quantity))
	}
	return added, meta, nil
}

// InventoryDeleteResult is what came of one device of DeleteInventory.
type InventoryDeleteResult struct {
	DeviceID   ID          `json:"deviceId"`
	Successful bool        `json:"bulkItemSuccessful"`
	Errors     []ItemError `json:"bulkItemErrors"`
}

// DeleteInventory deletes at most MaxInventoryDelete unassigned devices that
// have neither line nor number. Each device succeeds or fails for itself; the
// results are in the order of ids. An answer that has not one result for each
// of them, and no other, leaves the call in doubt.
//
// DELETE /restapi/v2/accounts/~/device-inventory; Heavy; idempotent in effect,
// never sent again by this package: a lost answer means that any of the
// devices may be gone; deleteDeviceFromInventory.
func (c *Client) DeleteInventory(ctx context.Context, ids []ID) ([]InventoryDeleteResult, Meta, error) {
	if err := checkInventoryDelete(ids); err != nil {
		return nil, Meta{}, err
	}
	type record struct {
		DeviceID ID `json:"deviceId"`
	}
	var body struct {
		Records []record `json:"records"`
	}
	for _, id := range ids {
		body.Records = append(body.Records, record{id})
	}
	type answerBody struct {
		Records []InventoryDeleteResult `json:"records"`
	}
	got, meta, err := callOne[answerBody](ctx, c, request{op: opDeleteInventory, path: inventoryPath, body: body})
	if err != nil {
		return nil, meta, err
	}
	byID := map[ID]InventoryDeleteResult{}
	for _, r := range got.Records {
		if _, twice := byID[r.DeviceID]; twice || !slices.Contains(ids, r.DeviceID) {
			return got.Records, meta, missized(opDeleteInventory, meta, fmt.Sprintf("a result too many, for device %s", r.DeviceID))
		}
		byID[r.DeviceID] = r
	}
	results := make([]InventoryDeleteResult, 0, len(ids))
	for _, id := range ids {
		r, ok := byID[id]
		if !ok {
			return got.Records, meta, missized(opDeleteInventory, meta, fmt.Sprintf("no result for device %s", id))
		}
		results = append(results, r)
	}
	return results, meta, nil
}

func checkInventoryDelete(ids []ID) error {
	if len(ids) < 1 || len(ids) > MaxInventoryDelete {
		return &ArgumentError{Operation: opDeleteInventory.id, Reason: fmt.Sprintf("%d devices are not in 1..%d", len(ids), MaxInventoryDelete)}
	}
	seen := map[ID]bool{}
	for _, id := range ids {
		if id == "" || seen[id] {
			return &ArgumentError{Operation: opDeleteInventory.id, Reason: fmt.Sprintf("device id %q is empty or named twice", id)}
		}
		seen[id] = true
	}
	return nil
}
