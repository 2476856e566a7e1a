package report_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"provision/executor/report"
	"provision/executor/report/review"
	"provision/plan"
)

// hostile are texts that try what a cell can try.
func hostile() []string {
	return []string{
		"<script>alert(1)</script>", `"><img src=x onerror=alert(1)>`, `=HYPERLINK("http://example.com","x")`, "+1+1", "@SUM(A1)",
		"\u202edesk\u200b", "\x1b[31mred\x07", "a\x00b", "line\r\nbreak\tand tab", "| a | b |\n|---|", "`code` **bold** [x](javascript:alert(1)) @team #1 <!-- x",
		"https://example.com www.example.com", "</script></style></title>{{.}}", "\U0001F468\u200d\U0001F469\u200d\U0001F467", "\xff\xfe", "שלום", strings.Repeat("very long ", 1000),
	}
}

func anyText() *rapid.Generator[string] {
	return rapid.OneOf(rapid.SampledFrom(hostile()), rapid.SampledFrom([]string{"", "Ada Wells", "Belmont"}), rapid.StringN(0, 12, 40))
}

// anyPlanForReview makes plans that hold together as far as the review looks.
func anyPlanForReview(t *rapid.T) (*plan.Plan, []plan.Breach) {
	text := func(what string) string { return anyText().Draw(t, what) }
	address := func() plan.Address {
		return plan.Address{Street: text("street"), City: text("city"), State: "CA", Zip: "94002", Country: "US"}
	}
	p := &plan.Plan{
		Account:  plan.Account{ID: "1", Name: text("account")},
		Sheets:   []plan.SheetInfo{{File: "s.xlsx", Sheet: text("sheet"), Header: []string{"Ext"}, Mapping: []string{"extension"}}},
		Notes:    []string{text("note")},
		Estimate: plan.Estimate{Light: rapid.IntRange(0, 9).Draw(t, "light"), Medium: rapid.IntRange(0, 9999).Draw(t, "medium"), LeastSeconds: rapid.IntRange(0, 9999).Draw(t, "least")},
	}
	rows := rapid.IntRange(0, 12).Draw(t, "rows")
	for i := range rows {
		p.Rows = append(p.Rows, plan.RowResult{
			At: plan.RowCell("s.xlsx", p.Sheets[0].Sheet, i+2), Status: rapid.SampledFrom([]plan.RowStatus{plan.RowChanged, plan.RowNoOp, plan.RowIgnored, plan.RowInvalid, plan.RowDeferred, plan.RowDeselected}).Draw(t, "status"),
			On: &plan.Extension{Number: fmt.Sprint(100 + i), Name: text("person")}, Message: text("message"),
		})
	}
	for i := range rapid.IntRange(0, 60).Draw(t, "changes") {
		ext := rapid.IntRange(100, 120).Draw(t, "ext")
		c := plan.Change{
			ID: fmt.Sprint("id", i), On: &plan.Extension{ID: plan.ExtensionID(fmt.Sprint("e", ext)), Number: fmt.Sprint(ext), Name: text("person"), SiteName: rapid.SampledFrom([]string{"", "Main", "<b>Annex</b>"}).Draw(t, "site")},
			Reason: text("reason"), Tainted: rapid.Bool().Draw(t, "tainted"),
		}
		if rows > 0 {
			c.Rows = []int{rapid.IntRange(0, rows-1).Draw(t, "row")}
		}
		name, at := text("name"), address()
		device := plan.DeviceID(fmt.Sprint("d", i))
		switch rapid.IntRange(0, 6).Draw(t, "kind") {
		case 0:
			c.Kind, c.Effect, c.On = plan.KindCreateLocation, &plan.NewLocation{Name: name, Address: at}, nil
		case 1:
			c.Kind, c.Effect = plan.KindAdd, &plan.AddLine{DeviceType: "OtherPhone", Emergency: &plan.EmergencyTarget{Address: &at, Place: at}}
		case 2:
			c.Kind, c.Effect = plan.KindSwap, &plan.SwapDevice{Source: plan.DeviceRef{ID: device}, Target: plan.DeviceRef{ID: "t" + device}}
		case 3:
			c.Kind, c.Effect = plan.KindUpdate, &plan.UpdateDevice{Device: plan.DeviceRef{ID: device}, Name: &name}
			c.Was = &plan.Facts{Name: text("old name")}
		case 4:
			c.Kind, c.Effect = plan.KindRemove, &plan.RemoveLine{Device: device, KeepAssets: rapid.Bool().Draw(t, "keep")}
			p.LeftWithout = append(p.LeftWithout, plan.PersonRef{Extension: fmt.Sprint(ext), Person: text("left")})
			p.NumbersGivenUp = append(p.NumbersGivenUp, fmt.Sprint("+1650555", 1000+i))
		case 5:
			c.Kind, c.Effect, c.On = plan.KindStock, &plan.StockSlots{Quantity: 2, Site: "7"}, nil
		case 6:
			c.Kind, c.Effect = plan.KindUpdateEmergency, &plan.UpdateDevice{Device: plan.DeviceRef{ID: device}, Emergency: &plan.EmergencyTarget{Address: &at, Place: at}}
			p.Safety = append(p.Safety, plan.SafetyItem{Extension: fmt.Sprint(ext), Person: text("unsafe"), Device: device, Status: "Invalid", Changes: []string{c.ID}})
		}
		p.Changes = append(p.Changes, c)
	}
	for i := range rapid.IntRange(0, 5).Draw(t, "problems") {
		q := plan.Problem{Cell: plan.RowCell("s.xlsx", "S", i+2).In(1, "Ext"), Value: text("value"), Code: "x", Message: text("problem")}
		p.Errors, p.Warnings = append(p.Errors, q), append(p.Warnings, q)
		p.Unmanaged = append(p.Unmanaged, plan.Unmanaged{Extension: "9", Person: text("alone"), Device: "9", Name: text("phone")})
	}
	p.CreatedAt, p.SnapshotAt = time.Date(2026, 3, 1, 9, 30, 0, 0, time.UTC), time.Date(2026, 3, 1, 9, 29, 0, 0, time.UTC)
	for _, b := range []*plan.Bound{&p.Options.Guards.MaxRemovals, &p.Options.Guards.MaxAdds, &p.Options.Guards.MaxChanges} {
		*b = rapid.SampledFrom([]plan.Bound{{}, {}, {None: true}, {Count: 4, HasCount: true}, {Percent: 50, HasPercent: true}}).Draw(t, "bound")
	}
	p.Options.Guards.LeaveWithoutPhone = rapid.IntRange(0, 3).Draw(t, "leave")
	p.Options.Guards.Off = rapid.IntRange(0, 9).Draw(t, "off") == 0
	return p, p.CheckGuards(p.Options.Guards)
}

