package plan

import "slices"

// index finds the snapshot's objects. What few sheets ask for is indexed on
// the first question only.
type index struct {
	s *Snapshot

	extByNumber map[string]*Extension
	zeroNumbers map[string][]*Extension // those with leading zeros, by the number without
	listed      map[ExtensionID]bool
	asked       map[DeviceID]bool

	extsByID      map[ExtensionID]*Extension
	extsByEmail   map[string][]*Extension
	devByID       map[DeviceID]*Device
	devsBySerial  map[string][]*Device
	devsByName    map[string][]*Device
	devByNumber   map[string]*Device
	numByText     map[string]*Number
	numByID       map[NumberID]*Number
	locByID       map[LocationID]*Location
	locsByName    map[string][]*Location
	locsByPlace   map[string][]*Location
	placeKeys     map[Address]string
	known         *knownPlaces
	costsByName   map[string][]*CostCenter
	sitesByName   map[string][]*Site
	freeBySite    map[SiteID]int
	freeUnclaimed map[freeKey][]*Device
}

// freeKey is what inventory asks a free slot for.
type freeKey struct {
	site SiteID
	typ  string
}

func newIndex(s *Snapshot) *index {
	x := &index{
		s:           s,
		extByNumber: make(map[string]*Extension, len(s.Extensions)),
	}
	for i := range s.Extensions {
		e := &s.Extensions[i]
		x.extByNumber[e.Number] = e
		if bare := BareNumber(e.Number); bare != e.Number {
			if x.zeroNumbers == nil {
				x.zeroNumbers = map[string][]*Extension{}
			}
			x.zeroNumbers[bare] = append(x.zeroNumbers[bare], e)
		}
	}
	if !s.DevicesComplete {
		x.listed = make(map[ExtensionID]bool, len(s.Listed))
		for _, id := range s.Listed {
			x.listed[id] = true
		}
		x.asked = make(map[DeviceID]bool, len(s.Asked))
		for _, id := range s.Asked {
			x.asked[id] = true
		}
	}
	return x
}

// once builds a lazily made map on its first use.
func once[K comparable, V any](m *map[K]V, size int, fill func(map[K]V)) map[K]V {
	if *m == nil {
		*m = make(map[K]V, size)
		fill(*m)
	}
	return *m
}

// phonesKnown reports whether all phones of the extension are known.
func (x *index) phonesKnown(id ExtensionID) bool { return x.s.DevicesComplete || x.listed[id] }

// deviceKnown reports whether "no such device id" can be said of an id that is
// not among the devices.
func (x *index) deviceKnown(id DeviceID) bool { return x.s.DevicesComplete || x.asked[id] }

// extByID finds an extension by its id; nil if the account has none.
func (x *index) extByID(id ExtensionID) *Extension {
	return once(&x.extsByID, len(x.s.Extensions), func(m map[ExtensionID]*Extension) {
		for i := range x.s.Extensions {
			m[x.s.Extensions[i].ID] = &x.s.Extensions[i]
		}
	})[id]
}

func (x *index) byEmail(email string) []*Extension {
	m := once(&x.extsByEmail, len(x.s.Extensions), func(m map[string][]*Extension) {
		for i := range x.s.Extensions {
			if e := &x.s.Extensions[i]; e.Email != "" {
				m[fold(e.Email)] = append(m[fold(e.Email)], e)
			}
		}
	})
	return m[fold(email)]
}

func (x *index) device(id DeviceID) *Device {
	return once(&x.devByID, len(x.s.Devices), func(m map[DeviceID]*Device) {
		for i := range x.s.Devices {
			m[x.s.Devices[i].ID] = &x.s.Devices[i]
		}
	})[id]
}

func (x *index) bySerial(serial string) []*Device {
	m := once(&x.devsBySerial, len(x.s.Devices), func(m map[string][]*Device) {
		for i := range x.s.Devices {
			if d := &x.s.Devices[i]; d.Serial != "" {
				m[fold(d.Serial)] = append(m[fold(d.Serial)], d)
			}
		}
	})
	return m[fold(serial)]
}

// byName finds the phones that rows can mean by their name, in the whole
// account.
func (x *index) byName(name string) []*Device {
	m := once(&x.devsByName, len(x.s.Devices), func(m map[string][]*Device) {
		for i := range x.s.Devices {
			if d := &x.s.Devices[i]; d.Name != "" && handled(d.Type) {
				m[fold(d.Name)] = append(m[fold(d.Name)], d)
			}
		}
	})
	return m[fold(name)]
}

// byNumber finds the device whose line has the number, of whatever type.
func (x *index) byNumber(number string) *Device {
	return once(&x.devByNumber, len(x.s.Devices), func(m map[string]*Device) {
		for i := range x.s.Devices {
			for _, l := range x.s.Devices[i].Lines {
				if l.Number != "" {
					m[l.Number] = &x.s.Devices[i]
				}
			}
		}
	})[number]
}

func (x *index) number(e164 string) *Number {
	return once(&x.numByText, len(x.s.Numbers), func(m map[string]*Number) {
		for i := range x.s.Numbers {
			m[x.s.Numbers[i].Number] = &x.s.Numbers[i]
		}
	})[e164]
}

func (x *index) numberByID(id NumberID) *Number {
	return once(&x.numByID, len(x.s.Numbers), func(m map[NumberID]*Number) {
		for i := range x.s.Numbers {
			m[x.s.Numbers[i].ID] = &x.s.Numbers[i]
		}
	})[id]
}

func (x *index) location(id LocationID) *Location {
	return once(&x.locByID, len(x.s.Locations), func(m map[LocationID]*Location) {
		for i := range x.s.Locations {
			m[x.s.Locations[i].ID] = &x.s.Locations[i]
		}
	})[id]
}

