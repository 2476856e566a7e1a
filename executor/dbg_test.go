package executor

import (
	"testing"
	"time"

	"provision/executor/journal"
	"provision/rcclient/rcsim"
)

func TestDbg(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a, b := everything(true)
		w := newWorld(t, a, rcsim.Options{Latency: 300 * time.Millisecond, FullContract: true})
		w.hook = func(s rcsim.Stage, c rcsim.HookCall) *rcsim.Interruption {
			if s == rcsim.BeforeEffect {
				t.Logf("%s %s %s", time.Now().Format("04:05.000"), c.Operation, c.Path)
			}
			return nil
		}
		_, _ = w.run(&b.p, Options{})
		recs, _ := journal.ReadFS(w.fs, journalName)
		for _, r := range recs {
			if r.Intent != nil {
				t.Logf("%s intent %v %d", r.Time.Format("04:05.000"), r.Changes, r.Intent.Attempt)
			} else if r.Outcome != nil {
				t.Logf("%s outcome %v %s %s %s %s", r.Time.Format("04:05.000"), r.Changes, r.Outcome.Status, r.Outcome.Code, r.Outcome.Message, r.Outcome.Rule)
			}
		}
	})
}