// forms is a review in every form.
type forms struct {
	text, html, markdown string
	json                 report.PlanDocument
	book                 map[string][][]string
}

func allForms(t *rapid.T, r *review.Review) forms {
	write := func(f func(io.Writer) error) []byte {
		var b bytes.Buffer
		if err := f(&b); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	v := report.PlanView(r)
	v.Unchanged = true
	out := forms{
		text:     string(write(func(w io.Writer) error { return report.WritePlanText(w, v, 0, false) })),
		html:     string(write(func(w io.Writer) error { return report.WritePlanHTML(w, r) })),
		markdown: string(write(func(w io.Writer) error { return report.WritePlanMarkdown(w, r) })),
		book:     map[string][][]string{},
	}
	data, err := json.Marshal(report.PlanJSON(r))
	if err == nil {
		err = json.Unmarshal(data, &out.json)
	}
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(write(func(w io.Writer) error { return report.WritePlanXLSX(w, r, "") })))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	for _, name := range f.GetSheetList() {
		rows, err := f.GetRows(name)
		if err != nil {
			t.Fatal(err)
		}
		out.book[name] = rows
		for i, row := range rows {
			for j := range row {
				at, _ := excelize.CoordinatesToCellName(j+1, i+1)
				if formula, _ := f.GetCellFormula(name, at); formula != "" {
					t.Fatalf("%s!%s is the formula %q", name, at, formula)
				}
			}
		}
	}
	return out
}

// TestAllFormsOfAPlanSayTheSame draws the forms of random plans, whose texts are hostile too, from their reviews.
func TestAllFormsOfAPlanSayTheSame(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p, breaches := anyPlanForReview(t)
		r := review.Of(p, review.Options{Breaches: breaches})
		f := allForms(t, r)
		sameNumbers(t, p, r, &f)
		sameNames(t, r, &f)
		sameGuards(t, r, &f)
		nothingRuns(t, &f)
	})
}