func (x *index) locationsNamed(name string) []*Location {
	m := once(&x.locsByName, len(x.s.Locations), func(m map[string][]*Location) {
		for i := range x.s.Locations {
			l := &x.s.Locations[i]
			m[fold(l.Name)] = append(m[fold(l.Name)], l)
		}
	})
	return m[fold(name)]
}

func (x *index) locationsAt(a Address) []*Location {
	m := once(&x.locsByPlace, len(x.s.Locations), func(m map[string][]*Location) {
		for i := range x.s.Locations {
			l := &x.s.Locations[i]
			m[x.placeKey(l.Address)] = append(m[x.placeKey(l.Address)], l)
		}
	})
	return m[x.placeKey(a)]
}

// placeKey remembers the keys of addresses: an account has few places and
// many phones at each.
func (x *index) placeKey(a Address) string {
	a.CustomerName = ""
	k, ok := x.placeKeys[a]
	if !ok {
		k = x.known.standFor(placeKey(a))
		if x.placeKeys == nil {
			x.placeKeys = map[Address]string{}
		}
		x.placeKeys[a] = k
	}
	return k
}

// samePlace is [SamePlace] with remembered keys.
func (x *index) samePlace(a, b Address) bool {
	if a.Street == "" || b.Street == "" {
		return false
	}
	a.CustomerName, b.CustomerName = "", ""
	return a == b || x.placeKey(a) == x.placeKey(b)
}

// costCenters finds cost centers by id, else by name, else by code.
func (x *index) costCenters(text string) []*CostCenter {
	m := once(&x.costsByName, len(x.s.CostCenters), func(m map[string][]*CostCenter) {
		for i := range x.s.CostCenters {
			c := &x.s.CostCenters[i]
			m["id:"+string(c.ID)] = append(m["id:"+string(c.ID)], c)
			m["name:"+fold(c.Name)] = append(m["name:"+fold(c.Name)], c)
			if c.Code != "" {
				m["code:"+fold(c.Code)] = append(m["code:"+fold(c.Code)], c)
			}
		}
	})
	for _, k := range []string{"id:" + text, "name:" + fold(text), "code:" + fold(text)} {
		if len(m[k]) > 0 {
			return m[k]
		}
	}
	return nil
}

// sites finds sites by id, else by name, else by code.
func (x *index) sites(text string) []*Site {
	m := once(&x.sitesByName, len(x.s.Sites), func(m map[string][]*Site) {
		for i := range x.s.Sites {
			s := &x.s.Sites[i]
			m["id:"+string(s.ID)] = append(m["id:"+string(s.ID)], s)
			m["name:"+fold(s.Name)] = append(m["name:"+fold(s.Name)], s)
			if s.Code != "" {
				m["code:"+fold(s.Code)] = append(m["code:"+fold(s.Code)], s)
			}
		}
	})
	for _, k := range []string{"id:" + text, "name:" + fold(text), "code:" + fold(text)} {
		if len(m[k]) > 0 {
			return m[k]
		}
	}
	if sameName(text, string(MainSite)) {
		return []*Site{{ID: MainSite, Name: string(MainSite)}}
	}
	return nil
}

// FindSites finds the sites of an account that a text means: by id, else by
// name, else by code. Several are an ambiguous name or code.
func FindSites(s *Snapshot, text string) []Site {
	x := index{s: s}
	var out []Site
	for _, found := range x.sites(text) {
		out = append(out, *found)
	}
	return out
}

// freeSlots counts the free slots of a site: unassigned OtherPhone devices
// without a serial.
func (x *index) freeSlots(site SiteID) int {
	return once(&x.freeBySite, 8, func(m map[SiteID]int) {
		for i := range x.s.Devices {
			if d := &x.s.Devices[i]; isSlot(d) && d.Extension == "" {
				m[siteOf(d.Site)]++
			}
		}
	})[site]
}

// free lists the devices that inventory may take, by id.
func (x *index) free(k freeKey) []*Device {
	m := once(&x.freeUnclaimed, 8, func(m map[freeKey][]*Device) {
		for i := range x.s.Devices {
			d := &x.s.Devices[i]
			if d.Extension == "" && d.Serial == "" && len(d.Lines) == 0 && swappable(d.Type) {
				key := freeKey{siteOf(d.Site), d.Type}
				m[key] = append(m[key], d)
			}
		}
		for _, l := range m {
			slices.SortFunc(l, byDeviceID)
		}
	})
	return m[k]
}

func byDeviceID(a, b *Device) int { return compareNumeric(a.ID, b.ID) }

// siteOf names the main site where an object shows none.
func siteOf(s SiteID) SiteID {
	if s == "" {
		return MainSite
	}
	return s
}

// handled tells the types that rows match; others are never matched, changed
// or counted.
func handled(typ string) bool {
	return typ == TypeHardPhone || typ == TypeOtherPhone || typ == TypeWebRTC
}

func unhandled(d *Device) bool { return !handled(d.Type) }

// swappable tells the types that can be swapped (API reference,
// replaceDevicesJWSPublic).
func swappable(typ string) bool { return typ == TypeHardPhone || typ == TypeOtherPhone }

// isSlot tells a BYOD device that no hardware was entered for.
func isSlot(d *Device) bool { return d.Type == TypeOtherPhone && d.Serial == "" }

// special tells shared and hot-desk phones, which are removed or swapped by
// device_id only.
func special(d *Device) bool {
	if d.HotDesk || d.LinePooling == "Host" || d.LinePooling == "Guest" {
		return true
	}
	for _, l := range d.Lines {
		if l.Type == "BlaPrimary" || l.Type == "BlaSecondary" {
			return true
		}
	}
	return false
}
