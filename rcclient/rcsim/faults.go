package rcsim

import (
	"cmp"
	"hash/fnv"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// defaultMaxLate bounds delays and lags where neither the plan nor the options do.
const defaultMaxLate = 60 * time.Second

// faultEngine is a fault plan at work: the plan and how far it has come.
type faultEngine struct {
	faultState
	maxLate time.Duration
	rules   map[string][]int // by operation, in the plan's order
}

// faultState is the plan and its position, as the state file keeps it. Replaying
// the calls gives the position again, so only snapshots write it.
type faultState struct {
	Plan  *Faults          `json:"plan"`
	Calls map[string]int   `json:"calls"` // by operation, since the plan came
	Fired map[string]int   `json:"fired"` // by rule and operation: "0/updateDevice"
	Storm map[string]storm `json:"storms,omitempty"`
}

// storm is a rate_limit that goes on; by group.
type storm struct {
	Until int64 `json:"until"` // service time
	Rule  int   `json:"rule"`
}

// newFaultEngine is nil for a plan without rules.
func newFaultEngine(state faultState, otherwise time.Duration) *faultEngine {
	if state.Plan == nil || len(state.Plan.Rules) == 0 {
		return nil
	}
	e := &faultEngine{faultState: state, maxLate: seconds(state.Plan.MaxLate), rules: map[string][]int{}}
	if e.maxLate == 0 {
		e.maxLate = otherwise
	}
	if e.maxLate == 0 {
		e.maxLate = defaultMaxLate
	}
	if e.Calls == nil {
		e.Calls = map[string]int{}
	}
	if e.Fired == nil {
		e.Fired = map[string]int{}
	}
	if e.Storm == nil {
		e.Storm = map[string]storm{}
	}
	for i, rule := range e.Plan.Rules {
		for id, op := range operations {
			if faultKinds[rule.Kind].fits(op) && slices.ContainsFunc(rule.On, op.inScope) {
				e.rules[id] = append(e.rules[id], i)
			}
		}
	}
	return e
}

// horizon is how far back lagging reads can look.
func (e *faultEngine) horizon() time.Duration {
	var most time.Duration
	if e == nil {
		return 0
	}
	for _, rule := range e.Plan.Rules {
		switch {
		case rule.Kind != FaultLag:
		case rule.Seconds != nil:
			most = max(most, seconds(*rule.Seconds))
		default:
			most = max(most, e.maxLate)
		}
	}
	return most
}

// decision is what the plan has for one call.
type decision struct {
	Hits []hit `json:"hits"`
}

// hit is one rule that hits one call, with a seed of its own.
type hit struct {
	Rule FaultRule `json:"rule"`
	Seed uint64    `json:"seed"`
}

// What a hit's seed is used for; each use has draws of its own.
const (
	useDelay = iota + 1
	useItem
	useOrder
	useTarget
	usePlace
)

// random is the same for the same hit and use.
func (h *hit) random(use uint64) *rand.Rand {
	return rand.New(rand.NewPCG(h.Seed, use)) //nolint:gosec // has to be repeatable, not secret
}

// decide counts a call and says what happens to it, nil for nothing.
func (e *faultEngine) decide(op *operation, now int64) *decision {
	e.Calls[op.id]++
	n := e.Calls[op.id]
	if running, still := e.Storm[op.group]; still {
		if now < running.Until {
			return &decision{Hits: []hit{{Rule: e.Plan.Rules[running.Rule]}}}
		}
		delete(e.Storm, op.group)
	}
	var d *decision
	for _, i := range e.rules[op.id] {
		rule := e.Plan.Rules[i]
		class := faultKinds[rule.Kind].class
		if d != nil && class != classEdit && d.of(class) != nil {
			continue
		}
		seed := hitSeed(e.Plan.Seed, i, op.id, n)
		key := strconv.Itoa(i) + "/" + op.id
		if !rule.hits(n, e.Fired[key], float64(mix(seed)>>11)/(1<<53)) {
			continue
		}
		e.Fired[key]++
		if d == nil {
			d = &decision{}
		}
		d.Hits = append(d.Hits, hit{Rule: rule, Seed: seed})
		if rule.Kind == FaultRateLimit && rule.Seconds != nil {
			e.Storm[op.group] = storm{Until: now + int64(seconds(*rule.Seconds)), Rule: i}
		}
	}
	return d
}

func hitSeed(seed uint64, rule int, operation string, n int) uint64 {
	name := fnv.New64a()
	_, _ = name.Write([]byte(operation))                             // never fails
	return mix(mix(mix(seed+uint64(rule))^name.Sum64()) + uint64(n)) //nolint:gosec // neither is negative
}

// of is the hit of a class, nil if there is none.
func (d *decision) of(class faultClass) *hit {
	if d == nil {
		return nil
	}
	for i := range d.Hits {
		if faultKinds[d.Hits[i].Rule.Kind].class == class {
			return &d.Hits[i]
		}
	}
	return nil
}

// course is the kind of the fault that decides how the call ends, and its hit.
func (d *decision) course() (FaultKind, *hit) {
	if h := d.of(classCourse); h != nil {
		return h.Rule.Kind, h
	}
	return "", nil
}

// decideFaults asks the plan about a call, now or when the state is read again.
func (s *Server) decideFaults(op *operation, now int64) *decision {
	if s.faults == nil {
		return nil
	}
	d := s.faults.decide(op, now)
	if d == nil {
		return nil
	}
	if s.stats.Faults == nil {
		s.stats.Faults = map[FaultKind]int{}
	}
	for _, h := range d.Hits {
		s.stats.Faults[h.Rule.Kind]++
	}
	return d
}

// strike begins the faults of a call that its group let through: it refuses the
// call, or leaves them for later. e is the call's entry, not yet written.
func (s *Server) strike(c *call, e entry) *apiError {
	failure := s.refuse(c, &e)
	s.record(e)
	s.catchUp(c.now)
	s.adminEdits(c, FaultBefore)
	if failure != nil {
		s.adminEdits(c, FaultAfter)
	}
	return failure
}

// refuse is the answer to a call that its fault does not let in.
func (s *Server) refuse(c *call, e *entry) *apiError {
	kind, h := c.faults.course()
	if kind == FaultRateLimit {
		c.verdict = verdict{}
		if !h.Rule.LimitHeaders {
			c.quota = quota{}
		}
		return &apiError{status: http.StatusTooManyRequests, code: cmp.Or(h.Rule.Code, "CMN-301"), message: "Request rate exceeded"}
	}
	if kind == FaultUnauthorized {
		end := sessionChange{End: c.session.ID}
		s.sessions.apply(end)
		e.Sessions = []sessionChange{end}
		return &apiError{status: http.StatusUnauthorized, code: cmp.Or(h.Rule.Code, "OAU-213"), message: "Token not found"}
	}
	return nil
}
