package plan

import "slices"

// index finds the snapshot's objects. What few sheets ask for is indexed on
// the first question only.
type index struct {
	s *Snapshot

	zeroNumbers map[string][]int // extensions' places, those with leading zeros, by the number without
	listed      map[ExtensionID]bool
	asked       map[DeviceID]bool

	extsByNumber  *finder
	extsByID      *finder
	holders       []int32 // of each device, its extension's place; -1: none
	devsByID      *finder
	numsByText    *finder
	numsByID      *finder
	locsByID      *finder
	extsByEmail   map[string][]int // places
	devsBySerial  map[string][]*Device
	devsByName    map[string][]*Device
	devByNumber   map[string]*Device
	locsByName    map[string][]*Location
	locsByPlace   map[string][]*Location
	placeKeys     map[string]string // by Address.appendKey
	addressKey    []byte            // room for one
	known         *knownPlaces
	costsByName   map[string][]*CostCenter
	sitesByName   map[string][]*Site
	sitesByText   map[string][]*Site // as they were asked for
	freeBySite    map[SiteID]int
	freeUnclaimed map[freeKey][]*Device
}

// forgetRows lets go of what finds the objects that rows name, once they are
// found. What is asked for again is made again.
func (x *index) forgetRows() {
	x.extsByNumber, x.extsByEmail = nil, nil
	x.numsByText, x.numsByID = nil, nil
	x.devsBySerial, x.devsByName, x.devByNumber = nil, nil, nil
	x.locsByName, x.locsByPlace, x.placeKeys = nil, nil, nil
}

// forgetExtensions lets go of what finds extensions.
func (x *index) forgetExtensions() { x.extsByNumber, x.extsByEmail, x.extsByID = nil, nil, nil }

// freeKey is what inventory asks a free slot for.
type freeKey struct {
	site SiteID
	typ  string
}

func newIndex(s *Snapshot) *index {
	x := &index{s: s}
	for i := range s.Extensions {
		e := &s.Extensions[i]
		if bare := BareNumber(e.Number); bare != e.Number {
			if x.zeroNumbers == nil {
				x.zeroNumbers = map[string][]int{}
			}
			x.zeroNumbers[bare] = append(x.zeroNumbers[bare], i)
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

// extByNumber finds an extension by its number; nil if the account has none.
func (x *index) extByNumber(number string) *Extension {
	if i := x.numberPlace(number); i >= 0 {
		return &x.s.Extensions[i]
	}
	return nil
}

// numberPlace is the place in the account of the extension with the number; -1
// if there is none.
func (x *index) numberPlace(number string) int {
	return placeOf(&x.extsByNumber, x.s.Extensions, func(e *Extension) string { return e.Number }, number)
}

// extByID finds an extension by its id; nil if the account has none.
func (x *index) extByID(id ExtensionID) *Extension {
	if i := x.extPlace(id); i >= 0 {
		return &x.s.Extensions[i]
	}
	return nil
}

// extPlace is an extension's place in the account; -1 if it has none of the id.
func (x *index) extPlace(id ExtensionID) int {
	return placeOf(&x.extsByID, x.s.Extensions, func(e *Extension) string { return string(e.ID) }, string(id))
}

// byEmail finds the places of the extensions with an e-mail address.
func (x *index) byEmail(email string) []int {
	m := once(&x.extsByEmail, len(x.s.Extensions), func(m map[string][]int) {
		for i := range x.s.Extensions {
			if e := &x.s.Extensions[i]; e.Email != "" {
				m[fold(e.Email)] = append(m[fold(e.Email)], i)
			}
		}
	})
	return m[fold(email)]
}

// holderPlace is the place in the account of the extension that the i-th device
// is on; -1 if it is on none.
func (x *index) holderPlace(i int) int {
	if x.holders == nil {
		x.holders = make([]int32, len(x.s.Devices))
		for j := range x.s.Devices {
			x.holders[j] = -1
			if id := x.s.Devices[j].Extension; id != "" {
				x.holders[j] = int32(x.extPlace(id)) //nolint:gosec // an account has less than 2^31 extensions
			}
		}
	}
	return int(x.holders[i])
}

// device finds a device by its id; nil if none is known.
func (x *index) device(id DeviceID) *Device {
	if i := x.devicePlace(id); i >= 0 {
		return &x.s.Devices[i]
	}
	return nil
}

// devicePlace is a device's place in the account; -1 if it has none of the id.
func (x *index) devicePlace(id DeviceID) int {
	return placeOf(&x.devsByID, x.s.Devices, func(d *Device) string { return string(d.ID) }, string(id))
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
	return entry(&x.numsByText, x.s.Numbers, func(n *Number) string { return n.Number }, e164)
}

func (x *index) numberByID(id NumberID) *Number {
	return entry(&x.numsByID, x.s.Numbers, func(n *Number) string { return string(n.ID) }, string(id))
}

func (x *index) location(id LocationID) *Location {
	return entry(&x.locsByID, x.s.Locations, func(l *Location) string { return string(l.ID) }, string(id))
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

// placeKey remembers the keys of addresses: most accounts have few places and
// many phones at each.
func (x *index) placeKey(a Address) string {
	x.addressKey = a.appendKey(x.addressKey[:0])
	k, ok := x.placeKeys[string(x.addressKey)]
	if !ok {
		k = x.known.standFor(placeKey(a))
		if x.placeKeys == nil {
			x.placeKeys = map[string]string{}
		}
		remember(x.placeKeys, string(x.addressKey), k)
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
			called(m, c, string(c.ID), c.Name, c.Code)
		}
	})
	return meant(m, text)
}

// called notes what an object is called.
func called[T any](m map[string][]*T, v *T, id, name, code string) {
	m["id:"+id] = append(m["id:"+id], v)
	m["name:"+fold(name)] = append(m["name:"+fold(name)], v)
	if code != "" {
		m["code:"+fold(code)] = append(m["code:"+fold(code)], v)
	}
}

// meant are the objects that a text means: by id, else by name, else by code.
func meant[T any](m map[string][]*T, text string) []*T {
	for _, k := range []string{"id:" + text, "name:" + fold(text), "code:" + fold(text)} {
		if len(m[k]) > 0 {
			return m[k]
		}
	}
	return nil
}

// sites finds sites by id, else by name, else by code. It remembers the answer:
// many rows ask for few sites.
func (x *index) sites(text string) []*Site {
	found, ok := x.sitesByText[text]
	if !ok {
		if x.sitesByText == nil {
			x.sitesByText = map[string][]*Site{}
		}
		found = x.findSites(text)
		x.sitesByText[text] = found
	}
	return found
}

func (x *index) findSites(text string) []*Site {
	m := once(&x.sitesByName, len(x.s.Sites), func(m map[string][]*Site) {
		for i := range x.s.Sites {
			s := &x.s.Sites[i]
			called(m, s, string(s.ID), s.Name, s.Code)
		}
	})
	found := meant(m, text)
	if len(found) == 0 && sameName(text, string(MainSite)) {
		return []*Site{{ID: MainSite, Name: string(MainSite)}}
	}
	return found
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

func byDeviceID(a, b *Device) int { return CompareNumeric(a.ID, b.ID) }

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
