package executor

import (
	"slices"
	"strings"
	"testing"
	"time"

	"provision/rcclient/rcsim"
)

// caseOf is a case of the sweep by hand: the parts of its plan, its fault plan
// and the deaths of its processes.
func caseOf(t *testing.T, erl, list bool, parts, faults string, deaths ...death) *sweepCase {
	t.Helper()
	s := newScene(erl, list)
	for name := range strings.SplitSeq(parts, ", ") {
		i := slices.IndexFunc(sceneParts(), func(p scenePart) bool { return p.name == name })
		if i < 0 {
			t.Fatalf("no part is called %q", name)
		}
		s.put(sceneParts()[i])
	}
	s.finish()
	c := &sweepCase{scene: s, deaths: deaths}
	if faults != "" {
		plan, err := rcsim.ParseFaults([]byte(faults))
		if err != nil {
			t.Fatal(err)
		}
		c.faults = *plan
	}
	return c
}

// What the sweep has found once, kept as it was.
func TestSweepFindings(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]*sweepCase{
		"a slot that was moved on before it was read back": caseOf(t, false, false, "add second, remove for number, update, stock and swap", `{"seed":3102,"rules":[]}`,
			death{Write: 7, Tail: tailTorn}, death{Write: 2, Stage: afterSync, Pause: 600 * time.Second}),
		"a removal told by a reading of the phone that was too early": caseOf(t, false, true, "swap pair, unstock, release", `{"seed":73,"rules":[
			{"on":"writes","kind":"drop","when":"after","times":1},
			{"on":"readDevice","kind":"lag"}]}`),
		"a call that left long after its intent, and took effect late": caseOf(t, true, true, "add", `{"seed":1,"rules":[
			{"on":"bulkAddDevicesV2","kind":"rate_limit","retry_after":60,"calls":[1]},
			{"on":"bulkAddDevicesV2","kind":"late","seconds":60,"calls":[2]}]}`,
			death{After: 62500 * time.Millisecond}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if problems := c.problems(t, &totals{}); len(problems) > 0 {
				t.Errorf("%s%s", c.text(), strings.Join(problems, "\n"))
			}
		})
	}
}
