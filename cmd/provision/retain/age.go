package retain

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

const day = 24 * time.Hour

// Age is how old a run has to be for something, as "90d", "12w" or a duration
// of Go, as "36h"; zero if it was not given.
type Age time.Duration

// ParseAge reads an age; it is above zero.
func ParseAge(text string) (Age, error) {
	unit, number := time.Duration(0), text
	if n, ok := strings.CutSuffix(text, "d"); ok {
		unit, number = day, n
	} else if n, ok := strings.CutSuffix(text, "w"); ok {
		unit, number = 7*day, n
	}
	if unit > 0 {
		n, err := strconv.ParseUint(number, 10, 32)
		if err != nil || n == 0 || n > maxDays {
			return 0, badAge(text)
		}
		return Age(time.Duration(n) * unit), nil
	}
	d, err := time.ParseDuration(text)
	if err != nil || d <= 0 {
		return 0, badAge(text)
	}
	return Age(d), nil
}

// maxDays keeps a number of days, or of weeks, within a [time.Duration].
const maxDays = 10_000

func badAge(text string) error {
	return fmt.Errorf("%q is no age: want one above zero as 90d, 12w or 36h", text)
}

// Set reads the age from a flag.
func (a *Age) Set(text string) error {
	got, err := ParseAge(text)
	if err == nil {
		*a = got
	}
	return err
}

// String is the age in days where it is a number of days.
func (a *Age) String() string {
	switch d := time.Duration(*a); {
	case d == 0:
		return ""
	case d%day == 0:
		return fmt.Sprintf("%dd", d/day)
	default:
		return d.String()
	}
}

// Type names the value in help texts.
func (*Age) Type() string { return "age" }
