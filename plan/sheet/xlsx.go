package sheet

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
)

// workbook is an XLSX file that is proven whole and open in the workbook
// library.
type workbook struct {
	archive *archive
	file    *excelize.File
	temp    string // private folder of the parts that the library unpacks
}

// inMemoryPart is the size, in bytes, up to which the library keeps a sheet or
// the table of shared texts in memory.
const inMemoryPart = 1 << 20

// openWorkbook proves the file at path and opens it. wanted tells which sheets
// will be read. The caller closes it, also after an error.
func openWorkbook(ctx context.Context, path string, opts Options, wanted func(sheetPart) bool) (*workbook, error) {
	w := &workbook{}
	var err error
	if w.temp, err = os.MkdirTemp(opts.TempDir, "provision-sheet-"); err != nil {
		return w, fmt.Errorf("make a private folder for unpacking: %w", err)
	}
	if err := w.prove(ctx, path, opts, wanted); err != nil {
		return w, err
	}
	if w.archive.recast != nil {
		path = w.archive.recast.path
	}
	err = guarded(func() (err error) {
		w.file, err = excelize.OpenFile(path, excelize.Options{
			RawCellValue:      true,
			UnzipSizeLimit:    opts.Limits.UnpackedBytes,
			UnzipXMLSizeLimit: min(inMemoryPart, opts.Limits.UnpackedBytes),
			TmpDir:            w.temp,
		})
		return err
	})
	if err != nil {
		return w, &FileError{Reason: ReasonInternalRead, Detail: "the workbook can't be opened", Hint: "save it anew in a spreadsheet program", Err: err}
	}
	return w, nil
}

func (w *workbook) prove(ctx context.Context, path string, opts Options, wanted func(sheetPart) bool) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("open workbook: %w", err)
	}
	defer f.Close() //nolint:errcheck // nothing is written
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("look at workbook: %w", err)
	}
	zr, err := zip.NewReader(f, info.Size())
	if err != nil {
		return unreadable("list at its end", err)
	}
	a, ferr := openArchive(f, zr, info.Size(), opts.Limits)
	if ferr != nil {
		return ferr
	}
	w.archive = a
	if err := a.readWorkbook(); err != nil {
		return err
	}
	if !a.usual() || a.strange(wanted) || a.texts != "" && a.members[a.texts].UncompressedSize64 > inMemoryPart {
		if a.recast, err = newRecast(w.temp); err != nil {
			return err
		}
	}
	err = a.prove(ctx, wanted)
	if errors.Is(err, errEscapes) && a.recast == nil {
		if a.recast, err = newRecast(w.temp); err != nil {
			return err
		}
		err = a.prove(ctx, wanted)
	}
	if a.recast != nil {
		err = errors.Join(err, a.recast.finish())
	}
	return err
}

// guarded runs a call into the workbook library, which was not written for
// hostile files: what it panics over is an error of the file.
func guarded(call func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the workbook library gave up: %v", p)
		}
	}()
	return call()
}

// close gives the library's files back and removes the private folder, also
// where the library left something in it.
func (w *workbook) close() error {
	var err error
	if w.file != nil {
		err = guarded(w.file.Close)
		w.file = nil
	}
	if w.temp == "" {
		return err
	}
	temp := w.temp
	w.temp = ""
	return errors.Join(err, os.RemoveAll(temp))
}

// xlsxSource gives a worksheet's rows and proves on the way that they are all
// that the scan found.
type xlsxSource struct {
	rows     *excelize.Rows
	texts    *textTable // of a recast workbook, else nil
	scan     *sheetScan
	limits   Limits
	date1904 bool
	line     int
	row      rawRow
	hidden   []int // those still ahead
}

func (w *workbook) source(s *sheetPart) (*xlsxSource, error) {
	src := &xlsxSource{scan: s.scan, limits: w.archive.limits, date1904: w.archive.date1904, hidden: s.scan.hidden}
	name := s.name
	if r := w.archive.recast; r != nil {
		src.texts, name = &r.table, s.inBook
	}
	err := guarded(func() (err error) {
		src.rows, err = w.file.Rows(name)
		return err
	})
	if err != nil {
		return nil, &FileError{Reason: ReasonInternalRead, Detail: "the sheet can't be opened", Hint: "save it anew in a spreadsheet program", Err: err}
	}
	return src, nil
}

func (s *xlsxSource) close() error { return guarded(s.rows.Close) }

