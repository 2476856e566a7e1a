package executor

import (
	"strings"
	"testing"

	"provision/executor/journal"
)

// A rotation that can't be finished says who holds what.
func TestHalfDoneRotation(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		parts, faults string
		id            string
		want          journal.Status
		text          string
	}{
		"stale": {"swap ring", `{"on":"replaceDevicesJWSPublic","kind":"admin","edit":"remove","when":"after","device":"d103","calls":[1]}`,
			"swap-102", journal.Stale, "; the rotation is half done, now extension 101 has d102, extension 102 has d101, extension id 103 has none"},
		"refused": {"swap ring", `{"on":"replaceDevicesJWSPublic","kind":"admin","edit":"remove","when":"before","device":"d103","keep_assets":false,"calls":[2]}`,
			"swap-102", journal.Failed, "; the rotation is half done, now extension 101 has d102, extension 102 has d101, extension id 103 has d103"},
		"not begun": {"swap ring", `{"on":"replaceDevicesJWSPublic","kind":"admin","edit":"remove","when":"before","device":"d101","calls":[1]}`,
			"swap-102", journal.Blocked, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := caseOf(t, true, true, tc.parts, `{"rules":[`+tc.faults+`]}`)
			bubble(t, func(t *testing.T) {
				s := newSweep(t, c)
				s.resume()
				out := s.state().Outcomes[tc.id]
				half := strings.Contains(out.Message, "half done")
				if out.Status != tc.want || !strings.HasSuffix(out.Message, tc.text) || half != (tc.text != "") {
					t.Errorf("got %s, %q; want %s, …%q", out.Status, out.Message, tc.want, tc.text)
				}
			})
		})
	}
}
