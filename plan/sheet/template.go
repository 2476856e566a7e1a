package sheet

import (
	"archive/zip"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"provision/plan"
	"provision/templates"
)

// TemplateVersion is the version of the blank sheet. It is raised when columns
// are added or mean something else.
const TemplateVersion = 1

// templateProperty is the document property that holds the version.
const templateProperty = "provision template"

// Lists are what an account offers for columns of a template, in order.
type Lists struct {
	Extensions  []string // numbers
	Sites       []string
	Locations   []string // emergency response locations that may be assigned
	CostCenters []string
}

// ListsOf gathers an account's lists. A name that several objects have is given
// as the id where a cell may hold one, and is left out elsewhere.
func ListsOf(s *plan.Snapshot) Lists {
	e := newExporter(s, ExportOptions{})
	var l Lists
	for _, x := range s.Extensions {
		if (x.Type == "User" || x.Type == "Limited") && x.Status != "Disabled" && x.Status != "Frozen" && isDigits(x.Number) {
			l.Extensions = append(l.Extensions, x.Number)
		}
	}
	slices.SortFunc(l.Extensions, plan.CompareNumeric[string])
	for _, x := range s.Sites {
		l.Sites = append(l.Sites, e.sites[x.ID])
	}
	for _, x := range s.Locations {
		if x.AddressStatus == "Valid" && x.UsageStatus != "Inactive" && x.Visibility != "Private" {
			l.Locations = append(l.Locations, e.locationCell(x.ID))
		}
	}
	names := map[string]int{}
	for _, x := range s.CostCenters {
		names[strings.ToLower(clean(x.Name))]++
	}
	for _, x := range s.CostCenters {
		if name := clean(x.Name); names[strings.ToLower(name)] == 1 {
			l.CostCenters = append(l.CostCenters, name)
		} else {
			l.CostCenters = append(l.CostCenters, string(x.ID))
		}
	}
	for _, list := range []*[]string{&l.Sites, &l.Locations, &l.CostCenters} {
		slices.SortFunc(*list, func(a, b string) int {
			return cmp.Or(cmp.Compare(strings.ToLower(a), strings.ToLower(b)), cmp.Compare(a, b))
		})
		*list = slices.DeleteFunc(slices.Compact(*list), func(s string) bool { return s == "" })
	}
	l.Extensions = slices.Compact(l.Extensions)
	return l
}

// of gives the list of a column; nil if it has none.
func (l Lists) of(c columnID) []string {
	return map[columnID][]string{colExtension: l.Extensions, colSite: l.Sites, colLocation: l.Locations, colCostCenter: l.CostCenters}[c]
}

// offered are the words that a column's dropdown offers whatever the account;
// only tells that nothing else may stand there.
func offered(c columnID) (words []string, only bool) {
	switch c { //nolint:exhaustive // the other columns hold free values
	case colAction:
		for _, a := range actions {
			words = append(words, string(a))
		}
		return words, true
	case colDeviceType:
		return []string{plan.TypeOtherPhone, plan.TypeWebRTC}, true
	case colTollType:
		return []string{"Toll", "TollFree"}, true
	case colKeepAssets:
		return []string{string(plan.KeepAll), string(plan.KeepNumber), string(plan.KeepNone)}, true
	case colCommonPhone:
		return []string{"yes", "no"}, true
	case colReplaceWith:
		return []string{string(plan.ReplaceInventory), string(plan.ReplaceNew)}, false
	}
	return nil, false
}

// The sheets of a template. The lists' one is hidden.
const (
	templateRows     = "Phones"
	templateExamples = "Examples"
	templateLists    = "Lists"
)

// WriteTemplate writes a blank sheet with all columns. CSV holds the header
// only. In XLSX the columns are formatted as text, each header has a note,
// columns of words have dropdowns, as have those for which the account gives
// lists; a second sheet shows a row for each action, and is not read.
func WriteTemplate(w io.Writer, format string, lists Lists) error {
	columns, err := templates.Columns()
	if err != nil {
		return err
	}
	names, err := templates.ExampleNames()
	if err != nil {
		return err
	}
	header := make([]string, len(columns))
	for i, c := range columns {
		header[i] = c.Name
	}
	switch format {
	case FormatCSV:
		return writeCSV(w, [][]string{header})
	case FormatXLSX:
	default:
		return fmt.Errorf("write template: format %q is neither %s nor %s", format, FormatXLSX, FormatCSV)
	}
	b := newBuilder()
	b.page(templateRows, header, nil)
	for i, c := range columns {
		b.note(templateRows, i+1, noteOf(c))
	}
	b.examples(columns, names)
	b.dropdowns(columns, lists)
	b.print(templateRows)
	b.print(templateExamples)
	b.do(func() error {
		return b.file.SetCustomProps(excelize.CustomProperty{Name: templateProperty, Value: strconv.Itoa(TemplateVersion)})
	})
	return b.writeTo(w)
}

