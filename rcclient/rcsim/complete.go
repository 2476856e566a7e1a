package rcsim

import (
	"cmp"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
)

var e164 = regexp.MustCompile(`^\+[1-9]\d{1,14}$`)

// firstMadeID is below every id that the simulator makes, so that they look
// like the service's.
const firstMadeID = 800_000_000

// complete fills what an account file may leave out and refuses what no account
// can be: double ids, references to nothing.
func (a *Account) complete() error {
	a.completeAccount()
	if err := a.completePlaces(); err != nil {
		return err
	}
	if err := a.completeExtensions(); err != nil {
		return err
	}
	if err := a.completeNumbers(); err != nil {
		return err
	}
	return a.completeDevices()
}

func (a *Account) completeAccount() {
	info := &a.Account
	info.URI = ""
	if info.ID == 0 {
		info.ID = 400_000_001
	}
	if info.Status == "" {
		info.Status = "Confirmed"
	}
	// Lists are written as [] and never as null.
	a.Sites = filled(a.Sites)
	a.CostCenters = filled(a.CostCenters)
	a.EmergencyLocations = filled(a.EmergencyLocations)
	a.Extensions = filled(a.Extensions)
	a.Devices = filled(a.Devices)
	a.Numbers = filled(a.Numbers)
}

func filled[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func (a *Account) completePlaces() error {
	seen := newSeen("site")
	for i := range a.Sites {
		site := &a.Sites[i]
		site.URI = ""
		if err := seen.add(i, site.ID); err != nil {
			return err
		}
	}
	seen = newSeen("cost center")
	for i := range a.CostCenters {
		center := &a.CostCenters[i]
		if err := seen.add(i, center.ID.Text()); err != nil {
			return err
		}
		if len(center.TaxLocation) == 0 {
			center.TaxLocation = defaultTaxLocation(center.ID)
		}
	}
	seen = newSeen("emergency location")
	for i := range a.EmergencyLocations {
		erl := &a.EmergencyLocations[i]
		erl.URI = ""
		if err := seen.add(i, erl.ID); err != nil {
			return err
		}
		erl.AddressStatus = cmp.Or(erl.AddressStatus, statusValid)
		erl.UsageStatus = cmp.Or(erl.UsageStatus, "Active")
		erl.Visibility = cmp.Or(erl.Visibility, "Public")
		erl.AddressType = cmp.Or(erl.AddressType, "LocationWithEndpoint")
		erl.AddressFormatStatus = cmp.Or(erl.AddressFormatStatus, "Actual")
	}
	return nil
}

// defaultTaxLocation stands in where an account file gives none: the list of
// cost centers requires one (API reference, CostCenterItem).
func defaultTaxLocation(id IntID) json.RawMessage {
	return json.RawMessage(fmt.Sprintf(`{"id":%d,"name":"Main","type":"BillingAddress",`+
		`"address":{"street":"20 Davis Dr","city":"Belmont","state":"CA","zip":"94002","country":"US"}}`, id))
}

func (a *Account) completeExtensions() error {
	seen, numbers := newSeen("extension"), newSeen("extension number")
	for i := range a.Extensions {
		extension := &a.Extensions[i]
		extension.URI = ""
		if err := seen.add(i, extension.ID.Text()); err != nil {
			return err
		}
		extension.Status = cmp.Or(extension.Status, "Enabled")
		extension.Type = cmp.Or(extension.Type, "User")
		if extension.ExtensionNumber == "" {
			continue
		}
		if err := numbers.add(i, ID(extension.ExtensionNumber)); err != nil {
			return err
		}
	}
	return nil
}

func (a *Account) completeNumbers() error {
	ids, numbers := newSeen("number"), newSeen("phone number")
	for i := range a.Numbers {
		number := &a.Numbers[i]
		if !e164.MatchString(number.PhoneNumber) {
			return fmt.Errorf("parse account: numbers[%d]: phoneNumber %q is not E.164", i, number.PhoneNumber)
		}
		if err := numbers.add(i, ID(number.PhoneNumber)); err != nil {
			return err
		}
		if err := ids.add(i, number.ID); err != nil {
			return err
		}
		number.TollType = cmp.Or(number.TollType, tollType(number.PhoneNumber))
		number.UsageType = cmp.Or(number.UsageType, usageInventory)
		number.Status = cmp.Or(number.Status, "Normal")
	}
	return nil
}

func (a *Account) completeDevices() error {
	seen := newSeen("device")
	for i := range a.Devices {
		device := &a.Devices[i]
		device.URI = ""
		if err := seen.add(i, device.ID); err != nil {
			return err
		}
		device.Type = cmp.Or(device.Type, typeOtherPhone)
	}
	return a.joinLines()
}

// joinLines sees to it that every line's number is on the account's list, with
// the id that the line shows, and that devices name extensions that exist.
func (a *Account) joinLines() error {
	extensions := map[IntID]*Extension{}
	for i := range a.Extensions {
		extensions[a.Extensions[i].ID] = &a.Extensions[i]
	}
	numbers := map[string]int{}
	for i := range a.Numbers {
		numbers[a.Numbers[i].PhoneNumber] = i
	}
	next := a.nextID()
	for i := range a.Devices {
		device := &a.Devices[i]
		if device.Extension == nil {
			continue
		}
		extension := extensions[device.Extension.ID]
		if extension == nil {
			return fmt.Errorf("parse account: devices[%d] (id %s): no extension has the id %d", i, device.ID, device.Extension.ID)
		}
		device.Extension = &ExtensionRef{ID: extension.ID, ExtensionNumber: extension.ExtensionNumber, PartnerID: device.Extension.PartnerID}
		for j := range device.PhoneLines {
			line := &device.PhoneLines[j]
			if line.ID == "" {
				line.ID = ID(strconv.FormatInt(next, 10))
				next++
			}
			if err := a.joinLine(line, extension, numbers, &next); err != nil {
				return fmt.Errorf("parse account: devices[%d] (id %s): %w", i, device.ID, err)
			}
		}
	}
	return nil
}

func (a *Account) joinLine(line *PhoneLine, extension *Extension, numbers map[string]int, next *int64) error {
	info := line.PhoneInfo
	if info == nil || info.PhoneNumber == "" {
		return nil
	}
	if !e164.MatchString(info.PhoneNumber) {
		return fmt.Errorf("phoneNumber %q is not E.164", info.PhoneNumber)
	}
	line.LineType = cmp.Or(line.LineType, "Standalone")
	i, known := numbers[info.PhoneNumber]
	if !known {
		id := info.ID.Text()
		if info.ID == 0 {
			id = ID(strconv.FormatInt(*next, 10))
			*next++
		}
		a.Numbers = append(a.Numbers, Number{
			ID: id, PhoneNumber: info.PhoneNumber, Type: cmp.Or(info.Type, "VoiceFax"),
			TollType: tollType(info.PhoneNumber), Status: "Normal",
		})
		i = len(a.Numbers) - 1
		numbers[info.PhoneNumber] = i
	}
	number := &a.Numbers[i]
	number.Extension = &NumberExtension{ID: extension.ID.Text(), ExtensionNumber: extension.ExtensionNumber}
	if number.UsageType == "" || number.UsageType == usageInventory {
		number.UsageType = usageDirect
	}
	line.PhoneInfo = lineNumber(*number)
	line.PhoneInfo.Label = cmp.Or(info.Label, number.Label)
	return nil
}

// nextID is above every numeric id of the account.
func (a *Account) nextID() int64 {
	next := int64(firstMadeID)
	// Longer ids than the interface allows for numbers are not continued.
	see := func(id ID) {
		if n := id.number(); n < 1e14 {
			next = max(next, n+1)
		}
	}
	for i := range a.Devices {
		see(a.Devices[i].ID)
		for _, line := range a.Devices[i].PhoneLines {
			see(line.ID)
			if line.PhoneInfo != nil {
				see(line.PhoneInfo.ID.Text())
			}
		}
	}
	for i := range a.Numbers {
		see(a.Numbers[i].ID)
	}
	for i := range a.EmergencyLocations {
		see(a.EmergencyLocations[i].ID)
	}
	for i := range a.Extensions {
		see(a.Extensions[i].ID.Text())
	}
	return next
}

// seen refuses an id that is empty or stands twice.
type seen struct {
	what string
	ids  map[ID]int
}

func newSeen(what string) *seen { return &seen{what: what, ids: map[ID]int{}} }

func (s *seen) add(i int, id ID) error {
	if id == "" || id == "0" {
		return fmt.Errorf("parse account: %s %d of the list has no id", s.what, i+1)
	}
	if first, twice := s.ids[id]; twice {
		return fmt.Errorf("parse account: %s %s stands twice, at %d and %d of the list", s.what, id, first+1, i+1)
	}
	s.ids[id] = i
	return nil
}
