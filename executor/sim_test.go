package executor

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"go.uber.org/goleak"

	"provision/executor/journal"
	"provision/plan"
	"provision/rcclient"
	"provision/rcclient/rcsim"
)

func TestMain(m *testing.M) {
	noteSeed()
	goleak.VerifyTestMain(m)
}

// handlerTransport answers calls by a handler, without sockets, so that tests
// run in a synctest bubble.
type handlerTransport struct {
	handler http.Handler
	calls   *sync.WaitGroup
}

// RoundTrip gives a call up when its context ends, but the call goes on: it
// may take effect later.
func (h handlerTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	type result struct {
		resp *http.Response
		err  error
	}
	done := make(chan result, 1)
	served := req.Clone(context.WithoutCancel(req.Context()))
	h.calls.Go(func() {
		var res result
		defer func() {
			if p := recover(); p != nil {
				if err, ok := p.(error); !ok || !errors.Is(err, http.ErrAbortHandler) {
					panic(p)
				}
				res = result{err: io.ErrUnexpectedEOF} // the connection was closed
			}
			done <- res
		}()
		w := httptest.NewRecorder()
		h.handler.ServeHTTP(w, served)
		res.resp = w.Result()
	})
	select {
	case res := <-done:
		return res.resp, res.err
	case <-req.Context().Done():
		return nil, req.Context().Err()
	}
}

// world is a simulated account with a client and a journal.
type world struct {
	t      testing.TB
	server *rcsim.Server
	fs     *journal.MemFS
	hook   atomic.Pointer[rcsim.Hook]
	calls  sync.WaitGroup // under way at the server
}

const journalName = "run/journal.jsonl"

// account is an account of extensions 101… with ids equal to their numbers;
// devices are added by the caller.
func account(erl bool, extensions int, more func(*rcsim.Account)) *rcsim.Account {
	yes := erl
	a := &rcsim.Account{Settings: rcsim.Settings{ERLRegime: &yes}}
	a.Account.ID = 400
	for i := range 3 {
		a.EmergencyLocations = append(a.EmergencyLocations, rcsim.EmergencyLocation{
			ID: rcsim.ID(fmt.Sprint(5000 + i)), Name: fmt.Sprintf("ERL %d", i), Address: wireAddress(i),
		})
	}
	for i := range extensions {
		n := 101 + i
		a.Extensions = append(a.Extensions, rcsim.Extension{ID: rcsim.IntID(n), ExtensionNumber: fmt.Sprint(n), Type: "User", Name: fmt.Sprintf("Person %d", n)})
	}
	if more != nil {
		more(a)
	}
	return a
}

func wireAddress(i int) rcsim.Address {
	return rcsim.Address{"street": fmt.Sprintf("%d Main St", i+1), "city": "Belmont", "state": "CA", "zip": "94002", "country": "US"}
}

func place(i int) plan.Address {
	return plan.Address{Street: fmt.Sprintf("%d Main St", i+1), City: "Belmont", State: "CA", Zip: "94002", Country: "US"}
}

// phone is a phone with a line; ext 0 leaves it unassigned and without.
func phone(id string, ext, loc int) rcsim.Device {
	d := rcsim.Device{ID: rcsim.ID(id), Type: "OtherPhone", Name: "phone " + id}
	if ext == 0 {
		return d
	}
	d.Extension = &rcsim.ExtensionRef{ID: rcsim.IntID(ext)}
	d.PhoneLines = []rcsim.PhoneLine{{LineType: "Standalone", PhoneInfo: &rcsim.PhoneInfo{PhoneNumber: "+1650555" + fmt.Sprintf("%04d", ext)}}}
	d.Emergency = &rcsim.Emergency{Address: wireAddress(loc), AddressStatus: "Valid",
		Location: &rcsim.LocationRef{ID: rcsim.ID(fmt.Sprint(5000 + loc))}}
	return d
}

