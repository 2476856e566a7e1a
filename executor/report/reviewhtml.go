package report

import (
	"cmp"
	"html/template"
	"io"
	"strings"
	"time"

	htmlpage "provision/executor/report/page"
	"provision/executor/report/review"
	"provision/executor/report/wording"
	"provision/plan"
)

// planPage is what the HTML form of a plan is filled with.
type planPage struct {
	Review     *review.Review
	Questions  []review.Question
	Kinds      []kindCount
	Sites      []siteCount
	Statuses   []statusCount
	Groups     []pageGroup
	Approve    string
	Made, Read string
}

type kindCount struct {
	Kind  plan.Kind
	Title string
	Count int
}

// Tile is what stands below the count: one change is named as one.
func (k kindCount) Tile() string {
	switch {
	case k.Count != 1:
		return k.Title
	case k.Kind == plan.KindStock: // one change can make several
		return "batch of new inventory slots"
	}
	return wording.KindName(k.Kind)
}

type siteCount struct {
	Name  string
	Count int
}

type statusCount struct {
	Status review.Status
	Count  int
}

// pageGroup is a group of changes in chunks, each of which a browser lays out
// only when it comes near the screen.
type pageGroup struct {
	Title  string
	Count  int
	Chunks []pageChunk
}

// pageChunk is some changes of a group. Later ones are markup that a browser
// with scripts makes elements of when it has time, and one without at once.
type pageChunk struct {
	Later   bool
	Changes []*review.Change
}

const (
	// perChunk is how many changes a chunk has (page.js has the same number).
	perChunk = 40
	// atOnce is about how many changes are elements from the beginning.
	atOnce = 3 * perChunk
	// openList is up to how many entries a list stands open.
	openList = 12
)

// WritePlanHTML writes the review as one HTML file that fetches nothing.
func WritePlanHTML(w io.Writer, r *review.Review) error {
	p := planPage{
		Review: r, Questions: r.Questions(), Approve: approveLine(r),
		Made: madeBy(r), Read: readOf(r),
	}
	for _, g := range r.ByKind() {
		p.Kinds = append(p.Kinds, kindCount{g.Kind, g.Title, len(g.Changes)})
	}
	for _, g := range r.BySite() {
		p.Sites = append(p.Sites, siteCount{g.Title, len(g.Changes)})
	}
	of := map[review.Status]int{}
	for i := range r.Changes {
		of[r.Changes[i].Status]++
	}
	for _, s := range review.Statuses() {
		if of[s] > 0 {
			p.Statuses = append(p.Statuses, statusCount{s, of[s]})
		}
	}
	p.Groups = pageGroups(r, len(p.Sites) > 1)
	return htmlpage.Write(w, htmlpage.Page{Title: r.Head.Title(), Body: "plan.html", Data: &p, Funcs: planFuncs()})
}

// approveLine is the command that approves the plan.
func approveLine(r *review.Review) string {
	return "provision approve " + shellWord(cmp.Or(r.Head.Path, "plan.json")) + " --by NAME"
}

// pageGroups are the groups that the page shows before anything is chosen: by
// site where there are several, else by kind.
func pageGroups(r *review.Review, bySite bool) []pageGroup {
	groups := r.ByKind()
	if bySite {
		groups = r.BySite()
	}
	var out []pageGroup
	before := 0
	for _, g := range groups {
		p := pageGroup{Title: cmp.Or(g.Title, "no site"), Count: len(g.Changes)}
		for list := g.Changes; len(list) > 0; {
			n := min(len(list), perChunk)
			p.Chunks = append(p.Chunks, pageChunk{before >= atOnce, list[:n]})
			list = list[n:]
			before += n
		}
		out = append(out, p)
	}
	return out
}

func planFuncs() template.FuncMap {
	return template.FuncMap{
		"kind": wording.KindName,
		"tone": kindTone,
		"word": rowWords,
		// The cell of a problem has the whole of it.
		"short": shorten,
		"was": func(before, after string) []review.Span {
			spans, _ := review.Field{Before: before, After: after}.Marked()
			return spans
		},
		"is": func(before, after string) []review.Span {
			_, spans := review.Field{Before: before, After: after}.Marked()
			return spans
		},
		"fold": func(n int, title string) map[string]any {
			return map[string]any{"Title": title, "Open": n <= openList}
		},
		// A folded list of this length is markup until it is opened.
		"later": func(n int) bool { return n > perChunk },
	}
}

// kindTone is the class by which a page colours a kind.
func kindTone(k plan.Kind) string {
	switch k {
	case plan.KindCreateLocation, plan.KindStock, plan.KindAdd:
		return "good"
	case plan.KindUpdate, plan.KindUpdateEmergency, plan.KindSetSerial, plan.KindSwap:
		return "warn"
	case plan.KindRemove, plan.KindUnstock:
		return "bad"
	}
	return ""
}

// instant is a time for people, in UTC.
func instant(t time.Time) string {
	if t.IsZero() {
		return "unknown"
	}
	return t.UTC().Format("2006-01-02 15:04:05") + " UTC"
}

// madeBy says when a plan was made, and by which version.
func madeBy(r *review.Review) string {
	return words(" by provision ", instant(r.Head.Made), r.Head.Program)
}

// readOf says when the account was read.
func readOf(r *review.Review) string {
	if r.Head.Offline {
		return instant(r.Head.Read) + ", from a saved snapshot"
	}
	return instant(r.Head.Read)
}

// shellWord quotes a text for a shell where it has to be.
func shellWord(t string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./:+,@%", r)
	}
	if t != "" && strings.TrimFunc(t, plain) == "" {
		return t
	}
	return "'" + strings.ReplaceAll(t, "'", `'\''`) + "'"
}
