package rcsim

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Options configure a Server.
type Options struct {
	// Account the state begins from. May be nil if StateFile has a state. A
	// state that is there wins over Account.
	Account *Account
	// StateFile keeps what happens; empty keeps it in memory only.
	StateFile string
	// Window overrides the account's settings.window: sliding or fixed.
	Window string
	// Latency overrides the account's settings.latency if above 0. Service time.
	Latency time.Duration
	// TimeScale divides service time: at 10, a service minute takes 6 s.
	// 0 means 1.
	TimeScale float64
	// Seed of everything made up: tokens, request ids, SIP passwords. A state
	// keeps the seed it began with.
	Seed uint64
	// Clock is the wall clock; nil means time.Now.
	Clock func() time.Time
	// FullContract checks every record of every list answer, not three of each.
	FullContract bool
	// Hook may interrupt calls; nil lets all go on.
	Hook Hook
	// Faults is the fault plan. Another one than the state's replaces it and
	// counts anew; nil, or the same, goes on with the state's.
	Faults *Faults
	// MaxLate bounds the delays and lags that a fault plan leaves open, where the
	// plan has no max_late. Service time; 0 means 60 s.
	MaxLate time.Duration
}

// maxBody is the longest request body that is read.
const maxBody = 8 << 20

// keptViolations is how many texts of contract violations are kept to look at.
const keptViolations = 100

// Server is the simulated account. It is an http.Handler, safe for concurrent
// use. It starts no goroutine.
type Server struct {
	options  Options
	contract *contract
	clock    *clock
	latency  time.Duration

	mu         sync.Mutex
	world      *world
	throttle   *throttle
	sessions   sessionList
	stats      Stats
	effects    []Effect
	violations []string
	faults     *faultEngine // nil without a fault plan
	late       []*lateCall  // by time of effect
	log        *stateLog    // nil without a state file
	closed     bool
}

// New opens the state, or begins one from the account. It fails with
// *LockedError while another process, or another Server, holds the state.
func New(options Options) (*Server, error) {
	if options.Clock == nil {
		options.Clock = time.Now
	}
	if options.TimeScale == 0 {
		options.TimeScale = 1
	}
	if options.TimeScale < 0 || options.Latency < 0 || options.MaxLate < 0 {
		return nil, errors.New("start simulator: time scale, latency and greatest lateness must not be negative")
	}
	if err := checkWindow(options.Window); err != nil {
		return nil, fmt.Errorf("start simulator: %w", err)
	}
	shapes, err := loadContract()
	if err != nil {
		return nil, fmt.Errorf("start simulator: %w", err)
	}
	s := &Server{options: options, contract: shapes}
	if err := s.open(); err != nil {
		return nil, fmt.Errorf("start simulator: %w", err)
	}
	if err := s.startFaults(); err != nil {
		return nil, fmt.Errorf("start simulator: %w", errors.Join(err, s.Close()))
	}
	s.latency = options.Latency
	if s.latency == 0 {
		s.latency = seconds(s.world.settings().Latency)
	}
	return s, nil
}

// ServeHTTP answers one request. Half of the latency passes before the call is
// counted and half before its answer leaves, as on a wire.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, "/_sim/") {
		s.observe(w, r)
		return
	}
	ctx := r.Context()
	r = tunnelled(r)
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		s.refuseUnread(ctx, w, r)
		return
	}
	if s.clock.wait(ctx, s.latency/2) != nil {
		return // the client has gone before the call was taken in
	}
	c := &call{request: r, query: r.URL.Query(), body: body, base: baseOf(r), shape: s.contract.find(r)}
	if failure := s.admit(c); failure != nil {
		s.reply(ctx, w, c, failure.answer())
		return
	}
	if failure := s.checkRequest(ctx, c); failure != nil {
		s.reply(ctx, w, c, failure.answer())
		return
	}
	if s.interrupt(w, BeforeEffect, c) {
		return
	}
	result, answered := s.carryOut(ctx, w, c)
	if !answered || s.interrupt(w, AfterEffect, c) {
		return
	}
	s.reply(ctx, w, c, result)
}

// refuseUnread answers a body that is too long or broke off.
func (s *Server) refuseUnread(ctx context.Context, w http.ResponseWriter, r *http.Request) {
	c := &call{request: r}
	s.reply(ctx, w, c, (&apiError{status: http.StatusBadRequest, code: "CMN-104", message: "The request body cannot be read"}).answer())
}

// admit takes a call in: finds its operation, its session and its slot.
func (s *Server) admit(c *call) *apiError {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return unavailable()
	}
	c.now = s.clock.now()
	c.requestID = requestID(s.world.counter.draw(), s.world.counter.draw())
	if c.shape == nil {
		s.violate("request", c, "no operation of the contract has this method and URI")
		return unknownURI()
	}
	c.op = operations[c.shape.operation()]
	if c.op.open {
		form, _ := formOf(c.body)
		c.app = clientID(c.request, form)
	} else {
		found, failure := s.authenticate(c.request, c.now)
		if failure != nil {
			return failure
		}
		c.session, c.app = found, found.App
	}
	return s.takeSlot(c)
}

