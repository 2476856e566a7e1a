package executor

import (
	"fmt"
	"strings"
	"testing"

	"provision/rcclient/rcsim"
)

// Each kind of fault by itself upon each shape of change, two of a kind: what
// chance would rarely bring together. A tenth under the race detector.
func TestEachFaultOnEachChange(t *testing.T) {
	t.Parallel()
	n := 0
	for f, shape := range faultShapes() {
		for _, part := range sceneParts() {
			if n++; n%raceFactor != 0 {
				continue
			}
			seed := uint64(n)
			t.Run(fmt.Sprintf("%s %s %s %d, %s", shape.rule.Kind, shape.rule.When, shape.rule.Edit, f, part.name), func(t *testing.T) {
				t.Parallel()
				s := newScene(f%3 > 0 || part.name == "location", f%4 > 0)
				s.put(part)
				s.put(part)
				s.finish()
				c := &sweepCase{scene: s, faults: rcsim.Faults{Seed: seed, Rules: []rcsim.FaultRule{shape.rule}}}
				c.faults.Rules[0].On, c.faults.Rules[0].Times = shape.on[0], 2
				if problems := c.problems(t, &totals{}); len(problems) > 0 {
					t.Errorf("%s%s", c.text(), strings.Join(problems, "\n"))
				}
			})
		}
	}
}
