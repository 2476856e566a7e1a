package rehearsal

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"provision/executor"
	"provision/executor/journal"
	"provision/plan"
	"provision/rcclient"
	"provision/rcclient/rcsim"
)

// Options of [Run].
type Options struct {
	Executor executor.Options // its Scale is set by Speed
	Speed    float64          // service seconds per second
	Latency  time.Duration    // of a call, in service time
	Observer executor.Observer
	Limits   map[rcclient.Group]rcclient.Limit // as the service was seen to have them
	// Also, where set, gets the journal's records too: what keeping them takes
	// is then part of the time that is foretold.
	Also executor.Journal
	// StateFile, where set, is where the simulator keeps its state, for the same
	// reason.
	StateFile string
}

// Outcome is what a rehearsal came to.
type Outcome struct {
	State   journal.State
	Seconds float64 // of service time, from signing in to the end
	Stats   rcclient.Stats
	Client  *rcclient.Client // closed; its counts can be read
}

// memory is a journal whose records are kept in memory.
type memory struct {
	also    executor.Journal
	mu      sync.Mutex
	records []journal.Record
}

// Append keeps records.
func (m *memory) Append(records ...journal.Record) error {
	if m.also != nil {
		if err := m.also.Append(records...); err != nil {
			return err
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	now := time.Now().UTC()
	for _, r := range records {
		if r.Time.IsZero() {
			r.Time = now
		}
		m.records = append(m.records, r)
	}
	return nil
}

// served is a simulator in memory and a client of it.
type served struct {
	sim       *rcsim.Server
	server    *http.Server
	ended     chan error
	transport *http.Transport
	client    *rcclient.Client
}

// serve begins to serve an account in memory. Close it.
func serve(account *rcsim.Account, o Options) (*served, error) {
	sim, err := rcsim.New(rcsim.Options{Account: account, StateFile: o.StateFile, TimeScale: o.Speed, Latency: o.Latency, Seed: 1})
	if err != nil {
		return nil, err
	}
	l := rcsim.NewPipes()
	s := &served{
		sim: sim, server: &http.Server{Handler: sim, ReadHeaderTimeout: time.Minute}, ended: make(chan error, 1),
		transport: &http.Transport{DialContext: l.Dial, MaxIdleConnsPerHost: 16},
	}
	go func() { s.ended <- s.server.Serve(l) }()
	s.client, err = rcclient.New("http://127.0.0.1", rcclient.Credentials{ClientID: "rehearsal", ClientSecret: "rehearsal", JWT: "rehearsal"},
		rcclient.WithTransport(s.transport), rcclient.WithScale(rcclient.Scale(o.Speed)), rcclient.WithLimits(o.Limits))
	if err != nil {
		return nil, errors.Join(err, s.close(context.Background()))
	}
	return s, nil
}

func (s *served) close(ctx context.Context) error {
	var err error
	if s.client != nil {
		err = s.client.Close(context.WithoutCancel(ctx))
	}
	s.transport.CloseIdleConnections()
	err = errors.Join(err, s.server.Close(), s.sim.Close())
	if e := <-s.ended; !errors.Is(e, http.ErrServerClosed) && !errors.Is(e, net.ErrClosed) {
		err = errors.Join(err, e)
	}
	return err
}

// Run carries the plan out on the copy of an account.
func Run(ctx context.Context, account *rcsim.Account, p *plan.Plan, o Options) (out Outcome, err error) {
	s, err := serve(account, o) //nolint:contextcheck // it lives in memory, where no context breaks anything off
	if err != nil {
		return Outcome{}, fmt.Errorf("rehearse: %w", err)
	}
	begun := time.Now()
	m := &memory{also: o.Also}
	err = carryOut(ctx, s.client, m, p, o)
	out = Outcome{
		State: journal.Fold(m.records), Stats: s.client.Stats(), Client: s.client,
		Seconds: rcclient.Scale(o.Speed).Service(time.Since(begun)).Seconds(),
	}
	return out, errors.Join(err, s.close(ctx))
}

// carryOut does what "apply" does once the plan is agreed to.
func carryOut(ctx context.Context, client *rcclient.Client, m *memory, p *plan.Plan, o Options) error {
	if _, err := client.AccountInfo(ctx); err != nil {
		return fmt.Errorf("rehearse: %w", err)
	}
	record := func(event, exit string) error {
		return m.Append(journal.Record{Type: journal.TypeRun, Run: &journal.Run{Event: event, Exit: exit, Scale: o.Speed, Account: p.Account.ID, PlanDigest: p.Digest}})
	}
	if err := record(journal.EventBegin, ""); err != nil {
		return err
	}
	opts := o.Executor
	opts.Scale = rcclient.Scale(o.Speed)
	if o.Observer == nil {
		o.Observer = executor.Quiet{}
	}
	e := executor.New(client, m, o.Observer, opts)
	if _, err := e.Run(ctx, p, journal.Fold(nil)); err != nil {
		return fmt.Errorf("rehearse: %w", err)
	}
	return record(journal.EventEnd, "rehearsed")
}
