package rcsim_test

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"provision/rcclient/rcsim"
)

// TestLate takes effect at its own time, long after the client has left.
func TestLate(t *testing.T) {
	t.Parallel()
	inTime(t, `{"rules":[{"on":"updateDevice","kind":"late","seconds":50,"times":1}]}`, func(t *testing.T, w *wired) {
		begun := w.Now()
		if got := w.try("PUT", v1+"/device/2002", rename, 30*time.Second); got.err == nil {
			t.Fatalf("got %d", got.status)
		}
		if name := w.name("2002"); name != "Bob desk" {
			t.Errorf("the effect is early: %s", name)
		}
		w.waitService(begun.Add(70 * time.Second).Sub(w.Now()))
		// A later call is done after the late one, whoever looks first.
		w.do("PUT", v1+"/device/2002", `{"name":"Y"}`).want(200)
		if name := w.name("2002"); name != "Y" {
			t.Errorf("got %s", name)
		}
		effects := w.Effects()
		if len(effects) != 2 {
			t.Fatalf("got %v", effects)
		}
		if after := effectTime(t, effects[0]).Sub(begun); after != 50*time.Second {
			t.Errorf("the effect is said to be %v after the call", after)
		}
		if !effectTime(t, effects[1]).After(effectTime(t, effects[0])) {
			t.Errorf("got %v", effects)
		}
	})
}

func effectTime(t *testing.T, effect rcsim.Effect) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, effect.Time)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// TestLateAnswer waits for the effect, and is the real one.
func TestLateAnswer(t *testing.T) {
	t.Parallel()
	inTime(t, `{"rules":[{"on":"updateDevice","kind":"late","seconds":50}]}`, func(t *testing.T, w *wired) {
		w.try("PUT", v1+"/device/2002", rename, 100*time.Second).want(200).is("X", "name")
	})
}

// TestLateAnswerElsewhere: another call brings the effect about first; the
// caller gets its answer all the same.
func TestLateAnswerElsewhere(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := start(t)
		s.plan(`{"rules":[{"on":"updateDevice","kind":"late","seconds":50}]}`)
		done := make(chan *reply)
		go func() { done <- s.put(v1+"/device/2002", rename) }()
		pass(49*time.Second + 999*time.Millisecond)
		s.device("2002").is("Bob desk", "name")
		pass(time.Millisecond)
		s.device("2002").is("X", "name")
		(<-done).want(200).is("X", "name")
	})
}

// TestLateWithAnswer answers at once, and takes effect all the same.
func TestLateWithAnswer(t *testing.T) {
	t.Parallel()
	for rule, want := range map[string]func(got) bool{
		`"status":504`: func(g got) bool { return g.status == 504 },
		`"drop":true`:  func(g got) bool { return g.err != nil },
	} {
		inTime(t, `{"rules":[{"on":"bulkAddDevicesV2","kind":"late","seconds":20,`+rule+`}]}`, func(t *testing.T, w *wired) {
			if got := w.do("POST", v2+"/devices/bulk-add", `{"records":[`+add("106", "5001", anyNumber)+`]}`); !want(got) {
				t.Errorf("%s: got %d, %v", rule, got.status, got.err)
			}
			if n := len(w.Effects()); n != 0 {
				t.Errorf("%s: got %d effects at once", rule, n)
			}
			w.waitService(21 * time.Second)
			if n := w.Stats().Effects.Added; n != 1 {
				t.Errorf("%s: got %d added", rule, n)
			}
		})
	}
}

// TestLateFindsItsOwnTime: what fell due before the effect counts for it.
func TestLateFindsItsOwnTime(t *testing.T) {
	t.Parallel()
	for seconds, want := range map[string]int{"20": 0, "50": 1} {
		synctest.Test(t, func(t *testing.T) {
			s := start(t) // ERL 5004 becomes Valid after 30 s
			s.plan(`{"rules":[{"on":"bulkAddDevicesV2","kind":"late","drop":true,"seconds":` + seconds + `}]}`)
			dropped(func() { s.bulkAdd(add("106", "5004", anyNumber)) })
			pass(time.Hour)
			if n := s.Stats().Effects.Added; n != want {
				t.Errorf("after %s s: got %d added, want %d", seconds, n, want)
			}
		})
	}
}

