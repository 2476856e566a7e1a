package snapshot

import (
	"cmp"
	"strings"

	"provision/plan"
	"provision/rcclient"
)

// Device says a device in domain words. A serial that is a MAC address in any
// of the usual spellings becomes 12 lower-case hex digits.
func Device(d rcclient.DeviceResource) plan.Device {
	out := plan.Device{
		ID:          plan.DeviceID(d.ID),
		Type:        d.Type,
		Name:        d.Name,
		Serial:      plan.BareSerial(d.Serial),
		Site:        siteID(d.Site),
		Emergency:   emergency(d),
		LinePooling: d.LinePooling,
		CommonPhone: d.UseAsCommonPhone,
		HotDesk:     d.HotDeskDevice,
	}
	if d.Model != nil {
		out.Model, out.ModelID = d.Model.Name, plan.ModelID(d.Model.ID)
	}
	if d.Extension != nil {
		out.Extension = plan.ExtensionID(d.Extension.ID)
	}
	for _, l := range d.PhoneLines {
		out.Lines = append(out.Lines, line(l))
	}
	return out
}

func line(l rcclient.PhoneLine) plan.Line {
	out := plan.Line{ID: string(l.ID), Type: l.LineType}
	if l.PhoneInfo != nil {
		out.Number = l.PhoneInfo.PhoneNumber
		out.NumberID = plan.NumberID(l.PhoneInfo.ID)
	}
	if l.EmergencyAddress != nil {
		out.LocalOnly = l.EmergencyAddress.LocalOnly
	}
	return out
}

// emergency prefers the part "emergency"; an answer that has only the older
// view of the address is read from there.
func emergency(d rcclient.DeviceResource) plan.Emergency {
	if e := d.Emergency; e != nil {
		out := plan.Emergency{
			AddressStatus: e.AddressStatus,
			SyncStatus:    e.SyncStatus,
			Visibility:    e.Visibility,
			Editable:      e.AddressEditableStatus,
		}
		if e.Address != nil {
			out.Address = Address(*e.Address)
		}
		if e.Location != nil {
			out.LocationID = plan.LocationID(e.Location.ID)
			out.LocationName = e.Location.Name
		}
		return out
	}
	if s := d.EmergencyServiceAddress; s != nil {
		return plan.Emergency{
			Address:       Address(s.EmergencyAddress),
			AddressStatus: s.LineProvisioningStatus,
			SyncStatus:    s.SyncStatus,
		}
	}
	return plan.Emergency{}
}

// Address says an emergency address in domain words: codes of country and
// state where the answer has them, else what it calls them.
func Address(a rcclient.EmergencyAddress) plan.Address {
	country := cmp.Or(a.CountryISOCode, a.Country, a.CountryName)
	state := cmp.Or(a.StateISOCode, a.State, a.StateName)
	// ISO 3166-2 writes the state with its country: "US-CA".
	if rest, ok := strings.CutPrefix(strings.ToUpper(state), strings.ToUpper(country)+"-"); ok && rest != "" {
		state = rest
	}
	return plan.Address{
		Street: a.Street, Street2: a.Street2, City: a.City, State: state, Zip: a.Zip,
		Country: country, CustomerName: a.CustomerName,
	}
}

// Extension says an extension in domain words.
func Extension(e rcclient.Extension) plan.Extension {
	out := plan.Extension{
		ID: plan.ExtensionID(e.ID), Number: e.ExtensionNumber, Name: e.Name,
		Type: e.Type, Status: e.Status,
	}
	if e.Contact != nil {
		out.Email = e.Contact.Email
		if out.Name == "" {
			out.Name = strings.TrimSpace(e.Contact.FirstName + " " + e.Contact.LastName)
		}
	}
	if e.Site != nil {
		out.Site, out.SiteName = plan.SiteID(e.Site.ID), e.Site.Name
	}
	return out
}

// Location says an ERL in domain words.
func Location(l rcclient.EmergencyLocation) plan.Location {
	out := plan.Location{
		ID: plan.LocationID(l.ID), Name: l.Name,
		AddressStatus: l.AddressStatus, UsageStatus: l.UsageStatus,
		FormatStatus: l.AddressFormatStatus, Visibility: l.Visibility,
	}
	if l.Address != nil {
		out.Address = Address(*l.Address)
	}
	if l.Site != nil {
		out.Site, out.SiteName = plan.SiteID(l.Site.ID), l.Site.Name
	}
	return out
}

// Number says a phone number of the account in domain words.
func Number(n rcclient.PhoneNumber) plan.Number {
	out := plan.Number{
		ID: plan.NumberID(n.ID), Number: n.PhoneNumber, Usage: n.UsageType,
		Status: n.Status, Type: n.Type, TollType: n.TollType,
	}
	if n.Extension != nil {
		out.Extension = plan.ExtensionID(n.Extension.ID)
		out.HolderExt = n.Extension.ExtensionNumber
	}
	return out
}

// Account says the account itself in domain words; the regime is another
// call's answer.
func Account(a rcclient.Account, erlRegime bool) plan.Account {
	return plan.Account{
		ID: string(a.ID), MainNumber: a.MainNumber,
		Country: strings.ToUpper(a.ServiceInfo.ContractedCountry.ISOCode), ERLRegime: erlRegime,
	}
}

func site(s rcclient.Site) plan.Site {
	return plan.Site{ID: plan.SiteID(s.ID), Name: s.Name, Code: s.Code}
}

func costCenter(c rcclient.CostCenter) plan.CostCenter {
	return plan.CostCenter{ID: plan.CostCenterID(c.ID), Name: c.Name, Code: c.BillingCode}
}

func siteID(r *rcclient.Ref) plan.SiteID {
	if r == nil {
		return ""
	}
	return plan.SiteID(r.ID)
}
