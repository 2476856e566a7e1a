package rcclient

import (
	"encoding/json"
	"fmt"
)

// EmergencyAddress is an emergency address as answers show it. All parts are
// texts and none is promised to be there.
type EmergencyAddress struct {
	Country        string `json:"country"`
	CountryID      ID     `json:"countryId"`
	CountryISOCode string `json:"countryIsoCode"`
	CountryName    string `json:"countryName"`
	State          string `json:"state"`
	StateID        ID     `json:"stateId"`
	StateISOCode   string `json:"stateIsoCode"`
	StateName      string `json:"stateName"`
	City           string `json:"city"`
	Street         string `json:"street"`
	Street2        string `json:"street2"`
	Zip            string `json:"zip"`
	CustomerName   string `json:"customerName"`
	BuildingName   string `json:"buildingName"`
	BuildingNumber string `json:"buildingNumber"`
	StreetType     string `json:"streetType"`
	// Extra are the texts that a country's address format adds (apartment,
	// floor, …), by their names in the interface.
	Extra map[string]string `json:"-"`
}

// addressFields are the names that EmergencyAddress or what embeds it has a
// field for; every other text of an address is Extra.
var addressFields = map[string]bool{
	"country": true, "countryId": true, "countryIsoCode": true, "countryName": true,
	"state": true, "stateId": true, "stateIsoCode": true, "stateName": true,
	"city": true, "street": true, "street2": true, "zip": true, "customerName": true,
	"buildingName": true, "buildingNumber": true, "streetType": true,
	"lineProvisioningStatus": true, "syncStatus": true,
}

// UnmarshalJSON decodes the known parts and gathers the other texts in Extra.
func (a *EmergencyAddress) UnmarshalJSON(b []byte) error {
	type plain EmergencyAddress // without this method
	var p plain
	if err := json.Unmarshal(b, &p); err != nil {
		return fmt.Errorf("decode address: %w", err)
	}
	var all map[string]any
	if err := json.Unmarshal(b, &all); err != nil {
		return fmt.Errorf("decode address: %w", err)
	}
	for name, v := range all {
		text, ok := v.(string)
		if !ok || addressFields[name] {
			continue
		}
		if p.Extra == nil {
			p.Extra = map[string]string{}
		}
		p.Extra[name] = text
	}
	*a = EmergencyAddress(p)
	return nil
}

// UnmarshalJSON decodes the address and its states; without it the embedded
// address's own method would take the object and leave the states out.
func (a *EmergencyServiceAddress) UnmarshalJSON(b []byte) error {
	if err := json.Unmarshal(b, &a.EmergencyAddress); err != nil {
		return err
	}
	var states struct {
		LineProvisioningStatus string `json:"lineProvisioningStatus"`
		SyncStatus             string `json:"syncStatus"`
	}
	if err := json.Unmarshal(b, &states); err != nil {
		return fmt.Errorf("decode address: %w", err)
	}
	a.LineProvisioningStatus, a.SyncStatus = states.LineProvisioningStatus, states.SyncStatus
	return nil
}

// AddressRequest is an emergency address as requests give it.
type AddressRequest struct {
	Street string `json:"street,omitempty"`
	// Street2 is a pointer so that an empty one can be sent: it clears what was there.
	Street2      *string `json:"street2,omitempty"`
	City         string  `json:"city,omitempty"`
	State        string  `json:"state,omitempty"`
	StateID      ID      `json:"stateId,omitempty"`
	Zip          string  `json:"zip,omitempty"`
	Country      string  `json:"country,omitempty"`
	CountryID    ID      `json:"countryId,omitempty"`
	CustomerName string  `json:"customerName,omitempty"`
	// Extra are further texts of the country's address format. A name that has a
	// field above is ignored.
	Extra map[string]string `json:"-"`
}

// MarshalJSON writes the known parts and Extra as one object.
func (a AddressRequest) MarshalJSON() ([]byte, error) {
	type plain AddressRequest
	b, err := json.Marshal(plain(a))
	if err != nil || len(a.Extra) == 0 {
		return b, err
	}
	all := map[string]any{}
	for name, text := range a.Extra {
		if !addressFields[name] {
			all[name] = text
		}
	}
	if err := json.Unmarshal(b, &all); err != nil {
		return nil, fmt.Errorf("encode address: %w", err)
	}
	return json.Marshal(all)
}

// PostalAddress is the plain address of a bulk-add record (PostalAddress in
// the API reference; deprecated there, and refused in the ERL regime).
type PostalAddress struct {
	Street  string `json:"street"`            // at most 256
	Street2 string `json:"street2,omitempty"` // at most 256
	City    string `json:"city"`              // at most 64
	State   string `json:"state,omitempty"`   // at most 64
	Zip     string `json:"zip"`               // at most 10
	Country string `json:"country"`           // two letters, ISO 3166
}