func sameNumbers(t *rapid.T, p *plan.Plan, r *review.Review, f *forms) {
	asked := map[review.Topic]int{
		review.AboutGuards: len(r.Broken), review.AboutErrors: len(p.Errors), review.AboutSafety: len(p.Safety), review.AboutLeftWithout: len(p.LeftWithout),
		review.AboutGivenUp: len(p.NumbersGivenUp), review.AboutNewLines: p.Counts()[plan.KindAdd], review.AboutLocations: p.Counts()[plan.KindCreateLocation],
		review.AboutInterrupted: p.Counts()[plan.KindSwap] + p.Counts()[plan.KindRemove],
	}
	for topic, n := range asked {
		if f.json.Asked[topic] != n {
			t.Errorf("JSON asks about %d %s, want %d", f.json.Asked[topic], topic, n)
		}
	}
	first := fmt.Sprint(f.book["Review"])
	for _, q := range r.Questions() {
		title := html.EscapeString(q.Title)
		if !strings.Contains(f.html, title) || !strings.Contains(f.markdown, q.Title) || !strings.Contains(first, q.Title) {
			t.Errorf("%q does not stand in the page (%t), in Markdown (%t) and in the workbook (%t)", q.Title,
				strings.Contains(f.html, title), strings.Contains(f.markdown, q.Title), strings.Contains(first, q.Title))
		}
	}
	if n := strings.Count(f.html, "<article "); n != len(p.Changes) {
		t.Errorf("the page has %d changes, want %d", n, len(p.Changes))
	}
	for k, n := range p.Counts() {
		if f.json.Changes[k] != n || max(len(f.book[k.String()])-1, 0) != n {
			t.Errorf("%s: JSON has %d, the workbook %d, want %d", k, f.json.Changes[k], len(f.book[k.String()])-1, n)
		}
	}
	for what, text := range map[string]string{"text": f.text, "Markdown": strings.ReplaceAll(f.markdown, `\_`, "_"), "page": html.UnescapeString(f.html), "workbook": first} {
		for _, line := range []string{r.KindsLine(), r.RowsLine(), r.CallsLine()} {
			if !strings.Contains(text, line) {
				t.Errorf("the %s does not say %q", what, line)
			}
		}
	}
}

// sameNames looks for each thing that needs a yes, by what names it, in every form.
func sameNames(t *rapid.T, r *review.Review, f *forms) {
	var names []string
	for _, u := range r.Safety {
		names = append(names, u.Device, u.Status, u.Repair)
	}
	for _, p := range r.LeftWithout {
		names = append(names, p.Extension)
	}
	names = append(names, r.NumbersGivenUp...)
	for _, i := range r.Interrupted {
		names = append(names, i.Device, i.Why)
	}
	for _, l := range r.NewLocations {
		names = append(names, l.NearestNote)
	}
	for _, p := range r.People {
		names = append(names, p.Extension)
	}
	for _, u := range r.Unmanaged {
		names = append(names, u.Extension, u.Device)
	}
	if len(r.Changes) > 0 {
		names = append(names, "2026-03-01 09:30:00 UTC", "2026-03-01 09:29:00 UTC")
	}
	book, page := fmt.Sprint(f.book), html.UnescapeString(f.html)
	for _, name := range names {
		for what, text := range map[string]string{"text": f.text, "Markdown": f.markdown, "page": page, "workbook": book} {
			if !strings.Contains(text, name) {
				t.Errorf("the %s does not name %q", what, name)
			}
		}
	}
	l := f.json.Listed
	for what, n := range map[string][2]int{
		"unreliable": {len(l.Unreliable), len(r.Safety)}, "left": {len(l.LeftWithout), len(r.LeftWithout)}, "given up": {len(l.NumbersGivenUp), len(r.NumbersGivenUp)},
		"lines": {len(l.NewLines), len(r.NewLines)}, "interrupted": {len(l.Interrupted), len(r.Interrupted)}, "locations": {len(l.NewLocations), len(r.NewLocations)},
		"people": {len(l.People), len(r.People)}, "alone": {len(l.LeftAlone), len(r.Unmanaged)},
	} {
		if n[0] != n[1] {
			t.Errorf("JSON lists %d %s, want %d", n[0], what, n[1])
		}
	}
}

