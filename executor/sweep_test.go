package executor

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"provision/executor/journal"
	"provision/rcclient"
	"provision/rcclient/rcsim"
)

// sweepShards is how many parts the sweep has, each of as many cases as rapid
// makes (100, or -rapid.checks).
const sweepShards = 30

// Any plan, whatever goes wrong and wherever the process dies: resumed until
// done, nothing is lost, nothing is done twice, and what is reported is what
// the account shows. A failure prints plan, faults and deaths.
func TestFaultSweep(t *testing.T) {
	t.Parallel()
	seed, err := sweepSeed()
	if err != nil {
		t.Fatal(err)
	}
	var sum totals
	t.Cleanup(func() {
		t.Logf("sweep of seed %d: %s", seed, &sum)
		if cases := int(sum.cases.Load()); !t.Failed() && !seedGiven && sum.distinct() < cases*9/10 {
			t.Errorf("only %d of %d cases are distinct", sum.distinct(), cases)
		}
	})
	for shard := range sweepShards / raceFactor {
		t.Run(fmt.Sprint(shard), func(t *testing.T) {
			t.Parallel()
			check(t, shardSeed(seed, shard), func(rt *rapid.T) {
				c := drawCase(rt)
				if problems := c.problems(t, &sum); len(problems) > 0 {
					rt.Fatalf("%s%s", c.text(), strings.Join(problems, "\n"))
				}
			})
		})
	}
}

// problems carries the case out and says what is wrong with its end.
func (c *sweepCase) problems(t *testing.T, sum *totals) (problems []string) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := newSweep(t, c)
		s.resume()
		problems = slices.Concat(s.problems, s.judge())
		sum.add(s)
	})
	return problems
}

// sweep is a case at work.
type sweep struct {
	*sweepCase
	t      *testing.T
	server *rcsim.Server
	fs     *journal.MemFS
	runs   int // processes so far
	died   int // of them by a death of the case

	mu       sync.Mutex
	problems []string
}

func newSweep(t *testing.T, c *sweepCase) *sweep {
	t.Helper()
	s := &sweep{sweepCase: c, t: t, fs: &journal.MemFS{}}
	data, err := c.account.Encode()
	if err != nil {
		t.Fatal(err)
	}
	account, err := rcsim.ParseAccount(data)
	if err != nil {
		t.Fatal(err)
	}
	s.server, err = rcsim.New(rcsim.Options{Account: account, Latency: 300 * time.Millisecond, Faults: &c.faults})
	if err != nil {
		t.Fatal(err)
	}
	c.b.p.SnapshotAt = time.Now()
	return s
}

func (s *sweep) problem(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.problems = append(s.problems, fmt.Sprintf(format, args...))
}

// ServeHTTP is the simulator's door: no mutating request comes in whose intent
// is not durable, or was answered already.
func (s *sweep) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && !strings.Contains(r.URL.Path, "/oauth/") {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			body = nil // the client has left
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		if open := s.openIntents(); !slices.ContainsFunc(open, func(in journal.Intent) bool { return isOf(in, r, body) }) {
			s.problem("%s %s arrives without a durable open intent; open are %d", r.Method, r.URL.Path, len(open))
		}
	}
	s.server.ServeHTTP(w, r)
}

// openIntents are the durable intents that have no outcome yet.
func (s *sweep) openIntents() []journal.Intent {
	data, synced := s.fs.Bytes(journalName)
	open := map[string]journal.Intent{}
	for line := range bytes.Lines(data[:synced]) {
		var rec journal.Record
		if json.Unmarshal(line, &rec) != nil {
			continue
		}
		for _, id := range rec.Changes {
			if rec.Intent != nil {
				open[id] = *rec.Intent
			} else if rec.Outcome != nil {
				delete(open, id)
			}
		}
	}
	var out []journal.Intent
	for _, in := range open {
		out = append(out, in)
	}
	return out
}

// isOf reports whether a request can be the one that the intent announces.
func isOf(in journal.Intent, r *http.Request, body []byte) bool {
	parts := strings.Split(r.URL.Path, "/")
	last := parts[len(parts)-1]
	named := func(id string) bool {
		for _, have := range in.Devices {
			if have == id {
				return true
			}
		}
		return false
	}
	switch r.Method + " " + last {
	case "POST bulk-add":
		var got struct {
			Records json.RawMessage `json:"records"`
		}
		return in.Operation == "bulkAddDevicesV2" && json.Unmarshal(body, &got) == nil && bytes.Equal(got.Records, in.Request)
	case "POST bulk-update":
		var want, got struct {
			Records []struct{ DeviceID, Serial string }
		}
		return in.Operation == "bulkUpdateDevices" && json.Unmarshal(in.Request, &want.Records) == nil &&
			json.Unmarshal(body, &got) == nil && slices.Equal(want.Records, got.Records)
	case "POST device-inventory":
		return in.Operation == "addDeviceToInventory"
	case "DELETE device-inventory":
		var want []string
		return in.Operation == "deleteDeviceFromInventory" && json.Unmarshal(in.Request, &want) == nil &&
			!slices.ContainsFunc(want, func(id string) bool { return !bytes.Contains(body, []byte(`"`+id+`"`)) })
	case "POST emergency-locations":
		return in.Operation == "createEmergencyLocation" && bytes.Equal(body, in.Request)
	case "POST replace":
		var want struct{ Target string }
		return in.Operation == "replaceDevicesJWSPublic" && named(parts[len(parts)-2]) &&
			json.Unmarshal(in.Request, &want) == nil && bytes.Contains(body, []byte(`"`+want.Target+`"`))
	case "PUT emergency":
		return in.Operation == "updateDeviceEmergency" && named(parts[len(parts)-2]) && bytes.Equal(body, in.Request)
	}
	switch r.Method {
	case http.MethodPut:
		return in.Operation == "updateDevice" && named(last) && bytes.Equal(body, in.Request)
	case http.MethodDelete:
		return in.Operation == "removeLineJWSPublic" && named(last)
	}
	return false
}

