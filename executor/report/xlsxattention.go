package report

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
)

// page writes rows one below the other. The first error sticks.
type page struct {
	book *workbook
	sw   *excelize.StreamWriter
	next int
	err  error
}

func (p *page) row(style int, texts ...string) {
	p.next++
	if p.err != nil {
		return
	}
	p.err = p.sw.SetRow(fmt.Sprintf("A%d", p.next), p.book.cells(style, texts...))
}

// attention writes the workbook's first sheet.
func (b *workbook) attention(r *Report) error {
	sw, err := b.file.NewStreamWriter(sheetAttention)
	if err != nil {
		return err
	}
	if err := sw.SetColStyle(1, 8, b.text); err != nil {
		return err
	}
	for i, width := range []float64{30, 14, 26, 20, 18, 18, 60, 70} {
		if err := sw.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	p := &page{book: b, sw: sw}
	p.concerns(r.Concerns())
	p.row(b.text)
	p.failures(r.Failures())
	p.row(b.text)
	p.counts(r)
	if p.err != nil {
		return p.err
	}
	return sw.Flush()
}

func (p *page) concerns(list []Concern) {
	if len(list) == 0 {
		p.row(p.book.head, "Emergency addresses that are not confirmed: none")
		return
	}
	p.row(p.book.alarm, "Emergency addresses that are not confirmed: "+thousands(len(list)))
	p.row(p.book.head, "row", "extension", "person", "device", "number", "status", "message", "what to do next")
	for _, c := range list {
		p.row(p.book.text, c.Source, c.Extension, c.Person, c.Device, c.Number, c.Status, c.Message, c.Next)
	}
}

func (p *page) failures(list []Cause) {
	if len(list) == 0 {
		p.row(p.book.head, "Not done: nothing")
		return
	}
	p.row(p.book.alarm, "Not done, by cause")
	p.row(p.book.head, "rows (the first)", "count", "counted are", "status", "error code", "request id (the first)", "message", "what to do next")
	for _, c := range list {
		of := "changes"
		if c.Rows {
			of = "rows"
		}
		p.row(p.book.text, strings.Join(c.Sources, "\n"), strconv.Itoa(c.Count), of, string(c.Status), c.Code, c.RequestID, c.Message, c.Next)
	}
}

func (p *page) counts(r *Report) {
	p.row(p.book.head, "Counts", "rows", "changes")
	rows := map[Status]int{}
	for i := range r.Lines {
		rows[r.Lines[i].Status]++
	}
	for _, s := range Statuses() {
		if rows[s] > 0 || r.Changes[s] > 0 {
			p.row(p.book.text, string(s), strconv.Itoa(rows[s]), strconv.Itoa(r.Changes[s]))
		}
	}
	if r.Hidden > 0 {
		p.row(p.book.text, "hidden and left out", strconv.Itoa(r.Hidden))
	}
	if r.Run != "" {
		p.row(p.book.text, "Run", r.Run)
	}
	if a := r.Approval; a != nil {
		p.row(p.book.text, "Approved by", a.By)
		p.row(p.book.text, "Approved on", a.At.Format(time.RFC3339))
		p.row(p.book.text, "Approval", a.Verified)
		p.row(p.book.text, "Approver's note", a.Note)
	}
}
