package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
)

// cellKind is what a workbook stores a value as. The workbook library's row
// iterator gives values only, and asking it for a cell's type loads the whole
// sheet; so the kinds come from the scan that proves the part.
type cellKind uint8

const (
	kindAbsent  cellKind = iota // nothing in the cell
	kindText                    // text
	kindShared                  // text of the shared table, which may be empty
	kindNumber                  // number
	kindPadded                  // number in a format of zeros, such as 00000
	kindDate                    // date or time
	kindBool                    // TRUE or FALSE, stored as 1 or 0
	kindError                   // #N/A and the like
	kindNoValue                 // formula whose result was not stored
)

// pack puts a kind, with the number of digits for kindPadded, into one byte.
func pack(k cellKind, digits int) byte { return byte(k) | byte(digits&0x0F)<<4 }

func kindOf(b byte) cellKind { return cellKind(b & 0x0F) }
func digitsOf(b byte) int    { return int(b >> 4) }

// cellRange is a merged range, from 1, ends included.
type cellRange struct{ firstCol, firstRow, lastCol, lastRow int }

func (r cellRange) String() string {
	return fmt.Sprintf("%s:%s", cellName(r.firstCol, r.firstRow), cellName(r.lastCol, r.lastRow))
}

// sheetScan is what the scan of one worksheet part found. Rows that store the
// same kinds in the same columns, which are nearly all, share one pattern.
type sheetScan struct {
	rows     []uint32 // pattern of row i+1
	patterns [][]byte
	hidden   []int // numbers of hidden rows, ascending
	merged   []cellRange
	columns  [][2]int // first and last of hidden columns
	maxIndex int      // highest index into the shared strings; -1 if none
}

// pattern gives the kinds of a row's cells, from column A; shorter than the
// row where the rest is empty.
func (s *sheetScan) pattern(row int) []byte {
	if row < 1 || row > len(s.rows) {
		return nil
	}
	return s.patterns[s.rows[row-1]]
}

const (
	maxMerged       = 100_000  // merged ranges of one sheet that are looked at
	maxPatternBytes = 64 << 20 // bytes that different patterns may take together
)

// sheetHandler reads a worksheet part's structure off the scanner.
type sheetHandler struct {
	scan   *sheetScan
	styles []byte // kind of a number by style
	limits Limits

	recast       bool              // turn cells with shared texts into numbers: their indexes
	known        map[string]uint32 // pattern by its bytes
	patternBytes int

	seenData, inData   bool
	row, col           int
	cells              []byte
	kind               string // of the cell: its attribute t
	style              int
	inCell, inV, inF   bool
	inText, inPhonetic bool
	hasValue           bool // some text that is not space
	hasV, hasF         bool // the elements
	index              int  // shared string index being read; -1: not yet
	length             int  // of the cell's text, in bytes
}

func newSheetHandler(styles []byte, limits Limits) *sheetHandler {
	return &sheetHandler{
		scan:   &sheetScan{patterns: [][]byte{nil}, maxIndex: -1},
		styles: styles,
		limits: limits,
		known:  map[string]uint32{"": 0},
	}
}

// notOrdered refuses a sheet whose rows or cells do not follow each other: the
// workbook library would put what they hold elsewhere.
func notOrdered(what, behind string) *FileError {
	return damaged("%s stands behind %s in the file, and rows and cells must be in order there", what, behind)
}

func (h *sheetHandler) start(name []byte, attrs []xmlAttr) error {
	switch string(name) {
	case "c":
		if h.inData {
			return h.startCell(attrs)
		}
	case "v":
		if h.inCell && h.hasV {
			return fmt.Errorf("%s holds two values", cellName(h.col, h.row))
		}
		h.inV, h.hasV = h.inCell, h.hasV || h.inCell
	case "t":
		h.inText = h.inCell && !h.inPhonetic
	case "f":
		h.inF, h.hasF = h.inCell, h.hasF || h.inCell
	case "rPh":
		h.inPhonetic = true
	case "row":
		if h.inData {
			return h.startRow(attrs)
		}
	case "sheetData":
		if h.seenData {
			return errors.New("two tables of cells in one sheet")
		}
		h.seenData, h.inData = true, true
	case "mergeCell":
		return h.mergeCell(attrs)
	case "col":
		if !h.seenData {
			h.column(attrs)
		}
	}
	return nil
}

// column takes note of columns that are hidden.
func (h *sheetHandler) column(attrs []xmlAttr) {
	var first, last int
	hidden := false
	for _, a := range attrs {
		switch string(a.name) {
		case "min":
			first, _ = strconv.Atoi(string(a.value))
		case "max":
			last, _ = strconv.Atoi(string(a.value))
		case "hidden":
			hidden, _ = strconv.ParseBool(string(a.value))
		}
	}
	if hidden && len(h.scan.columns) < lastColumn {
		h.scan.columns = append(h.scan.columns, [2]int{first, last})
	}
}

func (h *sheetHandler) end(name []byte) error {
	switch string(name) {
	case "c":
		if h.inCell {
			h.endCell()
		}
	case "v":
		h.inV = false
	case "t":
		h.inText = false
	case "f":
		h.inF = false
	case "rPh":
		h.inPhonetic = false
	case "row":
		if h.inData {
			return h.endRow()
		}
	case "sheetData":
		h.inData = false
	}
	return nil
}

