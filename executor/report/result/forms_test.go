package result_test

import (
	"bytes"
	"encoding/csv"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"provision/executor/report"
	"provision/executor/report/handout"
	"provision/executor/report/redact"
	"provision/executor/report/result"
)

type failer interface {
	Helper()
	Fatal(args ...any)
}

func written(t failer, write func(io.Writer) error) string {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// body is a page without its style and its script.
func body(t failer, page string) string {
	t.Helper()
	_, rest, ok := strings.Cut(page, "<body>")
	text, _, closed := strings.Cut(rest, "<script>")
	if !ok || !closed || strings.Contains(text, "<style") {
		t.Fatal("the page is not laid out as expected")
	}
	return text
}

func tokens(t failer) *redact.Tokens {
	t.Helper()
	k, err := redact.NewKey(bytes.NewReader(bytes.Repeat([]byte{9}, 32)))
	if err != nil {
		t.Fatal(err)
	}
	return redact.New(k)
}

func TestGolden(t *testing.T) {
	t.Parallel()
	r := sample()
	golden(t, "result.html", []byte(body(t, written(t, r.result(nil).WriteHTML))))
	golden(t, "result.json", []byte(written(t, r.result(nil).WriteJSON)))
	golden(t, "result-redacted.json", []byte(written(t, r.result(tokens(t)).WriteJSON)))
	golden(t, "report-redacted.csv", []byte(written(t, r.report().Redacted(tokens(t)).WriteCSV)))
	for _, k := range handout.Kinds() {
		for name, tk := range map[string]*redact.Tokens{"": nil, "-redacted": tokens(t)} {
			tab, err := handout.Make(k, handout.Run{Plan: r.plan, State: r.state, Report: r.report()}, tk)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, string(k)+name+".csv", []byte(written(t, tab.WriteCSV)))
			golden(t, string(k)+name+".xlsx.txt", []byte(cellsOf(t, func(w io.Writer) error { return tab.WriteXLSX(w, t.TempDir()) })))
			if tk == nil {
				golden(t, string(k)+".html", []byte(body(t, written(t, tab.WriteHTML))))
			}
		}
	}
	if _, err := handout.Make("x", handout.Run{Plan: r.plan, Report: r.report()}, nil); err == nil {
		t.Error("got no error for a hand-out that there is not")
	}
}

