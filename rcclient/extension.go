package rcclient

import (
	"context"
	"net/url"
)

// Extension is an extension of the account (GetExtensionListInfoResponse).
type Extension struct {
	ID              ID     `json:"id"`
	ExtensionNumber string `json:"extensionNumber"`
	Name            string `json:"name"`
	// Type is User, Limited, Department, Site, …
	Type    string `json:"type"`
	SubType string `json:"subType"`
	// Status is Enabled, Disabled, Frozen, NotActivated or Unassigned.
	Status     string            `json:"status"`
	Hidden     bool              `json:"hidden"`
	Contact    *ExtensionContact `json:"contact"`
	Site       *Ref              `json:"site"`
	CostCenter *Ref              `json:"costCenter"`
}

// ExtensionContact is the person behind an extension.
type ExtensionContact struct {
	FirstName string `json:"firstName"`
	LastName  string `json:"lastName"`
	Email     string `json:"email"`
}

// ExtensionFilter narrows Extensions; the zero value asks for all.
type ExtensionFilter struct {
	ExtensionNumber string
	Email           []string
	Status          []string
	Type            []string
}

func (f ExtensionFilter) query() url.Values {
	q := url.Values{}
	setText(q, "extensionNumber", f.ExtensionNumber)
	q["email"] = f.Email
	q["status"] = f.Status
	q["type"] = f.Type
	return q
}

// Extensions reads all pages of the account's extensions, 1000 a page.
//
// GET /restapi/v1.0/account/~/extension; Medium; a read; listExtensions.
func (c *Client) Extensions(ctx context.Context, filter ExtensionFilter) ([]Extension, error) {
	return readPages[Extension](ctx, c, request{op: opListExtensions, path: accountV1 + "/extension", query: filter.query()})
}
