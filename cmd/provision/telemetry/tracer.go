package telemetry

import (
	"context"
	"fmt"
	"regexp"
	"sync/atomic"
	"time"

	"github.com/go-logr/logr"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// Limits of the export, in wall time.
const (
	flushTimeout = 2 * time.Second // when a run ends
	closeTimeout = 5 * time.Second // when the process does
)

// Tracer makes spans of runs, changes and calls, and exports them by OTLP. A nil
// Tracer makes none. What waits for the export is bounded
// (OTEL_BSP_MAX_QUEUE_SIZE): where the collector fails or is too slow, spans are
// lost, and counted.
type Tracer struct {
	provider *sdktrace.TracerProvider
	gate     *gate
	warn     func(string)
	tracer   trace.Tracer
	current  atomic.Pointer[RunSpan]
}

// TracerOptions are what a tracer is made with. Env is asked for what this
// package reads of the environment; the SDK reads the process's own.
type TracerOptions struct {
	Env     func(string) string
	Version string
	// Warn gets one line when spans can't be exported, once, and one at the end that
	// says how many were not; they hold nothing of what a collector said, nor its
	// address.
	Warn func(string)
}

// NewTracer makes a tracer if the environment asks for one, else nil. The error
// is of what the environment says.
func NewTracer(ctx context.Context, o TracerOptions) (*Tracer, error) {
	target, err := otlpTarget(o.Env)
	if err != nil || target == nil {
		return nil, err
	}
	size, err := queueSizeOf(o.Env)
	if err != nil {
		return nil, err
	}
	otel.SetLogger(logr.Discard()) // it would write to stderr
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { o.Warn("warning: traces: " + err.Error()) }))
	exporter, err := otlptrace.New(ctx, &otlpClient{target: target, warn: o.Warn, userAgent: "provision/" + o.Version})
	if err != nil {
		return nil, err
	}
	// Not the default resource: it could name the command's arguments.
	about, err := resource.New(ctx,
		resource.WithAttributes(attribute.String("service.name", "provision"), attribute.String("service.version", o.Version)),
		resource.WithTelemetrySDK(), resource.WithFromEnv())
	if err != nil {
		o.Warn("warning: traces: " + err.Error())
	}
	g := newGate(exporter, size, queuePatience)
	provider := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(g), sdktrace.WithResource(about))
	return &Tracer{provider: provider, gate: g, warn: o.Warn, tracer: provider.Tracer("provision")}, nil
}

// Close exports what is left, for a few seconds at most, and says how many spans
// were lost, if any.
func (t *Tracer) Close(ctx context.Context) {
	if t == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTimeout)
	defer cancel()
	_ = t.provider.Shutdown(ctx) // the export has said what it had to
	if ended, lost := t.gate.counts(); lost > 0 {
		t.warn(fmt.Sprintf("warning: traces: %d of %d spans were not exported", lost, ended))
	}
}

// Spans are how many spans ended so far, and how many of them are lost: the
// collector did not take them, or there was no room to wait for it. The others
// were exported, or wait; after Close none waits.
func (t *Tracer) Spans() (ended, lost int64) {
	if t == nil {
		return 0, 0
	}
	return t.gate.counts()
}

// Run begins the span of work on a run: all calls until End are of it.
func (t *Tracer) Run(command string) *RunSpan {
	if t == nil {
		return nil
	}
	_, span := t.tracer.Start(context.Background(), "run", trace.WithAttributes(attribute.String("provision.command", command)))
	r := &RunSpan{tracer: t, span: span, changes: map[string]trace.Span{}}
	t.current.Store(r)
	return r
}

// Call is a call of the service as it leaves.
type Call struct {
	Operation, Method, Group string
	// Changes are those that it carries out; empty for a reading.
	Changes []Change
}

// Change is a change by its id and kind.
type Change struct{ ID, Kind string }

// CallEnd is what came of a call.
type CallEnd struct {
	Status    int // 0 if none came
	RequestID string
	Outcome   string
}

// requestID is what the service's ids of calls look like.
var requestID = regexp.MustCompile(`^[A-Za-z0-9-]{8,64}$`) //nolint:gochecknoglobals // a constant

// Call begins the span of a call: of the first of its changes, with a link to each
// other, or of the run; by itself while there is no run.
func (t *Tracer) Call(c *Call) (end func(CallEnd)) {
	parent, links := context.Background(), []trace.Link(nil)
	if r := t.current.Load(); r != nil {
		parent, links = r.parentOf(c.Changes)
	}
	_, span := t.tracer.Start(parent, c.Operation, trace.WithSpanKind(trace.SpanKindClient), trace.WithLinks(links...), trace.WithAttributes(
		attribute.String("http.request.method", c.Method), attribute.String("provision.group", c.Group)))
	return func(e CallEnd) {
		span.SetAttributes(attribute.String("provision.outcome", e.Outcome))
		if e.Status != 0 {
			span.SetAttributes(attribute.Int("http.response.status_code", e.Status))
		}
		if requestID.MatchString(e.RequestID) {
			span.SetAttributes(attribute.String("provision.request_id", e.RequestID))
		}
		if e.Outcome != "ok" {
			span.SetStatus(codes.Error, "") // a text could hold anything
		}
		span.End()
	}
}