// next gives the next row, also where a gap has none.
func (s *xlsxSource) next() (*rawRow, error) {
	// The library must not be asked behind the last row: it takes an element of
	// the same name in a drawing for a further one.
	if s.line == len(s.scan.rows) {
		return nil, io.EOF
	}
	var cells []string
	more := false
	err := guarded(func() (err error) {
		if more = s.rows.Next(); more {
			cells, err = s.rows.Columns()
		}
		return err
	})
	if err == nil && !more {
		err = guarded(s.rows.Error)
	}
	switch {
	case err != nil:
		return nil, &FileError{Reason: ReasonInternalRead, Detail: fmt.Sprintf("row %d can't be read", s.line+1), Hint: hintSaveAnew, Err: err}
	case !more:
		return nil, damaged("the sheet holds %d rows, but only %d could be read", len(s.scan.rows), s.line)
	}
	s.line++
	kinds := s.scan.pattern(s.line)
	if err := s.compare(cells, kinds); err != nil {
		return nil, err
	}
	if cells, err = s.display(cells, kinds); err != nil {
		return nil, err
	}
	s.row = rawRow{line: s.line, cells: cells, kinds: kinds, hidden: s.isHidden()}
	return &s.row, nil
}

// compare holds the cells that the library gave against the ones that the scan
// found.
func (s *xlsxSource) compare(cells []string, kinds []byte) error {
	for i, k := range kinds {
		kind := kindOf(k)
		mayBeEmpty := kind == kindAbsent || kind == kindNoValue || kind == kindShared && s.texts == nil
		if !mayBeEmpty && (i >= len(cells) || cells[i] == "") {
			return damaged("%s holds something that could not be read", cellName(i+1, s.line))
		}
	}
	if len(cells) > s.limits.Columns && !(&rawRow{cells: cells[s.limits.Columns:]}).empty() {
		return tooManyColumns(s.limits)
	}
	return nil
}

// display turns the values that are not stored as they are shown into text:
// shared texts of a recast workbook, dates, booleans, numbers filled up with
// zeros.
func (s *xlsxSource) display(cells []string, kinds []byte) ([]string, error) {
	if len(cells) > s.limits.Columns {
		cells = cells[:s.limits.Columns]
	}
	for i := range min(len(cells), len(kinds)) {
		switch kindOf(kinds[i]) {
		case kindAbsent, kindText, kindError, kindNoValue:
		case kindNumber:
			cells[i] = numberText(cells[i])
		case kindShared:
			if s.texts == nil {
				continue
			}
			index, err := strconv.Atoi(strings.TrimSpace(cells[i]))
			text, ok := s.texts.text(index)
			if err != nil || !ok {
				return nil, damaged("the text of %s could not be read", cellName(i+1, s.line))
			}
			cells[i] = text
		case kindDate:
			cells[i] = dateText(cells[i], s.date1904)
		case kindBool:
			cells[i] = boolText(cells[i])
		case kindPadded:
			cells[i] = padZeros(numberText(cells[i]), digitsOf(kinds[i]))
		}
	}
	return cells, nil
}

func (s *xlsxSource) isHidden() bool {
	if len(s.hidden) == 0 || s.hidden[0] != s.line {
		return false
	}
	s.hidden = s.hidden[1:]
	return true
}

// dateText writes a date's serial number as people write it; what is no
// such number stays as it is.
func dateText(raw string, date1904 bool) string {
	serial, err := strconv.ParseFloat(raw, 64)
	if err != nil || serial < 0 || serial > 2958466 { // the year 10000
		return raw
	}
	t, err := excelize.ExcelDateToTime(serial, date1904)
	if err != nil {
		return raw
	}
	t = t.Round(time.Second)
	switch {
	case serial < 1:
		return t.Format("15:04:05")
	case t.Hour()+t.Minute()+t.Second() == 0:
		return t.Format("2006-01-02")
	}
	return t.Format("2006-01-02 15:04:05")
}

func boolText(raw string) string {
	switch raw {
	case "1":
		return "TRUE"
	case "0":
		return "FALSE"
	}
	return raw
}

// numberText writes a number as a spreadsheet program shows it, that is, with
// no more than 15 digits: programs store 16502345678 as 1.6502345678E10, and 102
// that was computed as 101.99999999999999.
func numberText(raw string) string {
	if isDigits(raw) || !strings.ContainsAny(raw, ".eE") {
		return raw
	}
	const digits, widest = exactDigits, 1e21
	f, err := strconv.ParseFloat(raw, 64)
	if err != nil || f >= widest || f <= -widest {
		return raw
	}
	if f, err = strconv.ParseFloat(strconv.FormatFloat(f, 'e', digits-1, 64), 64); err != nil {
		return raw
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// padZeros fills a whole number up to the digits that its format shows.
func padZeros(raw string, digits int) string {
	if !isDigits(raw) || len(raw) >= digits {
		return raw
	}
	return strings.Repeat("0", digits-len(raw)) + raw
}
