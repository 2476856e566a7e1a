package main

import (
	"fmt"
	"sync"

	"provision/executor"
	"provision/executor/journal"
	"provision/plan"
	"provision/rcclient"
)

// tally counts what became of a plan's changes, by throttling group. It is fed
// from the executor and read by the display.
type tally struct {
	mu     sync.Mutex
	groups map[rcclient.Group]*groupTally
	status map[string]journal.Status // by change id, as counted
}

// groupTally are the changes of one throttling group.
type groupTally struct {
	total, done, failed int
}

// left is what is still to be done.
func (g groupTally) left() int { return g.total - g.done - g.failed }

// newTally counts the plan, and what was done of it before.
func newTally(p *plan.Plan, prior journal.State) *tally {
	t := &tally{groups: map[rcclient.Group]*groupTally{}, status: map[string]journal.Status{}}
	for i := range p.Changes {
		t.group(p.Changes[i].Kind).total++
	}
	for i := range p.Changes {
		if out, ok := prior.Outcomes[p.Changes[i].ID]; ok {
			t.count(&p.Changes[i], out.Status)
		}
	}
	return t
}

// group is the tally of the group that a kind's calls are counted in.
func (t *tally) group(k plan.Kind) *groupTally {
	name := executor.GroupOf(k)
	if t.groups[name] == nil {
		t.groups[name] = &groupTally{}
	}
	return t.groups[name]
}

// settled takes a new outcome in.
func (t *tally) settled(c *plan.Change, out journal.Outcome) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.count(c, out.Status)
}

func (t *tally) count(c *plan.Change, s journal.Status) {
	g := t.group(c.Kind)
	add := func(s journal.Status, n int) {
		switch {
		case s.Succeeded():
			g.done += n
		case s.Final():
			g.failed += n
		}
	}
	if before, ok := t.status[c.ID]; ok {
		add(before, -1)
	}
	t.status[c.ID] = s
	add(s, 1)
}

// of is a copy of one group's tally.
func (t *tally) of(g rcclient.Group) groupTally {
	t.mu.Lock()
	defer t.mu.Unlock()
	if gt := t.groups[g]; gt != nil {
		return *gt
	}
	return groupTally{}
}

// all adds the groups up.
func (t *tally) all() groupTally {
	var sum groupTally
	for _, g := range barGroups() {
		one := t.of(g)
		sum.total += one.total
		sum.done += one.done
		sum.failed += one.failed
	}
	return sum
}

// barGroups are the groups that mutating calls are counted in.
func barGroups() []rcclient.Group { return []rcclient.Group{rcclient.GroupHeavy, rcclient.GroupMedium} }

// words says a tally for people.
func (g groupTally) words() string {
	return fmt.Sprintf("%d done, %d failed, %d left", g.done, g.failed, g.left())
}

// watcher hears what an executor tells of its work.
type watcher struct {
	app   *app
	tally *tally
}

var _ executor.Observer = watcher{}

// Settled counts an outcome, and logs what went wrong.
func (w watcher) Settled(c *plan.Change, out journal.Outcome) {
	w.tally.settled(c, out)
	if out.Status.Final() && !out.Status.Succeeded() {
		w.app.log.Warn().Str("op", c.Kind.String()).Str("change", c.ID).Str("extension", c.ExtensionNumber()).
			Str("status", string(out.Status)).Str("code", out.Code).Str("request_id", out.RequestID).Msg("not applied")
	}
}

// Note passes on what the executor has to say.
func (w watcher) Note(code, text string) { w.app.log.Info().Str("code", code).Msg(text) }
