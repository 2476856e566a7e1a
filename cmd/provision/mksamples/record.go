package main

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// account is an account file of the simulator. The records have the shapes of
// the REST answers; what is left out the simulator completes.
type account struct {
	erls       bool // emergency addresses are ERLs
	sites      []site
	costs      []costCenter
	locations  []location
	extensions []extension
	devices    []device
	numbers    []number
}

type site struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Code string `json:"code,omitempty"`
}

type costCenter struct {
	ID   int    `json:"id"`
	Name string `json:"name"`
	Code string `json:"billingCode"`
}

type address struct {
	Street  string `json:"street"`
	Street2 string `json:"street2,omitempty"`
	City    string `json:"city"`
	State   string `json:"state"`
	Zip     string `json:"zip"`
	Country string `json:"country"`
}

type location struct {
	ID            string  `json:"id"`
	Name          string  `json:"name"`
	Address       address `json:"address"`
	Site          *site   `json:"site,omitempty"`
	AddressStatus string  `json:"addressStatus"`
	UsageStatus   string  `json:"usageStatus"`
	Visibility    string  `json:"visibility"`
	FormatStatus  string  `json:"addressFormatStatus"`
}

type contact struct {
	First string `json:"firstName,omitempty"`
	Last  string `json:"lastName,omitempty"`
	Email string `json:"email,omitempty"`
}

type extension struct {
	ID      int     `json:"id"`
	Number  string  `json:"extensionNumber"`
	Name    string  `json:"name"`
	Type    string  `json:"type"`
	Status  string  `json:"status"`
	Contact contact `json:"contact"`
	Site    site    `json:"site"`
}

type extensionRef struct {
	ID     int    `json:"id"`
	Number string `json:"extensionNumber"`
}

type device struct {
	ID        string        `json:"id"`
	Type      string        `json:"type"`
	Name      string        `json:"name,omitempty"`
	Serial    string        `json:"serial,omitempty"`
	Status    string        `json:"status"`
	Model     *model        `json:"model,omitempty"`
	Extension *extensionRef `json:"extension,omitempty"`
	Site      *site         `json:"site,omitempty"`
	Pooling   string        `json:"linePooling"`
	Common    bool          `json:"useAsCommonPhone,omitempty"`
	Emergency *emergency    `json:"emergency,omitempty"`
	Lines     []line        `json:"phoneLines,omitempty"`
}

type model struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type emergency struct {
	Address    address      `json:"address"`
	Location   *locationRef `json:"location,omitempty"`
	Status     string       `json:"addressStatus"`
	Visibility string       `json:"visibility,omitempty"`
	Editable   string       `json:"addressEditableStatus"`
}

type locationRef struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type line struct {
	ID   string    `json:"id"`
	Type string    `json:"lineType"`
	Info phoneInfo `json:"phoneInfo"`
	E911 lineE911  `json:"emergencyAddress"`
}

type phoneInfo struct {
	ID     int    `json:"id"`
	Number string `json:"phoneNumber"`
	Type   string `json:"type"`
}

type lineE911 struct {
	Required bool `json:"required"`
	Local    bool `json:"localOnly"`
}

type number struct {
	ID     string `json:"id"`
	Number string `json:"phoneNumber"`
	Type   string `json:"type"`
	Toll   string `json:"tollType"`
	Usage  string `json:"usageType"`
	Status string `json:"status"`
}

// encode writes the file with one record a line, which keeps it short and its
// differences readable.
func (a *account) encode() ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("{\n")
	fmt.Fprintf(&b, `"account": {"id": 400140001, "mainNumber": "%s", "status": "Confirmed",`+
		` "serviceInfo": {"brand": {"id": "1210", "name": "Ridgeway Instruments", "homeCountry": {"id": "1"}},`+
		` "contractedCountry": {"id": "1", "name": "United States", "isoCode": "US"}}},`+"\n", mainNumber)
	fmt.Fprintf(&b, `"settings": {"erl_regime": %t}`, a.erls)
	for _, list := range []struct {
		key     string
		records []any
	}{
		{"sites", anyOf(a.sites)},
		{"cost_centers", anyOf(a.costs)},
		{"emergency_locations", anyOf(a.locations)},
		{"extensions", anyOf(a.extensions)},
		{"devices", anyOf(a.devices)},
		{"numbers", anyOf(a.numbers)},
	} {
		fmt.Fprintf(&b, ",\n%q: [", list.key)
		for i, r := range list.records {
			data, err := json.Marshal(r)
			if err != nil {
				return nil, err
			}
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString("\n  ")
			b.Write(data)
		}
		b.WriteByte(']')
	}
	b.WriteString("\n}\n")
	return b.Bytes(), nil
}

func anyOf[T any](list []T) []any {
	out := make([]any, len(list))
	for i := range list {
		out[i] = list[i]
	}
	return out
}
