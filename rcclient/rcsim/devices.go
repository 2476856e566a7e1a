package rcsim

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
)

// device finds the device that the path names. Only listExtensionDevices takes
// several ids (API reference), so a list of ids is an unknown id here.
func (s *Server) device(c *call) (Device, *apiError) {
	id := c.param("deviceId")
	device, known := s.world.devices.get(ID(id))
	if !known {
		return Device{}, notFound(http.StatusNotFound, "deviceId", id)
	}
	return device, nil
}

// showDevice is the device with the links that answers carry.
func (s *Server) showDevice(c *call, device Device) Device {
	device.URI = c.link(s.accountPath() + "/device/" + string(device.ID))
	if device.Extension != nil {
		extension := *device.Extension
		extension.URI = c.link(s.extensionPath(extension.ID.Text()))
		device.Extension = &extension
	}
	return device
}

func (s *Server) readDevice(c *call) answer {
	device, failure := s.device(c)
	if failure != nil {
		return failure.answer()
	}
	if c.query.Get("syncEmergencyAddress") == "true" && device.Emergency != nil {
		emergency := *device.Emergency
		emergency.SyncStatus = syncStatus(emergency.AddressStatus)
		device.Emergency = &emergency
	}
	return ok(s.showDevice(c, device))
}

// sipInfo is the answer of readDeviceSipInfo.
type sipInfo struct {
	Domain          string     `json:"domain"`
	OutboundProxies []sipProxy `json:"outboundProxies"`
	UserName        string     `json:"userName"`
	Password        string     `json:"password"`
	AuthorizationID string     `json:"authorizationId"`
}

type sipProxy struct {
	Region   string `json:"region"`
	Proxy    string `json:"proxy"`
	ProxyTLS string `json:"proxyTLS"`
}

func (s *Server) readDeviceSipInfo(c *call) answer {
	device, failure := s.device(c)
	if failure != nil {
		return failure.answer()
	}
	numbers := lineNumbers(device)
	if len(numbers) == 0 {
		return notFound(http.StatusNotFound, "deviceId", string(device.ID)).answer()
	}
	// The same device always has the same secret, whoever asks how often.
	secret := mix(s.world.counter.Seed ^ mix(uint64(device.ID.number()))) //nolint:gosec // a bit pattern
	return ok(sipInfo{
		Domain: "sip.example.com",
		OutboundProxies: []sipProxy{
			{Region: "NA", Proxy: "sip10.example.com:5090", ProxyTLS: "sip10.example.com:5096"},
			{Region: "EMEA", Proxy: "sip40.example.com:5090", ProxyTLS: "sip40.example.com:5096"},
		},
		UserName: strings.TrimPrefix(numbers[0], "+"), Password: fmt.Sprintf("%016x", secret), AuthorizationID: string(device.ID),
	})
}

// lineNumbers are the E.164 numbers of a device's lines.
func lineNumbers(device Device) []string {
	var numbers []string
	for _, line := range device.PhoneLines {
		if line.PhoneInfo != nil && line.PhoneInfo.PhoneNumber != "" {
			numbers = append(numbers, line.PhoneInfo.PhoneNumber)
		}
	}
	return numbers
}

// deviceUpdate is the body of updateDevice and updateDeviceEmergency. What is
// absent stays as it is.
type deviceUpdate struct {
	Name      *string `json:"name"`
	Emergency *struct {
		Location *struct {
			ID ID `json:"id"`
		} `json:"location"`
		Address Address `json:"address"`
	} `json:"emergency"`
	EmergencyServiceAddress Address `json:"emergencyServiceAddress"`
	Extension               *struct {
		ID ID `json:"id"`
	} `json:"extension"`
	PhoneLines *struct {
		PhoneLines []struct {
			ID ID `json:"id"`
		} `json:"phoneLines"`
	} `json:"phoneLines"`
	UseAsCommonPhone *bool `json:"useAsCommonPhone"`
}

func (s *Server) updateDevice(c *call) answer { return s.putDevice(c, false) }

// updateDeviceEmergency honours the emergency fields alone; whether the service
// looks at the others is unstated.
func (s *Server) updateDeviceEmergency(c *call) answer { return s.putDevice(c, true) }

