package telemetry

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

// The queue of spans that wait for the export.
const (
	queueMost = 1 << 20 // of what OTEL_BSP_* may say
	// queuePatience is how long a span waits for room, in wall time, while the
	// collector takes what is sent.
	queuePatience = 5 * time.Second
	// queueSpare is room in the SDK's own queue for what is no span: its marks of
	// where a flush ends.
	queueSpare = 16
)

// gate lets spans into the SDK's queue, counts them, and counts what the
// collector took. Only what there is room for is let in, so that the SDK, which
// tells nobody what it drops, drops nothing. Where there is no room, a span waits
// as long as the collector took what was sent last, and is lost else.
type gate struct {
	sdktrace.SpanProcessor // the SDK's queue

	room     chan struct{} // has as many entries as spans are on their way
	patience time.Duration
	slow     atomic.Bool // the last export failed, or took too long
	closed   atomic.Bool
	ended    atomic.Int64 // spans that are to be exported
	sent     atomic.Int64 // of these, those that the collector took
	lost     atomic.Int64 // those that it did not, or that had no room
}

// newGate puts a gate before a queue; its exporter tells it how exports end.
func newGate(exporter sdktrace.SpanExporter, size queueSize, patience time.Duration) *gate {
	g := &gate{room: make(chan struct{}, size.spans), patience: patience}
	g.SpanProcessor = sdktrace.NewBatchSpanProcessor(counted{exporter, g},
		sdktrace.WithMaxQueueSize(size.spans+queueSpare), sdktrace.WithMaxExportBatchSize(size.batch))
	return g
}

// queueSize is how many spans may wait, and with how many an export begins at
// once: never more than may wait.
type queueSize struct{ spans, batch int }

// queueSizeOf is what the environment asks for. All variables of the SDK's queue
// are checked here, as the SDK panics of some values.
func queueSizeOf(env func(string) string) (queueSize, error) {
	of := map[string]int{"MAX_QUEUE_SIZE": sdktrace.DefaultMaxQueueSize, "MAX_EXPORT_BATCH_SIZE": sdktrace.DefaultMaxExportBatchSize}
	for _, name := range []string{"MAX_QUEUE_SIZE", "MAX_EXPORT_BATCH_SIZE", "SCHEDULE_DELAY", "EXPORT_TIMEOUT"} {
		text := strings.TrimSpace(env("OTEL_BSP_" + name))
		if text == "" {
			continue
		}
		n, err := strconv.Atoi(text)
		if err != nil || n <= 0 || n > queueMost {
			return queueSize{}, fmt.Errorf("OTEL_BSP_%s is no number from 1 to %d", name, queueMost)
		}
		of[name] = n
	}
	return queueSize{spans: of["MAX_QUEUE_SIZE"], batch: min(of["MAX_EXPORT_BATCH_SIZE"], of["MAX_QUEUE_SIZE"])}, nil
}

// OnEnd lets a span in, or counts it as lost.
func (g *gate) OnEnd(s sdktrace.ReadOnlySpan) {
	if !s.SpanContext().IsSampled() {
		return
	}
	g.ended.Add(1)
	if g.enter() {
		g.SpanProcessor.OnEnd(s)
	} else {
		g.lost.Add(1)
	}
}

// enter takes a place in the queue.
func (g *gate) enter() bool {
	if g.closed.Load() {
		return false
	}
	select {
	case g.room <- struct{}{}:
		return true
	default:
	}
	if g.slow.Load() {
		return false
	}
	patience := time.NewTimer(g.patience)
	defer patience.Stop()
	select {
	case g.room <- struct{}{}:
		return true
	case <-patience.C:
		g.slow.Store(true)
		return false
	}
}

// Shutdown exports what is left; spans that end from now on are lost.
func (g *gate) Shutdown(ctx context.Context) error {
	g.closed.Store(true)
	return g.SpanProcessor.Shutdown(ctx)
}

// counts are how many spans ended so far, and how many of them are lost; after a
// shutdown those that still wait are lost too.
func (g *gate) counts() (ended, lost int64) {
	if g.closed.Load() {
		sent := g.sent.Load() // first: none is sent that did not end
		ended = g.ended.Load()
		return ended, ended - sent
	}
	lost = g.lost.Load()
	return g.ended.Load(), lost
}

// counted is an exporter that tells a gate what became of spans. Its errors end
// here: what is wrong with the collector is said elsewhere.
type counted struct {
	sdktrace.SpanExporter

	gate *gate
}

// ExportSpans exports a batch and makes room for as many.
func (c counted) ExportSpans(ctx context.Context, spans []sdktrace.ReadOnlySpan) error {
	err := c.SpanExporter.ExportSpans(ctx, spans)
	if err == nil {
		c.gate.sent.Add(int64(len(spans)))
	} else {
		c.gate.lost.Add(int64(len(spans)))
	}
	c.gate.slow.Store(err != nil)
	for range spans {
		<-c.gate.room
	}
	return nil
}
