package retain

import (
	"fmt"
	"time"
)

// Policy says how long what is kept.
type Policy struct {
	// Keep is the age above which runs are removed; zero: never.
	Keep Age
	// RedactAfter is the age above which runs lose their personal data; zero:
	// never.
	RedactAfter Age
}

// Candidate is a run that a policy is asked about.
type Candidate struct {
	Run
	// Ended is when the run ended, by its journal; for a sealed run when the
	// index says that it was closed. Zero if nobody knows.
	Ended time.Time
	// Left is why the run is left alone whatever its age: it is open, or can't
	// be read. Empty for a run that is closed.
	Left string
	// Sealed runs can be removed, and not redacted: nobody can read them here.
	Sealed bool
	// Redacted runs have nothing to be redacted any more.
	Redacted bool
	// Unclean is a redacted run of which some of the old files are still there.
	Unclean bool
}

// Action is what is done about a run.
type Action string

// The actions.
const (
	Leave  Action = "left"
	Remove Action = "removed"
	Redact Action = "redacted"
)

// Decision is what a policy says about one run.
type Decision struct {
	Action Action
	Why    string
}

// Decide says what becomes of a run.
func (p Policy) Decide(c Candidate, now time.Time) Decision {
	age := now.Sub(c.Ended)
	switch {
	case c.Left != "":
		return Decision{Leave, c.Left}
	case c.Unclean && c.Ended.IsZero():
		return Decision{Redact, "begun before and not finished"}
	case c.Ended.IsZero():
		return Decision{Leave, "nobody knows when it ended"}
	case p.Keep > 0 && age > time.Duration(p.Keep):
		return Decision{Remove, "ended " + date(c.Ended)}
	case c.Unclean:
		return Decision{Redact, "begun before and not finished"}
	case p.RedactAfter == 0 || age <= time.Duration(p.RedactAfter):
		return Decision{Leave, "young: ended " + date(c.Ended)}
	case c.Redacted:
		return Decision{Leave, "redacted already; ended " + date(c.Ended)}
	case c.Sealed:
		return Decision{Leave, "sealed, so it can't be redacted; ended " + date(c.Ended)}
	}
	return Decision{Redact, "ended " + date(c.Ended)}
}

// Check refuses a policy that does nothing, or whose halves fight each other.
func (p Policy) Check() error {
	switch {
	case p.Keep == 0 && p.RedactAfter == 0:
		return fmt.Errorf("say how long runs are kept: --keep 90d, --redact-after 30d, or both")
	case p.Keep > 0 && p.RedactAfter >= p.Keep:
		return fmt.Errorf("--redact-after %s is no less than --keep %s: no run would ever be redacted", p.RedactAfter.String(), p.Keep.String())
	}
	return nil
}

func date(t time.Time) string { return t.UTC().Format(time.DateOnly) }
