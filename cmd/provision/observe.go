package main

import (
	"context"

	"provision/cmd/provision/telemetry"
	"provision/executor"
	"provision/executor/journal"
	"provision/plan"
	"provision/rcclient"
)

// observing is who counts calls and changes while they happen.
type observing struct {
	page *telemetry.Page // may be nil
}

// observing is who observes; nil: nobody, at no cost.
func (a *app) observing() *observing {
	if a.metrics == nil || a.metrics.page == nil {
		return nil
	}
	return &observing{page: a.metrics.page}
}

// options are those of a client whose calls are observed.
func (o *observing) options() []rcclient.Option {
	if o == nil {
		return nil
	}
	return []rcclient.Option{rcclient.WithCallObserver(o.sending)}
}

func (o *observing) sending(_ context.Context, s rcclient.Sending) func(rcclient.Meta, error) {
	return func(m rcclient.Meta, err error) { o.page.Call(string(s.Group), callOutcome(m, err)) }
}

// callOutcome is the end of a sending in one word.
func callOutcome(m rcclient.Meta, err error) string {
	switch {
	case m.Status == 0:
		return "unanswered"
	case m.Status == 429:
		return "rate_limited"
	case m.Status >= 500:
		return "failed"
	case m.Status >= 400:
		return "refused"
	case err != nil:
		return "unanswered" // what came can't be the answer
	}
	return "ok"
}

// over lays the observer over another one.
func (o *observing) over(show executor.Observer) executor.Observer {
	if o == nil {
		return show
	}
	return observed{show, o}
}

// observed is an observer that is observed itself.
type observed struct {
	executor.Observer

	by *observing
}

// Settled tells both.
func (o observed) Settled(c *plan.Change, out journal.Outcome) {
	o.Observer.Settled(c, out)
	if out.Status.Final() {
		o.by.page.Change(string(out.Status))
	}
}