func (s *Server) putDevice(c *call, emergencyOnly bool) answer {
	before, failure := s.device(c)
	if failure != nil {
		return failure.answer()
	}
	var update deviceUpdate
	if err := json.Unmarshal(c.body, &update); err != nil {
		return unparsable(err).answer()
	}
	if emergencyOnly {
		update = deviceUpdate{Emergency: update.Emergency, EmergencyServiceAddress: update.EmergencyServiceAddress}
	}
	p := &devicePut{world: s.world, before: before, after: before, due: s.world.dues.devices[before.ID], now: s.due(c.now)}
	// All is checked before anything is written: a refused PUT changes nothing.
	for _, step := range []func(deviceUpdate) *apiError{p.assign, p.rename, p.setCommon, p.setEmergency, p.setNumbers} {
		if failure := step(update); failure != nil {
			return failure.answer()
		}
	}
	s.finishPut(c, p)
	return ok(s.showDevice(c, p.after))
}

// finishPut writes what a PUT changed, and counts it: as emergency if it is the
// address alone, as updated otherwise, as nothing if nothing is new.
func (s *Server) finishPut(c *call, p *devicePut) {
	if !p.moved && !p.other {
		return
	}
	for _, number := range p.stocked {
		s.world.stockNumber(number)
	}
	for _, number := range p.numbers {
		s.world.putNumber(number)
		c.taken++
	}
	s.world.putDevice(p.after, p.due)
	kind := EffectEmergency
	if p.other {
		kind = EffectUpdated
	}
	c.effect(Effect{Kind: kind, Extension: extensionOf(p.after), Device: p.after.ID, Location: locationOf(p.after)})
}

func extensionOf(device Device) ID {
	if device.Extension == nil {
		return ""
	}
	return device.Extension.ID.Text()
}

func locationOf(device Device) ID {
	if device.Emergency == nil || device.Emergency.Location == nil {
		return ""
	}
	return device.Emergency.Location.ID
}

// devicePut is a PUT on its way from a device to what it becomes.
type devicePut struct {
	world         *world
	before, after Device
	due           int64 // verdict time of the address, 0 for none
	now           int64 // verdict time of an address accepted now

	moved   bool     // the address changed
	other   bool     // anything else changed
	stocked []ID     // numbers that go to the inventory
	numbers []Number // numbers that lines get
}

// maxName is the longest device name (API reference, updateDevice, prose).
const maxName = 64

func (p *devicePut) rename(u deviceUpdate) *apiError {
	if u.Name == nil || *u.Name == p.before.Name {
		return nil
	}
	if strings.TrimSpace(*u.Name) == "" || len([]rune(*u.Name)) > maxName {
		return badParameter("name", *u.Name)
	}
	p.after.Name, p.other = *u.Name, true
	return nil
}

// assign gives an unassigned device to an extension. It brings no line: whether
// the service's does is unstated.
func (p *devicePut) assign(u deviceUpdate) *apiError {
	if u.Extension == nil || u.Extension.ID == extensionOf(p.before) {
		return nil
	}
	if p.before.Extension != nil {
		return &apiError{status: http.StatusConflict, code: "CMN-101", message: "The device is assigned to another extension",
			parameter: "extension.id", value: string(u.Extension.ID)}
	}
	extension, failure := p.world.phoneUser(u.Extension.ID, "extension.id")
	if failure != nil {
		return failure
	}
	p.after.Extension = refTo(extension)
	p.after.Site = p.world.siteOf(extension, p.after.Site)
	p.other = true
	return nil
}

// setCommon marks a common phone; only Limited extensions have them.
func (p *devicePut) setCommon(u deviceUpdate) *apiError {
	was := p.before.UseAsCommonPhone != nil && *p.before.UseAsCommonPhone
	if u.UseAsCommonPhone == nil || *u.UseAsCommonPhone == was {
		return nil
	}
	extension := p.world.extensions[extensionOf(p.after)]
	if *u.UseAsCommonPhone && (extension == nil || extension.Type != "Limited") {
		return badParameter("useAsCommonPhone", "true")
	}
	p.after.UseAsCommonPhone, p.other = ptr(*u.UseAsCommonPhone), true
	return nil
}

