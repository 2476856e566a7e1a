package rcsim

import (
	"cmp"
	"encoding/json"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
)

// with is a copy of the address with one field set.
func (a Address) with(field string, value any) Address {
	b := maps.Clone(a)
	if b == nil {
		b = Address{}
	}
	b[field] = value
	return b
}

// postOfficeBox finds what address validation refuses in any form.
var postOfficeBox = regexp.MustCompile(`(?i)\bp(ost)?[\s.]*o(ffice)?[\s.]*box\b`)

// country is what the simulator knows of a country: the dictionary id, and
// whether an address needs a state (emergency guide: US, UK and Canada do).
type country struct {
	iso, id, name string
	needsState    bool
}

var countries = []country{
	{"US", "1", "United States", true},
	{"CA", "39", "Canada", true},
	{"GB", "224", "United Kingdom", true},
	{"AU", "16", "Australia", false},
	{"DE", "82", "Germany", false},
	{"FR", "75", "France", false},
	{"IE", "105", "Ireland", false},
	{"NL", "152", "Netherlands", false},
}

// countryOf finds an address's country by code, id or name. An unknown
// two-letter code is taken as it stands.
func countryOf(a Address) (country, bool) {
	for _, c := range countries {
		if strings.EqualFold(a.text("countryIsoCode"), c.iso) || a.text("countryId") == c.id ||
			strings.EqualFold(a.text("country"), c.iso) || strings.EqualFold(a.text("country"), c.name) ||
			strings.EqualFold(a.text("countryName"), c.name) || strings.EqualFold(a.text("country"), "UK") && c.iso == "GB" {
			return c, true
		}
	}
	code := strings.ToUpper(cmp.Or(a.text("countryIsoCode"), a.text("country")))
	if len(code) == 2 {
		return country{iso: code}, true
	}
	return country{}, false
}

// homeCountry is the account's country, US unless the file says otherwise.
func (w *world) homeCountry() string {
	var region struct {
		HomeCountry struct {
			IsoCode string `json:"isoCode"`
		} `json:"homeCountry"`
	}
	if json.Unmarshal(w.file.Account.RegionalSettings, &region) != nil || region.HomeCountry.IsoCode == "" {
		return "US"
	}
	return strings.ToUpper(region.HomeCountry.IsoCode)
}

// checkAddress refuses what the service refuses at once; the rest is judged
// later. field is the name of the address in errors.
func (w *world) checkAddress(a Address, field string) *apiError {
	for _, name := range []string{"street", "city"} {
		if a.text(name) == "" {
			return badParameter(field+"."+name, "")
		}
	}
	where, known := countryOf(a)
	if !known {
		return badParameter(field+".country", a.text("country"))
	}
	if where.needsState && a.text("state") == "" && a.text("stateId") == "" && a.text("stateIsoCode") == "" {
		return badParameter(field+".state", "")
	}
	if where.needsState && a.text("zip") == "" {
		return badParameter(field+".zip", "")
	}
	if postOfficeBox.MatchString(a.text("street")) || postOfficeBox.MatchString(a.text("street2")) {
		return &apiError{status: 400, code: "EME-201", message: "Emergency address validation failed: a P.O. box is no place",
			parameter: field + ".street", value: a.text("street")}
	}
	return nil
}

// storeAddress is what the service makes of an accepted address: respelled, and
// with the country in all its forms.
func (w *world) storeAddress(a Address) Address {
	stored := Address{}
	for name, value := range a {
		if text, isText := value.(string); isText {
			value = w.respell(strings.TrimSpace(text))
			if value == "" {
				continue
			}
		}
		stored[name] = value
	}
	delete(stored, "lineProvisioningStatus")
	delete(stored, "syncStatus")
	where, _ := countryOf(a)
	stored["country"] = where.iso
	stored["countryIsoCode"] = where.iso
	if where.id != "" {
		stored["countryId"] = where.id
		stored["countryName"] = where.name
	}
	if state := stored.text("state"); where.needsState && len(state) == 2 {
		stored["stateIsoCode"] = state
	}
	return stored
}

