package plan

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMayBeRespelled(t *testing.T) {
	t.Parallel()
	base := "12 N Main St|Suite 5|Oakland|CA|94607|US"
	for _, c := range []struct {
		asked, stored string
		want          bool
		why           string
	}{
		{base, "12 North Main Avenue|Ste 5|Berkeley|CA|94607-1234|US", true, "suffix and city corrected"},
		{base, "12 Broadway|Suite 5|Oakland|CA|94607|US", true, "another name of the street"},
		{base, "12 Main St|Suite 5|Oakland|CA|94607|US", true, "direction dropped"},
		{base, "12 N Main St|#5|Oakland|CA|94607|US", true, "kind of unit dropped"},
		{"12 N Main St|#5|Oakland|CA|94607|US", base, true, "kind of unit found out"},
		{base, "12 S Main St|Suite 5|Oakland|CA|94607|US", false, "another direction"},
		{base, "14 N Main St|Suite 5|Oakland|CA|94607|US", false, "house number"},
		{base, "12A N Main St|Suite 5|Oakland|CA|94607|US", false, "house number"},
		{base, "12 N Main St|Suite 6|Oakland|CA|94607|US", false, "unit"},
		{base, "12 N Main St|Apt 5|Oakland|CA|94607|US", false, "kind of unit"},
		{base, "12 N Main St||Oakland|CA|94607|US", false, "no unit"},
		{base, "12 N Main St|Floor 2, Suite 5|Oakland|CA|94607|US", false, "a floor more"},
		{base, "12 N Main St|Suite 5|Oakland|CA|94608|US", false, "postcode"},
		{base, "12 N Main St|Suite 5|Oakland||94607|US", false, "state"},
		{base, "12 N Main St|Suite 5|Oakland|CA|94607|CA", false, "country"},
		{base, "12 N Main St|Suite 5|Oakland|CA||US", false, "no postcode"},
		{"Main St||Oakland|CA|94607|US", "Elm St||Oakland|CA|94607|US", false, "no house number"},
		{"1 Main St|Acme House|Oakland|CA|94607|US", "1 Main St|Apex House|Oakland|CA|94607|US", false, "another building"},
		{"||Oakland|CA|94607|US", "||Oakland|CA|94607|US", false, "no street"},
		{"Goethestr. 5||Berlin||10115|DE", "Goethe-Straße 5||Berlin|Berlin|10115|DE", true, "number behind the name"},
		{"Goethestr. 5||Berlin||10115|DE", "Goethe-Straße 15||Berlin||10115|DE", false, "number behind the name"},
	} {
		if got := MayBeRespelled(packed(t, c.asked), packed(t, c.stored)); got != c.want {
			t.Errorf("%s: %q as %q: got %v, want %v", c.why, c.asked, c.stored, got, c.want)
		}
	}
	for _, p := range placePairs(t) {
		if p.same && p.a.Street != "" && !MayBeRespelled(p.a, p.b) {
			t.Errorf("%q and %q are one place, but no respelling", p.a.Line(), p.b.Line())
		}
	}
}