// sameGuards looks for each guard with its limit: all of them in the forms that are sent to somebody, in a terminal those
// that refuse, would refuse or were set.
func sameGuards(t *rapid.T, r *review.Review, f *forms) {
	if f.json.GuardsOff != r.GuardsOff || len(f.json.AllGuards) != len(r.Guards) {
		t.Errorf("JSON has %d guards, off: %t", len(f.json.AllGuards), f.json.GuardsOff)
	}
	if len(r.Changes) == 0 && len(r.Broken) == 0 && !r.GuardsOff {
		return
	}
	page, first := html.UnescapeString(f.html), map[string]bool{}
	for _, row := range f.book["Review"] {
		first[strings.Join(row[:min(len(row), 4)], "|")] = true
	}
	text := strings.Join(strings.Fields(f.text), " ")
	for _, g := range r.Guards {
		n := fmt.Sprint(g.Count)
		if !strings.Contains(page, `<th scope="row">`+g.Name+`</th><td>`+g.Bound()+`</td><td class="number">`+n) {
			t.Errorf("the page has no %s of %q and %s", g.Name, g.Bound(), n)
		}
		if !strings.Contains(f.markdown, "| "+r.Verdict(g)+" | "+g.Name+" | "+g.Bound()+" | "+n+" |") {
			t.Errorf("Markdown has no %s of %q and %s", g.Name, g.Bound(), n)
		}
		if !first[g.Name+"|"+g.Bound()+"|"+n+"|"+r.Verdict(g)] {
			t.Errorf("the workbook has no %s of %q and %s", g.Name, g.Bound(), n)
		}
		told := g.Broken || g.Default != "" && !r.GuardsOff
		if strings.Contains(text, " "+g.Name+" "+g.Bound()+" "+n) != told {
			t.Errorf("the text has %s of %q and %s: want %t", g.Name, g.Bound(), n, told)
		}
	}
}

var (
	unescapedPipe = regexp.MustCompile(`(^|[^\\])(\\\\)*\|`)
	ownMarkup     = regexp.MustCompile(`</?b>|<br>|<!-- -->`)
	inQuotes      = regexp.MustCompile(`"[^"]*"`)
	markupInHTML  = regexp.MustCompile(`(?i)<(img|svg|iframe|object|embed|base|meta|link)|\s(on[a-z]+|style|src|action)=`)
	linkInHTML    = regexp.MustCompile(`(?i)href="?[^"#]`)
)

// nothingRuns looks for texts that became more than texts.
func nothingRuns(t *rapid.T, f *forms) {
	for what, text := range map[string]string{"text": f.text, "Markdown": f.markdown} {
		if i := strings.IndexFunc(text, func(r rune) bool { return r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) }); i >= 0 {
			t.Errorf("the %s holds %q", what, text[i:min(i+8, len(text))])
		}
	}
	body, script, _ := strings.Cut(f.html, "<script>")
	if strings.Contains(body, "<script") || strings.Count(script, "<script") > 0 || strings.Count(f.html, "</style>") != 1 {
		t.Error("a text became a script or ended the style")
	}
	_, body, _ = strings.Cut(body, "<body>")
	tags := regexp.MustCompile(`<[^>]*>`).FindAllString(body, -1)
	for _, tag := range tags {
		if markupInHTML.MatchString(inQuotes.ReplaceAllString(tag, `""`)) || linkInHTML.MatchString(tag) && !strings.Contains(tag, `data-person="`) {
			t.Errorf("the page has the tag %s", tag)
		}
	}
	if i := strings.IndexAny(ownMarkup.ReplaceAllString(f.markdown, ""), "<>"); i >= 0 {
		t.Error("Markdown has markup that is not ours")
	}
	pipes := 0
	for line := range strings.Lines(f.markdown) {
		if !strings.HasPrefix(line, "|") {
			pipes = 0
			continue
		}
		n := len(unescapedPipe.FindAllString(strings.ReplaceAll(line, "||", "| |"), -1))
		if pipes != 0 && n != pipes {
			t.Errorf("a row of %d cells stands in a table of %d: %q", n, pipes, line)
		}
		pipes = n
	}
}
