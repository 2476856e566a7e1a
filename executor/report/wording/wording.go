package wording

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"

	"provision/plan"
)

// Clean makes a text of the sheet or of the account safe to show: characters
// that steer a terminal or turn the direction of writing become a mark. So does
// what joins emoji, which table.Clean keeps: whoever says yes to a plan sees
// all that stands there.
func Clean(t string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r' || r == '\t':
			return ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029':
			return unicode.ReplacementChar
		}
		return r
	}, t)
}

// Stamp is a time in UTC as RFC 3339; none is the empty text.
func Stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// Thousands renders a number with a comma at every third digit.
func Thousands(n int) string {
	digits := strconv.Itoa(n)
	sign := ""
	if n < 0 {
		sign, digits = "-", digits[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return sign + digits
}

// Count renders a number and its noun: "1 phone", "2 phones".
func Count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return Thousands(n) + " " + noun + "s"
}

// Lasting renders seconds for people: "40 s", "1 min 10 s", "2 h 5 min".
func Lasting(seconds int) string {
	switch {
	case seconds < 60:
		return strconv.Itoa(seconds) + " s"
	case seconds < 3600:
		return fmt.Sprintf("%d min %d s", seconds/60, seconds%60)
	}
	return fmt.Sprintf("%d h %d min", seconds/3600, seconds%3600/60)
}

// About renders a time that is foretold: rounded to what is less than its
// twentieth, as more was never sure, and at least a second.
func About(seconds float64) string {
	step := 1.0
	for _, s := range []float64{2, 5, 10, 30, 60, 300} {
		if s <= seconds/25 {
			step = s
		}
	}
	return Lasting(int(max(1, math.Round(seconds/step)*step)))
}

// Words joins what is not empty.
func Words(sep string, parts ...string) string {
	kept := parts[:0:0]
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, sep)
}

// OneLine is an address on one line.
func OneLine(a plan.Address) string {
	return Words(", ", a.Street, a.Street2, a.City, Words(" ", a.State, a.Zip), a.Country)
}

// Quoted puts a text between quotation marks; an empty one stays empty.
func Quoted(t string) string {
	if t == "" {
		return ""
	}
	return `"` + t + `"`
}

// YesNo is yes or no.
func YesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
