package result_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"html"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"provision/executor/journal"
	"provision/executor/report"
	"provision/executor/report/handout"
	"provision/executor/report/redact"
	"provision/executor/report/result"
	"provision/plan"
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

// tally are the numbers that every form has to agree on.
type tally struct {
	rows                    int
	status                  map[string]int
	assigned, kept, givenUp int
}

func (c tally) same(o tally) bool {
	if c.rows != o.rows || c.assigned != o.assigned || c.kept != o.kept || c.givenUp != o.givenUp || len(c.status) != len(o.status) {
		return false
	}
	for s, n := range c.status {
		if o.status[s] != n {
			return false
		}
	}
	return true
}

// tallyTable counts what a report's table says, in CSV or in a sheet.
func tallyTable(records [][]string) tally {
	c := tally{status: map[string]int{}}
	at := map[string]int{}
	for i, h := range records[0] {
		at[h] = i
	}
	cell := func(r []string, name string) string {
		if i := at[name]; i < len(r) {
			return strings.TrimPrefix(r[i], "'")
		}
		return ""
	}
	for _, r := range records[1:] {
		c.rows++
		c.status[cell(r, "status")]++
		for name, n := range map[string]*int{"phone_number_assigned": &c.assigned, "phone_number_kept": &c.kept, "phone_number_given_up": &c.givenUp} {
			if cell(r, name) != "" {
				*n++
			}
		}
	}
	return c
}

