package inbox_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"provision/cmd/provision/exitcode"

	"provision/cmd/provision/inbox"
)

// Watch that is told to stop ends with what stays at that moment: of a sheet that is over somebody was told.
func TestWatchEndsWithWhatStays(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		sheets []string
		down   string // why the second sheet stays
		code   exitcode.Code
		stay   int
	}{
		"nothing came":          {code: 0},
		"a sheet was held":      {sheets: []string{"guard.csv"}, code: 0},
		"and one stays":         {sheets: []string{"guard.csv", "part.csv"}, down: "the network", code: 1, stay: 1},
		"one left something":    {sheets: []string{"part.csv"}, code: 0},
		"what is no sheet came": {sheets: []string{"notes.txt", "guard.csv"}, code: 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMachine(t.TempDir(), t.TempDir())
			for _, s := range c.sheets {
				put(t, filepath.Join(m.dir, s), s)
			}
			over, rounds := 0, 0
			b := inbox.New(inbox.Options{
				Dir: m.dir, Carrier: m, Files: m, Interval: time.Second,
				Now:   func() time.Time { m.now = m.now.Add(time.Second); return m.now },
				Sleep: func(context.Context, time.Duration) error { rounds++; return nil },
				// It is told to stop while it works on the last sheet, or tries one for the third time.
				Stopped: func() bool { return over >= len(c.sheets) && c.stay == 0 && rounds > 0 || rounds == 3 },
				Told: func(e inbox.Event) {
					if e.Kind != inbox.Started && e.Kind != inbox.AddressPending {
						over++
						m.down = c.down
						rounds = max(rounds, 1)
					}
				},
			})
			out, err := b.Watch(t.Context())
			if err != nil || out.ExitCode != c.code || out.Places[inbox.Stay] != c.stay {
				t.Errorf("got code %d and %v (%v), want code %d and %d that stay", out.ExitCode, out.Places, err, c.code, c.stay)
			}
		})
	}
}
