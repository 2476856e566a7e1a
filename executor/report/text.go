package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"
)

// maxListed is how many lines of a list a text shows.
const maxListed = 20

// WriteText writes a summary for people: first the phones whose emergency
// address is not confirmed, then what went wrong by cause and what to do next,
// the numbers that were assigned, the counts, and how to go on. Width is the
// terminal's, 0 for none; colours are the caller's decision.
func (r *Report) WriteText(w io.Writer, width int, color bool) error {
	s := &screen{width: width, color: color}
	r.textConcerns(s)
	r.textFailures(s)
	r.textNumbers(s)
	r.textCounts(s)
	if _, err := io.WriteString(w, s.b.String()); err != nil {
		return fmt.Errorf("write report as text: %w", err)
	}
	return nil
}

func (r *Report) textConcerns(s *screen) {
	list := r.Concerns()
	if len(list) == 0 {
		return
	}
	s.heading(colorBad, "EMERGENCY ADDRESS NOT CONFIRMED: %s", count(len(list), "phone"))
	alone := onlySheet(r.sheets)
	var rows [][]string
	for _, c := range list[:min(len(list), maxListed)] {
		rows = append(rows, []string{
			clean(c.Extension), clean(c.Person), clean(words(" ", c.Device, c.Number)), c.Status, clean(strings.TrimPrefix(c.Source, alone)), clean(c.Message),
		})
	}
	s.table(columns{header: []string{"ext", "person", "phone", "status", "row", "message"}, flex: []int{1, 5}, main: "message"}, rows)
	s.more(len(list)-maxListed, " (see the report)")
	told := map[string]bool{}
	for _, c := range list {
		if !told[c.Status+c.Next] {
			told[c.Status+c.Next] = true
			s.line("%s: %s", c.Status, c.Next)
		}
	}
}

func (r *Report) textFailures(s *screen) {
	list := r.Failures()
	if len(list) == 0 {
		return
	}
	s.heading(colorBad, "NOT DONE, BY CAUSE")
	for _, c := range list[:min(len(list), maxListed)] {
		noun := "change"
		if c.Rows {
			noun = "row"
		}
		code := c.Code
		if code = clean(code); code == string(c.Status) {
			code = ""
		} else if code != "" {
			code = "(" + code + ")"
		}
		s.line("%s", words(" ", s.paint(colorOf(c.Status), count(c.Count, noun)+" "+string(c.Status)), code)+colon(clean(c.Message)))
		if len(c.Sources) > 0 {
			s.fact("  at ", "%s%s", clean(strings.Join(c.Sources, ", ")), ellipsis(c.Count > len(c.Sources)))
		}
		if c.Status != Pending || r.Run == "" { // how to go on is said once, at the end
			s.fact("  next: ", "%s", clean(c.Next))
		}
	}
	s.more(len(list)-maxListed, " (see the report)")
}

func (r *Report) textNumbers(s *screen) {
	list := r.Numbers().Assigned
	if len(list) == 0 {
		return
	}
	s.heading(colorHead, "Numbers assigned: %s", thousands(len(list)))
	alone := onlySheet(r.sheets)
	var rows [][]string
	for _, l := range list[:min(len(list), maxListed)] {
		rows = append(rows, []string{clean(l.Number), clean(l.Extension), clean(l.Person), clean(strings.TrimPrefix(l.Source, alone))})
	}
	s.table(columns{header: []string{"number", "ext", "person", "row"}, flex: []int{2}}, rows)
	s.more(len(list)-maxListed, " (see the report)")
}

func (r *Report) textCounts(s *screen) {
	head := "Result"
	if r.Run != "" {
		head = "Run " + r.Run
	}
	s.heading(colorHead, "%s", head)
	rows := map[Status]int{}
	for i := range r.Lines {
		rows[r.Lines[i].Status]++
	}
	changes := 0
	for _, n := range r.Changes {
		changes += n
	}
	s.fact("changes: ", "%s%s", thousands(changes), colon(s.byStatus(r.Changes)))
	s.fact("rows:    ", "%s%s", thousands(len(r.Lines)), colon(s.byStatus(rows)))
	if r.Hidden > 0 {
		s.line("%s", hiddenText(r.Hidden))
	}
	if e := r.Emergency; e != (EmergencyCounts{}) {
		s.line("emergency addresses set: %s valid, %s pending, %s invalid, %s differ",
			thousands(e.Valid), thousands(e.Pending), thousands(e.Invalid), thousands(e.Differs))
	}
	if a := r.Approval; a != nil {
		s.line("%s", clean(a.words()))
	}
	if r.Changes[Pending] > 0 && r.Closed {
		s.fact("next: ", "plan the sheet anew; this run is closed and is not gone on with")
	} else if r.Changes[Pending] > 0 && r.InWork {
		s.fact("next: ", "%s", r.nextOfPending())
	} else if r.Changes[Pending] > 0 && r.Run != "" {
		s.fact("next: ", "go on with \"provision resume %s\"", r.Run)
	} else if e := r.Emergency.Pending; e > 0 && r.Run != "" {
		s.fact("next: ", "read the addresses again with \"provision verify %s\"", r.Run)
	}
}

// byStatus lists the counts that are not zero, the good ones first.
func (s *screen) byStatus(n map[Status]int) string {
	var parts []string
	all := Statuses()
	for i := len(all) - 1; i >= 0; i-- {
		if n[all[i]] > 0 {
			parts = append(parts, s.paint(colorOf(all[i]), thousands(n[all[i]])+" "+label(all[i])))
		}
	}
	return strings.Join(parts, ", ")
}

// label is a status behind a number: the word that the reports have, but for
// rows and changes that need nothing.
func label(st Status) string {
	if st == NoOp {
		return "need nothing"
	}
	return string(st)
}

func colorOf(st Status) text.Colors {
	switch st {
	case Applied:
		return colorGood
	case NoOp, Ignored, Deselected:
		return colorSoft
	case Pending, AddressPending, Blocked, Stale, Deferred:
		return colorWarn
	case Invalid, Failed, Ambiguous, AddressInvalid, AddressDiffers:
		return colorBad
	}
	return colorBad
}

func colon(t string) string {
	if t == "" {
		return ""
	}
	return ": " + t
}

func ellipsis(more bool) string {
	if more {
		return ", …"
	}
	return ""
}
