package chaos

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/Shopify/toxiproxy/v2"
	"github.com/rs/zerolog"
)

// toxic is one thing that the proxy does, in its own terms.
type toxic struct {
	Name       string         `json:"name"`
	Type       string         `json:"type"`
	Stream     string         `json:"stream"` // upstream: to the service; downstream: to the program
	Toxicity   float32        `json:"toxicity"`
	Attributes map[string]int `json:"attributes"`
}

// The kinds of toxic, in the proxy's words.
const (
	latency   = "latency"
	bandwidth = "bandwidth"
	slicer    = "slicer"
	resetPeer = "reset_peer"
	timeout   = "timeout"
	limitData = "limit_data"
	slowClose = "slow_close"
	// late is no toxic of its own: a request is kept for longer than the program
	// waits, and the service is not told that nobody waits for it any more.
	late = "late"
)

// weathers are all that the weather is made of.
var weathers = []string{latency, bandwidth, slicer, resetPeer, timeout, limitData, slowClose, late}

// brew makes a toxic of one kind. How late a request may arrive after the
// program gave it up is bounded by what stands here, well below the run's
// --settle: nothing could prove that a call had no effect if the network kept it
// for longer.
func brew(kind string, rnd *rand.Rand) toxic {
	t := toxic{Type: kind, Stream: "downstream", Toxicity: 0.5 + rnd.Float32()/2}
	if rnd.IntN(2) == 0 {
		t.Stream = "upstream"
	}
	between := func(low, high int) int { return low + rnd.IntN(high-low) }
	switch kind {
	case latency: // ms
		base := between(20, 700)
		t.Attributes = map[string]int{"latency": base, "jitter": between(0, base)}
	case bandwidth: // KB/s: a bulk call has about 4 KB, a page of a list about 60
		t.Attributes = map[string]int{"rate": between(4, 60)}
	case slicer: // bytes and µs
		size := between(20, 400)
		t.Attributes = map[string]int{"average_size": size, "size_variation": size / 2, "delay": between(0, 2000)}
	case resetPeer: // ms
		t.Attributes = map[string]int{"timeout": between(0, 120)}
	case timeout: // ms; beyond the client's own it is a connection that never answers
		t.Attributes = map[string]int{"timeout": between(50, 2500)}
	case limitData: // bytes: headers are cut as well as bodies
		t.Attributes = map[string]int{"bytes": between(0, 3000)}
	case slowClose: // ms
		t.Attributes = map[string]int{"delay": between(100, 1500)}
	}
	t.Name = kind + "-" + t.Stream
	return t
}

// brewLate makes the toxics of late requests: the program gives up after 1.5 s.
// They are late on every second connection only, so that what looks for their
// effects comes before them.
func brewLate(rnd *rand.Rand) []toxic {
	keep, open := toxic{Type: latency}, toxic{Type: slowClose}
	keep.Attributes = map[string]int{"latency": 1600 + rnd.IntN(1200), "jitter": 0}
	open.Attributes = map[string]int{"delay": 1500}
	all := []toxic{keep, open}
	for i := range all {
		all[i].Stream, all[i].Toxicity, all[i].Name = "upstream", 1, late+"-"+all[i].Type
	}
	all[0].Toxicity = 0.5
	return all
}

// hops is how many proxies stand in a row. Each has at most one toxic in a
// direction at a time: toxiproxy 2.12 panics when one of several is taken off a
// connection that has ended.
const hops = 3

// proxy stands between the program and the service.
type proxy struct {
	hops []*toxiproxy.Proxy // from the program's side
	url  string
}

// newProxy listens for the service at url.
func newProxy(url string) (*proxy, error) {
	p := &proxy{hops: make([]*toxiproxy.Proxy, hops)}
	next := strings.TrimPrefix(url, "http://")
	for i := hops - 1; i >= 0; i-- {
		server := toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.Nop())
		p.hops[i] = toxiproxy.NewProxy(server, "hop", "127.0.0.1:0", next)
		if err := p.hops[i].Start(); err != nil {
			return nil, fmt.Errorf("start proxy: %w", err)
		}
		next = p.hops[i].Listen
	}
	p.url = "http://" + next
	return p, nil
}

