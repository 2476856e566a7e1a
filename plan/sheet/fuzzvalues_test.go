package sheet

import (
	"slices"
	"strings"
	"testing"

	"provision/plan"
)

// fuzzValue gives any text to the parser of one kind of value. What it accepts
// has the form it promises, and reading it again changes nothing.
func fuzzValue(f *testing.F, try func(t *testing.T, s string), seeds ...string) {
	f.Helper()
	for _, s := range append(seeds, "", "101.0", "1.6502E+10", "\u200b\u00a07", "１０１", `="1"`, "'1", "#N/A", "\xff", "2026-01-02", "ß", "\u0130") {
		f.Add(s)
	}
	f.Fuzz(try)
}

// fuzzNormaliser is a normaliser of a row in which no column has a cell.
func fuzzNormaliser() *normaliser {
	n := newNormaliser(&plan.Desired{}, Options{Region: "US"}, plan.SheetInfo{File: "a.csv"}, 0)
	n.current, n.at = &plan.Row{At: plan.RowCell("a.csv", "", 2)}, &[columnCount]int{}
	for i := range n.at {
		n.at[i] = -1
	}
	return n
}

// stable reads s, and what came of it once more. Each value is either empty,
// and what was not blank is then told, or has the form that good looks for.
func stable(t *testing.T, s string, read func(n *normaliser, s string) string, good func(string) bool) {
	t.Helper()
	n := fuzzNormaliser()
	got := read(n, s)
	if got == "" {
		if clean, _ := cleanCode(s); clean != "" && len(n.desired.Errors) == 0 && strings.Trim(clean, `="' `) != "" {
			t.Errorf("%q: got nothing and no error", s)
		}
		return
	}
	if len(n.desired.Errors) > 0 || n.current.Invalid {
		t.Errorf("%q: got %q and %v", s, got, n.desired.Errors)
	}
	if !good(got) {
		t.Errorf("%q: got %q", s, got)
	}
	again := fuzzNormaliser()
	if twice := read(again, got); twice != got || len(again.desired.Errors) > 0 {
		t.Errorf("%q: got %q, then %q %v", s, got, twice, again.desired.Errors)
	}
}

func FuzzExtension(f *testing.F) {
	fuzzValue(f, func(t *testing.T, s string) {
		stable(t, s, func(n *normaliser, s string) string { return n.digits(colExtension, s, maxExtension).Text },
			func(v string) bool { return isDigits(v) && len(v) <= maxExtension })
		if digits, form := wholeDigits(s); form == wholeNumber && !isDigits(digits) {
			t.Errorf("number %q: got %q", s, digits)
		}
		if text := numberText(s); numberText(text) != text {
			t.Errorf("number %q: got %q, then %q", s, text, numberText(text))
		}
	}, "0101", "1,0", "1.01E+2")
}

func FuzzPhone(f *testing.F) {
	fuzzValue(f, func(t *testing.T, s string) {
		stable(t, s, func(n *normaliser, s string) string { return n.phone(colPhoneNumber, s).Text },
			func(v string) bool { return strings.HasPrefix(v, "+") && isDigits(v[1:]) })
	}, "+1 (650) 555-0100", "16505550100", "001 650 555 0100", "tel:+16505550100")
}

func FuzzMAC(f *testing.F) {
	fuzzValue(f, func(t *testing.T, s string) {
		stable(t, s, func(n *normaliser, s string) string { return n.serial(colSerial, s).Text },
			func(v string) bool { return len(v) == macDigits && strings.Trim(v, "0123456789abcdef") == "" })
	}, "00:0B:82:12:34:56", "12E345678901", "0:b:82:1:34:56", "000b.8212.3456", "1.2.3.4.5.6")
}

func FuzzEmail(f *testing.F) {
	fuzzValue(f, func(t *testing.T, s string) {
		stable(t, s, func(n *normaliser, s string) string { return n.email(s).Text },
			func(v string) bool { return strings.Contains(v, "@") })
	}, "ada@example.com", "Ada@Example.COM", "mailto:a@b.com", "a@b.com; c@d.com", "<a@b.com>", "a@")
}

func FuzzLocation(f *testing.F) {
	fuzzValue(f, func(t *testing.T, s string) {
		n := fuzzNormaliser()
		got := n.location(s).Text
		if again := fuzzNormaliser(); got != "" && again.location(got).Text != got {
			t.Errorf("%q: got %q, then %q", s, got, again.location(got).Text)
		}
	}, "HQ", "id:501", "keep", "ID: 501", "HQ: floor 2")
}

