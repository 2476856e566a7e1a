package rcclient

import (
	"context"
	"fmt"
)

// BulkAddRecord is one BYOD device with line and number to be made on an
// existing extension (BulkAddDevicesItem).
type BulkAddRecord struct {
	Extension IDRef `json:"extension"`
	// Type is OtherPhone or WebRTC.
	Type      string           `json:"type"`
	Emergency BulkAddEmergency `json:"emergency"`
	PhoneInfo BulkAddPhoneInfo `json:"phoneInfo"`
	// CostCenterID can be set here and nowhere else.
	CostCenterID           ID   `json:"costCenterId,omitempty"`
	ContactCenterPhoneLine bool `json:"contactCenterPhoneLine,omitempty"`
}

// BulkAddEmergency names an ERL or gives an address: exactly one.
type BulkAddEmergency struct {
	Location *IDRef         `json:"location,omitempty"`
	Address  *PostalAddress `json:"address,omitempty"`
}

// BulkAddPhoneInfo says where the number comes from: PhoneNumberID (a number
// of the account), PhoneNumber (a given one), PreferredAreaCode (a wish), or
// TollType alone (any).
type BulkAddPhoneInfo struct {
	PhoneNumberID     ID     `json:"phoneNumberId,omitempty"`
	PhoneNumber       string `json:"phoneNumber,omitempty"`
	ReservationID     ID     `json:"reservationId,omitempty"`
	PreferredAreaCode string `json:"preferredAreaCode,omitempty"`
	// TollType is Toll or TollFree.
	TollType string `json:"tollType,omitempty"`
	// Type is VoiceFax, VoiceOnly or FaxOnly.
	Type string `json:"type,omitempty"`
}

// BulkAddResult is what came of one record: a device, or errors.
type BulkAddResult struct {
	Successful  bool        `json:"successful"`
	ID          ID          `json:"id"`
	Extension   IDRef       `json:"extension"`
	PhoneNumber string      `json:"phoneNumber"`
	Errors      []ItemError `json:"errors"`
}

// BulkAdd makes devices with lines and numbers. The results are in the order
// of the records, which is all that ties an error to its record; so a call may
// hold at most one record of an extension, and an answer of another length, or
// with a success that names another extension or number than its record, is an
// *UnansweredError: the whole call is in doubt (the results come along, for
// the log only).
//
// POST /restapi/v2/accounts/~/devices/bulk-add; Heavy; not idempotent: a lost
// answer means that any of the lines may exist, and a repeat could make and
// bill second ones; read the extensions' devices; bulkAddDevicesV2.
func (c *Client) BulkAdd(ctx context.Context, records []BulkAddRecord) ([]BulkAddResult, Meta, error) {
	if err := checkBulkAdd(records); err != nil {
		return nil, Meta{}, err
	}
	body := struct {
		Records []BulkAddRecord `json:"records"`
	}{records}
	type answerBody struct {
		Results []BulkAddResult `json:"results"`
	}
	got, meta, err := callOne[answerBody](ctx, c, request{op: opBulkAdd, path: accountV2 + "/devices/bulk-add", body: body})
	if err != nil {
		return nil, meta, err
	}
	if odd := mismatch(records, got.Results); odd != "" {
		return got.Results, meta, missized(opBulkAdd, meta, odd)
	}
	return got.Results, meta, nil
}

func checkBulkAdd(records []BulkAddRecord) error {
	if len(records) == 0 {
		return &ArgumentError{Operation: opBulkAdd.id, Reason: "no records"}
	}
	seen := map[ID]bool{}
	for _, r := range records {
		if id := r.Extension.ID; id == "" || seen[id] {
			return &ArgumentError{Operation: opBulkAdd.id, Reason: fmt.Sprintf("extension id %q is empty or in two records of one call", id)}
		}
		seen[r.Extension.ID] = true
	}
	return nil
}

// mismatch tells why results can't be the results of records, or "".
func mismatch(records []BulkAddRecord, results []BulkAddResult) string {
	if len(results) != len(records) {
		return fmt.Sprintf("%d results for %d records", len(results), len(records))
	}
	for i, r := range results {
		want := records[i]
		switch {
		case !r.Successful && len(r.Errors) == 0:
			return fmt.Sprintf("result %d is neither a success nor an error", i+1)
		case !r.Successful:
		case r.ID == "":
			return fmt.Sprintf("result %d names no device", i+1)
		case r.Extension.ID != want.Extension.ID:
			return fmt.Sprintf("result %d is of extension %s where the record is of %s", i+1, r.Extension.ID, want.Extension.ID)
		case want.PhoneInfo.PhoneNumber != "" && r.PhoneNumber != want.PhoneInfo.PhoneNumber:
			return fmt.Sprintf("result %d has another number than its record", i+1)
		}
	}
	return ""
}
