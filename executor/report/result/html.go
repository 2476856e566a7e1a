package result

import (
	"html/template"
	"io"
	"slices"
	"strings"
	"time"

	"provision/executor/report"
	"provision/executor/report/page"
	"provision/executor/report/table"
	"provision/executor/report/wording"
)

// view is what the page is filled with.
type view struct {
	*Result
	Charts   []chart
	Times    *table.Table
	Groups   [][]Row // chunks of rows that are laid out together
	Statuses []report.Status
	Sites    []string
	Total    int
	Changed  int
	Failed   int
}

// perChunk is how many rows a browser lays out together.
const perChunk = 40

// WriteHTML writes the result as one self-contained HTML page.
func (r *Result) WriteHTML(w io.Writer) error {
	v := view{Result: r, Total: len(r.rows), Groups: slices.Collect(slices.Chunk(r.rows, perChunk))}
	if !r.Timeline.Empty() {
		v.Charts, v.Times = r.charts(), r.timeTable()
	}
	seen := map[report.Status]bool{}
	for i := range r.rows {
		seen[r.rows[i].Status] = true
		if s := table.Clean(r.rows[i].Site); s != "" && !slices.Contains(v.Sites, s) {
			v.Sites = append(v.Sites, s)
		}
	}
	slices.Sort(v.Sites)
	for _, s := range report.Statuses() {
		if seen[s] {
			v.Statuses = append(v.Statuses, s)
		}
	}
	for _, c := range r.Counts {
		switch {
		case c.Status == report.Applied || c.Status.Unconfirmed():
			v.Changed += c.Changes
		case !c.Status.Good():
			v.Failed += c.Changes
		}
	}
	return page.Write(w, page.Page{
		Title: r.title(), Body: "result.html", Data: v,
		Funcs: template.FuncMap{
			"t": table.Clean, "class": class, "stamp": stamp, "kinds": kinds, "word": report.Status.Words, "join": joined, "about": wording.About,
		},
	})
}

func (r *Result) title() string {
	switch {
	case r.Rehearsal:
		return "REHEARSAL: predicted result"
	case r.Run == "":
		return "Result"
	}
	return "Result of run " + table.Clean(r.Run)
}

// class is how grave a status is, as a class of the page's style.
func class(s report.Status) string {
	switch s {
	case report.Applied, report.NoOp:
		return "good"
	case report.Ignored, report.Deselected:
		return ""
	case report.Pending, report.AddressPending, report.Blocked, report.Stale, report.Deferred:
		return "warn"
	case report.Invalid, report.Failed, report.Ambiguous, report.AddressInvalid, report.AddressDiffers:
		return "bad"
	}
	return "bad"
}

// kinds says what a row's changes are.
func kinds(changes []report.LineChange) string {
	var out []string
	for _, c := range changes {
		if k := wording.KindName(c.Kind); !slices.Contains(out, k) {
			out = append(out, k)
		}
	}
	return strings.Join(out, ", ")
}

func joined(list []string) string { return table.Clean(strings.Join(list, ", ")) }

// stamp is a time for people; none is the empty text.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02 15:04:05 UTC")
}
