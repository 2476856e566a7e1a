package sheet

import (
	"strconv"

	"provision/plan"
)

// cellName is the inverse of parseCellName: column 6, row 12 is "F12".
func cellName(col, row int) string { return plan.ColumnName(col) + strconv.Itoa(row) }

// lastColumn is the highest column of XLSX, XFD.
const lastColumn = 16384

// parseCellName reads a cell's name ("F12", "$F$12").
func parseCellName(b []byte) (col, row int, ok bool) {
	i := 0
	if i < len(b) && b[i] == '$' {
		i++
	}
	for ; i < len(b); i++ {
		c := b[i] &^ 0x20
		if c < 'A' || c > 'Z' {
			break
		}
		col = col*26 + int(c-'A') + 1
		if col > lastColumn {
			return 0, 0, false
		}
	}
	if i < len(b) && b[i] == '$' {
		i++
	}
	begin := i
	for ; i < len(b); i++ {
		if b[i] < '0' || b[i] > '9' {
			return 0, 0, false
		}
		row = row*10 + int(b[i]-'0')
		if row > xlsxRows {
			return 0, 0, false
		}
	}
	return col, row, col > 0 && row > 0 && i > begin
}
