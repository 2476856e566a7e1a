package timeline

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"provision/executor/journal"
)

// NoteCode is the code of the journal's notes that hold minutes.
const NoteCode = "calls_per_minute"

// Groups are the throttling groups that are shown, in this order, by the
// names that the service gives them.
func Groups() []string { return []string{"light", "medium", "heavy"} }

// Minute is what the groups were charged in one minute.
type Minute struct {
	At    int            // from 0, the first minute of the process
	Calls map[string]int // by group; a group without calls is left out
}

// Note is what a process tells of its minutes. A later one of the same process
// says anew what it says of minutes that an earlier one told of.
type Note struct {
	Born    time.Time      // when minute 0 began
	Scale   float64        // service seconds per second of Born's clock
	Limits  map[string]int // calls per minute that each group is allowed
	Minutes []Minute
}

// Journal is the note as the journal keeps it.
func (n Note) Journal() journal.Note {
	data := map[string]string{"born": n.Born.UTC().Format(time.RFC3339Nano), "scale": strconv.FormatFloat(n.Scale, 'g', -1, 64)}
	for _, g := range Groups() {
		if l := n.Limits[g]; l > 0 {
			data["limit_"+g] = strconv.Itoa(l)
		}
		var parts []string
		for _, m := range n.Minutes {
			if m.Calls[g] != 0 {
				parts = append(parts, strconv.Itoa(m.At)+":"+strconv.Itoa(m.Calls[g]))
			}
		}
		if len(parts) > 0 {
			data[g] = strings.Join(parts, " ")
		}
	}
	return journal.Note{Code: NoteCode, Data: data}
}

// parse reads what Journal wrote; false: it is none of these notes, or can't be
// read, and nothing is claimed.
func parse(n journal.Note) (Note, bool) {
	if n.Code != NoteCode {
		return Note{}, false
	}
	born, err := time.Parse(time.RFC3339Nano, n.Data["born"])
	if err != nil {
		return Note{}, false
	}
	out := Note{Born: born, Scale: 1, Limits: map[string]int{}}
	if s, err := strconv.ParseFloat(n.Data["scale"], 64); err == nil && s > 0 {
		out.Scale = s
	}
	at := map[int]map[string]int{}
	for _, g := range Groups() {
		if l, err := strconv.Atoi(n.Data["limit_"+g]); err == nil && l > 0 {
			out.Limits[g] = l
		}
		for part := range strings.FieldsSeq(n.Data[g]) {
			minute, calls, ok := pair(part)
			if !ok {
				continue
			}
			if at[minute] == nil {
				at[minute] = map[string]int{}
			}
			at[minute][g] = calls
		}
	}
	for minute, calls := range at {
		out.Minutes = append(out.Minutes, Minute{minute, calls})
	}
	slices.SortFunc(out.Minutes, func(x, y Minute) int { return cmp.Compare(x.At, y.At) })
	return out, true
}

// most is the last minute that is believed: ten years.
const most = 10 * 366 * 24 * 60

func pair(text string) (minute, calls int, ok bool) {
	m, c, found := strings.Cut(text, ":")
	minute, err := strconv.Atoi(m)
	if !found || err != nil || minute < 0 || minute > most {
		return 0, 0, false
	}
	calls, err = strconv.Atoi(c)
	return minute, calls, err == nil && calls >= 0
}
