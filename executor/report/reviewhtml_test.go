package report_test

import (
	"bytes"
	"io"
	"os"
	"strings"
	"testing"

	"provision/executor/report"
	"provision/executor/report/review"
	"provision/plan"
)

func sampleReview() *review.Review {
	p := samplePlan()
	p.Digest = "5f0e"
	return review.Of(p, review.Options{Breaches: sampleBreaches(), Path: "out/plan.json"})
}

func planHTML(t *testing.T, r *review.Review) []byte {
	t.Helper()
	return written(t, func(w io.Writer) error { return report.WritePlanHTML(w, r) })
}

func TestWritePlanHTML(t *testing.T) {
	t.Parallel()
	got := planHTML(t, sampleReview())
	_, body, _ := bytes.Cut(got, []byte("<body>"))
	body, _, _ = bytes.Cut(body, []byte("<script>"))
	golden(t, "plan.body.html", body)
	if path := os.Getenv("PROVISION_PAGE"); path != "" {
		_ = os.WriteFile(path, got, 0o600)
	}
	_ = planHTML(t, review.Of(&plan.Plan{}, review.Options{}))
}

// A tile of one is of one: "1 swap" and not "1 swaps".
func TestTilesOfOne(t *testing.T) {
	t.Parallel()
	p := &plan.Plan{Changes: []plan.Change{{Kind: plan.KindSwap, On: &plan.Extension{Number: "101"}, Effect: &plan.SwapDevice{Source: plan.DeviceRef{ID: "1"}, Target: plan.DeviceRef{ID: "2"}}}}}
	got := string(planHTML(t, planView(p, nil).Review))
	for _, want := range []string{"<strong>1</strong><span>change</span>", "<strong>1</strong><span>person affected</span>", "<strong>1</strong><span>swap</span>"} {
		if !strings.Contains(got, want) {
			t.Errorf("the page has no %q", want)
		}
	}
	p.Changes = append(p.Changes, p.Changes[0])
	p.Changes[1].On = &plan.Extension{Number: "102"}
	got = string(planHTML(t, planView(p, nil).Review))
	for _, want := range []string{"<strong>2</strong><span>changes</span>", "<strong>2</strong><span>people affected</span>", "<strong>2</strong><span>swaps</span>"} {
		if !strings.Contains(got, want) {
			t.Errorf("the page has no %q", want)
		}
	}
}

// Whoever approves sees which guards were moved from their defaults, and from where.
func TestPageNamesGuardsThatWereSet(t *testing.T) {
	t.Parallel()
	p := &plan.Plan{Changes: []plan.Change{{Kind: plan.KindRemove, On: &plan.Extension{Number: "101"}, Effect: &plan.RemoveLine{Device: "1", KeepAssets: true}}}, LeftWithout: []plan.PersonRef{{Extension: "101"}}}
	p.Options.Guards.LeaveWithoutPhone = 2
	page := func() string {
		return string(planHTML(t, review.Of(p, review.Options{Breaches: p.CheckGuards(p.Options.Guards)})))
	}
	got := page()
	for _, want := range []string{"<td>set to 2; the default is 0</td>", "all 8 of them; 1 is not at its default"} {
		if !strings.Contains(got, want) {
			t.Errorf("the page has no %q", want)
		}
	}
	p.Options.Guards = plan.DefaultGuards()
	if got = page(); strings.Contains(got, "the default is") || !strings.Contains(got, "refuses") {
		t.Error("a page of the defaults says that a guard was set, or that none refuses")
	}
}