func (h *sheetHandler) text(piece []byte, literal bool) error {
	if !h.inV && !h.inText {
		return nil
	}
	if h.length += len(piece); h.length > h.limits.CellBytes {
		return tooLongCell(cellName(h.col, h.row), h.limits)
	}
	piece = bytes.TrimSpace(piece)
	if len(piece) == 0 {
		return nil
	}
	h.hasValue = true
	if result := h.inV && h.kind == "str"; oddEscapes(piece, result) {
		if !h.recast {
			return errEscapes
		}
		mendEscapes(piece, result, literal)
	}
	if h.inV && h.kind == "s" {
		for _, c := range piece {
			if c < '0' || c > '9' || h.index > 1<<30 {
				return fmt.Errorf("row %d points to a shared text by %q", h.row, piece)
			}
			h.index = max(h.index, 0)*10 + int(c-'0')
		}
	}
	return nil
}

func (h *sheetHandler) startRow(attrs []xmlAttr) error {
	number := h.row + 1
	hidden := false
	for _, a := range attrs {
		switch string(a.name) {
		case "r":
			n, err := strconv.Atoi(string(a.value))
			if err != nil {
				return fmt.Errorf("row number %q", a.value)
			}
			number = n
		case "hidden":
			v, err := strconv.ParseBool(string(a.value))
			hidden = hidden || err == nil && v
		case "ht":
			// A row of no height is hidden, too.
			v, err := strconv.ParseFloat(string(a.value), 64)
			hidden = hidden || err == nil && v == 0
		}
	}
	if number > xlsxRows {
		return damaged("row %d, and a sheet has no more than %d", number, xlsxRows)
	}
	if number <= h.row {
		return notOrdered(fmt.Sprintf("row %d", number), fmt.Sprintf("row %d", h.row))
	}
	h.row, h.col, h.cells = number, 0, h.cells[:0]
	if hidden {
		h.scan.hidden = append(h.scan.hidden, number)
	}
	return nil
}

func (h *sheetHandler) startCell(attrs []xmlAttr) error {
	col := h.col + 1
	h.kind, h.style = "", 0
	for _, a := range attrs {
		switch string(a.name) {
		case "r":
			c, r, ok := parseCellName(a.value)
			if !ok || r != h.row {
				return fmt.Errorf("cell %q in row %d, where no sheet has one", a.value, h.row)
			}
			col = c
		case "s":
			if n, err := strconv.Atoi(string(a.value)); err == nil {
				h.style = n
			}
		case "t":
			h.kind = internKind(a.value)
			if h.recast && h.kind == "s" {
				a.value[0] = 'n'
			}
		}
	}
	if col <= h.col || h.row == 0 {
		return notOrdered("cell "+cellName(col, h.row), "cell "+cellName(max(h.col, 1), h.row))
	}
	h.col = col
	h.inCell, h.hasValue, h.hasV, h.hasF, h.index, h.length = true, false, false, false, -1, 0
	return nil
}

// internKind gives the attribute t of a cell as a constant text.
func internKind(b []byte) string {
	for _, k := range [...]string{"s", "inlineStr", "str", "n", "b", "e", "d"} {
		if string(b) == k {
			return k
		}
	}
	return "n"
}

func (h *sheetHandler) endCell() {
	h.inCell, h.inV, h.inText, h.inF, h.inPhonetic = false, false, false, false, false
	h.scan.maxIndex = max(h.scan.maxIndex, h.index)
	if h.col > h.limits.Columns {
		return
	}
	p := h.cellKind()
	if kindOf(p) == kindAbsent {
		return
	}
	for len(h.cells) < h.col-1 {
		h.cells = append(h.cells, pack(kindAbsent, 0))
	}
	h.cells = append(h.cells, p)
}

func (h *sheetHandler) cellKind() byte {
	if !h.hasValue {
		// A formula may well give the empty text; then the result is stored,
		// as a text.
		if h.hasF && (!h.hasV || h.kind != "str") {
			return pack(kindNoValue, 0)
		}
		return pack(kindAbsent, 0)
	}
	switch h.kind {
	case "s":
		return pack(kindShared, 0)
	case "inlineStr", "str":
		return pack(kindText, 0)
	case "b":
		return pack(kindBool, 0)
	case "e":
		return pack(kindError, 0)
	case "d":
		return pack(kindDate, 0)
	}
	if h.style > 0 && h.style < len(h.styles) {
		return h.styles[h.style]
	}
	return pack(kindNumber, 0)
}

func (h *sheetHandler) endRow() error {
	for len(h.scan.rows) < h.row-1 {
		h.scan.rows = append(h.scan.rows, 0)
	}
	key := h.cells
	id, ok := h.known[string(key)]
	if !ok {
		h.patternBytes += len(key)
		if h.patternBytes > maxPatternBytes {
			return errors.New("a sheet too irregular to be kept in memory")
		}
		id = uint32(len(h.scan.patterns)) //nolint:gosec // at most one pattern per row
		h.scan.patterns = append(h.scan.patterns, append([]byte(nil), h.cells...))
		h.known[string(key)] = id
	}
	h.scan.rows = append(h.scan.rows, id)
	return nil
}

func (h *sheetHandler) mergeCell(attrs []xmlAttr) error {
	for _, a := range attrs {
		if string(a.name) != "ref" {
			continue
		}
		from, to, two := bytes.Cut(a.value, []byte(":"))
		if !two {
			to = from
		}
		c1, r1, ok1 := parseCellName(from)
		c2, r2, ok2 := parseCellName(to)
		if !ok1 || !ok2 || len(h.scan.merged) >= maxMerged {
			return fmt.Errorf("merged range %q", a.value)
		}
		h.scan.merged = append(h.scan.merged, cellRange{min(c1, c2), min(r1, r2), max(c1, c2), max(r1, r2)})
	}
	return nil
}
