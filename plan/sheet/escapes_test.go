package sheet

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestHalfCharacters: half an emoji, as a text that was cut by a formula ends in, is told at its cell; both halves are the
// emoji, and what only looks like such an escape stays.
func TestHalfCharacters(t *testing.T) {
	t.Parallel()
	for name, put := range map[string]func(ref, text string) string{
		"inline": func(ref, text string) string {
			return `<c r="` + ref + `" t="inlineStr"><is><t>` + text + `</t></is></c>`
		},
		"result": func(ref, text string) string {
			return `<c r="` + ref + `" t="str"><f>LEFT(Z1,9)</f><v>` + text + `</v></c>`
		},
		"shared": nil,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			texts := xmlHead + `<sst xmlns="` + nsSheet + `">`
			index := 0
			if name == "shared" {
				put = func(ref, text string) string {
					texts += `<si><t>` + text + `</t></si>`
					index++
					return `<c r="` + ref + `" t="s"><v>` + string(rune('0'+index-1)) + `</v></c>`
				}
			}
			body := `<row r="1">` + put("A1", "extension") + put("B1", "device_name") + `</row>` +
				`<row r="2"><c r="A2"><v>101</v></c>` + put("B2", "Desk _xD83D_") + `</row>` +
				`<row r="3"><c r="A3"><v>102</v></c>` + put("B3", "Desk _xd83d__xDE00_") + `</row>` +
				`<row r="4"><c r="A4"><v>103</v></c>` + put("B4", "_x005F_xD83D_ _xD83 _x0041_") + `</row>`
			path := saveParts(t, workbookParts(xmlHead+`<worksheet xmlns="`+nsSheet+`"><sheetData>`+body+`</sheetData></worksheet>`, texts+`</sst>`))
			d, _, err := Read(t.Context(), []string{path}, Options{TempDir: t.TempDir()})
			must(t, err)
			if diff := cmp.Diff([]string{"a.xlsx!Sheet1!B2 text_damaged"}, codes(d.Errors)); diff != "" || len(d.Rows) != 3 {
				t.Fatalf("%d rows; errors (-want +got):\n%s", len(d.Rows), diff)
			}
			if a, b := d.Rows[1].DeviceName.Text, d.Rows[2].DeviceName.Text; a != "Desk 😀" || b != "_xD83D_ _xD83 A" {
				t.Errorf("got %q and %q", a, b)
			}
		})
	}
}

// TestEscapedCells: what is written as a cell is read as it was, whatever it looks like.
func TestEscapedCells(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"plain", "_x0041_", "__x0041__x0041_", "a\rb", "a\x01b", "_x005F_", "<&>\"'", "_xD83D_", strings.Repeat("_x", 4)} {
		parts := workbookParts(xmlHead+`<worksheet xmlns="`+nsSheet+`"><sheetData><row r="1">`+textCell("", "A1", 0, "extension")+textCell("", "B1", 0, "device_name")+`</row><row r="2">`+
			textCell("", "A2", 0, "101")+textCell("", "B2", 0, text)+`</row></sheetData></worksheet>`, emptyTable)
		d, _, err := Read(t.Context(), []string{saveParts(t, parts)}, Options{})
		must(t, err)
		if got := d.Rows[0].Raw[1]; got != text {
			t.Errorf("%q is read as %q", text, got)
		}
	}
}
