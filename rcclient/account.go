package rcclient

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
)

// Account is what the program needs of the account (GetAccountInfoResponse).
type Account struct {
	ID          ID          `json:"id"`
	MainNumber  string      `json:"mainNumber"`
	Status      string      `json:"status"`
	ServiceInfo ServiceInfo `json:"serviceInfo"`
}

// ServiceInfo tells brand, plan and country of an account.
type ServiceInfo struct {
	Brand             Ref     `json:"brand"`
	ServicePlan       Ref     `json:"servicePlan"`
	ContractedCountry Country `json:"contractedCountry"`
}

// Country is a country as the service names it.
type Country struct {
	ID      ID     `json:"id"`
	Name    string `json:"name"`
	ISOCode string `json:"isoCode"`
}

// AccountInfo reads the token's own account: the preflight check that writes
// go to the right one.
//
// GET /restapi/v1.0/account/~; Light; a read; readAccountInfo.
func (c *Client) AccountInfo(ctx context.Context) (*Account, error) {
	return readOne[Account](ctx, c, request{op: opReadAccount, path: accountV1})
}

// Feature is one feature of the token's own extension (FeatureInfo).
type Feature struct {
	ID        string         `json:"id"`
	Available bool           `json:"available"`
	Params    []FeatureParam `json:"params"`
	Reason    FeatureReason  `json:"reason"`
}

// FeatureParam is a named setting of a feature.
type FeatureParam struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// FeatureReason says why a feature is not available.
type FeatureReason struct {
	Code       string `json:"code"`
	Message    string `json:"message"`
	Permission string `json:"permission"`
}

// Features that calls of this package depend on (API reference, x-availability
// and guide).
const (
	FeatureNewEmergency         = "NewEmergencyCallingFramework"
	FeatureEditAccountDevices   = "EditAccountDevices"
	FeatureAddRemoveDevices     = "AddRemoveDevices"
	FeatureReadAccountDevices   = "ReadAccountDevices"
	FeatureReadExtensionDevices = "ReadExtensionDevices"
)

// featureAnswer takes both forms that the sources show: one object (guide) and
// a list of records (spec).
type featureAnswer struct{ features []Feature }

func (a *featureAnswer) UnmarshalJSON(b []byte) error {
	var form struct {
		Records *[]Feature `json:"records"`
		Feature
	}
	if err := json.Unmarshal(b, &form); err != nil {
		return err
	}
	if form.Records != nil {
		a.features = *form.Records
		return nil
	}
	a.features = []Feature{form.Feature}
	return nil
}

// Feature reads one feature of the token's own extension. An answer that does
// not name the feature is an error: neither yes nor no may be invented.
//
// GET /restapi/v1.0/account/~/extension/~/features; Medium; a read;
// readExtensionFeatures.
func (c *Client) Feature(ctx context.Context, featureID string) (*Feature, error) {
	features, err := c.Features(ctx, featureID)
	if err != nil {
		return nil, err
	}
	for i := range features {
		if features[i].ID == featureID {
			return &features[i], nil
		}
	}
	return nil, fmt.Errorf("read feature %s: the answer does not name it", featureID)
}

// Features reads some features of the token's own extension. The answer may
// leave some out: nothing is known of these.
//
// GET /restapi/v1.0/account/~/extension/~/features; Medium; a read;
// readExtensionFeatures.
func (c *Client) Features(ctx context.Context, featureIDs ...string) ([]Feature, error) {
	a, err := readOne[featureAnswer](ctx, c, request{
		op: opReadFeatures, path: accountV1 + "/extension/~/features",
		query: url.Values{"featureId": featureIDs},
	})
	if err != nil {
		return nil, err
	}
	return a.features, nil
}

// NewEmergencyFramework tells whether the account is in the ERL regime, in
// which plain emergency addresses are refused and an ERL is wanted.
//
// One Feature call; Medium; a read; readExtensionFeatures.
func (c *Client) NewEmergencyFramework(ctx context.Context) (bool, error) {
	f, err := c.Feature(ctx, FeatureNewEmergency)
	if err != nil {
		return false, err
	}
	return f.Available, nil
}

// Site is a site of the account (SiteInfo).
type Site struct {
	ID              ID              `json:"id"`
	Name            string          `json:"name"`
	ExtensionNumber string          `json:"extensionNumber"`
	Code            string          `json:"code"`
	BusinessAddress BusinessAddress `json:"businessAddress"`
}

// BusinessAddress is the address of a site or contact.
type BusinessAddress struct {
	Country string `json:"country"`
	State   string `json:"state"`
	City    string `json:"city"`
	Street  string `json:"street"`
	Zip     string `json:"zip"`
}

// MainSite stands for the main site in inventory calls, ERLs and site filters.
const MainSite ID = "main-site"

// Sites reads the account's sites.
//
// GET /restapi/v1.0/account/~/sites; Light; a read; listSites.
func (c *Client) Sites(ctx context.Context) ([]Site, error) {
	return readRecords[Site](ctx, c, request{op: opListSites, path: accountV1 + "/sites"})
}

// CostCenter is a cost center (CostCenterItem).
type CostCenter struct {
	ID          ID     `json:"id"`
	Name        string `json:"name"`
	BillingCode string `json:"billingCode"`
	ParentID    ID     `json:"parentId"`
}

// CostCenters reads the account's cost centers; the answer has no pages.
//
// GET /restapi/v2/accounts/~/cost-centers; Light; a read; listCostCenters.
func (c *Client) CostCenters(ctx context.Context) ([]CostCenter, error) {
	return readRecords[CostCenter](ctx, c, request{op: opListCostCenters, path: accountV2 + "/cost-centers"})
}
