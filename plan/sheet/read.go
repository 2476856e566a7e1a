package sheet

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unsafe"

	"provision/plan"
)

// Read reads the sheets of several files into one [plan.Desired]. Problems of
// cells are in its Errors and Warnings and do not end the reading; files that
// can't be used as a whole are *FileError values joined in the error, and what
// the other files gave is returned beside it.
func Read(ctx context.Context, paths []string, opts Options) (plan.Desired, []Detected, error) {
	opts = opts.withDefaults()
	index := newHeaderIndex()
	m, err := newMapping(opts, index)
	if err != nil {
		return plan.Desired{}, nil, err
	}
	c := &collecting{opts: opts, names: &headerNames{index: index, mapping: m, limits: opts.Limits}, used: map[string]bool{}}
	if opts.KeepNoRows {
		c.check = plan.NewRowsCheck(opts.Country)
	}
	var errs []error
	for _, path := range paths {
		if err := c.file(ctx, path); err != nil {
			if ctx.Err() != nil {
				return c.desired, c.detected, err
			}
			errs = append(errs, err)
		}
	}
	if unused := m.unused(c.used); len(unused) > 0 && len(errs) == 0 {
		errs = append(errs, &FileError{File: "--map", Reason: ReasonMapping, Detail: "no sheet has a column " + quoteNames(unused), Hint: "check the spelling, or leave it out"})
	}
	if c.check != nil && len(errs) == 0 {
		if err := c.crossCheck(ctx, paths); err != nil {
			return c.desired, c.detected, err
		}
	}
	return c.desired, c.detected, errors.Join(errs...)
}

// collecting gathers what several files give.
type collecting struct {
	opts     Options
	names    *headerNames
	desired  plan.Desired
	detected []Detected
	used     map[string]bool // mapped headers that some sheet has
	count    int             // rows of the present sheet
	scratch  plan.Row        // where rows are not kept
	check    *plan.RowsCheck // what holds on every account; nil where rows are kept
}

func (c *collecting) file(ctx context.Context, path string) (err error) {
	b, err := openBook(ctx, path, c.opts, c.names)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	for _, name := range b.Sheets() {
		if err := c.sheet(ctx, b, name); err != nil {
			return b.inFile(err)
		}
	}
	return b.unchanged()
}

// sheet reads one sheet. Rows of a sheet that turns out to be unusable are
// taken back.
func (c *collecting) sheet(ctx context.Context, b *Book, name string) error {
	r, err := b.Reader(name)
	if err != nil {
		return err
	}
	rows, problems, warnings, skipped := len(c.desired.Rows), len(c.desired.Errors), len(c.desired.Warnings), c.desired.HiddenSkipped
	c.reserve(b.rowsAhead(name))
	n := newNormaliser(&c.desired, c.opts, r.Info(), len(c.desired.Sheets))
	if n.check = c.check; n.check != nil {
		n.check.Sheet(len(c.desired.Sheets), r.Info())
	}
	c.count = 0
	hidden, err := c.rows(ctx, r, n)
	if err == nil && len(hidden) > 0 {
		err = hiddenError(hidden)
	}
	if err == nil && c.count == 0 && c.desired.HiddenSkipped == skipped {
		err = &FileError{Reason: ReasonEmpty, Detail: "there is no row below the header", Hint: "fill in at least one"}
		if c.opts.allSheets() {
			err = nil
		}
	}
	if err != nil {
		clear(c.desired.Rows[rows:])
		c.desired.Rows, c.desired.Errors, c.desired.Warnings = c.desired.Rows[:rows], c.desired.Errors[:problems], c.desired.Warnings[:warnings]
		c.desired.HiddenSkipped = skipped
		var ferr *FileError
		if errors.As(err, &ferr) && ferr.Sheet == "" {
			ferr.Sheet = name
		}
		return err
	}
	n.finish(r.HeaderProblems())
	c.desired.Sheets = append(c.desired.Sheets, r.Info())
	l := n.layoutOf(r)
	for folded := range l.used {
		c.used[folded] = true
	}
	c.detected = append(c.detected, b.detected(name, l, c.count))
	return nil
}

