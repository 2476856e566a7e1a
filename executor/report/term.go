package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
)

// screen gathers a text for a terminal of a width. A width of 0 means that
// nothing is wrapped.
type screen struct {
	b     strings.Builder
	width int
	color bool
}

const indent = "  "

// The colours that are used, by meaning.
var (
	colorBad  = text.Colors{text.Bold, text.FgRed}
	colorWarn = text.Colors{text.FgYellow}
	colorGood = text.Colors{text.FgGreen}
	colorHead = text.Colors{text.Bold}
	colorSoft = text.Colors{text.Faint}
)

// paint colours a text if colours are on. It writes the sequences itself, as
// the library asks the environment, which is the caller's business.
func (s *screen) paint(c text.Colors, t string) string {
	if !s.color || t == "" {
		return t
	}
	return c.EscapeSeq() + t + text.Reset.EscapeSeq()
}

// heading begins a part, with an empty line before it.
func (s *screen) heading(c text.Colors, format string, args ...any) {
	if s.b.Len() > 0 {
		s.b.WriteByte('\n')
	}
	s.b.WriteString(s.paint(c, fmt.Sprintf(format, args...)) + "\n")
}

// line writes one indented line, wrapped with a deeper indent.
func (s *screen) line(format string, args ...any) {
	t := fmt.Sprintf(format, args...)
	if s.width > 2*len(indent)+10 {
		t = wrap(t, s.width-2*len(indent))
	}
	for i, part := range strings.Split(t, "\n") {
		if i > 0 {
			s.b.WriteString(indent)
		}
		s.b.WriteString(indent + strings.TrimRight(part, " ") + "\n")
	}
}

// fact writes a name, blanks behind it, and what is said of it, which is wrapped
// beside the name.
func (s *screen) fact(name, format string, args ...any) {
	t := fmt.Sprintf(format, args...)
	if room := s.width - len(indent) - len(name); room > 10 {
		t = wrap(t, room)
	}
	for part := range strings.SplitSeq(t, "\n") {
		s.b.WriteString(indent + name + strings.TrimRight(part, " ") + "\n")
		name = strings.Repeat(" ", len(name))
	}
}

// more says how many lines were left out.
func (s *screen) more(n int, where string) {
	if n > 0 {
		s.b.WriteString(indent + s.paint(colorSoft, "… and "+thousands(n)+" more"+where) + "\n")
	}
}

// columns describes a table: its headers, which columns give way when the
// terminal is narrow, and which of these has the room before the others.
type columns struct {
	header []string
	flex   []int
	main   string // a header; empty: all give way alike
}

const (
	columnGap = 2
	minFlex   = 8  // below that words fall apart
	besides   = 16 // what the others have beside the main column, if they need it
)

// table writes rows under headers. Columns that do not fit are wrapped inside
// their cells.
func (s *screen) table(cols columns, rows [][]string) {
	if len(rows) == 0 {
		return
	}
	for _, r := range rows {
		for i := range r {
			r[i] = shorten(r[i])
		}
	}
	cols, rows = cols.trim(rows)
	t := table.NewWriter()
	style := table.StyleDefault
	style.Options = table.Options{}
	style.Box.PaddingLeft, style.Box.PaddingRight = "", strings.Repeat(" ", columnGap)
	style.Format.Header = text.FormatDefault
	t.SetStyle(style)
	head := make(table.Row, len(cols.header))
	for i, h := range cols.header {
		head[i] = s.paint(colorSoft, h)
	}
	t.AppendHeader(head)
	for _, r := range rows {
		row := make(table.Row, len(r))
		for i, cell := range r {
			row[i] = cell
		}
		t.AppendRow(row)
	}
	t.SetColumnConfigs(s.fit(cols, rows))
	for l := range strings.SplitSeq(t.Render(), "\n") {
		s.b.WriteString(indent + strings.TrimRight(l, " ") + "\n")
	}
}

// fit shares the terminal's width: columns that do not give way have what they
// need, then comes the main one, the others share the rest evenly, and what one
// does not need goes to the next.
func (s *screen) fit(cols columns, rows [][]string) []table.ColumnConfig {
	need := make([]int, len(cols.header))
	configs := make([]table.ColumnConfig, len(need))
	for i, h := range cols.header {
		need[i] = text.StringWidthWithoutEscSequences(h)
		for _, r := range rows {
			need[i] = max(need[i], text.LongestLineLen(r[i]))
		}
		configs[i] = table.ColumnConfig{Number: i + 1, Align: text.AlignLeft, WidthMaxEnforcer: wrap}
	}
	if s.width <= 0 {
		return configs
	}
	rest := s.width - len(indent) - columnGap*len(need)
	for i, n := range need {
		if !slices.Contains(cols.flex, i) {
			rest -= n
		}
	}
	flex := slices.Clone(cols.flex)
	if m := slices.Index(cols.header, cols.main); cols.main != "" && slices.Contains(flex, m) {
		flex = slices.DeleteFunc(flex, func(i int) bool { return i == m })
		share := rest
		for _, i := range flex {
			share -= min(need[i], besides)
		}
		share = min(need[m], max(share, minFlex))
		configs[m].WidthMax = share
		rest -= share
	}
	slices.SortFunc(flex, func(a, b int) int { return cmp.Compare(need[a], need[b]) })
	for k, i := range flex {
		share := max(rest/(len(flex)-k), minFlex)
		if need[i] > share {
			configs[i].WidthMax = share
		}
		rest -= min(need[i], share)
	}
	return configs
}

// trim leaves out the columns in which no row has anything.
func (c columns) trim(rows [][]string) (columns, [][]string) {
	out := columns{main: c.main}
	var keep []int
	for i, h := range c.header {
		if !slices.ContainsFunc(rows, func(r []string) bool { return r[i] != "" }) {
			continue
		}
		if slices.Contains(c.flex, i) {
			out.flex = append(out.flex, len(keep))
		}
		keep = append(keep, i)
		out.header = append(out.header, h)
	}
	lean := make([][]string, len(rows))
	for i, r := range rows {
		for _, k := range keep {
			lean[i] = append(lean[i], r[k])
		}
	}
	return out, lean
}
