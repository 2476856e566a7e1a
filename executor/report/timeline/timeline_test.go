package timeline

import (
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"provision/executor/journal"
)

var born = time.Date(2026, 5, 4, 9, 0, 0, 5, time.UTC)

func minute(at, light, heavy int) Minute {
	m := Minute{At: at, Calls: map[string]int{}}
	if light > 0 {
		m.Calls["light"] = light
	}
	if heavy > 0 {
		m.Calls["heavy"] = heavy
	}
	return m
}

// A later note of a process says anew what it says of a minute; another process is another stretch.
func TestNotesAddUp(t *testing.T) {
	t.Parallel()
	limits := map[string]int{"light": 50, "heavy": 10}
	st := journal.State{Notes: []journal.Note{
		{Code: "flags", Text: "--max-adds 5"},
		Note{Born: born, Scale: 30, Limits: limits, Minutes: []Minute{minute(0, 5, 1), minute(1, 2, 0)}}.Journal(),
		Note{Born: born, Scale: 30, Limits: limits, Minutes: []Minute{minute(1, 7, 3), minute(3, 1, 0)}}.Journal(),
		Note{Born: born.Add(time.Hour), Scale: 30, Limits: map[string]int{"light": 40}, Minutes: []Minute{minute(0, 4, 0)}}.Journal(),
	}}
	got := Of(st)
	want := &Timeline{
		Limits: map[string]int{"light": 40, "heavy": 10},
		Calls:  map[string]int{"light": 17, "medium": 0, "heavy": 4},
		Stretches: []Stretch{
			{Begun: born, Minutes: [][3]int{{5, 0, 1}, {7, 0, 3}, {}, {1, 0, 0}}},
			{Begun: born.Add(time.Hour), Minutes: [][3]int{{4, 0, 0}}},
		},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	bars := got.Bars(3)
	if len(bars) != 3 || bars[0].Label != "0–1" || bars[0].Most != [3]int{7, 0, 3} || bars[0].Calls != [3]int{12, 0, 4} ||
		bars[2].Label != "4" || !bars[2].Resumed || bars[1].Resumed {
		t.Errorf("got bars %+v", bars)
	}
}

// A note that somebody wrote into the journal claims nothing that can't be read.
func TestOddNotesAreNotBelieved(t *testing.T) {
	t.Parallel()
	for name, data := range map[string]map[string]string{
		"no time":    {"light": "0:1"},
		"no numbers": {"born": born.Format(time.RFC3339Nano), "light": "a:1 1:b 2 :: -1:5 1:-5", "scale": "x", "limit_light": "-3"},
		"far off":    {"born": born.Format(time.RFC3339Nano), "light": "99999999999:1"},
	} {
		if got := Of(journal.State{Notes: []journal.Note{{Code: NoteCode, Data: data}}}); got.Calls["light"] != 0 || len(got.Limits) != 0 {
			t.Errorf("%s: got %+v", name, got)
		}
	}
	if !Of(journal.State{}).Empty() {
		t.Error("nothing is something")
	}
}

// However the minutes are put together, no call is lost.
func TestBarsLoseNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var tl Timeline
		sum := [3]int{}
		for range rapid.IntRange(0, 3).Draw(t, "stretches") {
			s := Stretch{}
			for range rapid.IntRange(0, 40).Draw(t, "minutes") {
				m := [3]int{}
				for g := range m {
					m[g] = rapid.IntRange(0, 50).Draw(t, "calls")
					sum[g] += m[g]
				}
				s.Minutes = append(s.Minutes, m)
			}
			tl.Stretches = append(tl.Stretches, s)
		}
		n := rapid.IntRange(1, 20).Draw(t, "bars")
		bars := tl.Bars(n)
		next := 0
		for _, b := range bars {
			if b.First != next || b.Last < b.First {
				t.Fatalf("bar %+v begins at another minute than %d", b, next)
			}
			next = b.Last + 1
			for g := range sum {
				sum[g] -= b.Calls[g]
			}
		}
		if sum != [3]int{} || len(bars) > n+len(tl.Stretches) {
			t.Fatalf("%d bars for %d wanted, %v calls are missing", len(bars), n, sum)
		}
	})
}