func TestKnownPlacesPlan(t *testing.T) {
	t.Parallel()
	main := Address{Street: "1 Main St", City: "Oakland", State: "CA", Zip: "94607", Country: "US"}
	with := func(f func(*Address)) Address { a := main; f(&a); return a }
	wharf := with(func(a *Address) { a.Street, a.City = "1 Wharf Rd", "Emeryville" })
	north := with(func(a *Address) { a.Street = "1 N Main St" })
	south := with(func(a *Address) { a.Street = "1 S Main St" })
	next := with(func(a *Address) { a.Street = "2 Wharf Rd" })
	for name, c := range map[string]struct {
		known []KnownPlace
		row   Address
		met   bool
		kept  int
	}{
		"without":                   {nil, wharf, false, 0},
		"known":                     {[]KnownPlace{{wharf, main}}, wharf, true, 1},
		"known in other letters":    {[]KnownPlace{{wharf, main}}, with(func(a *Address) { a.Street, a.City = "1 WHARF ROAD", "emeryville" }), true, 1},
		"over another":              {[]KnownPlace{{wharf, next}, {wharf, north}, {north, main}}, wharf, true, 2},
		"that can't be a spelling":  {[]KnownPlace{{next, main}}, next, false, 0},
		"that has no bearing on it": {[]KnownPlace{{with(func(a *Address) { a.Street = "7 X St" }), with(func(a *Address) { a.Street = "7 Y St" })}}, main, true, 0},
		"two directions":            {[]KnownPlace{{north, main}, {main, south}}, south, false, 1},
	} {
		for _, erl := range []bool{false, true} {
			a := c.row
			row := "extension=101; address=" + strings.Join([]string{a.Street, a.Street2, a.City, a.State, a.Zip, a.Country}, "|")
			p, err := Build(sheetOf(t, row), testAccount(erl), Options{Now: testTime, KnownPlaces: c.known})
			if err != nil {
				t.Fatal(err)
			}
			if met := len(p.Changes) == 0 && len(p.Errors) == 0; met != c.met || len(p.Options.KnownPlaces) != c.kept {
				t.Errorf("%s, ERLs %v: met %v, %d known places in the plan; want %v, %d\n%s", name, erl, met, len(p.Options.KnownPlaces), c.met, c.kept, p)
			}
			again, err := Build(sheetOf(t, row), testAccount(erl), Options{Now: testTime, KnownPlaces: p.Options.KnownPlaces})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(encoded(t, p), encoded(t, again)); diff != "" {
				t.Errorf("%s: the plan's own known places make another plan:\n%s", name, diff)
			}
		}
	}
}

func encoded(t *testing.T, p *Plan) string {
	t.Helper()
	b, err := Encode(p)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Decode(b); err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestLearned(t *testing.T) {
	t.Parallel()
	stored := hq
	stored.Street, stored.CustomerName = "1 Wharf Rd", "ACME"
	bare := stored
	bare.CustomerName = ""
	other := hq
	other.Street = "2 Main St"
	update := func(before *Emergency) Change {
		return Change{Effect: &UpdateDevice{Emergency: &EmergencyTarget{Address: &hq, Place: hq}}, Precondition: &Precondition{Emergency: before}}
	}
	for name, c := range map[string]struct {
		change Change
		stored Address
		want   bool
	}{
		"update":                  {update(&Emergency{Address: lab}), stored, true},
		"add":                     {Change{Effect: &AddLine{Emergency: &EmergencyTarget{Address: &hq}}}, stored, true},
		"location":                {Change{Effect: &NewLocation{Address: hq}}, stored, true},
		"as asked":                {update(nil), hq, false},
		"another door":            {update(nil), other, false},
		"there before":            {update(&Emergency{Address: stored}), stored, false},
		"assigned location":       {Change{Effect: &UpdateDevice{Emergency: &EmergencyTarget{Location: &LocationRef{ID: "L1"}}}}, stored, false},
		"nothing to do with them": {Change{Kind: KindRemove}, stored, false},
	} {
		got, ok := c.change.Learned(c.stored)
		if ok != c.want || ok && got != (KnownPlace{Asked: hq, Stored: bare}) {
			t.Errorf("%s: got %v %+v, want %v", name, ok, got, c.want)
		}
	}
	newer := bare
	newer.Street = "1 Quay Rd"
	shout := hq
	shout.Street = "1 MAIN STREET"
	merged := MergeKnownPlaces([]KnownPlace{{hq, bare}, {lab, hq}}, []KnownPlace{{shout, newer}})
	if diff := cmp.Diff([]KnownPlace{{shout, newer}, {lab, hq}}, merged); diff != "" {
		t.Errorf("merged (-want +got):\n%s", diff)
	}
}
