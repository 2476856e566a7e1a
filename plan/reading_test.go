package plan

import "testing"

func TestNearestLocation(t *testing.T) {
	t.Parallel()
	at := func(street, city, zip string) Address {
		return Address{Street: street, City: city, State: "CA", Zip: zip, Country: "US"}
	}
	all := []Location{
		{ID: "1", Name: "far", Address: at("10 Main St", "Fresno", "93650")},
		{ID: "2", Name: "same town", Address: at("9 Quay Rd", "Belmont", "94003")},
		{ID: "3", Name: "same postcode", Address: at("9 Quay Rd", "Belmont", "94002")},
		{ID: "4", Name: "same street, far end", Address: at("900 Main Street", "Belmont", "94002")},
		{ID: "5", Name: "same street", Address: at("110 Main Street", "Belmont", "94002")},
		{ID: "6", Name: "a person's own", Address: at("100 Main St", "Belmont", "94002"), Visibility: private},
	}
	for _, c := range []struct{ street, city, zip, want string }{
		{"100 Main St", "Belmont", "94002", "same street"},
		{"880 Main St", "Belmont", "94002", "same street, far end"},
		{"1 Oak Ave", "Belmont", "94002", "same postcode"},
		{"1 Oak Ave", "Belmont", "94003", "same town"},
		{"1 Oak Ave", "Oakland", "94607", ""},
	} {
		got := ""
		if n := nearest(at(c.street, c.city, c.zip), nearDoors(all)); n != nil {
			got = n.Name
		}
		if got != c.want {
			t.Errorf("nearest to %s, %s %s: got %q, want %q", c.street, c.city, c.zip, got, c.want)
		}
	}
}

func TestChangesSayTheirSite(t *testing.T) {
	t.Parallel()
	s := &Snapshot{Sites: []Site{{ID: "7", Name: "Oakland"}}, Extensions: []Extension{{Site: "9", SiteName: "Reno"}, {}}, Locations: []Location{{Site: "10", SiteName: "Salem"}}}
	changes := []Change{
		{On: &Extension{ID: "1", Site: "7"}}, {On: &Extension{ID: "2", SiteName: "Belmont"}}, {On: &Extension{ID: "3"}},
		{Effect: &StockSlots{Site: "7"}}, {Effect: &StockSlots{Site: "8"}}, {Effect: &DeleteDevice{}},
		// Sites are read only where a row names one; what is there tells theirs.
		{Effect: &DeleteDevice{}, Was: &Facts{Rare: &RareFacts{Site: "9"}}}, {Effect: &StockSlots{Site: "10"}},
	}
	account := *changes[0].On
	own := changes[0].On
	forReaders(changes, s)
	if *own != account {
		t.Errorf("the account's extension became %+v", *own)
	}
	for i, want := range []string{"Oakland", "Belmont", "", "Oakland", "8", "", "Reno", "Salem"} {
		if got := changes[i].Site(); got != want {
			t.Errorf("change %d: got site %q, want %q", i, got, want)
		}
	}
}
