package plan

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const placesDoc = "../docs/places.md"

// examplesPerRule is how many pairs of each answer the document shows of a
// rule; the table has all.
const examplesPerRule = 9

// The examples in docs/places.md are lines of testdata/places.csv, which
// TestPlacePairs holds true; -update writes them anew.
func TestPlacesDoc(t *testing.T) {
	t.Parallel()
	had, err := os.ReadFile(placesDoc)
	if err != nil {
		t.Fatal(err)
	}
	pairs := placePairs(t)
	var want strings.Builder
	shown := map[string]bool{}
	skipping := false
	for line := range strings.Lines(string(had)) {
		rule, begins := strings.CutPrefix(strings.TrimSuffix(strings.TrimSpace(line), " -->"), "<!-- examples: ")
		if begins || strings.TrimSpace(line) == "<!-- end -->" {
			skipping = false
		}
		if !skipping {
			want.WriteString(line)
		}
		if begins {
			skipping, shown[rule] = true, true
			want.WriteString(examplesOf(rule, pairs))
		}
	}
	for _, p := range pairs {
		if !shown[p.rule] {
			t.Errorf("%s shows no examples of the rule %q", placesDoc, p.rule)
			shown[p.rule] = true
		}
	}
	if *update {
		if err := os.WriteFile(placesDoc, []byte(want.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want.String(), string(had)); diff != "" {
		t.Errorf("%s (-want +got; -update rewrites it):\n%s", placesDoc, diff)
	}
}

func examplesOf(rule string, pairs []placePair) string {
	var b strings.Builder
	b.WriteString("\n| one address | the other | same place? | because |\n| --- | --- | --- | --- |\n")
	n := map[bool]int{}
	reasons := map[string]bool{}
	for _, same := range []bool{true, false} {
		for _, p := range pairs {
			if p.rule != rule || p.same != same || n[same] == examplesPerRule || reasons[p.reason] {
				continue
			}
			n[same]++
			reasons[p.reason] = true
			answer := map[bool]string{true: "yes", false: "**no**"}[same]
			x, y := differing(p.a, p.b)
			fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", cellText(x), cellText(y), answer, p.reason)
		}
	}
	return b.String() + "\n"
}

// differing shows street and unit, and of the rest what differs.
func differing(a, b Address) (x, y string) {
	x, y = a.Street, b.Street
	if a.Street2+b.Street2 != "" {
		x, y = x+" / "+a.Street2, y+" / "+b.Street2
	}
	for _, p := range [][2]string{{a.City, b.City}, {a.State, b.State}, {a.Zip, b.Zip}, {a.Country, b.Country}} {
		if p[0] != p[1] {
			x, y = x+", "+p[0], y+", "+p[1]
		}
	}
	return x, y
}

// cellText keeps spaces visible in a cell of a table.
func cellText(s string) string {
	return "`" + strings.NewReplacer("|", "\\|", "\t", "⇥", "\u00a0", "␣").Replace(strings.TrimSuffix(strings.TrimSuffix(s, " "), " /")) + "`"
}
