package executor

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"provision/executor/journal"
	"provision/plan"
	"provision/rcclient/rcsim"
)

// Whatever depends on what, and whatever fails: nothing is begun before what
// it waits for has ended, what depends on a failure is blocked, and everything
// else takes effect once.
func TestOrderOfAnyPlan(t *testing.T) {
	t.Parallel()
	check(t, seedOfTests, func(rt *rapid.T) {
		n := rapid.IntRange(1, 12).Draw(rt, "changes")
		b := newPlan()
		gone := map[string]bool{}
		for i := range n {
			ext := 101 + i
			dev := fmt.Sprint("d", ext)
			if rapid.IntRange(0, 4).Draw(rt, "gone") == 0 {
				dev = "gone"
			}
			c := b.name(ext, ref(dev), "new")
			gone[c.ID] = dev == "gone"
			for j := range i {
				switch id := b.p.Changes[j].ID; rapid.IntRange(0, 6).Draw(rt, "edge") {
				case 0:
					c.Order.DependsOn = append(c.DependsOn(), id)
				case 1:
					c.Order.Follows = append(c.Follows(), id)
				}
			}
		}
		// The order in the plan must not matter.
		b.p.Changes = rapid.Permutation(b.p.Changes).Draw(rt, "order")
		var problems []string
		synctest.Test(t, func(t *testing.T) { problems = runAny(t, &b.p, n, gone) })
		if len(problems) > 0 {
			rt.Fatal(problems)
		}
	})
}

// runAny carries a plan of renames out and says what is wrong with the result.
func runAny(t *testing.T, p *plan.Plan, n int, gone map[string]bool) (problems []string) {
	a := account(true, n, func(a *rcsim.Account) {
		for ext := 101; ext < 101+n; ext++ {
			a.Devices = append(a.Devices, phone(fmt.Sprint("d", ext), ext, 0))
		}
	})
	w := newWorld(t, a, rcsim.Options{Latency: 300 * time.Millisecond})
	if _, err := w.run(p, Options{}); err != nil {
		return []string{err.Error()}
	}
	recs, err := journal.ReadFS(w.fs, journalName)
	if err != nil {
		return []string{err.Error()}
	}
	problems = orderProblems(p, recs)
	st := journal.Fold(recs)
	applied := 0
	for _, c := range p.Changes {
		want := journal.Applied
		switch {
		case slices.ContainsFunc(c.DependsOn(), func(id string) bool { return st.Outcomes[id].Status != journal.Applied }):
			want = journal.Blocked
		case gone[c.ID]:
			want = journal.Stale
		default:
			applied++
		}
		if got := st.Outcomes[c.ID].Status; got != want {
			problems = append(problems, fmt.Sprintf("%s is %s, want %s", c.ID, got, want))
		}
	}
	if got := len(w.effects()); got != applied {
		problems = append(problems, fmt.Sprintf("%d effects, want %d", got, applied))
	}
	return problems
}

// orderProblems are changes whose intent comes before the outcome of one that
// they depend on or follow.
func orderProblems(p *plan.Plan, recs []journal.Record) (problems []string) {
	seen := map[string]journal.Status{}
	byID := map[string]*plan.Change{}
	for i := range p.Changes {
		byID[p.Changes[i].ID] = &p.Changes[i]
	}
	for _, rec := range recs {
		for _, id := range rec.Changes {
			if rec.Outcome != nil {
				seen[id] = rec.Outcome.Status
			}
			if rec.Intent == nil {
				continue
			}
			for _, before := range slices.Concat(byID[id].DependsOn(), byID[id].Follows()) {
				if s := seen[before]; !s.Succeeded() && !s.Final() {
					problems = append(problems, fmt.Sprintf("%s was begun when %s was %q", id, before, s))
				}
			}
		}
	}
	return problems
}

func TestProgress(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a, b := everything(true)
		w := newWorld(t, a, rcsim.Options{Latency: 300 * time.Millisecond})
		done := make(chan struct{})
		_, err := w.process(func(e *Executor, s journal.State) (Summary, error) {
			go func() {
				defer close(done)
				for last := 0; last < len(b.p.Changes); time.Sleep(100 * time.Millisecond) {
					p := e.Progress()
					if p.Total == 0 {
						continue
					}
					if p.Done+p.Landed+p.Doubt+p.Left != p.Total || p.Done != p.Applied+p.Failed {
						t.Errorf("the parts are not the whole: %+v", p)
					}
					if p.Done < last {
						t.Errorf("done went from %d to %d", last, p.Done)
					}
					last = p.Done
				}
			}()
			return e.Run(t.Context(), &b.p, s)
		}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		<-done
	})
}
