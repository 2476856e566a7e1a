package plan

import (
	"strconv"
	"strings"
)

// forReaders adds to the changes what people judge them by and nothing else
// needs: the site each happens at, and beside a new ERL the nearest one that
// is there already.
func forReaders(changes []Change, s *Snapshot) {
	sites := siteNames(s)
	at := map[Extension]*Extension{}
	shared := func(e Extension) *Extension {
		e.SiteName = sites[e.Site]
		if e == (Extension{}) {
			return nil
		}
		if at[e] == nil {
			at[e] = &e
		}
		return at[e]
	}
	var doors []nearDoor
	for i := range changes {
		c := &changes[i]
		switch {
		case c.On != nil:
			if c.On.SiteName == "" && sites[c.On.Site] != "" { // the account's is left as it is
				c.On = shared(*c.On)
			}
		case c.Stock() != nil:
			c.On = shared(Extension{Site: c.Stock().Site})
		case c.Location() != nil:
			c.On = shared(Extension{Site: c.Location().Site})
			if doors == nil {
				doors = nearDoors(s.Locations)
			}
			c.Location().Nearest = nearest(c.Location().Address, doors)
		case c.Before() != nil:
			c.On = shared(Extension{Site: c.Before().More().Site})
		}
	}
}

// siteNames are the names of the account's sites, by id. Where the sites were
// not read, as no row names one, extensions and locations tell the names of
// theirs.
func siteNames(s *Snapshot) map[SiteID]string {
	names := make(map[SiteID]string, len(s.Sites))
	note := func(id SiteID, name string) {
		if id != "" && name != "" {
			names[id] = name
		}
	}
	for i := range s.Locations {
		note(s.Locations[i].Site, s.Locations[i].SiteName)
	}
	for i := range s.Extensions {
		note(s.Extensions[i].Site, s.Extensions[i].SiteName)
	}
	for i := range s.Sites {
		note(s.Sites[i].ID, s.Sites[i].Name)
	}
	return names
}

// nearDoor is an ERL that may stand beside a new one.
type nearDoor struct {
	at *Location
	door
	house int // its house number's digits; -1: none
}

func nearDoors(all []Location) []nearDoor {
	out := []nearDoor{}
	for i := range all {
		l := &all[i]
		if l.Visibility == private || l.Address.Street == "" {
			continue
		}
		d := doorOf(l.Address)
		out = append(out, nearDoor{l, d, houseNumber(d.number)})
	}
	return out
}

// nearest is the company ERL whose address has most in common with a new
// one's, street before postcode before city, then the nearest house number,
// then the smaller id; nil where not even the city is the same.
func nearest(a Address, doors []nearDoor) *NearLocation {
	d := doorOf(a)
	house := houseNumber(d.number)
	var best *nearDoor
	least, gap := 0, 0
	for i := range doors {
		n := &doors[i]
		closeness := d.closeness(&n.door)
		apart := 0
		if house >= 0 && n.house >= 0 {
			apart = max(house-n.house, n.house-house)
		}
		if closeness > least || closeness == least && best != nil && apart < gap {
			best, least, gap = n, closeness, apart
		}
	}
	if best == nil {
		return nil
	}
	return &NearLocation{ID: best.at.ID, Name: best.at.Name, Address: best.at.Address, AddressStatus: best.at.AddressStatus}
}

// closeness weighs what two addresses have in common; 0: nothing that counts.
func (d *door) closeness(o *door) int {
	if d.country != o.country || d.state != o.state {
		return 0
	}
	n := 0
	if d.city == o.city && d.city != "" {
		n += 2
	}
	if d.zip == o.zip && d.zip != "" {
		n += 3
	}
	if n == 0 {
		return 0
	}
	if d.street == o.street && d.street != "" {
		n += 6
		if d.number == o.number && d.number != "" {
			n += 4
		}
	}
	return n
}

// houseNumber is the number that a house number begins with; -1 where it does
// not begin with one.
func houseNumber(text string) int {
	digits := text
	if i := strings.IndexFunc(text, func(r rune) bool { return r < '0' || r > '9' }); i >= 0 {
		digits = text[:i]
	}
	n, err := strconv.Atoi(digits)
	if err != nil {
		return -1
	}
	return n
}