func FuzzAreaCode(f *testing.F) {
	fuzzValue(f, func(t *testing.T, s string) {
		stable(t, s, func(n *normaliser, s string) string { return n.areaCode(s).Text },
			func(v string) bool { return isDigits(v) && len(v) >= 2 && len(v) <= 4 && v[0] != '0' })
	}, "(650)", "065", "650.0", "6.5E+02", "()")
}

func FuzzID(f *testing.F) {
	fuzzValue(f, func(t *testing.T, s string) {
		stable(t, s, func(n *normaliser, s string) string { return n.id(colDeviceID, s).Text }, func(v string) bool { return v != "" })
	}, "801234567", "8.0123E+08", "801234567.0", "abc-1", "12345678901234567890")
}

func FuzzPostalCode(f *testing.F) {
	fuzzValue(f, func(t *testing.T, s string) {
		for _, place := range [][2]string{{"US", "MA"}, {"US", "CA"}, {"DE", ""}, {"AU", ""}, {"CA", "ON"}} {
			n := fuzzNormaliser()
			zip := n.zip(s, place[0], place[1])
			again := fuzzNormaliser()
			if twice := again.zip(zip, place[0], place[1]); twice != zip || zip != "" && len(again.desired.Errors) > 0 {
				t.Errorf("postal code %q of %v: got %q, then %q", s, place, zip, twice)
			}
		}
	}, "2134", "02134-1234", "021341234", "K1A 0B1", "1067")
}

func FuzzYesNo(f *testing.F) {
	fuzzValue(f, func(t *testing.T, s string) {
		for _, v := range []vocabulary{yesNo, tollTypes, deviceTypes, keepWords} {
			stable(t, s, func(n *normaliser, s string) string { return n.word(colNotes, s, v).Text },
				func(got string) bool { return v.words[foldWord(got)] == got })
		}
	}, "yes", "TRUE", "x", "1.0", "Toll-Free", "other phone", "number")
}

func FuzzQuantity(f *testing.F) {
	fuzzValue(f, func(t *testing.T, s string) {
		n := fuzzNormaliser()
		q, _ := n.quantity(s)
		if q < 0 || q > maxQuantity || q > 0 && len(n.desired.Errors) > 0 {
			t.Errorf("%q: got %d %v", s, q, n.desired.Errors)
		}
	}, "5", "10000", "10001", "-1", "0")
}

func FuzzAction(f *testing.F) {
	fuzzValue(f, func(t *testing.T, s string) {
		n := fuzzNormaliser()
		if a, _ := n.action(s); a != plan.ActionEnsure && !slices.Contains(actions, a) {
			t.Errorf("%q: got %q", s, a)
		}
	}, "Add", "swp", "remove")
}

func FuzzPlace(f *testing.F) {
	fuzzValue(f, func(t *testing.T, s string) {
		n := fuzzNormaliser()
		if c, known := n.country(s); known {
			again := fuzzNormaliser()
			if twice, ok := again.country(c); !ok || twice != c {
				t.Errorf("country %q: got %q, then %q", s, c, twice)
			}
		}
		part := n.part(colState, s, maxState)
		for _, country := range []string{"US", "CA", "GB"} {
			if c := n.places.state(country, part); n.places.state(country, c) != c {
				t.Errorf("state %q of %s: got %q, then %q", s, country, c, n.places.state(country, c))
			}
		}
		n.noBox(colStreet, part)
	}, "U.S.A.", "Germany", "N.Y.", "new york", "P.O. Box 1")
}

func FuzzReplacement(f *testing.F) {
	fuzzValue(f, func(t *testing.T, s string) {
		if r, _, problem := parseReplacement(s); problem == "" && r.Form == "" {
			t.Errorf("%q: got %+v", s, r)
		}
	}, "ext:5", "serial:000b82123456", "inventory@HQ", "new", "id:1")
}

func FuzzText(f *testing.F) {
	fuzzValue(f, func(t *testing.T, s string) {
		code, _ := cleanCode(s)
		if again, changed := cleanCode(code); again != code || changed {
			t.Errorf("clean %q: got %q, then %q", s, code, again)
		}
		isDateFormat(s)
	}, "\u201ca\u201d", "a\r\nb", "e\u0301")
}
