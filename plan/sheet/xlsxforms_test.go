package sheet

import (
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// rename moves a part and changes what points to it.
func rename(parts map[string]string, from, to string, links ...string) {
	parts[to] = parts[from]
	delete(parts, from)
	for name := range parts {
		for i := 0; i+1 < len(links); i += 2 {
			parts[name] = strings.ReplaceAll(parts[name], links[i], links[i+1])
		}
	}
}

// TestUnusualParts: where a workbook keeps its parts and what it calls them is
// its own affair.
func TestUnusualParts(t *testing.T) {
	t.Parallel()
	const rels = "xl/_rels/workbook.xml.rels"
	for name, change := range map[string]func(p map[string]string){
		"as usual": func(map[string]string) {},
		"another case": func(p map[string]string) {
			rename(p, sheetPartName, "xl/Worksheets/SHEET1.xml")
			rename(p, sharedPartName, "xl/SharedStrings.xml")
		},
		"linked in another case": replacePart(rels, "worksheets/sheet1.xml", "worksheets/Sheet1.xml"),
		"texts linked so":        replacePart(rels, "sharedStrings.xml", "SharedStrings.xml"),
		"no sheet name":          replacePart("xl/workbook.xml", `"Sheet1"`, `""`),
		"another folder": func(p map[string]string) {
			old := maps.Clone(p)
			for name, text := range old {
				delete(p, name)
				p[strings.Replace(name, "xl/", "book/", 1)] = strings.ReplaceAll(strings.ReplaceAll(text, "/xl/", "/book/"), `"xl/`, `"book/`)
			}
		},
		"another workbook": func(p map[string]string) {
			rename(p, "xl/workbook.xml", "xl/workbook22.xml", "workbook.xml", "workbook22.xml")
			rename(p, rels, "xl/_rels/workbook22.xml.rels")
		},
		"sheet elsewhere": func(p map[string]string) {
			rename(p, sheetPartName, "data/table.xml", "worksheets/sheet1.xml", "../data/table.xml")
		},
		"texts elsewhere": func(p map[string]string) {
			rename(p, sharedPartName, "xl/strings.xml", "sharedStrings.xml", "strings.xml")
		},
		"absolute targets":  replacePart(rels, `"worksheets/`, `"/xl/worksheets/`),
		"absolute texts":    replacePart(rels, `"sharedStrings`, `"/xl/sharedStrings`),
		"no root":           func(p map[string]string) { delete(p, "_rels/.rels") },
		"no content types":  func(p map[string]string) { delete(p, "[Content_Types].xml") },
		"a long sheet name": replacePart("xl/workbook.xml", `"Sheet1"`, `"All the phones of: our [new] office / Boston"`),
		"strict": func(p map[string]string) {
			for name := range p {
				p[name] = strings.ReplaceAll(strings.ReplaceAll(p[name], nsSheet, "http://purl.oclc.org/ooxml/spreadsheetml/main"), nsOffice, "http://purl.oclc.org/ooxml/officeDocument/relationships")
			}
		},
		"backslashes": func(p map[string]string) { rename(p, sheetPartName, `xl\worksheets\sheet1.xml`) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			temp := t.TempDir()
			d, _, err := Read(t.Context(), []string{damagedBook(t, change)}, Options{TempDir: temp})
			must(t, err)
			if len(d.Rows) != 400 || d.Rows[0].DeviceName.Text != "Desk 0" || d.Rows[399].DeviceName.Text != "Desk 399" || d.Rows[399].Extension.Text != "1399" {
				t.Errorf("got %d rows, the last %+v", len(d.Rows), d.Rows[len(d.Rows)-1])
			}
			wantEmpty(t, temp)
		})
	}
}

// TestStoredNumbers reads numbers in the forms in which programs store them.
func TestStoredNumbers(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		"101": "101", "101.0": "101", "1.01E2": "101", "1.6502345678E10": "16502345678", "101.99999999999999": "102", "0.1": "0.1",
		"-5.0": "-5", "1E400": "1E400", "1.5E+30": "1.5E+30", "12345678901234567890": "12345678901234567890", "1.2345678901234567E17": "123456789012346000",
		"": "", "x.y": "x.y",
	} {
		if got := numberText(raw); got != want {
			t.Errorf("%q: got %q, want %q", raw, got, want)
		}
	}
}

// TestLooksOfASheet: what only concerns the looks of a sheet changes nothing,
// but what is hidden in it is told.
func TestLooksOfASheet(t *testing.T) {
	t.Parallel()
	const cell = `<c r="%" t="inlineStr"><is><t>$</t></is></c>`
	put := func(ref, text string) string {
		return strings.ReplaceAll(strings.ReplaceAll(cell, "%", ref), "$", text)
	}
	sheet := xmlHead + `<worksheet xmlns="` + nsSheet + `"><dimension ref="A1"/><sheetViews><sheetView><pane ySplit="1" state="frozen"/></sheetView></sheetViews>` +
		`<cols><col min="2" max="2" hidden="1"/><col min="4" max="9" hidden="1"/></cols><sheetData>` +
		`<row r="1">` + put("A1", "Ext") + put("B1", "Email") + put("C1", "Site") + put("D1", "Badge") + `</row>` +
		`<row r="2">` + put("A2", "101") + put("B2", "a@b.com") + put("D2", "x") + `</row>` +
		`<row>` + strings.NewReplacer(` r="A3"`, "", ` r="B3"`, "").Replace(put("A3", "102")+put("B3", "b@b.com")) + `</row>` +
		`<row r="7" ht="0" customHeight="1">` + put("A7", "103") + `</row>` +
		`</sheetData><autoFilter ref="A1:D7"/><tableParts count="1"><tablePart/></tableParts></worksheet>`
	path := saveParts(t, workbookParts(sheet, emptyTable))
	if _, _, err := Read(t.Context(), []string{path}, Options{}); err == nil || !strings.Contains(err.Error(), "hidden or filtered out: 7") {
		t.Errorf("got %v, want row 7 refused", err)
	}
	d, _, err := Read(t.Context(), []string{path}, Options{Hidden: HiddenSkip})
	must(t, err)
	if len(d.Rows) != 2 || d.HiddenSkipped != 1 || d.Rows[1].Extension.Cell.String() != "a.xlsx!Sheet1!A3" || d.Rows[1].Email.Text != "b@b.com" {
		t.Errorf("got %+v", d.Rows)
	}
	if diff := cmp.Diff([]string{"a.xlsx!Sheet1!B1 hidden_column", "a.xlsx!Sheet1!D1 unknown_column"}, codes(d.Warnings)); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
}