// rows normalises row after row. It gives the numbers of the hidden ones where
// these are refused.
func (c *collecting) rows(ctx context.Context, r Reader, n *normaliser) (hidden []int, err error) {
	for i := 0; ; i++ {
		if i&1023 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		line, err := r.Read()
		if errors.Is(err, io.EOF) {
			return hidden, nil
		}
		if err != nil {
			return nil, err
		}
		if line.Hidden && c.opts.Hidden == HiddenSkip {
			c.desired.HiddenSkipped++
			continue
		}
		if line.Hidden && c.opts.Hidden != HiddenRead {
			hidden = append(hidden, line.Row)
			continue
		}
		if len(line.Problems) == 0 && line.repeatsHeader() {
			n.repeatedHeader(line)
			continue
		}
		if err := n.row(line, c.nextRow()); err != nil {
			return nil, err
		}
	}
}

// nextRow adds a row, which is zero: room that was made ahead is so already.
func (c *collecting) nextRow() *plan.Row {
	c.count++
	if c.opts.KeepNoRows {
		c.scratch = plan.Row{}
		return &c.scratch
	}
	n := len(c.desired.Rows)
	if n == cap(c.desired.Rows) {
		c.desired.Rows = append(c.desired.Rows, plan.Row{})
	} else {
		c.desired.Rows = c.desired.Rows[:n+1]
	}
	return &c.desired.Rows[n]
}

// reserveRows is the most rows for which room is made ahead; a file may claim
// any number.
const reserveRows = 1 << 17

// keptPerRow is about what a row takes, in bytes: itself, its texts and their
// list.
const keptPerRow = int64(unsafe.Sizeof(plan.Row{})) + 1024

// reserve makes room for rows: a plan.Row is large and copying grown slices
// would take longer than reading.
func (c *collecting) reserve(n int) {
	if c.opts.KeepNoRows {
		return
	}
	n = min(n, reserveRows)
	if need := len(c.desired.Rows) + n; need > cap(c.desired.Rows) {
		gc.keep(int64(n) * keptPerRow)
		rows := make([]plan.Row, len(c.desired.Rows), need)
		copy(rows, c.desired.Rows)
		c.desired.Rows = rows
	}
}

// rowsAhead is the most rows that a sheet can give.
func (b *Book) rowsAhead(sheet string) int {
	if b.csv != nil {
		return bytes.Count(b.csv.text, []byte("\n")) + 1
	}
	for _, s := range b.sheets {
		if s.name == sheet && s.scan != nil {
			return len(s.scan.rows)
		}
	}
	return 0
}

func hiddenError(rows []int) *FileError {
	const most = 10
	var names []string
	for _, r := range rows[:min(most, len(rows))] {
		names = append(names, strconv.Itoa(r))
	}
	list := strings.Join(names, ", ")
	if len(rows) > most {
		list += fmt.Sprintf(" and %d more", len(rows)-most)
	}
	return &FileError{Reason: ReasonHiddenRows, Detail: countOf(len(rows), "row with data is", "rows with data are") + " hidden or filtered out: " + list, Hint: "show them, or say --hidden=read or --hidden=skip"}
}

func (b *Book) detected(sheet string, l *layout, rows int) Detected {
	d := Detected{File: l.info.File, Sheet: sheet, Format: "xlsx", HeaderRow: l.line, DataRows: rows, Skipped: b.notes}
	if b.note != "" {
		d.Notes = append(d.Notes, b.note)
	}
	if b.csv != nil {
		d.Format, d.Encoding, d.Delimiter = "csv", b.csv.encoding, delimiterName(b.csv.delimiter)
		if b.csv.note != "" {
			d.Notes = append(d.Notes, b.csv.note)
		}
		if !bytes.HasSuffix(b.csv.text, []byte("\n")) {
			d.Notes = append(d.Notes, "the last row has no line break behind it: check that its last value is whole")
		}
	}
	return d
}