// maxRuns is how many processes a case may take: each ends by a death or by a
// fault, of which there are few.
const maxRuns = 14

// resume carries the plan out by one process after the other until it is done.
func (s *sweep) resume() {
	deaths := slices.Clone(s.deaths)
	for s.runs = 1; s.runs <= maxRuns; s.runs++ {
		var d *death
		if len(deaths) > 0 {
			d, deaths = &deaths[0], deaths[1:]
		}
		done, err := s.process(d)
		switch {
		case err == nil && done:
			s.again()
			return
		case err != nil && (strings.Contains(err.Error(), "internal error") || strings.Contains(err.Error(), "brought to an end")):
			s.problem("process %d: %v", s.runs, err)
		}
		if d != nil {
			time.Sleep(d.Pause)
		}
	}
	s.problem("not done after %d processes; open: %v", maxRuns, s.state().Unsettled(s.ids()))
}

// again carries the finished plan out once more: that changes nothing.
func (s *sweep) again() {
	before, effects := s.state().Outcomes, len(s.server.Effects())
	_, err := s.process(nil)
	for range maxRuns { // faults may be left over
		if err == nil {
			break
		}
		_, err = s.process(nil)
	}
	if err != nil {
		s.problem("a finished run, resumed: %v", err)
	}
	if n := len(s.server.Effects()); n != effects {
		s.problem("a finished run, resumed, had %d effects", n-effects)
	}
	for id, out := range s.state().Outcomes {
		if out.Status != before[id].Status {
			s.problem("a finished run, resumed: %s goes from %s to %s", id, before[id].Status, out.Status)
		}
	}
}

func (s *sweep) ids() []string {
	ids := make([]string, len(s.b.p.Changes))
	for i, c := range s.b.p.Changes {
		ids[i] = c.ID
	}
	return ids
}

// process is one process, which dies where d says, if it comes so far.
func (s *sweep) process(d *death) (done bool, err error) {
	ctx, kill := context.WithCancel(s.t.Context())
	defer kill()
	dead := s.arm(d, kill)
	client, err := rcclient.New("http://127.0.0.1", rcclient.Credentials{ClientID: "app", ClientSecret: "secret", JWT: "jwt"},
		rcclient.WithTransport(rcsim.Transport(s)))
	if err != nil {
		s.t.Fatal(err)
	}
	err = s.work(ctx, client, s.abandon && d == nil)
	s.fs.Hook = nil
	if dead() {
		kill() // and so are its calls and its token
		_ = client.Close(ctx)
		s.fs.Crash(d.keep)
		s.died++
		return false, nil
	}
	if closing := client.Close(ctx); closing != nil && err == nil {
		s.t.Logf("close: %v", closing) // the token stays until it runs out
	}
	return s.done(d), err
}

// done reports whether nothing is left over.
func (s *sweep) done(d *death) bool {
	st := s.state()
	if !s.abandon || d != nil {
		return len(st.Unsettled(s.ids())) == 0
	}
	for _, out := range st.Outcomes {
		if out.Status == journal.Sent {
			return false
		}
	}
	return len(st.Open) == 0
}

func (s *sweep) work(ctx context.Context, client *rcclient.Client, settle bool) error {
	off := s.off()
	opts := journal.Options{FS: s.fs, Now: func() time.Time { return time.Now().Add(off) }}
	first := opts
	opts.Run = &journal.Run{}
	j, state, err := journal.Open(journalName, opts)
	if err != nil && s.state().Run == nil {
		j, err = journal.Create(journalName, first)
	}
	if err != nil {
		return err
	}
	defer func() { _ = j.Close() }()
	e := New(client, wrongClock{j, off}, nil, Options{})
	if settle {
		_, err = e.Settle(ctx, &s.b.p, state)
		return err
	}
	_, err = e.Run(ctx, &s.b.p, state)
	return err
}

// arm makes the process die, and tells whether it has.
func (s *sweep) arm(d *death, kill func()) (dead func() bool) {
	var gone atomic.Bool
	if d == nil {
		return gone.Load
	}
	die := func() {
		gone.Store(true)
		kill()
	}
	if d.After > 0 {
		timer := time.AfterFunc(d.After, die)
		s.t.Cleanup(func() { timer.Stop() })
	}
	writes := 0
	s.fs.Hook = func(op, _ string, _ []byte) error {
		if gone.Load() {
			return errKilled
		}
		if op == "write" {
			writes++
		}
		at := writes == d.Write
		switch {
		case at && op == "write" && d.Stage == beforeWrite, at && op == "sync" && d.Stage == beforeSync:
			die()
			return errKilled
		case at && op == "sync" && d.Stage == afterSync:
			die()
		}
		return nil
	}
	return gone.Load
}

// state is what the journal holds; nothing if there is none.
func (s *sweep) state() journal.State {
	recs, err := journal.ReadFS(s.fs, journalName)
	if err != nil {
		return journal.State{}
	}
	return journal.Fold(recs)
}
