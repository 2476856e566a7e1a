package sheet

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const sheetDocument = "../../docs/sheet.md"

// TestSheetDocument holds the tables of the document against the code.
func TestSheetDocument(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(sheetDocument)
	must(t, err)
	got := string(data)
	for mark, table := range map[string]string{
		"columns": columnTable(), "ambiguous": ambiguousTable(), "layouts": layoutTable(), "abroad": abroadTable(), "values": valueTable(t), "limits": limitTable(),
	} {
		begin, end := "<!-- "+mark+" -->\n", "<!-- end -->"
		before, rest, ok := strings.Cut(got, begin)
		_, after, ok2 := strings.Cut(rest, end)
		if !ok || !ok2 {
			t.Fatalf("the document has no marks %q", mark)
		}
		got = before + begin + table + end + after
	}
	if *update {
		must(t, os.WriteFile(sheetDocument, []byte(got), 0o600))
		return
	}
	if diff := cmp.Diff(got, string(data)); diff != "" {
		t.Errorf("the document is not what the code does (-code +document); run with -update:\n%s", diff)
	}
}

func tableRow(b *bytes.Buffer, cells ...string) {
	for i := range cells {
		cells[i] = strings.ReplaceAll(cells[i], "|", `\|`)
	}
	fmt.Fprintf(b, "| %s |\n", strings.Join(cells, " | "))
}

func columnTable() string {
	var b bytes.Buffer
	tableRow(&b, "column", "also called", "meaning")
	tableRow(&b, "---", "---", "---")
	for _, c := range Columns() {
		tableRow(&b, "`"+c.Name+"`", strings.Join(c.Aliases, ", "), c.Description)
	}
	return b.String()
}

func ambiguousTable() string {
	var b bytes.Buffer
	tableRow(&b, "header", "could mean")
	tableRow(&b, "---", "---")
	for _, name := range slices.Sorted(maps.Keys(unclearHeaders)) {
		tableRow(&b, name, unclearHeaders[name])
	}
	return b.String()
}

func layoutTable() string {
	var b bytes.Buffer
	tableRow(&b, "layout", "has", "means")
	tableRow(&b, "---", "---", "---")
	for _, f := range foreignLayouts {
		var means []string
		for _, header := range slices.Sorted(maps.Keys(f.means)) {
			name := "for the report"
			if id := f.means[header]; id != colNone {
				name = "`" + registry[id].name + "`"
			}
			means = append(means, header+": "+name)
		}
		tableRow(&b, f.name, strings.ReplaceAll(strings.Join(f.needs, ", "), "|", " or "), strings.Join(means, ", "))
	}
	return b.String()
}

func abroadTable() string {
	var b bytes.Buffer
	head, line := []string{"column"}, []string{"---"}
	for _, a := range abroad {
		head, line = append(head, a.language), append(line, "---")
	}
	tableRow(&b, head...)
	tableRow(&b, line...)
	for id := range columnCount {
		cells, any := []string{"`" + registry[id].name + "`"}, false
		for _, a := range abroad {
			cells = append(cells, strings.Join(a.names[id], "; "))
			any = any || len(a.names[id]) > 0
		}
		if any {
			tableRow(&b, cells...)
		}
	}
	return b.String()
}

func limitTable() string {
	d := DefaultLimits()
	var b bytes.Buffer
	tableRow(&b, "limit", "flag", "default")
	tableRow(&b, "---", "---", "---")
	for _, l := range []struct {
		what, flag string
		value      int64
	}{
		{"size of a file, in MiB", FlagFile, d.FileBytes >> 20}, {"size of a workbook unpacked, in MiB", FlagUnpacked, d.UnpackedBytes >> 20},
		{"parts of a workbook", FlagMembers, int64(d.Members)}, {"rows of a sheet that hold anything", FlagRows, int64(d.Rows)},
		{"columns of a sheet", FlagColumns, int64(d.Columns)}, {"text of a cell, in KiB", FlagCell, int64(d.CellBytes >> 10)},
	} {
		tableRow(&b, l.what, "`"+l.flag+"`", fmt.Sprint(l.value))
	}
	return b.String()
}

// valueTable reads values that spreadsheets spoil and tells what became of them.
func valueTable(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	tableRow(&b, "column", "a CSV has", "read as", "told")
	tableRow(&b, "---", "---", "---", "---")
	for _, v := range []struct {
		column columnID
		text   string
	}{
		{colExtension, "101.0"},
		{colExtension, "1.01E+02"},
		{colExtension, "1.0E+02"},
		{colExtension, "'0101"},
		{colExtension, "１０１"},
		{colExtension, "#N/A"},
		{colExtension, "N/A"},
		{colPhoneNumber, "(650) 555-0100"},
		{colPhoneNumber, "16505550100"},
		{colPhoneNumber, "tel:+16505550100"},
		{colPhoneNumber, "1.6502345678E+10"},
		{colPhoneNumber, "1.6502E+10"},
		{colPhoneNumber, "4930123456"},
		{colSerial, "000b.8212.3456"},
		{colSerial, "00 0B 82 12 34 56"},
		{colSerial, "0:b:82:1:34:56"},
		{colSerial, "SEP000B82123456"},
		{colSerial, "1.12233445566E+11"},
		{colSerial, "1.12E+10"},
		{colSerial, "B82123456"},
		{colDeviceID, "8.0123E+08"},
		{colAreaCode, "(650)"},
		{colCommonPhone, "x"},
		{colCommonPhone, "TRUE"},
		{colKeepAssets, "number only"},
		{colQuantity, "5.0"},
		{colDeviceName, "Desk\u00a01\u200b"},
		{colDeviceName, "N/A"},
		{colEmail, "Ada@Example.COM"},
	} {
		d := readText(t, "row_id,"+registry[v.column].name+"\n1,\""+v.text+"\"\n", Options{})
		told, read := "", "–"
		for _, p := range d.Warnings {
			told = "warning `" + p.Code + "`"
		}
		for _, p := range d.Errors {
			told = "error `" + p.Code + "`"
		}
		r := &d.Rows[0]
		if len(d.Errors) == 0 {
			read = map[columnID]string{
				colExtension: r.Extension.Text, colPhoneNumber: r.PhoneNumber.Text, colSerial: r.Serial.Text, colDeviceID: r.DeviceID.Text,
				colAreaCode: r.AreaCode.Text, colCommonPhone: r.CommonPhone.Text, colKeepAssets: string(r.KeepAssets), colQuantity: fmt.Sprint(r.Quantity),
				colDeviceName: r.DeviceName.Text, colEmail: r.Email.Text,
			}[v.column]
		}
		tableRow(&b, "`"+registry[v.column].name+"`", strings.Trim(fmt.Sprintf("%+q", v.text), `"`), read, told)
	}
	return b.String()
}
