package main

import (
	"context"

	"provision/cmd/provision/telemetry"
	"provision/executor"
	"provision/executor/journal"
	"provision/plan"
	"provision/rcclient"
)

// observing is who counts calls and changes, and makes spans of them, while they
// happen.
type observing struct {
	page   *telemetry.Page   // may be nil
	tracer *telemetry.Tracer // may be nil
	run    *telemetry.RunSpan
}

// observing is who observes; nil: nobody, at no cost.
func (a *app) observing() *observing {
	if a.page() == nil && a.tracer == nil {
		return nil
	}
	return &observing{page: a.page(), tracer: a.tracer, run: a.span}
}

// options are those of a client whose calls are observed.
func (o *observing) options() []rcclient.Option {
	if o == nil {
		return nil
	}
	return []rcclient.Option{rcclient.WithCallObserver(o.sending)}
}

func (o *observing) sending(ctx context.Context, s rcclient.Sending) func(rcclient.Meta, error) {
	traced := func(telemetry.CallEnd) {}
	if o.tracer != nil {
		call := telemetry.Call{Operation: s.Operation, Method: s.Method, Group: string(s.Group)}
		for _, c := range executor.ChangesOf(ctx) {
			call.Changes = append(call.Changes, changeOf(c))
		}
		traced = o.tracer.Call(&call)
	}
	return func(m rcclient.Meta, err error) {
		outcome := callOutcome(m, err)
		if o.page != nil {
			o.page.Call(string(s.Group), outcome)
		}
		traced(telemetry.CallEnd{Status: m.Status, RequestID: m.RequestID, Outcome: outcome})
	}
}

func changeOf(c *plan.Change) telemetry.Change {
	return telemetry.Change{ID: c.ID, Kind: c.Kind.String()}
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
	final := out.Status.Final()
	if final && o.by.page != nil {
		o.by.page.Change(string(out.Status))
	}
	o.by.run.Settled(changeOf(c), string(out.Status), out.Code, out.Attempt, final, out.Status.Succeeded())
}

// trace begins the span of work on a run, which ends with the function that it
// gives.
func (a *app) trace(ctx context.Context, command string) (end func(error)) {
	if a.tracer == nil {
		return func(error) {}
	}
	span := a.tracer.Run(command)
	a.span = span
	return func(err error) {
		a.span = nil
		span.End(ctx, int(codeOf(err)))
	}
}

// startTracing makes the tracer that the environment asks for. What is wrong with
// it is said and changes nothing.
func (a *app) startTracing(ctx context.Context) {
	tracer, err := telemetry.NewTracer(ctx, telemetry.TracerOptions{Env: a.getenv, Version: version, Warn: func(text string) { a.warn(oneLine(text)) }})
	if err != nil {
		a.warn("warning: no traces: " + oneLine(err.Error()))
	}
	a.tracer = tracer
}
