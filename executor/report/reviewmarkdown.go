package report

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"provision/executor/report/review"
	"provision/executor/report/wording"
)

// markdown gathers a text in GitHub's dialect of Markdown.
type markdown struct{ b strings.Builder }

// maxShortened is how many characters of one text a cell of Markdown shows, and
// the page of a wrong value: both have to stay readable.
const maxShortened = 400

// WritePlanMarkdown writes the review as Markdown, for a ticket or a pull
// request. Texts of the sheet and the account are escaped, so that none is
// read as markup, a link or a mention.
func WritePlanMarkdown(w io.Writer, r *review.Review) error {
	m := &markdown{}
	m.line("# %s", escapeMarkdown(r.Head.Title()))
	m.head(r)
	m.questions(r)
	if !r.Asks(review.AboutGuards) && len(r.Changes) > 0 {
		m.line("%s", escapeMarkdown(r.GuardsLine()+"."))
		m.guards(r)
	}
	m.counts(r)
	m.problems("Errors", r.Errors)
	m.problems("Warnings", r.Warnings)
	m.undo(r)
	m.changes(r)
	m.unmanaged(r)
	m.rest("Left over or not selected", r.Left)
	m.rest("Need nothing or are ignored", r.Unchanged)
	if _, err := io.WriteString(w, m.b.String()); err != nil {
		return fmt.Errorf("write plan as Markdown: %w", err)
	}
	return nil
}

func (m *markdown) line(format string, args ...any) { fmt.Fprintf(&m.b, format+"\n\n", args...) }

// table writes a table; cells are escaped.
func (m *markdown) table(header []string, rows [][]string) {
	if len(rows) == 0 {
		return
	}
	m.b.WriteString("| " + strings.Join(header, " | ") + " |\n|" + strings.Repeat(" --- |", len(header)) + "\n")
	for _, r := range rows {
		for _, cell := range r {
			m.b.WriteString("| " + escapeMarkdown(shorten(cell)) + " ")
		}
		m.b.WriteString("|\n")
	}
	m.b.WriteString("\n")
}

func (m *markdown) head(r *review.Review) {
	if t := r.Nothing(); t != "" {
		m.line("%s", escapeMarkdown(t))
	}
	if r.Undo != nil {
		m.line("This plan takes back run %s.", escapeMarkdown(r.Undo.Run))
	}
	if r.Head.Redacted {
		m.line("Home addresses are masked.")
	}
	if r.Head.Digest != "" {
		m.line("Digest %s, to be approved with:", escapeMarkdown(r.Head.Digest))
		m.line("    %s", approveLine(r))
	}
}

func (m *markdown) questions(r *review.Review) {
	list := r.Questions()
	if len(list) == 0 {
		return
	}
	m.line("## What needs a yes")
	for _, q := range list {
		m.line("- [ ] **%s**", escapeMarkdown(q.Title))
		m.answer(r, q.Topic)
	}
}

// answer lists what a question is about.
func (m *markdown) answer(r *review.Review, about review.Topic) {
	var rows [][]string
	switch about {
	case review.AboutGuards:
		m.guards(r)
	case review.AboutSafety:
		for _, u := range r.Safety {
			rows = append(rows, []string{u.Extension, u.Person, u.Device, u.Number, u.Status, u.Repair})
		}
		m.table([]string{"ext", "person", "device", "number", "address", "what the plan does"}, rows)
	case review.AboutLeftWithout:
		for _, p := range r.LeftWithout {
			rows = append(rows, []string{p.Extension, p.Person})
		}
		m.table([]string{"ext", "person"}, rows)
	case review.AboutGivenUp:
		for _, n := range r.NumbersGivenUp {
			rows = append(rows, []string{n})
		}
		m.table([]string{"number"}, rows)
	case review.AboutInterrupted:
		for _, i := range r.Interrupted {
			rows = append(rows, []string{i.Extension, i.Person, i.Device, i.Why})
		}
		m.table([]string{"ext", "person", "device", "why"}, rows)
	case review.AboutLocations:
		for _, l := range r.NewLocations {
			rows = append(rows, []string{l.Name, l.Address, words(", ", l.NearestName, l.NearestAddress) + l.NearestNote})
		}
		m.table([]string{"new", "at", "nearest existing one"}, rows)
	case review.AboutPeople:
		for _, p := range r.People {
			rows = append(rows, []string{p.Extension, p.Person, p.Site, kindNames(p.Kinds)})
		}
		m.table([]string{"ext", "person", "site", "what"}, rows)
	case review.AboutErrors, review.AboutNewLines, review.AboutNotUndone: // listed below
	}
}

// guards are all guards, as whoever says yes is to see which were set.
func (m *markdown) guards(r *review.Review) {
	var rows [][]string
	for _, g := range r.Guards {
		flag := ""
		if g.Broken {
			flag = g.Flag
		}
		rows = append(rows, []string{r.Verdict(g), g.Name, g.Bound(), thousands(g.Count), flag})
	}
	m.table([]string{"verdict", "guard", "limit", "count", "to allow it"}, rows)
}

