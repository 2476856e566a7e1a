package timeline

import (
	"strconv"
	"time"

	"provision/executor/journal"
)

// Timeline is a run's calls over its time.
type Timeline struct {
	Limits    map[string]int `json:"limits_per_minute"` // by group, as last known
	Calls     map[string]int `json:"calls"`             // in all, by group
	Stretches []Stretch      `json:"stretches"`
}

// Stretch is the time in which one process worked.
type Stretch struct {
	Begun time.Time `json:"begun"`
	// Minutes are all minutes from 0 to the last one with a call; each has a
	// count for each of [Groups], in that order.
	Minutes [][3]int `json:"minutes"`
}

// Empty reports whether nothing is known.
func (t *Timeline) Empty() bool { return len(t.Stretches) == 0 }

// Of makes the time line of a run out of its journal's notes.
func Of(st journal.State) *Timeline {
	t := &Timeline{Limits: map[string]int{}, Calls: map[string]int{}, Stretches: []Stretch{}}
	var born time.Time
	for _, raw := range st.Notes {
		n, ok := parse(raw)
		if !ok {
			continue
		}
		if t.Empty() || !n.Born.Equal(born) {
			born = n.Born
			t.Stretches = append(t.Stretches, Stretch{Begun: born.UTC()})
		}
		t.Stretches[len(t.Stretches)-1].take(n)
		for g, l := range n.Limits {
			t.Limits[g] = l
		}
	}
	for _, s := range t.Stretches {
		for _, m := range s.Minutes {
			for i, g := range Groups() {
				t.Calls[g] += m[i]
			}
		}
	}
	return t
}

// take takes a note in; what it says of a minute and a group counts.
func (s *Stretch) take(n Note) {
	for _, m := range n.Minutes {
		for len(s.Minutes) <= m.At {
			s.Minutes = append(s.Minutes, [3]int{})
		}
		for i, g := range Groups() {
			if calls, ok := m.Calls[g]; ok {
				s.Minutes[m.At][i] = calls
			}
		}
	}
}

// Bar is some minutes of the run put together.
type Bar struct {
	First, Last int    // minutes of the run, from 0; pauses between processes do not count
	Label       string // "0–4"
	Calls       [3]int // in all
	Most        [3]int // in the fullest minute
	// Resumed: a process began its work here, after another one's end.
	Resumed bool
}

// Bars puts the minutes together into no more than n bars of the same length,
// which may end with a shorter one; a bar holds minutes of one process only, so
// that each further process can add one.
func (t *Timeline) Bars(n int) []Bar {
	all := 0
	for _, s := range t.Stretches {
		all += len(s.Minutes)
	}
	each := max(1, (all+n-1)/max(1, n))
	var out []Bar
	base := 0
	for i, s := range t.Stretches {
		for at := 0; at < len(s.Minutes); at += each {
			end := min(at+each, len(s.Minutes))
			b := Bar{First: base + at, Last: base + end - 1, Resumed: i > 0 && at == 0}
			b.Label = strconv.Itoa(b.First)
			if b.Last > b.First {
				b.Label += "–" + strconv.Itoa(b.Last)
			}
			for _, m := range s.Minutes[at:end] {
				for g := range m {
					b.Calls[g] += m[g]
					b.Most[g] = max(b.Most[g], m[g])
				}
			}
			out = append(out, b)
		}
		base += len(s.Minutes)
	}
	return out
}