func (p *proxy) close() {
	for _, hop := range p.hops {
		hop.Stop()
	}
}

// errStuck says that the proxy itself hangs: it waits for a connection that
// nobody reads from any more, and takes no other in. Another one is needed.
var errStuck = errors.New("the proxy is stuck")

// within runs what may hang.
func within(d time.Duration, f func() error) error {
	done := make(chan error, 1)
	go func() { done <- f() }()
	select {
	case err := <-done:
		return err
	case <-time.After(d):
		return errStuck
	}
}

// stuckAfter is when the proxy is taken for stuck: no toxic keeps a connection
// busy for longer.
const stuckAfter = 6 * time.Second

func (p *proxy) add(hop int, t toxic) error {
	data, err := json.Marshal(t)
	if err != nil {
		return err
	}
	return within(stuckAfter, func() error {
		if _, err := p.hops[hop].Toxics.AddToxicJson(bytes.NewReader(data)); err != nil {
			return fmt.Errorf("add toxic %s: %w", data, err)
		}
		return nil
	})
}

// clear takes all toxics off.
func (p *proxy) clear(ctx context.Context) error {
	return within(stuckAfter, func() error {
		for _, hop := range p.hops {
			hop.Toxics.ResetToxics(ctx)
		}
		return nil
	})
}

// weather lets toxics come and go until the context ends, and leaves none.
type weather struct {
	kinds []string // what it is made of
	storm bool     // longer than all tries of a reading
	rnd   *rand.Rand

	mu  sync.Mutex
	log []string // what there was, for a report
	n   map[string]int
}

func newWeather(kinds []string, storm bool, rnd *rand.Rand) *weather {
	return &weather{kinds: kinds, storm: storm, rnd: rnd, n: map[string]int{}}
}

// blow returns when the context ended and the sky is clear.
func (w *weather) blow(ctx context.Context, p *proxy) error {
	for pause(ctx, between(w.rnd, 50, 500)) {
		err := w.gust(ctx, p)
		if err := errors.Join(err, p.clear(context.WithoutCancel(ctx))); err != nil {
			return err
		}
	}
	return nil
}

// gust is a short time with one to three toxics, each on a hop of its own.
func (w *weather) gust(ctx context.Context, p *proxy) error {
	all := w.draw()
	for hop, t := range all {
		if err := p.add(hop, t); err != nil {
			return err
		}
		w.note(t)
	}
	switch {
	case strings.HasPrefix(all[0].Name, late):
		pause(ctx, between(w.rnd, 2500, 4000)) // a toxic that is taken off lets go what it keeps
	case w.storm:
		pause(ctx, between(w.rnd, 500, 4000))
	default:
		pause(ctx, between(w.rnd, 100, 700))
	}
	return nil
}

// draw takes the toxics of a gust.
func (w *weather) draw() []toxic {
	kinds := slices.Clone(w.kinds)
	w.rnd.Shuffle(len(kinds), func(i, j int) { kinds[i], kinds[j] = kinds[j], kinds[i] })
	kinds = kinds[:min(len(kinds), 1+w.rnd.IntN(hops))]
	var all []toxic
	if slices.Contains(kinds, late) {
		// Alone with at most one that delays nothing, so that it is not too late.
		all = brewLate(w.rnd)
		kinds = slices.DeleteFunc(kinds, func(kind string) bool { return kind == late || kind == latency || kind == bandwidth })
	}
	for _, kind := range kinds {
		if len(all) < hops {
			all = append(all, brew(kind, w.rnd))
		}
	}
	return all
}

func (w *weather) note(t toxic) {
	w.mu.Lock()
	defer w.mu.Unlock()
	kind, _, _ := strings.Cut(t.Name, "-") // late's two count as one each
	w.n[kind]++
	w.log = append(w.log, fmt.Sprintf("%s%v", t.Name, t.Attributes))
}

// String is what the weather was.
func (w *weather) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return strings.Join(w.log, " ")
}

func between(rnd *rand.Rand, low, high int) time.Duration {
	return time.Duration(low+rnd.IntN(high-low)) * time.Millisecond
}

// pause waits; false: the context ended first.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