func (w *world) respell(text string) string {
	rules := w.settings().Validation.Respell
	if len(rules) == 0 {
		return text
	}
	from := slices.SortedFunc(maps.Keys(rules), func(a, b string) int {
		return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b))
	})
	pairs := make([]string, 0, 2*len(from))
	for _, key := range from {
		if key != "" {
			pairs = append(pairs, key, rules[key])
		}
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// place is where a line shall be: an ERL or a plain address, by regime.
type place struct {
	erl     *EmergencyLocation
	address Address
}

// choosePlace finds the place that a request names, or says why the account
// refuses it. In the ERL regime plain addresses are refused with EME-384, in
// the other one ERLs are a feature that is not there (emergency guide).
func (w *world) choosePlace(location ID, address Address, field string) (place, *apiError) {
	if !w.settings().erlRegime() {
		if address == nil {
			if location != "" {
				return place{}, &apiError{status: 403, code: "CMN-109", message: "Emergency locations are not available for this account"}
			}
			return place{}, badParameter(field, "")
		}
		if err := w.checkAddress(address, field+".address"); err != nil {
			return place{}, err
		}
		return place{address: w.storeAddress(address)}, nil
	}
	if location == "" {
		if address != nil {
			return place{}, &apiError{status: 400, code: "EME-384", message: "Emergency address must be given as an emergency location",
				parameter: field + ".location"}
		}
		return place{}, badParameter(field, "")
	}
	erl, known := w.erls.get(location)
	if !known {
		return place{}, notFound(400, field+".location.id", string(location))
	}
	if erl.AddressStatus != statusValid || erl.UsageStatus != "Active" {
		err := badParameter(field+".location.id", string(location))
		err.message += ": the location is " + erl.AddressStatus + " and " + erl.UsageStatus
		return place{}, err
	}
	return place{erl: &erl, address: erl.Address}, nil
}

// settled is the device at the place, its address Provisioning.
func (p place) settled(device Device) Device {
	emergency := Emergency{Address: p.address, AddressStatus: statusProvisioning, AddressEditableStatus: "AnyDevice", OutOfCountry: ptr(false)}
	if device.Emergency != nil {
		emergency.AddressEditableStatus = cmp.Or(device.Emergency.AddressEditableStatus, "AnyDevice")
	}
	if p.erl != nil {
		emergency.Visibility = cmp.Or(p.erl.Visibility, "Public")
		emergency.Location = &LocationRef{ID: p.erl.ID, Name: p.erl.Name, AddressFormatID: p.erl.AddressFormatID,
			AddressFormatStatus: p.erl.AddressFormatStatus, Trusted: p.erl.Trusted}
	}
	device.Emergency = &emergency
	device.EmergencyServiceAddress = serviceAddress(p.address)
	return withAddressStatus(device, statusProvisioning)
}

// serviceAddressFields are the fields of the older view of an address (API
// reference, DeviceEmergencyServiceAddressResource).
var serviceAddressFields = []string{"country", "countryId", "countryIsoCode", "countryName", "city", "customerName", "state", "stateId",
	"stateIsoCode", "stateName", "street", "street2", "streetType", "buildingName", "buildingNumber", "zip"}

func serviceAddress(a Address) Address {
	older := Address{}
	for _, field := range serviceAddressFields {
		if text := a.text(field); text != "" {
			older[field] = text
		}
	}
	return older
}

// isAt tells whether the device is at the place already and its address has not
// been refused; putting it there again changes nothing then.
func (p place) isAt(device Device) bool {
	now := device.Emergency
	if now == nil || now.AddressStatus != statusValid && now.AddressStatus != statusProvisioning {
		return false
	}
	if p.erl != nil {
		return now.Location != nil && now.Location.ID == p.erl.ID
	}
	return now.Location == nil && reflect.DeepEqual(now.Address, p.address)
}
