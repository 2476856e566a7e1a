package executor

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"provision/executor/journal"
)

// off is by how much the wall clock of the process is off that works now.
func (s *sweep) off() time.Duration {
	if len(s.clock) == 0 {
		return 0
	}
	return s.clock[min(max(s.runs, 1), len(s.clock))-1]
}

// wrongClock is a journal of a process whose wall clock is off: all times that
// it keeps are. The process's own waits go by the monotonic clock, which no
// setting of the wall clock moves.
type wrongClock struct {
	j   *journal.Journal
	off time.Duration
}

func (w wrongClock) Append(records ...journal.Record) error {
	shifted := make([]journal.Record, len(records))
	for i, rec := range records {
		if !rec.Time.IsZero() {
			rec.Time = rec.Time.Add(w.off)
		}
		if rec.Outcome != nil {
			out := *rec.Outcome
			if !out.Ended.IsZero() {
				out.Ended = out.Ended.Add(w.off)
			}
			if !out.Started.IsZero() {
				out.Started = out.Started.Add(w.off)
			}
			rec.Outcome = &out
		}
		shifted[i] = rec
	}
	return w.j.Append(shifted...)
}

// The wall clock is put forward or back by hours between one process and the
// next. The call of the first takes effect a minute late: whoever believes the
// clock sends it again.
func TestClockSetBetweenProcesses(t *testing.T) {
	t.Parallel()
	const late = `{"seed":1,"rules":[{"on":"writes","kind":"late","drop":true,"seconds":60,"calls":[1]}]}`
	second := time.Second
	for name, deaths := range map[string][]death{
		"dead before the end of the call":  {{After: 800 * time.Millisecond}},
		"dead after the giving up":         {{After: 5 * second}},
		"dead twice":                       {{After: 800 * time.Millisecond}, {After: 2 * second}},
		"dead twice, after the giving up":  {{After: 5 * second}, {After: 2 * second}},
		"dead long after, before the look": {{After: 50 * second}},
	} {
		for _, clock := range [][]time.Duration{{-3 * time.Hour, 0}, {3 * time.Hour, 0}, {0, -3 * time.Hour, 0}, {0, 3 * time.Hour, 0}, {0, 3 * time.Hour, -3 * time.Hour}} {
			for _, part := range []string{"add", "add number", "move", "release", "swap stocked", "stock", "unstock", "update", "location", "swap pair"} {
				t.Run(fmt.Sprint(name, ", ", part, " ", clock), func(t *testing.T) {
					t.Parallel()
					c := caseOf(t, true, true, part, late, deaths...)
					c.clock = clock
					if problems := c.problems(t, &totals{}); len(problems) > 0 {
						t.Errorf("%s%s", c.text(), strings.Join(problems, "\n"))
					}
				})
			}
		}
	}
}
