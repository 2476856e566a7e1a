package telemetry

import (
	"context"
	"regexp"
	"sync"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
)

// RunSpan is the span of work on a run, and those of its changes that are under
// way. It is used from many goroutines. A nil RunSpan does nothing.
type RunSpan struct {
	tracer *Tracer
	span   trace.Span

	mu      sync.Mutex
	changes map[string]trace.Span // begun and not ended, by id
}

// Begun says which run it is and how many changes its plan has.
func (r *RunSpan) Begun(run string, changes int) {
	if r != nil {
		r.span.SetAttributes(attribute.String("provision.run", run), attribute.Int("provision.changes", changes))
	}
}

// parentOf is where the span of a call belongs.
func (r *RunSpan) parentOf(changes []Change) (context.Context, []trace.Link) {
	if len(changes) == 0 {
		return trace.ContextWithSpan(context.Background(), r.span), nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	var links []trace.Link
	for _, c := range changes[1:] {
		links = append(links, trace.Link{SpanContext: r.change(c).SpanContext()})
	}
	return trace.ContextWithSpan(context.Background(), r.change(changes[0])), links
}

// change is the span of a change, begun if it is not yet. The caller holds mu.
func (r *RunSpan) change(c Change) trace.Span {
	span, ok := r.changes[c.ID]
	if !ok {
		ctx := trace.ContextWithSpan(context.Background(), r.span)
		_, span = r.tracer.tracer.Start(ctx, "change "+c.Kind, trace.WithAttributes(
			attribute.String("provision.change", c.ID), attribute.String("provision.kind", c.Kind)))
		r.changes[c.ID] = span
	}
	return span
}

// reasonCode is what codes of the program and of the service look like; anything
// else may be a text.
var reasonCode = regexp.MustCompile(`^(?:[a-z_]{2,40}|[A-Z]{2,6}-[0-9]{1,5})$`) //nolint:gochecknoglobals // a constant

// Settled takes an outcome of a change: its status, the code of its reason, how
// often it was tried. The span ends with one that is final.
func (r *RunSpan) Settled(c Change, status, code string, attempt int, final, good bool) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, begun := r.changes[c.ID]; !begun && !final {
		return // nothing of it left
	}
	span := r.change(c)
	span.SetAttributes(attribute.String("provision.status", status), attribute.Int("provision.attempt", attempt))
	if reasonCode.MatchString(code) {
		span.SetAttributes(attribute.String("provision.code", code))
	}
	if !final {
		return
	}
	if !good {
		span.SetStatus(codes.Error, "")
	}
	span.End()
	delete(r.changes, c.ID)
}

// End ends the span, and those of changes that are not at their end; it does not
// care whether ctx was cancelled.
func (r *RunSpan) End(ctx context.Context, exitCode int) {
	if r == nil {
		return
	}
	r.tracer.current.CompareAndSwap(r, nil)
	r.mu.Lock()
	for id, span := range r.changes {
		span.End()
		delete(r.changes, id)
	}
	r.mu.Unlock()
	r.span.SetAttributes(attribute.Int("provision.exit_code", exitCode))
	if exitCode != 0 {
		r.span.SetStatus(codes.Error, "")
	}
	// The run's own span is not to be the one that a full queue drops.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), flushTimeout)
	defer cancel()
	_ = r.tracer.provider.ForceFlush(ctx)
	r.span.End()
}
