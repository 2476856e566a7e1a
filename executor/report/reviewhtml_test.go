package report_test

import (
	"bytes"
	"io"
	"os"
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