func (p *devicePut) setEmergency(u deviceUpdate) *apiError {
	field := "emergency"
	var location ID
	var address Address
	switch {
	case u.Emergency != nil:
		if u.Emergency.Location != nil {
			location = u.Emergency.Location.ID
		}
		address = u.Emergency.Address
	case u.EmergencyServiceAddress != nil:
		// The older form has no city in its schema; the city stays as it is.
		field, address = "emergencyServiceAddress", u.EmergencyServiceAddress
		if address.text("city") == "" {
			address = address.with("city", p.before.EmergencyServiceAddress.text("city"))
		}
	default:
		return nil
	}
	if len(p.before.PhoneLines) == 0 {
		err := badParameter(field, "")
		err.message = "Parameter [" + field + "] is invalid: the device has no line"
		return err
	}
	where, failure := p.world.choosePlace(location, address, field)
	if failure != nil {
		return failure
	}
	if failure := p.mayMove(where, field); failure != nil {
		return failure
	}
	if !where.isAt(p.before) {
		p.after, p.due, p.moved = where.settled(p.after), p.now, true
	}
	return nil
}

// mayMove refuses what a line's emergency flags forbid.
func (p *devicePut) mayMove(where place, field string) *apiError {
	abroad, _ := countryOf(where.address)
	for _, line := range p.before.PhoneLines {
		own := line.EmergencyAddress
		if own != nil && own.LocalOnly != nil && *own.LocalOnly && abroad.iso != p.world.homeCountry() {
			return badParameter(field+".address.country", abroad.iso)
		}
	}
	editable := p.before.Emergency != nil && p.before.Emergency.AddressEditableStatus == "MainDevice"
	borrowed := func(line PhoneLine) bool { return line.LineType == "BlaSecondary" }
	if editable && !slices.ContainsFunc(p.before.PhoneLines, func(line PhoneLine) bool { return !borrowed(line) }) {
		err := badParameter(field, "")
		err.message = "Parameter [" + field + "] is invalid: only the line's main device can be changed"
		return err
	}
	return nil
}

// setNumbers changes the numbers of lines: the n-th id is the id of the number
// that the n-th line gets. The reference shows the shape only; that the ids are
// number ids, and the order, are assumed.
func (p *devicePut) setNumbers(u deviceUpdate) *apiError {
	if u.PhoneLines == nil {
		return nil
	}
	lines := slices.Clone(p.after.PhoneLines)
	for i, wish := range u.PhoneLines.PhoneLines {
		if i >= len(lines) || lines[i].PhoneInfo == nil {
			return badParameter("phoneLines.phoneLines.id", string(wish.ID))
		}
		old := lines[i].PhoneInfo.ID.Text()
		if wish.ID == old || wish.ID == lines[i].ID {
			continue
		}
		number, failure := p.world.findNumber(numberWish{PhoneNumberID: wish.ID})
		if failure != nil {
			return failure
		}
		extension := p.world.extensions[extensionOf(p.after)]
		if extension == nil || slices.ContainsFunc(p.numbers, func(n Number) bool { return n.ID == number.ID }) {
			return badParameter("phoneLines.phoneLines.id", string(wish.ID))
		}
		number.UsageType = usageDirect
		number.Extension = &NumberExtension{ID: extension.ID.Text(), ExtensionNumber: extension.ExtensionNumber}
		lines[i].PhoneInfo = lineNumber(number)
		p.stocked = append(p.stocked, old)
		p.numbers = append(p.numbers, number)
	}
	if !reflect.DeepEqual(lines, p.after.PhoneLines) {
		p.after.PhoneLines, p.other = lines, true
	}
	return nil
}

// phoneUser finds an extension that may have phones: User or Limited, neither
// disabled nor frozen nor unassigned.
func (w *world) phoneUser(id ID, parameter string) (*Extension, *apiError) {
	extension := w.extensions[id]
	if extension == nil {
		return nil, notFound(http.StatusBadRequest, parameter, string(id))
	}
	if extension.Type != "User" && extension.Type != "Limited" {
		return nil, &apiError{status: http.StatusForbidden, code: "CMN-403", message: "A " + extension.Type + " extension has no phones",
			parameter: parameter, value: string(id)}
	}
	switch extension.Status {
	case "Disabled", "Frozen", "Unassigned":
		err := badParameter(parameter, string(id))
		err.message += ": the extension is " + extension.Status
		return nil, err
	}
	return extension, nil
}

func refTo(extension *Extension) *ExtensionRef {
	return &ExtensionRef{ID: extension.ID, ExtensionNumber: extension.ExtensionNumber, PartnerID: extension.PartnerID}
}

// siteOf is the site of an extension's devices.
func (w *world) siteOf(extension *Extension, otherwise *SiteRef) *SiteRef {
	if extension.Site == nil {
		return otherwise
	}
	if site, known := w.site(extension.Site.ID); known {
		return &site
	}
	return &SiteRef{ID: extension.Site.ID, Name: extension.Site.Name}
}