// TestLateIsBounded: a delay by chance is at most max_late, or Options.MaxLate,
// or 60 s; a rule may say more.
func TestLateIsBounded(t *testing.T) {
	t.Parallel()
	for plan, bound := range map[string][2]time.Duration{
		`{"max_late":5,"rules":[{"on":"updateDevice","kind":"late","drop":true}]}`:   {5 * time.Second, time.Second},
		`{"rules":[{"on":"updateDevice","kind":"late","drop":true}]}`:                {20 * time.Second, 20 * time.Second},
		`{"seed":1,"rules":[{"on":"updateDevice","kind":"late","drop":true}]}`:       {60 * time.Second, 0},
		`{"rules":[{"on":"updateDevice","kind":"late","drop":true,"seconds":5000}]}`: {5000 * time.Second, 0},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := open(t, rcsim.Options{Account: parse(t), MaxLate: bound[1]})
			s.plan(plan)
			begun := s.Now()
			names := []string{`{"name":"A"}`, `{"name":"B"}`}
			for i := range 30 {
				dropped(func() { s.put(v1+"/device/2002", names[i%2]) })
			}
			pass(bound[0])
			if n := len(s.Effects()); n < 1 || s.late() != 0 {
				t.Errorf("%s: %d effects after %v, %d calls are still late", plan, n, bound[0], s.late())
			}
			for _, effect := range s.Effects() {
				if after := effectTime(t, effect).Sub(begun); after > bound[0] {
					t.Errorf("%s: an effect after %v", plan, after)
				}
			}
		})
	}
}

// dropped runs a call whose connection is dropped.
func dropped(call func()) {
	defer func() {
		if p := recover(); p != nil && p != http.ErrAbortHandler { //nolint:errorlint // a panic value
			panic(p)
		}
	}()
	call()
}

// late is how many calls have their effect still to come.
func (s *sim) late() int {
	s.t.Helper()
	n, _ := s.faults("GET", "", "").value("late").(interface{ Int64() (int64, error) }).Int64()
	return int(n)
}

// TestLateSurvives: a call that is late when the process dies has its effect
// once, at its time, in the next one.
func TestLateSurvives(t *testing.T) {
	t.Parallel()
	for _, compact := range []bool{false, true} {
		wall := newClock()
		options := rcsim.Options{Account: parse(t), StateFile: filepath.Join(t.TempDir(), "s.state"), Clock: wall.Now}
		one := open(t, options)
		one.plan(`{"rules":[{"on":"bulkAddDevicesV2","kind":"late","seconds":50,"drop":true},{"on":"updateDevice","kind":"late","seconds":10,"drop":true}]}`)
		begun := one.Now()
		dropped(func() { one.bulkAdd(add("106", "5001", anyNumber)) })
		dropped(func() { one.put(v1+"/device/2002", rename) })
		wall.pass(20 * time.Second)
		one.device("2002").want(200).is("X", "name")
		one.shut()
		if compact {
			appendTo(t, options.StateFile, `{"at":12`)
			open(t, options).shut()
		}
		two := bareSimNoSignIn(t, options)
		if two.late() != 1 || len(two.Effects()) != 1 {
			t.Errorf("got %d late calls and %d effects", two.late(), len(two.Effects()))
		}
		two.shut()
		wall.pass(time.Hour)
		three := bareSimNoSignIn(t, options)
		effects := three.Effects()
		if len(effects) != 2 || effectTime(t, effects[1]).Sub(begun) != 50*time.Second || effects[1].RequestID == "" {
			t.Errorf("got %+v", effects)
		}
		account := three.encoded()
		three.shut()
		four := bareSimNoSignIn(t, options)
		if four.encoded() != account || len(four.Effects()) != 2 {
			t.Error("the effect is there twice, or not at all")
		}
		four.shut()
	}
}

// faults asks /_sim/faults.
func (s *sim) faults(method, query, body string) *reply {
	s.t.Helper()
	r := s.request(method, "/_sim/faults"+query, body)
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return &reply{ResponseRecorder: w, t: s.t, what: method + " /_sim/faults" + query}
}