func newWorld(t testing.TB, a *rcsim.Account, opts rcsim.Options) *world {
	t.Helper()
	w := &world{t: t, fs: &journal.MemFS{}}
	data, err := a.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if opts.Account, err = rcsim.ParseAccount(data); err != nil {
		t.Fatal(err)
	}
	opts.Hook = func(s rcsim.Stage, c rcsim.HookCall) *rcsim.Interruption {
		if h := w.hook.Load(); h != nil {
			return (*h)(s, c)
		}
		return nil
	}
	if w.server, err = rcsim.New(opts); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.calls.Wait)
	return w
}

// intercept puts a hook into the server; nil takes it out. Calls that are
// under way keep theirs.
func (w *world) intercept(h rcsim.Hook) {
	if h == nil {
		w.hook.Store(nil)
		return
	}
	w.hook.Store(&h)
}

func (w *world) client(opts ...rcclient.Option) *rcclient.Client {
	w.t.Helper()
	creds := rcclient.Credentials{ClientID: "app", ClientSecret: "secret", JWT: "jwt"}
	opts = append([]rcclient.Option{rcclient.WithTransport(handlerTransport{w.server, &w.calls})}, opts...)
	c, err := rcclient.New("http://127.0.0.1", creds, opts...)
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

// run carries the plan out, or goes on with it, in a process of its own.
func (w *world) run(p *plan.Plan, opts Options) (Summary, error) {
	w.t.Helper()
	return w.process(func(e *Executor, s journal.State) (Summary, error) { return e.Run(w.t.Context(), p, s) }, opts)
}

func (w *world) process(do func(*Executor, journal.State) (Summary, error), opts Options) (Summary, error) {
	w.t.Helper()
	c := w.client()
	defer func() { _ = c.Close(context.WithoutCancel(w.t.Context())) }()
	j, state, err := journal.Open(journalName, journal.Options{FS: w.fs})
	if err != nil {
		j, err = journal.Create(journalName, journal.Options{FS: w.fs})
	}
	if err != nil {
		w.t.Fatalf("journal: %v", err)
	}
	defer func() { _ = j.Close() }()
	return do(New(c, j, nil, opts), state)
}

// state is what the journal holds.
func (w *world) state() journal.State {
	w.t.Helper()
	recs, err := journal.ReadFS(w.fs, journalName)
	if err != nil {
		w.t.Fatal(err)
	}
	return journal.Fold(recs)
}

// effects are the simulator's, in order.
func (w *world) effects() []rcsim.Effect {
	w.t.Helper()
	rec := httptest.NewRecorder()
	w.server.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/_sim/effects", nil))
	var out []rcsim.Effect
	for s := bufio.NewScanner(rec.Body); s.Scan(); {
		var e rcsim.Effect
		if err := json.Unmarshal(s.Bytes(), &e); err != nil {
			w.t.Fatalf("effects: %v in %s", err, s.Text())
		}
		out = append(out, e)
	}
	return out
}

func (w *world) check() {
	w.t.Helper()
	if v := w.server.Violations(); len(v) > 0 {
		w.t.Errorf("contract violations: %s", strings.Join(v, "\n"))
	}
}

// account is the account now.
func (w *world) account() *rcsim.Account {
	w.t.Helper()
	rec := httptest.NewRecorder()
	w.server.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/_sim/account", nil))
	a, err := rcsim.ParseAccount(bytes.TrimSpace(rec.Body.Bytes()))
	if err != nil {
		w.t.Fatal(err)
	}
	return a
}

// on are the ids of the devices on an extension, sorted.
func (w *world) on(ext int) []string {
	var ids []string
	for _, d := range w.account().Devices {
		if d.Extension != nil && int(d.Extension.ID) == ext {
			ids = append(ids, string(d.ID))
		}
	}
	slices.Sort(ids)
	return ids
}

// bubble runs a test in virtual time.
func bubble(t *testing.T, f func(*testing.T)) {
	t.Helper()
	synctest.Test(t, f)
}
