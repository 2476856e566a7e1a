package rcsim

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// lateCall is a call whose effect is still to come. No timer waits for it: it is
// committed, at its own time, before anything else is done or shown at a later
// one. It survives in the state file, as the service would not forget it.
type lateCall struct {
	At        int64     `json:"at"` // service time of the effect
	RequestID string    `json:"request_id"`
	Operation string    `json:"operation"`
	Method    string    `json:"method"`
	URI       string    `json:"uri"`
	Body      string    `json:"body,omitempty"`
	App       string    `json:"app"`
	Faults    *decision `json:"faults,omitempty"`

	call   *call
	result answer
	done   bool
}

// postpone puts a call off. It tells whether there is an answer to give: there is
// none if the client left, or if the fault gave one already.
func (s *Server) postpone(ctx context.Context, w http.ResponseWriter, c *call, h *hit) (answer, bool) {
	delay := h.delay(s.maxLate())
	late, err := s.putOff(c, int64(delay))
	switch {
	case err != nil:
		return err.answer(), true
	case h.Rule.Drop:
		if s.clock.wait(ctx, s.latency-s.latency/2) == nil {
			cutConnection(w, false)
		}
		return answer{}, false
	case h.Rule.Status != 0:
		s.writeStatus(ctx, w, c, &h.Rule)
		return answer{}, false
	}
	if s.clock.wait(ctx, delay) != nil {
		return answer{}, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.catchUp(max(s.clock.now(), late.At))
	if !late.done {
		return unavailable().answer(), true // closed meanwhile: the effect stays in the state
	}
	return late.result, true
}

func (s *Server) maxLate() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.faults == nil {
		return defaultMaxLate
	}
	return s.faults.maxLate
}

// putOff notes a late call durably.
func (s *Server) putOff(c *call, delay int64) (*lateCall, *apiError) {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil, unavailable()
	}
	now := s.clock.now()
	late := &lateCall{At: now + delay, RequestID: c.requestID, Operation: c.op.id, Method: c.request.Method,
		URI: c.request.URL.RequestURI(), Body: string(c.body), App: c.app, Faults: c.faults, call: c}
	s.queueLate(late)
	written := s.record(entry{At: now, Late: late})
	log := s.log
	s.mu.Unlock()
	return late, durable(log, written)
}

// queueLate keeps the queue in the order of the effects.
func (s *Server) queueLate(late *lateCall) {
	i := len(s.late)
	for i > 0 && s.late[i-1].At > late.At {
		i--
	}
	s.late = slices.Insert(s.late, i, late)
}

// catchUp brings the account to a service time: late calls and verdicts that are
// due. The lock is held. It tells whether a late call was committed.
func (s *Server) catchUp(now int64) bool {
	committed := false
	for len(s.late) > 0 && s.late[0].At <= now && !s.closed {
		late := s.late[0]
		s.late = s.late[1:]
		s.commitLate(late)
		committed = true
	}
	s.world.settle(now)
	return committed
}

func (s *Server) commitLate(late *lateCall) {
	c := late.call
	c.now = late.At
	s.world.settle(c.now)
	late.result, late.done = s.perform(c), true
	c.late = late.RequestID
	s.commit(c)
	s.adminEdits(c, FaultAfter)
}

// revive is a call that another process put off. Its client is gone.
func (s *Server) revive(late *lateCall) error {
	request, err := http.NewRequestWithContext(context.Background(), late.Method, late.URI, strings.NewReader(late.Body))
	if err != nil {
		return fmt.Errorf("late call: %w", err)
	}
	shape := s.contract.find(request)
	if shape == nil || shape.operation() != late.Operation {
		return fmt.Errorf("late call: %s %s is not %s", late.Method, late.URI, late.Operation)
	}
	late.call = &call{op: operations[late.Operation], request: request, shape: shape, query: request.URL.Query(), base: baseOf(request),
		body: []byte(late.Body), requestID: late.RequestID, app: late.App, faults: late.Faults}
	return nil
}

// restoreFaults takes the fault plan and what belongs to it from a snapshot.
func (s *Server) restoreFaults(from *snapshot) error {
	if from.Faults != nil && from.Faults.Plan != nil {
		if err := from.Faults.Plan.check(); err != nil {
			return err
		}
		s.setFaults(*from.Faults)
		s.world.restorePast(from.Past)
	}
	for _, late := range from.Late {
		if err := s.replayLate(entry{Late: late}); err != nil {
			return err
		}
	}
	return nil
}

// replayLate takes late calls from the state file, and forgets those done.
func (s *Server) replayLate(e entry) error {
	if e.Late != nil {
		if err := s.revive(e.Late); err != nil {
			return err
		}
		s.queueLate(e.Late)
	}
	if e.LateDone != "" {
		s.late = slices.DeleteFunc(s.late, func(l *lateCall) bool { return l.RequestID == e.LateDone })
	}
	return nil
}
