package rcclient

import (
	"context"
	"fmt"
)

// HardwareUpdate is one record of UpdateHardware. An empty Serial or Model
// stays as it is.
type HardwareUpdate struct {
	DeviceID ID     `json:"deviceId"`
	Serial   string `json:"serial,omitempty"` // 12 hex digits
	Model    ID     `json:"model,omitempty"`
}

// HardwareResult is what came of one record.
type HardwareResult struct {
	DeviceID   ID
	Successful bool
	Errors     []ItemError
}

// UpdateHardware writes serial and model of BYOD phones. Each record succeeds
// or fails for itself; the results are in the order of the records.
//
// POST /restapi/v1.0/account/~/device/bulk-update. The public contract does not
// have this operation: path and bodies are what public programs send and read;
// group, limits and permission are unknown. It is counted as Heavy until an
// answer names its group. An answer that can't be matched with the records is
// in doubt: read the devices back. Never sent again by this package.
func (c *Client) UpdateHardware(ctx context.Context, records []HardwareUpdate) ([]HardwareResult, Meta, error) {
	if err := checkHardware(records); err != nil {
		return nil, Meta{}, err
	}
	type record struct {
		DeviceID ID     `json:"deviceId"`
		Serial   string `json:"serial,omitempty"`
		Model    *IDRef `json:"model,omitempty"`
	}
	body := struct {
		Records []record `json:"records"`
	}{}
	for _, r := range records {
		one := record{DeviceID: r.DeviceID, Serial: r.Serial}
		if r.Model != "" {
			one.Model = &IDRef{ID: r.Model}
		}
		body.Records = append(body.Records, one)
	}
	type answerBody struct {
		Records []hardwareItem `json:"records"`
	}
	got, meta, err := callOne[answerBody](ctx, c, request{op: opUpdateHardware, path: accountV1 + "/device/bulk-update", body: body})
	if err != nil {
		return nil, meta, err
	}
	results, odd := hardwareResults(records, got.Records)
	if odd != "" {
		return nil, meta, missized(opUpdateHardware, meta, odd)
	}
	return results, meta, nil
}

// hardwareItem is a record of the answer, as far as programs agree about it.
type hardwareItem struct {
	DeviceID   ID         `json:"deviceId"`
	ID         ID         `json:"id"` // an older spelling of deviceId
	Successful *bool      `json:"successful"`
	Error      *ItemError `json:"error"`
}

func (i hardwareItem) device() ID {
	if i.DeviceID != "" {
		return i.DeviceID
	}
	return i.ID
}

func checkHardware(records []HardwareUpdate) error {
	if len(records) == 0 {
		return &ArgumentError{Operation: opUpdateHardware.id, Reason: "no records"}
	}
	seen := map[ID]bool{}
	for _, r := range records {
		if r.DeviceID == "" || seen[r.DeviceID] {
			return &ArgumentError{Operation: opUpdateHardware.id, Reason: fmt.Sprintf("device id %q is empty or named twice", r.DeviceID)}
		}
		if r.Serial == "" && r.Model == "" {
			return &ArgumentError{Operation: opUpdateHardware.id, Reason: fmt.Sprintf("device %s gets neither serial nor model", r.DeviceID)}
		}
		seen[r.DeviceID] = true
	}
	return nil
}

// hardwareResults matches the answer with the records: by device id where all
// items have one, by position where none has; the rest tells why neither is
// possible.
func hardwareResults(records []HardwareUpdate, items []hardwareItem) ([]HardwareResult, string) {
	if len(items) != len(records) {
		return nil, fmt.Sprintf("%d results for %d records", len(items), len(records))
	}
	byID, named := map[ID]hardwareItem{}, 0
	for _, item := range items {
		if id := item.device(); id != "" {
			byID[id] = item
			named++
		}
	}
	if named > 0 && (named < len(items) || len(byID) < len(items)) {
		return nil, "some results name no device, or two name the same"
	}
	results := make([]HardwareResult, len(records))
	for i, r := range records {
		item, ok := items[i], true
		if named > 0 {
			item, ok = byID[r.DeviceID]
		}
		if !ok {
			return nil, fmt.Sprintf("no result for device %s", r.DeviceID)
		}
		results[i] = HardwareResult{DeviceID: r.DeviceID, Successful: item.Error == nil && (item.Successful == nil || *item.Successful)}
		if item.Error != nil {
			results[i].Errors = []ItemError{*item.Error}
		} else if !results[i].Successful {
			results[i].Errors = []ItemError{{Message: "refused without a reason"}}
		}
	}
	return results, ""
}
