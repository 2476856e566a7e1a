package executor

import (
	"context"
	"fmt"
	"testing"
	"time"

	"provision/executor/journal"
	"provision/rcclient/rcsim"
)

// A service that goes wrong for ever, in one way and at one operation or at all
// of them, always or half of the time: the process comes to an end.
func TestFaultsThatDoNotEnd(t *testing.T) {
	t.Parallel()
	n := 0
	for f, shape := range faultShapes() {
		for _, on := range shape.on {
			if n++; n%raceFactor != 0 {
				continue
			}
			rule := shape.rule
			often := []float64{1, 0.5}[n/raceFactor%2]
			rule.On, rule.Probability = on, &often
			t.Run(fmt.Sprintf("%d %s %s %s %v", f, rule.Kind, rule.When, on[0], often), func(t *testing.T) {
				t.Parallel()
				bubble(t, func(t *testing.T) {
					s := thirdOfParts(f)
					w := newWorld(t, s.account, rcsim.Options{Latency: 300 * time.Millisecond, Faults: &rcsim.Faults{Seed: uint64(f + 1), Rules: []rcsim.FaultRule{rule}}})
					s.b.p.SnapshotAt = time.Now()
					// Longer than a service may refuse every write.
					ctx, cancel := context.WithTimeout(t.Context(), 2*troubleLimit)
					defer cancel()
					_, err := w.process(func(e *Executor, st journal.State) (Summary, error) { return e.Run(ctx, &s.b.p, st) }, Options{})
					if ctx.Err() != nil {
						t.Errorf("it does not end: %v; open are %v", err, w.state().Open)
					}
				})
			})
		}
	}
}

// thirdOfParts is a scene of every third shape of change.
func thirdOfParts(from int) *scene {
	s := newScene(from%2 == 0, from%3 > 0)
	for i, part := range sceneParts() {
		if (i+from)%3 == 0 && (s.erl || part.name != "location") {
			s.put(part)
		}
	}
	s.finish()
	return s
}
