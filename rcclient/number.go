package rcclient

import (
	"context"
	"net/url"
)

// PhoneNumber is a number of the account (AccountPhoneNumberInfo).
type PhoneNumber struct {
	ID          ID     `json:"id"`
	PhoneNumber string `json:"phoneNumber"`
	// Type is VoiceFax, VoiceOnly, FaxOnly or empty.
	Type string `json:"type"`
	// TollType is Toll or TollFree.
	TollType string `json:"tollType"`
	// UsageType is DirectNumber, Inventory, MainCompanyNumber, …
	UsageType string `json:"usageType"`
	// Status is Normal, Pending, PortedIn, Temporary or Unknown.
	Status        string        `json:"status"`
	Extension     *ExtensionRef `json:"extension"`
	Primary       bool          `json:"primary"`
	Label         string        `json:"label"`
	HotDeskNumber bool          `json:"hotDeskNumber"`
}

// PhoneNumberFilter narrows PhoneNumbers; the zero value asks for all.
type PhoneNumberFilter struct {
	// PhoneNumber is an exact E.164 number, or one with trailing "*".
	PhoneNumber string
	// UsageType: "Inventory" gives the free numbers.
	UsageType []string
	Status    string
	TollType  string
	Type      string
}

func (f PhoneNumberFilter) query() url.Values {
	q := url.Values{}
	setText(q, "phoneNumber", f.PhoneNumber)
	setText(q, "status", f.Status)
	setText(q, "tollType", f.TollType)
	setText(q, "type", f.Type)
	q["usageType"] = f.UsageType
	return q
}

// PhoneNumbers reads all pages of the account's numbers, 1000 a page. It is a
// Heavy call: read it only where a number is asked for.
//
// GET /restapi/v2/accounts/~/phone-numbers; Heavy; a read;
// listAccountPhoneNumbersV2.
func (c *Client) PhoneNumbers(ctx context.Context, filter PhoneNumberFilter) ([]PhoneNumber, error) {
	return readPages[PhoneNumber](ctx, c, request{op: opListNumbers, path: accountV2 + "/phone-numbers", query: filter.query()})
}