// Nobody is sent to set up a line that is used in a browser.
func TestInstallerSheetLeavesBrowsersOut(t *testing.T) {
	t.Parallel()
	r := sample()
	for i := range r.plan.Changes {
		if add := r.plan.Changes[i].Add(); add != nil {
			add.DeviceType = "WebRTC"
		}
	}
	tab, err := handout.Make(handout.Installer, handout.Run{Plan: r.plan, State: r.state, Report: r.report()}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range tab.Parts {
		for _, row := range part.Rows {
			if text := strings.Join(row, " "); strings.Contains(text, "set up a new phone") {
				t.Errorf("the sheet has %q", text)
			}
		}
	}
}

// cellsOf are a workbook's sheets as text, none of whose cells is a formula: its bytes hold more than that.
func cellsOf(t failer, write func(io.Writer) error) string {
	t.Helper()
	f, err := excelize.OpenReader(strings.NewReader(written(t, write)))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	var b strings.Builder
	for _, name := range f.GetSheetList() {
		rows, err := f.GetRows(name)
		if err != nil {
			t.Fatal(err)
		}
		b.WriteString("== " + name + "\n")
		for r, row := range rows {
			for c := range row {
				cell, err := excelize.CoordinatesToCellName(c+1, r+1)
				if err != nil {
					t.Fatal(err)
				}
				if formula, err := f.GetCellFormula(name, cell); err != nil || formula != "" {
					t.Fatal("cell "+cell+" of "+name+" is a formula:", formula, err)
				}
			}
			b.WriteString(strings.ReplaceAll(strings.Join(row, " | "), "\n", " / ") + "\n")
		}
	}
	return b.String()
}

// Where: nothing of a cell of the operator's, of a message or of a home may be
// in what is handed on. The words are those that the sample plants.
func TestNothingPlantedIsHandedOn(t *testing.T) {
	t.Parallel()
	r := sample()
	never := []string{"hunter2", "keep="}
	places := []string{"Private Way", "Apt 3", "Main St", "94002", "Home of Ada", "Main 10", "Ada at home"}
	people := []string{"Ada", "Wells", "Ben Ode", "Kit Vale", "Jo Unger", "6505550", "5e0053", "staff-of", "Secret team", "Oakland", "Example Corp", "only phone on", "Front desk", "Desk of"}
	for _, doc := range allForms(t, r) {
		bad := never
		if doc.handout {
			bad = append(append([]string{}, bad...), "Desk of")
		}
		if doc.noPlaces {
			bad = append(append([]string{}, bad...), places...)
		}
		if doc.redacted {
			bad = append(append(append([]string{}, never...), places...), people...)
		}
		if !doc.handout && !doc.redacted {
			continue // the run's own report gives the operator's cells back
		}
		for _, b := range bad {
			if i := strings.Index(strings.ToLower(doc.text), strings.ToLower(b)); i >= 0 {
				t.Errorf("%s holds %q: …%s…", doc.name, b, doc.text[max(0, i-60):min(len(doc.text), i+60)])
			}
		}
	}
}

// document is one form of one document, as text.
type document struct {
	name                        string
	text                        string
	handout, noPlaces, redacted bool
}

// allForms are all documents of a run in all forms, full and redacted.
func allForms(t failer, r run) []document {
	t.Helper()
	var out []document
	rep := r.report()
	for _, tk := range []*redact.Tokens{nil, tokens(t)} {
		name := ""
		if tk != nil {
			name = "redacted "
		}
		res := r.result(tk)
		red := rep.Redacted(tk)
		for form, write := range map[string]func(io.Writer) error{
			"report.csv": red.WriteCSV, "report.json": red.WriteJSON, "report.html": res.WriteHTML, "result.json": res.WriteJSON,
			"report.txt":  func(w io.Writer) error { return red.WriteText(w, 80, false) },
			"report.xlsx": func(w io.Writer) error { return red.WriteXLSX(w, "", res.Tables()...) },
		} {
			text := written(t, write)
			if form == "report.xlsx" {
				text = xlsxText(t, text)
			}
			out = append(out, document{name: name + form, text: text, redacted: tk != nil})
		}
		for _, k := range handout.Kinds() {
			tab, err := handout.Make(k, handout.Run{Plan: r.plan, State: r.state, Report: rep}, tk)
			if err != nil {
				t.Fatal(err)
			}
			for form, write := range map[string]func(io.Writer) error{
				".csv": tab.WriteCSV, ".html": tab.WriteHTML, ".xlsx": func(w io.Writer) error { return tab.WriteXLSX(w, "") },
			} {
				text := written(t, write)
				if form == ".xlsx" {
					text = xlsxText(t, text)
				}
				out = append(out, document{name + string(k) + form, text, true, k != handout.Auditor, tk != nil})
			}
		}
	}
	return out
}

func openXLSX(t failer, data string) *excelize.File {
	t.Helper()
	f, err := excelize.OpenReader(strings.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func xlsxText(t failer, data string) string {
	t.Helper()
	f := openXLSX(t, data)
	var b strings.Builder
	for _, name := range f.GetSheetList() {
		b.WriteString(name + "\n")
		rows, err := f.GetRows(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			b.WriteString(strings.Join(r, "\t") + "\n")
		}
	}
	return b.String()
}

var (
	itemStatus = regexp.MustCompile(`data-item data-status="([a-z_]+)"`)
	tile       = regexp.MustCompile(`<li><strong>([0-9,]+)</strong>`)
)

// However a run went and whatever its texts are, all forms have the same
// numbers, nothing of a text runs, and no form fails.
func TestAllFormsAgree(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := drawRun(t)
		all := tallies(t, r)
		for name, c := range all {
			if !c.same(all["csv"]) {
				t.Fatalf("%s: %+v, csv: %+v", name, c, all["csv"])
			}
		}
		if rapid.IntRange(0, 3).Draw(t, "read the forms") > 0 {
			return // they take their time
		}
		for _, doc := range allForms(t, r) {
			checkForm(t, doc)
		}
	})
}

var pageMarkup = regexp.MustCompile(`<script|<img|href="[^d#]`)

func checkForm(t *rapid.T, doc document) {
	if strings.HasSuffix(doc.name, ".html") {
		if found := pageMarkup.FindAllString(body(t, doc.text), -1); len(found) > 0 {
			t.Fatalf("%s: %q is markup of a cell", doc.name, found)
		}
		if strings.ContainsAny(doc.text, "\x00\x1b\u202e\u2066") {
			t.Fatalf("%s: a text steers", doc.name)
		}
	}
	if strings.HasSuffix(doc.name, ".csv") {
		if _, err := csv.NewReader(strings.NewReader(doc.text)).ReadAll(); err != nil {
			t.Fatalf("%s: %v", doc.name, err)
		}
	}
	if doc.redacted {
		for _, planted := range []string{"Quillfeather", "7770199", "Secretstreet", "hunter2"} {
			if strings.Contains(doc.text, planted) {
				t.Fatalf("%s holds %q", doc.name, planted)
			}
		}
	}
	if doc.handout && doc.noPlaces && strings.Contains(doc.text, "Secretstreet") {
		t.Fatalf("%s holds an address", doc.name)
	}
}

var hostile = []string{
	"", "<script>alert(1)</script>", `=HYPERLINK("http://x","y")`, "\u202egnp", "👩‍👩‍👧", "a\x00b", "\x1b[31mred", "\"><img src=x onerror=1>", "\xff", "two\nlines", strings.Repeat("x", 10_000), "-1+1", "@x", "]]>",
}

// A rehearsal says so before anything else, in every form that people read.
func TestRehearsalSaysSo(t *testing.T) {
	t.Parallel()
	r := sample()
	res := result.Build(r.plan, r.state, report.Build(r.plan, r.state, report.Options{}), result.Options{Rehearsal: true})
	page := body(t, written(t, res.WriteHTML))
	if i := strings.Index(page, "REHEARSAL"); i < 0 || i > strings.Index(page, "<h1>") {
		t.Error("the page does not begin with it")
	}
	if !strings.Contains(written(t, res.WriteJSON), `"rehearsal": true`) {
		t.Error("the JSON document does not say so")
	}
}
