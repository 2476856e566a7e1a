package plan

import "testing"

func TestSamePlace(t *testing.T) {
	t.Parallel()
	base := Address{Street: "12-14 Main St.", Street2: "Suite 5", City: "San José", State: "CA", Zip: "95110", Country: "US"}
	with := func(f func(*Address)) Address { a := base; f(&a); return a }
	for name, c := range map[string]struct {
		other Address
		want  bool
	}{
		"itself":                  {base, true},
		"case and spaces":         {with(func(a *Address) { a.Street, a.City = "12-14  MAIN st", " san josé" }), true},
		"punctuation":             {with(func(a *Address) { a.Street2 = "Suite #5" }), true},
		"unit in the street":      {with(func(a *Address) { a.Street, a.Street2 = "12-14 Main St, Suite 5", "" }), true},
		"names of state, country": {with(func(a *Address) { a.State, a.Country = "california", "United States" }), true},
		"customer":                {with(func(a *Address) { a.CustomerName = "ACME" }), true},
		"house number":            {with(func(a *Address) { a.Street = "1214 Main St" }), false},
		"unit":                    {with(func(a *Address) { a.Street2 = "Suite 6" }), false},
		"no unit":                 {with(func(a *Address) { a.Street2 = "" }), false},
		"abbreviation":            {with(func(a *Address) { a.Street = "12-14 Main Street" }), true},
		"postcode":                {with(func(a *Address) { a.Zip = "95111" }), false},
		"longer postcode":         {with(func(a *Address) { a.Zip = "95110-0001" }), true},
		"state":                   {with(func(a *Address) { a.State = "NV" }), false},
		"no state":                {with(func(a *Address) { a.State = "" }), false},
		"country":                 {with(func(a *Address) { a.Country = "MX" }), false},
		"no street":               {with(func(a *Address) { a.Street = "" }), false},
	} {
		if got := SamePlace(base, c.other); got != c.want {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
		if got := SamePlace(c.other, base); got != c.want {
			t.Errorf("%s, turned round: got %v, want %v", name, got, c.want)
		}
	}
	if SamePlace(Address{}, Address{}) {
		t.Error("two empty addresses are a place")
	}
	de := Address{Street: "Allee 1", City: "Berlin", Zip: "10115", Country: "DE"}
	withState := de
	withState.State, withState.Country = "Berlin", "Germany"
	if !SamePlace(de, withState) {
		t.Error("a state that the country does not need makes another place")
	}
}

func TestCanonical(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"usa": "US", "United Kingdom": "GB", "UK": "GB", " Canada ": "CA", "DE": "DE", "Atlantis": "Atlantis", "": ""} {
		if got := CanonicalCountry(in); got != want {
			t.Errorf("CanonicalCountry(%q): got %q, want %q", in, got, want)
		}
	}
	for _, c := range [][3]string{{"US", "california", "CA"}, {"US", "ca", "CA"}, {"US", "US-CA", "CA"}, {"United States", "New  York", "NY"}, {"CA", "Québec", "QC"}, {"GB", "Scotland", "SCT"}, {"US", "Nowhere", "NOWHERE"}, {"DE", "Berlin", "BERLIN"}, {"US", "", ""}} {
		if got := CanonicalState(c[0], c[1]); got != c[2] {
			t.Errorf("CanonicalState(%q, %q): got %q, want %q", c[0], c[1], got, c[2])
		}
	}
	if got, want := (Address{Street: "1 A St", City: "B", State: "CA", Zip: "9", Country: "US"}).Line(), "1 A St, B, CA 9, US"; got != want {
		t.Errorf("Line: got %q, want %q", got, want)
	}
}

func TestCompareNumeric(t *testing.T) {
	t.Parallel()
	order := []string{"01", "1", "9", "10", "101", "0102", "", "1a", "a", "b10", "b9"}
	for i, x := range order {
		for j, y := range order {
			got, want := CompareNumeric(x, y), 0
			if i < j {
				want = -1
			} else if i > j {
				want = 1
			}
			if got != want {
				t.Errorf("CompareNumeric(%q, %q): got %d, want %d", x, y, got, want)
			}
		}
	}
}
