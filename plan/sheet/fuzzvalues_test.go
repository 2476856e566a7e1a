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

func FuzzPostalCode(f *testing.F) {
	fuzzValue(f, func(t *testing.T, s string) {
		if zip, _, problem := parseZip(s, "MA"); problem == "" {
			if again, restored, p := parseZip(zip, "CA"); p != "" || restored || again != zip {
				t.Errorf("ZIP %q: got %q, then %q %s", s, zip, again, p)
			}
		}
		for _, country := range []string{"DE", "AU", "CA"} {
			zip, _ := foreignZip(s, country)
			if again, restored := foreignZip(zip, country); again != zip || restored {
				t.Errorf("postal code %q: got %q, then %q", s, zip, again)
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
		p := newPlaces()
		if c := p.country(s); c != "" && p.country(c) != c {
			t.Errorf("country %q: got %q, then %q", s, c, p.country(c))
		}
		for _, country := range []string{"US", "CA", "GB"} {
			if c := p.state(country, s); p.state(country, c) != c {
				t.Errorf("state %q of %s: got %q, then %q", s, country, c, p.state(country, c))
			}
		}
		isPOBox(s)
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
