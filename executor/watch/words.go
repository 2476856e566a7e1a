package watch

import (
	"fmt"
	"strings"
	"time"
)

// Words says a status in one line, for people and for logs.
func (s Status) Words() string {
	text := fmt.Sprintf("%d done, %d failed, %d left", s.Done, s.Failed, s.Changes-s.Done-s.Failed)
	if s.InDoubt > 0 {
		text += fmt.Sprintf(" (%d in doubt)", s.InDoubt)
	}
	for _, g := range s.Groups {
		if g.Changes > 0 && g.Allowed > 0 {
			text += fmt.Sprintf("; %s %d/%d, rate %d of %d in %s", g.Name, g.Done+g.Failed, g.Changes, g.Used, g.Allowed, seconds(g.WindowSeconds))
		}
	}
	if waits := s.WaitWords(); waits != "" {
		text += "; " + waits
	}
	if s.ETASeconds > 0 && s.State == StateWorking {
		text += "; about " + seconds(s.ETASeconds) + " to go"
	}
	return text
}

// WaitWords says what a run waits for; empty if for nothing.
func (s Status) WaitWords() string {
	var parts []string
	for _, w := range s.Waits {
		parts = append(parts, w.words())
	}
	return strings.Join(parts, ", ")
}

func (w Wait) words() string {
	span := ""
	if w.Seconds > 0 {
		span = " for " + seconds(w.Seconds)
	}
	switch w.Reason {
	case "paused":
		return "paused"
	case "limit":
		return "the " + w.Group + " group waits" + span + " for its limit"
	case "penalty":
		return "the service asks the " + w.Group + " group to wait" + span
	case "trouble":
		return "the " + w.Group + " group rests" + span + ", as its calls failed"
	case "settling":
		return fmt.Sprintf("%d in doubt, settled within %s", w.Changes, seconds(w.Seconds))
	case "addresses":
		return fmt.Sprintf("%d emergency addresses awaited", w.Changes)
	}
	return w.Reason + span
}

func seconds(s float64) string {
	return time.Duration(s * float64(time.Second)).Round(time.Second).String()
}