func (m *markdown) counts(r *review.Review) {
	m.line("## In numbers")
	rows := [][]string{{"changes", thousands(len(r.Changes)) + colon(r.KindsLine())}, {"people affected", thousands(len(r.People))},
		{"rows", r.RowsLine()}, {"calls", r.CallsLine()}}
	if r.HiddenRows > 0 {
		rows = append(rows, []string{"hidden and left out", count(r.HiddenRows, "row")})
	}
	rows = append(rows, []string{"made", madeBy(r)}, []string{"account read", readOf(r)})
	for _, s := range r.Sheets {
		rows = append(rows, []string{"sheet", words(", SHA-256 ", s.Name, s.SHA256)})
	}
	if r.Head.Path != "" {
		rows = append(rows, []string{"saved as", r.Head.Path})
	}
	for _, n := range r.Notes {
		rows = append(rows, []string{"note", n})
	}
	m.table([]string{"what", "how many"}, rows)
}

func (m *markdown) problems(title string, list []review.Problem) {
	if len(list) == 0 {
		return
	}
	m.line("## %s: %s", title, thousands(len(list)))
	var rows [][]string
	for _, p := range list {
		rows = append(rows, []string{p.Full, p.Value, p.Message})
	}
	m.table([]string{"cell", "value", "what is the matter"}, rows)
}

func (m *markdown) undo(r *review.Review) {
	if r.Undo == nil || len(r.Undo.Not) == 0 {
		return
	}
	m.line("## Not undone: %s", thousands(len(r.Undo.Not)))
	var rows [][]string
	for _, n := range r.Undo.Not {
		rows = append(rows, []string{n.Extension, n.Person, n.What, n.Device, n.Why})
	}
	m.table([]string{"ext", "person", "change", "device", "why"}, rows)
}

func (m *markdown) changes(r *review.Review) {
	if len(r.Changes) == 0 {
		return
	}
	m.line("## Changes: %s", thousands(len(r.Changes)))
	for _, g := range r.ByKind() {
		m.line("### %s %s: %s", escapeMarkdown(g.Changes[0].Glyph), g.Title, thousands(len(g.Changes)))
		m.b.WriteString("| ext | person | site | before → after | cell | why |\n| --- | --- | --- | --- | --- | --- |\n")
		for _, c := range g.Changes {
			m.b.WriteString("| " + strings.Join([]string{
				escapeMarkdown(c.Extension), escapeMarkdown(shorten(c.Person)), escapeMarkdown(c.Site), fieldsMarkdown(c), escapeMarkdown(c.Cell), escapeMarkdown(shorten(c.Why)),
			}, " | ") + " |\n")
		}
		m.b.WriteString("\n")
	}
}

// fieldsMarkdown is what a change does, the words that differ in bold.
func fieldsMarkdown(c *review.Change) string {
	var parts []string
	for _, f := range c.Fields {
		f.Before, f.After = shorten(f.Before), shorten(f.After)
		was, is := f.Marked()
		t := f.Name + ": " + spansMarkdown(is)
		if len(was) > 0 {
			t = f.Name + ": " + spansMarkdown(was) + " → " + spansMarkdown(is)
		}
		parts = append(parts, t)
	}
	return strings.Join(parts, "<br>")
}

func spansMarkdown(spans []review.Span) string {
	var b strings.Builder
	for _, s := range spans {
		t := escapeMarkdown(s.Text)
		if inner := strings.TrimSpace(t); s.Changed && inner != "" {
			// <b>, as ** is no markup beside some letters and signs.
			t = strings.Replace(t, inner, "<b>"+inner+"</b>", 1)
		}
		b.WriteString(t)
	}
	return b.String()
}

func (m *markdown) unmanaged(r *review.Review) {
	if len(r.Unmanaged) == 0 {
		return
	}
	m.line("## Left alone, as no row mentions them: %s", thousands(len(r.Unmanaged)))
	var rows [][]string
	for _, u := range r.Unmanaged {
		rows = append(rows, []string{u.Extension, u.Person, u.Device, u.Type, u.Name, u.Number})
	}
	m.table([]string{"ext", "person", "device", "type", "name", "number"}, rows)
}

// rest lists rows that lead to no change.
func (m *markdown) rest(title string, list []review.Row) {
	if len(list) == 0 {
		return
	}
	m.line("## %s: %s", title, thousands(len(list)))
	var rows [][]string
	for _, l := range list {
		rows = append(rows, []string{l.Cell, l.Extension, l.Person, rowWords(l.Status), l.MatchedBy, l.Message})
	}
	m.table([]string{"row", "ext", "person", "status", "matched by", "why"}, rows)
}

// shorten keeps the beginning of a long text and says how long it was.
func shorten(t string) string {
	if utf8.RuneCountInString(t) <= maxShortened {
		return t
	}
	runes := []rune(t)
	return string(runes[:maxShortened]) + "… (" + thousands(len(runes)) + " characters)"
}

// escapeMarkdown makes a text stand for itself, whatever in it Markdown, HTML or
// a tracker could take for markup: also mentions, numbers of issues and
// addresses of pages, which are told from what is left after the escapes.
func escapeMarkdown(t string) string {
	var b strings.Builder
	t = wording.Clean(t)
	for i, r := range t {
		switch {
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '&':
			b.WriteString("&amp;")
		case r == '@' || r == '#':
			b.WriteString("\\" + string(r) + "<!-- -->")
		case r == ':' && strings.HasPrefix(t[i+1:], "/"), r == '.' && strings.HasSuffix(strings.ToLower(t[:i]), "www"),
			strings.ContainsRune("\\`*_{}[]|~!$^", r):
			b.WriteString("\\" + string(r))
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