// page writes a small sheet cell by cell: what is streamed can't be added to,
// rules and heights are silently lost.
func (b *builder) page(name string, header []string, rows [][]string) {
	b.newSheet(name)
	b.do(func() error {
		last := plan.ColumnName(len(header))
		if err := errors.Join(
			b.file.SetColStyle(name, "A:"+last, b.text), b.file.SetColWidth(name, "A", last, columnWidth),
			b.file.SetPanes(name, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}),
		); err != nil {
			return err
		}
		for r, row := range append([][]string{header}, rows...) {
			for c, text := range row {
				if text == "" {
					continue
				}
				if err := b.file.SetCellStr(name, cellName(c+1, r+1), text); err != nil {
					return err
				}
			}
		}
		if len(rows) > 0 {
			if err := b.file.SetCellStyle(name, "A2", cellName(len(header), len(rows)+1), b.text); err != nil {
				return err
			}
		}
		return b.file.SetCellStyle(name, "A1", last+"1", b.head)
	})
}

func noteOf(c templates.Column) string {
	for _, e := range c.Examples {
		if e != "" {
			return c.Description + "\nExample: " + e
		}
	}
	return c.Description
}

// ruledRows is the last row with dropdowns: there are programs that keep a rule
// once for each cell.
const ruledRows = 20_000

// dropdowns puts lists under the columns that have some. Those of an account
// stand on a hidden sheet, under names: a list within the rule ends at 255
// characters.
func (b *builder) dropdowns(columns []templates.Column, lists Lists) {
	index := newHeaderIndex()
	var named []columnID
	for i, c := range columns {
		id, ok := index[foldHeader(c.Name)]
		if !ok {
			continue
		}
		rule := excelize.NewDataValidation(true)
		rule.SetSqref(cellName(i+1, 2) + ":" + cellName(i+1, ruledRows))
		words, only := offered(id)
		switch list := lists.of(id); {
		case len(list) > 0:
			rule.SetSqrefDropList(listOf(id))
			rule.ShowErrorMessage = false // another value may be right: keep, id:…, one that is made
			named = append(named, id)
		case len(words) > 0:
			b.do(func() error { return rule.SetDropList(words) })
			rule.ShowErrorMessage = only
			if only {
				rule.SetError(excelize.DataValidationErrorStyleStop, c.Name, "Choose one of "+strings.Join(words, ", ")+", or leave it empty.")
			}
		default:
			continue
		}
		b.do(func() error { return b.file.AddDataValidation(templateRows, rule) })
	}
	b.lists(named, lists)
}

func listOf(c columnID) string { return "provision_" + registry[c].name }

// lists writes the hidden sheet of lists.
func (b *builder) lists(named []columnID, lists Lists) {
	if len(named) == 0 {
		return
	}
	longest := 0
	header := make([]string, len(named))
	for i, id := range named {
		header[i] = "list of " + registry[id].name
		longest = max(longest, len(lists.of(id)))
	}
	rows := make([][]string, longest)
	for r := range rows {
		rows[r] = make([]string, len(named))
		for i, id := range named {
			if list := lists.of(id); r < len(list) {
				rows[r][i] = list[r]
			}
		}
	}
	b.page(templateLists, header, rows)
	for i, id := range named {
		column := plan.ColumnName(i + 1)
		b.do(func() error {
			return b.file.SetDefinedName(&excelize.DefinedName{Name: listOf(id), RefersTo: fmt.Sprintf("%s!$%s$2:$%s$%d", templateLists, column, column, len(lists.of(id))+1)})
		})
	}
	b.do(func() error { return b.file.SetSheetVisible(templateLists, false) })
}

// print makes a sheet fit on the width of a page, its header on each.
func (b *builder) print(name string) {
	b.do(func() error {
		landscape, wide, tall, fit := "landscape", 1, 0, true
		if err := b.file.SetPageLayout(name, &excelize.PageLayoutOptions{Orientation: &landscape, FitToWidth: &wide, FitToHeight: &tall}); err != nil {
			return err
		}
		if err := b.file.SetSheetProps(name, &excelize.SheetPropsOptions{FitToPage: &fit}); err != nil {
			return err
		}
		return b.file.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: name + "!$1:$1", Scope: name})
	})
}

// TemplateOf tells which version of our template a workbook was made from; the
// empty text for one that was not, for a CSV, and for what can't be read.
func TemplateOf(path string) string {
	const most = 1 << 20 // bytes
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
		return "" // opening a pipe would wait for whoever writes into it
	}
	zr, err := zip.OpenReader(path)
	if err != nil {
		return ""
	}
	defer zr.Close() //nolint:errcheck // nothing is written
	f, err := zr.Open("docProps/custom.xml")
	if err != nil {
		return ""
	}
	defer f.Close() //nolint:errcheck // nothing is written
	src, err := io.ReadAll(io.LimitReader(f, most))
	if err != nil {
		return ""
	}
	version := ""
	if err := walk(src, nil, func(at []*element) {
		if len(at) == 3 && at[1].name == "property" && at[1].attr("name") == templateProperty {
			version = clean(plainText(src[at[2].in:at[2].out]))
		}
	}); err != nil {
		return ""
	}
	return cut(version, 16)
}