func (s *Server) takeSlot(c *call) *apiError {
	t := taken{Operation: c.op.id, App: c.app, Cost: s.cost(c)}
	if c.session != nil {
		t.User = c.session.User
	}
	c.quota = s.world.settings().limit(c.op.group)
	c.verdict = s.count(t, c.now)
	e := entry{At: c.now, Taken: &t, Counter: &s.world.counter}
	if c.verdict.limited {
		s.record(e)
		return &apiError{status: http.StatusTooManyRequests, code: "CMN-301", message: "Request rate exceeded"}
	}
	if c.faults = s.decideFaults(c.op, c.now); c.faults != nil {
		return s.strike(c, e)
	}
	s.record(e)
	return nil
}

// count counts a call, now or when the state is read again.
func (s *Server) count(t taken, now int64) verdict {
	op := operations[t.Operation]
	v := s.throttle.take(windowKey{User: t.User, App: t.App, Group: op.group}, s.world.settings().limit(op.group), now, t.Cost)
	if v.limited {
		s.stats.RateLimited++
		return v
	}
	s.stats.Calls.ByOperation[op.id]++
	s.stats.Calls.ByGroup[op.group]++
	return v
}

// cost is how many slots a call takes: one, or one for each id of a batch.
func (s *Server) cost(c *call) int {
	if s.world.settings().BatchCost != "ids" {
		return 1
	}
	return strings.Count(c.param("extensionId"), ",") + 1
}

func (s *Server) checkRequest(ctx context.Context, c *call) *apiError {
	failure := s.contract.checkRequest(ctx, c.shape, c.request, c.query, c.body)
	if failure == nil {
		return nil
	}
	if c.op.id == "getToken" {
		failure = tokenRefusal(c, failure)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.violate("request", c, failure.message)
	return failure
}

// violate counts a contract violation. The lock is held.
func (s *Server) violate(what string, c *call, reason string) {
	s.stats.ContractViolations++
	s.record(entry{At: c.now, Violations: 1})
	if len(s.violations) < keptViolations {
		s.violations = append(s.violations, fmt.Sprintf("%s %s %s: %s", what, c.request.Method, c.request.URL.Path, reason))
	}
}

// Violations are the first texts of contract violations that this Server saw,
// for test failures; Stats counts them all.
func (s *Server) Violations() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.violations...)
}

// run does what the call asks for, and makes it durable.
func (s *Server) run(c *call) answer {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return unavailable().answer()
	}
	c.now = s.clock.now()
	others := s.catchUp(c.now) || c.faults != nil
	result := s.perform(c)
	written := s.commit(c)
	if c.faults != nil {
		s.adminEdits(c, FaultAfter)
	}
	log := s.log
	s.mu.Unlock()

	if others {
		written = -1 // what others did is durable too before it is shown
	}
	if !c.op.changes && !others {
		return result
	}
	if failure := durable(log, written); failure != nil {
		return failure.answer()
	}
	return result
}

// perform does what the call asks for, in memory. The lock is held.
func (s *Server) perform(c *call) answer {
	if failure := s.account(c); failure != nil {
		return failure.answer()
	}
	if c.faults != nil {
		return s.performFaulty(c)
	}
	return c.op.run(s, c)
}

// durable returns when the state file, if there is one, is on the disk.
func durable(log *stateLog, written int64) *apiError {
	if log == nil || log.sync(written) == nil {
		return nil
	}
	return &apiError{status: http.StatusInternalServerError, code: "CMN-203", message: "Internal error: the simulator cannot write its state"}
}

func unavailable() *apiError {
	return &apiError{status: http.StatusServiceUnavailable, code: "CMN-201", message: "Service temporarily unavailable"}
}

// account checks the account id of the path.
func (s *Server) account(c *call) *apiError {
	id := c.param("accountId")
	if id == "" || id == "~" || id == string(s.world.file.Account.ID.Text()) {
		return nil
	}
	return notFound(http.StatusNotFound, "accountId", id)
}

// commit notes what a call did. The lock is held.
func (s *Server) commit(c *call) int64 {
	changes := s.world.takeChanges()
	if len(changes) == 0 && len(c.effects) == 0 && len(c.sessions) == 0 && c.late == "" {
		return 0
	}
	for i := range c.effects {
		c.effects[i].N = len(s.effects) + i + 1
	}
	e := entry{At: c.now, Changes: changes, Effects: c.effects, Sessions: c.sessions,
		NumbersTaken: c.taken, NumbersReleased: c.released, Counter: &s.world.counter, LateDone: c.late}
	if c.taken > 0 {
		e.Pool = &s.world.pool
	}
	if c.op == adminOp {
		e.NumbersTaken, e.NumbersReleased = 0, 0
	}
	s.addEffects(e)
	return s.record(e)
}

// addEffects counts effects, now or when the state is read again.
func (s *Server) addEffects(e entry) {
	for _, effect := range e.Effects {
		s.effects = append(s.effects, effect)
		if effect.Operation == adminOperation {
			s.stats.AdminEffects++
			continue
		}
		s.stats.Effects.add(effect.Kind)
	}
	s.stats.Effects.NumbersTaken += e.NumbersTaken
	s.stats.Effects.NumbersReleased += e.NumbersReleased
}

func requestID(a, b uint64) string {
	return fmt.Sprintf("%08x-%04x-%04x-%04x-%012x", uint32(a>>32), uint16(a>>16), uint16(a), uint16(b>>48), b&0xffffffffffff) //nolint:gosec // cut on purpose
}
