package report

import (
	"time"

	"provision/executor/report/review"
	"provision/executor/report/wording"
	"provision/plan"
)

// The short names of what package wording offers.

func clean(t string) string                    { return wording.Clean(t) }
func thousands(n int) string                   { return wording.Thousands(n) }
func count(n int, noun string) string          { return wording.Count(n, noun) }
func words(sep string, parts ...string) string { return wording.Words(sep, parts...) }
func quoted(t string) string                   { return wording.Quoted(t) }
func stamp(t time.Time) string                 { return wording.Stamp(t) }

// onlySheet is what the cells of the only sheet begin with; empty where there
// are several sheets.
func onlySheet(sheets []plan.SheetInfo) string { return review.OnlySheet(sheets) }