func tallies(t failer, r run) map[string]tally {
	t.Helper()
	rep, res := r.report(), r.result(nil)
	out := map[string]tally{}
	records, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(written(t, rep.WriteCSV), "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	out["csv"] = tallyTable(records)
	f := openXLSX(t, written(t, func(w io.Writer) error { return rep.WriteXLSX(w, "", res.Tables()...) }))
	if records, err = f.GetRows("Rows"); err != nil {
		t.Fatal(err)
	}
	out["xlsx"] = tallyTable(records)
	if records, err = f.GetRows("Numbers"); err != nil {
		t.Fatal(err)
	}
	numbers := tally{rows: out["csv"].rows, status: out["csv"].status}
	for _, n := range records[1:] {
		switch n[1] {
		case "assigned":
			numbers.assigned++
		case "kept":
			numbers.kept++
		case "given up":
			numbers.givenUp++
		}
	}
	out["xlsx numbers"] = numbers
	var list []map[string]any
	if err := json.Unmarshal([]byte(written(t, rep.WriteJSON)), &list); err != nil {
		t.Fatal(err)
	}
	out["json"] = tallyJSON(list)
	out["html"] = tallyHTML(t, written(t, res.WriteHTML))
	out["result"] = tallyResult(t, written(t, res.WriteJSON), len(rep.Lines)+len(rep.Others), out["csv"].status)
	return out
}

func tallyJSON(list []map[string]any) tally {
	c := tally{rows: len(list), status: map[string]int{}}
	for _, o := range list {
		c.status[o["status"].(string)]++
		for name, n := range map[string]*int{"phone_number_assigned": &c.assigned, "phone_number_kept": &c.kept, "phone_number_given_up": &c.givenUp} {
			if o[name] != "" {
				*n++
			}
		}
	}
	return c
}

var (
	itemStatus = regexp.MustCompile(`data-item data-status="([a-z_]+)"`)
	tile       = regexp.MustCompile(`<li><strong>([0-9,]+)</strong>`)
)

func tallyHTML(t failer, page string) tally {
	t.Helper()
	c := tally{status: map[string]int{}}
	for _, m := range itemStatus.FindAllStringSubmatch(page, -1) {
		c.rows++
		c.status[html.UnescapeString(m[1])]++
	}
	tiles := tile.FindAllStringSubmatch(page, -1)
	for i, n := range []*int{&c.assigned, &c.kept, &c.givenUp} {
		v, err := strconv.Atoi(strings.ReplaceAll(tiles[i][1], ",", ""))
		if err != nil {
			t.Fatal(err)
		}
		*n = v
	}
	return c
}

// tallyResult reads the result's own document, in which entries that no row
// stands for are counted as changes only.
func tallyResult(t failer, text string, entries int, status map[string]int) tally {
	t.Helper()
	var doc result.Result
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	rows := 0
	for _, c := range doc.Counts {
		rows += c.Rows
		if c.Rows > status[string(c.Status)] {
			return tally{}
		}
	}
	if rows > entries {
		return tally{}
	}
	return tally{rows: entries, status: status, assigned: len(doc.Numbers.Assigned), kept: len(doc.Numbers.Kept), givenUp: len(doc.Numbers.GivenUp)}
}

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

// drawRun makes a run up: rows with changes of any kind, each with any outcome,
// and hostile or private texts everywhere.
func drawRun(t *rapid.T) run {
	odd := func(name string) string { return rapid.SampledFrom(hostile).Draw(t, name) }
	p := &plan.Plan{Account: plan.Account{ID: "1", Name: "Quillfeather Inc" + odd("company")}, Sheets: []plan.SheetInfo{{File: "Quillfeather.csv", Header: []string{"extension", odd("header")}}}}
	st := journal.State{Outcomes: map[string]journal.Outcome{}, Open: map[string]journal.OpenIntent{}, Begun: begun}
	statuses := []journal.Status{
		journal.Applied, journal.NoOp, journal.Failed, journal.Stale, journal.Blocked, journal.Ambiguous, journal.Pending, journal.AddressPending,
		journal.AddressInvalid, journal.AddressDiffers, journal.Sent, journal.InDoubt, journal.AddressUnchecked,
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "rows") {
		id, n := "c"+strconv.Itoa(i), strconv.Itoa(i)
		dev := plan.DeviceID("80" + n)
		where := plan.Address{Street: n + " Secretstreet " + odd("street"), Street2: "Floor " + n, City: "X"}
		row := plan.RowResult{
			At: plan.RowCell("Quillfeather.csv", "", i+2), Raw: []string{n, "hunter2 Secretstreet " + odd("cell")}, Status: plan.RowChanged,
			On: &plan.Extension{Number: "7770199" + n, Name: "Quillfeather " + odd("person"), SiteName: odd("site")}, Phone: &plan.RowPhone{Device: dev, Number: "+1650777019900" + n}, Changes: []string{id},
			MatchedBy: "Quillfeather", Message: odd("message"),
		}
		p.Phones = append(p.Phones, plan.Phone{Device: dev, Serial: "7770199" + n, Model: odd("model"), Emergency: &plan.Emergency{LocationName: "Secretstreet " + n, Address: where}}.Named())
		kind := rapid.SampledFrom(plan.Kinds()).Draw(t, "kind")
		if rapid.IntRange(0, 5).Draw(t, "no change") == 0 {
			row.Status, row.Changes = rapid.SampledFrom([]plan.RowStatus{plan.RowNoOp, plan.RowIgnored, plan.RowInvalid, plan.RowDeferred, plan.RowDeselected}).Draw(t, "row status"), nil
		} else {
			p.Changes = append(p.Changes, drawChange(t, id, kind, i, row, where))
			if rapid.Bool().Draw(t, "outcome") {
				st.Outcomes[id] = journal.Outcome{
					Status: rapid.SampledFrom(statuses).Draw(t, "status"), DeviceID: "90" + n, Number: "+1650777019911" + n, Code: "CMN-101", Ended: begun,
					Message: "Quillfeather at Secretstreet " + odd("answer"), Emergency: rapid.SampledFrom([]string{"", "Valid", "Invalid"}).Draw(t, "emergency"),
				}
			}
		}
		p.Rows = append(p.Rows, row)
	}
	return run{p, st}
}

func drawChange(t *rapid.T, id string, kind plan.Kind, i int, row plan.RowResult, where plan.Address) plan.Change {
	c := plan.Change{ID: id, Kind: kind, Rows: []int{i}, On: row.On, Was: &plan.Facts{Device: row.Phone.Device, Number: row.Phone.Number}}
	if rapid.IntRange(0, 7).Draw(t, "no row") == 0 {
		c.Rows = nil
	}
	ref := plan.DeviceRef{ID: row.Phone.Device}
	target := &plan.EmergencyTarget{Address: &where, Place: where}
	switch kind {
	case plan.KindAdd:
		c.Effect = &plan.AddLine{Emergency: target}
	case plan.KindSwap:
		c.Effect = &plan.SwapDevice{Source: ref, Target: plan.DeviceRef{ID: "8099"}}
	case plan.KindRemove:
		c.Effect = &plan.RemoveLine{Device: row.Phone.Device, KeepAssets: rapid.Bool().Draw(t, "keep")}
	case plan.KindUpdate, plan.KindUpdateEmergency:
		c.Effect = &plan.UpdateDevice{Device: ref, Emergency: target}
	case plan.KindSetSerial:
		c.Effect = &plan.SetSerial{Device: ref, Serial: "77701990"}
	case plan.KindUnstock:
		c.Effect = &plan.DeleteDevice{Device: ref}
	case plan.KindStock:
		c.Effect = &plan.StockSlots{Quantity: 1}
	case plan.KindCreateLocation:
		c.Effect = &plan.NewLocation{Name: "Secretstreet", Address: where}
	}
	return c
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
