package plan

import (
	"encoding/csv"
	"os"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"
)

// placePair is a line of testdata/places.csv: two addresses, whether they are
// one place, and why.
type placePair struct {
	same         bool
	rule, reason string
	a, b         Address
}

// placePairs reads the table. An address is "street|street2|city|state|zip|country".
func placePairs(t testing.TB) []placePair {
	t.Helper()
	f, err := os.Open("testdata/places.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // it was only read
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	pairs := make([]placePair, 0, len(records))
	for _, r := range records[1:] {
		if r[0] != "same" && r[0] != "other" || r[4] == "" {
			t.Fatalf("places.csv: %q is no pair", r)
		}
		pairs = append(pairs, placePair{same: r[0] == "same", rule: r[1], a: packed(t, r[2]), b: packed(t, r[3]), reason: r[4]})
	}
	return pairs
}

func packed(t testing.TB, text string) Address {
	t.Helper()
	p := strings.Split(text, "|")
	if len(p) != 6 {
		t.Fatalf("address %q has %d parts", text, len(p))
	}
	return Address{Street: p[0], Street2: p[1], City: p[2], State: p[3], Zip: p[4], Country: p[5]}
}

func TestPlacePairs(t *testing.T) {
	t.Parallel()
	pairs := placePairs(t)
	if len(pairs) < 500 {
		t.Errorf("%d pairs, want 500 or more", len(pairs))
	}
	for _, p := range pairs {
		for _, c := range [][2]Address{{p.a, p.b}, {p.b, p.a}} {
			if got := SamePlace(c[0], c[1]); got != p.same {
				t.Errorf("%s: same place %q and %q: got %v, want %v: %s\n  %s\n  %s", p.rule, c[0].Line(), c[1].Line(), got, p.same, p.reason, placeKey(c[0]), placeKey(c[1]))
			}
		}
	}
}

// What the table calls one place, directly or over others, it calls nowhere
// another place.
func TestPlaceTableAgreesWithItself(t *testing.T) {
	t.Parallel()
	pairs := placePairs(t)
	group := map[Address]Address{}
	find := func(a Address) Address {
		for {
			g, ok := group[a]
			if !ok || g == a {
				return a
			}
			a = g
		}
	}
	for _, p := range pairs {
		if p.same {
			group[find(p.a)] = find(p.b)
		}
	}
	for _, p := range pairs {
		if !p.same && find(p.a) == find(p.b) {
			t.Errorf("the table contradicts itself about %q and %q", p.a.Line(), p.b.Line())
		}
	}
}

// A place does not depend on case, on spaces or on where they stand.
func TestPlaceSurvivesTyping(t *testing.T) {
	t.Parallel()
	pairs := placePairs(t)
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SampledFrom(pairs).Draw(t, "pair")
		typed := p.a
		for _, part := range []*string{&typed.Street, &typed.Street2, &typed.City, &typed.State, &typed.Zip, &typed.Country} {
			*part = retype(t, *part)
		}
		if !SamePlace(p.a, typed) || SamePlace(typed, p.b) != p.same {
			t.Fatalf("%+v became another place as %+v:\n%s\n%s", p.a, typed, placeKey(p.a), placeKey(typed))
		}
	})
}

// retype changes case and doubles spaces.
func retype(t *rapid.T, s string) string {
	var b strings.Builder
	b.WriteString(rapid.SampledFrom([]string{"", " ", "  "}).Draw(t, "front"))
	for _, r := range s {
		switch rapid.IntRange(0, 2).Draw(t, "typed") {
		case 0:
			r = unicode.ToUpper(r)
		case 1:
			if r != 'ẞ' { // its small form has two capitals
				r = unicode.ToLower(r)
			}
		}
		b.WriteRune(r)
		if r == ' ' {
			b.WriteString(rapid.SampledFrom([]string{"", " ", "\u00a0"}).Draw(t, "space"))
		}
	}
	return b.String() + rapid.SampledFrom([]string{"", " "}).Draw(t, "end")
}

// Nothing that anyone types makes the reading of addresses fail, and it gives
// an equivalence: equal to itself, and to others the same either way round.
func FuzzSamePlace(f *testing.F) {
	for _, p := range placePairs(f) {
		f.Add(p.a.Street, p.a.Street2, p.b.Street, p.a.Country)
	}
	f.Fuzz(func(t *testing.T, street, street2, other, country string) {
		a := Address{Street: street, Street2: street2, City: other, State: street2, Zip: street, Country: country}
		b := Address{Street: other, Street2: street2, City: other, State: street2, Zip: street, Country: country}
		if street != "" && (!SamePlace(a, a) || !MayBeRespelled(a, a)) {
			t.Errorf("%+v is not the same place as itself", a)
		}
		if SamePlace(a, b) != SamePlace(b, a) || MayBeRespelled(a, b) != MayBeRespelled(b, a) {
			t.Errorf("%+v and %+v: not the same both ways round", a, b)
		}
		if SamePlace(a, b) && !MayBeRespelled(a, b) {
			t.Errorf("%+v and %+v: the same place can't be a respelling", a, b)
		}
	})
}
