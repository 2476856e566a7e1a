package main

import (
	"strconv"

	"provision/plan"
	"provision/rcclient/rcsim"
)

// simAccount is an account as the simulator's file has it, with ERLs or, at the
// same places, with plain addresses.
func simAccount(s *plan.Snapshot, erl bool) *rcsim.Account {
	a := &rcsim.Account{Account: rcsim.AccountInfo{ID: 400100001, MainNumber: s.Account.MainNumber}, Settings: rcsim.Settings{ERLRegime: &erl}}
	for _, site := range s.Sites {
		a.Sites = append(a.Sites, rcsim.Site{ID: rcsim.ID(site.ID), Name: site.Name})
	}
	for _, l := range s.Locations {
		if erl {
			a.EmergencyLocations = append(a.EmergencyLocations, simLocation(string(l.ID), l.Name, l.Address, "Public"))
		}
	}
	for _, e := range s.Extensions {
		a.Extensions = append(a.Extensions, rcsim.Extension{
			ID: simID(string(e.ID)), ExtensionNumber: e.Number, Name: e.Name, Type: e.Type, Status: e.Status,
			Contact: &rcsim.Contact{FirstName: e.Name, Email: e.Email}, Site: &rcsim.ExtensionSite{ID: rcsim.ID(e.Site)},
		})
	}
	for i := range s.Devices {
		a.Devices = append(a.Devices, simDevice(a, &s.Devices[i], 900000+10*i, erl))
	}
	for i, n := range s.Numbers {
		a.Numbers = append(a.Numbers, rcsim.Number{ID: rcsim.ID(strconv.Itoa(600000 + i)), PhoneNumber: n.Number, UsageType: n.Usage, Status: n.Status, TollType: "Toll", Type: "VoiceFax"})
	}
	return a
}

// simDevice makes a device, and the private location where it is at one.
func simDevice(a *rcsim.Account, d *plan.Device, numberID int, erl bool) rcsim.Device {
	out := rcsim.Device{ID: rcsim.ID(d.ID), Type: d.Type, Name: d.Name, Serial: d.Serial, Site: &rcsim.SiteRef{ID: rcsim.ID(d.Site)}}
	yes := true
	if d.CommonPhone {
		out.UseAsCommonPhone = &yes
	}
	if d.HotDesk {
		out.HotDeskDevice = &yes
	}
	if d.Extension == "" {
		return out
	}
	out.Extension = &rcsim.ExtensionRef{ID: simID(string(d.Extension))}
	for k, l := range d.Lines {
		out.PhoneLines = append(out.PhoneLines, rcsim.PhoneLine{ID: rcsim.ID(l.ID), LineType: l.Type, PhoneInfo: &rcsim.PhoneInfo{ID: rcsim.IntID(numberID + k), PhoneNumber: l.Number}})
	}
	e := &d.Emergency
	if !erl {
		out.EmergencyServiceAddress = simAddress(e.Address)
		return out
	}
	out.Emergency = &rcsim.Emergency{Location: &rcsim.LocationRef{ID: rcsim.ID(e.LocationID), Name: e.LocationName}, AddressStatus: e.AddressStatus, Visibility: e.Visibility}
	if e.Visibility == "Private" {
		a.EmergencyLocations = append(a.EmergencyLocations, simLocation(string(e.LocationID), e.LocationName, e.Address, "Private"))
	}
	return out
}

// simID is an id that is a number; others do not occur in the jobs.
func simID(id string) rcsim.IntID {
	n, _ := strconv.ParseInt(id, 10, 64)
	return rcsim.IntID(n)
}

func simLocation(id, name string, a plan.Address, visibility string) rcsim.EmergencyLocation {
	return rcsim.EmergencyLocation{ID: rcsim.ID(id), Name: name, Address: simAddress(a), AddressStatus: "Valid", UsageStatus: "Active", AddressFormatStatus: "Actual", Visibility: visibility}
}

func simAddress(a plan.Address) rcsim.Address {
	return rcsim.Address{"street": a.Street, "street2": a.Street2, "city": a.City, "state": a.State, "zip": a.Zip, "country": a.Country}
}
