package telemetry

import (
	"context"
	"testing"
	"time"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

// hanging is an exporter that hangs until it is let go on.
type hanging struct{ begun, on chan struct{} }

func (h hanging) ExportSpans(context.Context, []sdktrace.ReadOnlySpan) error {
	h.begun <- struct{}{}
	<-h.on
	return nil
}

func (h hanging) Shutdown(context.Context) error { return nil }

// A collector that hangs is waited for once; what ends meanwhile is lost and
// counted, and when it takes spans again they are let in again.
func TestGate(t *testing.T) {
	t.Parallel()
	h := hanging{begun: make(chan struct{}), on: make(chan struct{})}
	g := newGate(h, queueSize{spans: 2, batch: 2}, time.Millisecond)
	provider := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(g))
	span := func() {
		_, s := provider.Tracer("").Start(t.Context(), "span")
		s.End()
	}
	span()
	span()
	<-h.begun // the queue is full until the export ends
	span()
	g.patience = time.Hour // nobody waits any more
	span()
	if ended, lost := g.counts(); ended != 4 || lost != 2 {
		t.Errorf("%d ended, %d are lost; want 4 and 2", ended, lost)
	}
	h.on <- struct{}{}
	g.room <- struct{}{} // there is room when the export has ended
	<-g.room
	span()
	span()
	<-h.begun
	h.on <- struct{}{}
	if err := provider.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	if ended, lost := g.counts(); ended != 6 || lost != 2 {
		t.Errorf("%d ended, %d are lost; want 6 and 2", ended, lost)
	}
}
