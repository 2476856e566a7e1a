package table

import (
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

const (
	lineHeight = 15  // points, of a line of the default font
	maxHeight  = 409 // points, what a row of a workbook has at most
)

// RowHeight is the height of a row whose texts are wrapped in columns of these
// widths: some programs that open a workbook do not reckon it, and the lines of
// a cell then stand on those of the next. A row of one line states none.
func RowHeight(widths []float64, texts []string) excelize.RowOpts {
	lines := 1
	for i, t := range texts {
		if i < len(widths) {
			lines = max(lines, linesOf(t, int(widths[i])))
		}
	}
	if lines == 1 {
		return excelize.RowOpts{}
	}
	return excelize.RowOpts{Height: min(maxHeight, float64(lines*lineHeight))}
}

// linesOf is about how many lines a text takes that is broken between words; a
// word that is longer than a line is broken within.
func linesOf(text string, width int) int {
	width = max(width, 1)
	lines := 0
	for part := range strings.SplitSeq(text, "\n") {
		lines++
		used := 0
		for word := range strings.FieldsSeq(part) {
			n := utf8.RuneCountInString(word)
			if used > 0 && used+1+n > width {
				lines, used = lines+1, 0
			} else if used > 0 {
				used++
			}
			used += n
			lines += (used - 1) / width
			used = (used-1)%width + 1
		}
	}
	return lines
}
