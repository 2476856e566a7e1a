package sheet

import "fmt"

// Limits bound what is read, against accident and malice. A zero field means
// its default. The flags of package main bear the names in [LimitFlags].
type Limits struct {
	FileBytes     int64 // size of a file; 200 MiB
	UnpackedBytes int64 // size of a workbook's parts together, unpacked; 1 GiB
	Members       int   // number of parts in a workbook; 5,000
	Rows          int   // rows of a sheet that hold anything; 1,048,576
	Columns       int   // columns of a sheet up to its last value; 1,024
	CellBytes     int   // text of one cell; 1 MiB
}

// The flags by which each limit is set; messages name them.
const (
	FlagFile     = "--limit-file-mib"
	FlagUnpacked = "--limit-unpacked-mib"
	FlagMembers  = "--limit-parts"
	FlagRows     = "--limit-rows"
	FlagColumns  = "--limit-columns"
	FlagCell     = "--limit-cell-kib"
)

const (
	// maxRatio is how many times its packed size a large part may be: deflate
	// reaches 1,032, real sheets stay below 60.
	maxRatio = 300
	// ratioFloor is the unpacked size, in bytes, up to which the ratio is not
	// looked at.
	ratioFloor = 64 << 20
	// xlsxRows is the number of rows of an XLSX sheet, filled or not.
	xlsxRows = 1 << 20
	// headerSearch is the number of non-empty rows among which the header is
	// sought.
	headerSearch = 100
	// maxProblems is the number of problems of each kind that one sheet
	// reports; a wrong column of a long sheet would fill memory.
	maxProblems = 10_000
)

// DefaultLimits are the limits that hold where none are given.
func DefaultLimits() Limits {
	return Limits{FileBytes: 200 << 20, UnpackedBytes: 1 << 30, Members: 5000, Rows: 1 << 20, Columns: 1024, CellBytes: 1 << 20}
}

func (l Limits) withDefaults() Limits {
	d := DefaultLimits()
	orDefault(&l.FileBytes, d.FileBytes)
	orDefault(&l.UnpackedBytes, d.UnpackedBytes)
	orDefault(&l.Members, d.Members)
	orDefault(&l.Rows, d.Rows)
	orDefault(&l.Columns, d.Columns)
	orDefault(&l.CellBytes, d.CellBytes)
	// The packed kinds of a row's cells are kept for each column, so it has no
	// use to read behind the last one of the format.
	l.Columns = min(l.Columns, lastColumn)
	return l
}

func orDefault[T int | int64](n *T, value T) {
	if *n <= 0 {
		*n = value
	}
}

// tooLarge makes the error for a file beyond a limit; flag raises it, and is
// empty for a limit that stands.
func tooLarge(detail, flag string) *FileError {
	hint := "split it, or copy its rows into a new workbook"
	if flag != "" {
		hint += "; or raise the limit with " + flag
	}
	return &FileError{Reason: ReasonTooLarge, Detail: detail, Hint: hint}
}

func tooManyRows(l Limits) *FileError {
	return tooLarge(fmt.Sprintf("has more than %d rows", l.Rows), FlagRows)
}

func tooManyColumns(l Limits) *FileError {
	return tooLarge(fmt.Sprintf("has more than %d columns", l.Columns), FlagColumns)
}

func tooLongCell(cell string, l Limits) *FileError {
	return tooLarge(fmt.Sprintf("%s holds more than %d KiB of text", cell, l.CellBytes>>10), FlagCell)
}
