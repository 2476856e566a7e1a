package rcsim

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strconv"
)

// startFaults takes up the options' plan, unless the state has it already.
func (s *Server) startFaults() error {
	plan := s.options.Faults
	if plan == nil {
		return nil
	}
	if s.faults != nil {
		old, err := encode(s.faults.Plan)
		if err != nil {
			return err
		}
		if given, err := encode(plan); err != nil || bytes.Equal(old, given) {
			return err
		}
	}
	return s.SetFaults(plan)
}

// SetFaults replaces the fault plan and starts counting anew; nil and a plan
// without rules clear it. Calls that are late already stay so.
func (s *Server) SetFaults(plan *Faults) error {
	return s.changeFaults(func(*Faults) (*Faults, error) {
		if plan == nil {
			return &Faults{}, nil
		}
		return plan.clone(), nil
	}, false)
}

// AddFaults appends the plan's rules to those that there are, which keep their
// counts. Seed and MaxLate are those of the plan that is there, so they can be
// given only if there is none.
func (s *Server) AddFaults(plan *Faults) error {
	return s.changeFaults(func(now *Faults) (*Faults, error) {
		switch {
		case plan == nil:
			return nil, errors.New("no plan given")
		case now == nil:
			return plan.clone(), nil
		}
		if plan.Seed != 0 || plan.MaxLate != 0 {
			return nil, errors.New("seed and max_late are those of the plan that is there")
		}
		longer := now.clone()
		longer.Rules = append(longer.Rules, plan.Rules...)
		return longer, nil
	}, true)
}

func (s *Server) changeFaults(next func(*Faults) (*Faults, error), keep bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return errors.New("set faults: the simulator is closed")
	}
	var now *Faults
	if s.faults != nil {
		now = s.faults.Plan
	}
	plan, err := next(now)
	if err == nil {
		err = plan.check()
	}
	if err != nil {
		return fmt.Errorf("set faults: %w", err)
	}
	change := &faultChange{Plan: plan, Keep: keep}
	s.catchUp(s.clock.now())
	s.applyFaults(*change)
	s.record(entry{At: s.clock.now(), Faults: change})
	if s.log != nil {
		if err := s.log.sync(-1); err != nil {
			return fmt.Errorf("set faults: %w", err)
		}
	}
	return nil
}

// faultChange is a new plan, as the state file keeps it.
type faultChange struct {
	Plan *Faults `json:"plan"`
	Keep bool    `json:"keep,omitempty"` // the position of the plan before
}

func (s *Server) applyFaults(change faultChange) {
	state := faultState{Plan: change.Plan}
	if change.Keep && s.faults != nil {
		state.Calls, state.Fired, state.Storm = s.faults.Calls, s.faults.Fired, s.faults.Storm
	}
	s.setFaults(state)
}

func (s *Server) setFaults(state faultState) {
	s.faults = newFaultEngine(state, s.options.MaxLate)
	s.world.recallFor(int64(s.faults.horizon()))
}

// faultReport is what /_sim/faults shows.
type faultReport struct {
	Plan *Faults `json:"plan"`
	// Calls since the plan came, by operation; the next one is one more.
	Calls map[string]int `json:"calls"`
	// Fired is how often a rule hit, by "index/operation".
	Fired map[string]int `json:"fired"`
	// Late calls have their effect still to come.
	Late int `json:"late"`
}

// observeFaults answers /_sim/faults: GET shows the plan, POST replaces it or
// with ?append=true adds to it, DELETE clears it. Each shows what there is then.
func (s *Server) observeFaults(w http.ResponseWriter, r *http.Request) {
	var err error
	switch r.Method {
	case http.MethodGet:
	case http.MethodDelete:
		err = s.SetFaults(nil)
	case http.MethodPost:
		err = s.postFaults(w, r)
	default:
		http.Error(w, "only GET, POST and DELETE", http.StatusMethodNotAllowed)
		return
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	body, err := encode(s.reportFaults())
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", jsonType)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body) // the client may be gone
}

func (s *Server) postFaults(w http.ResponseWriter, r *http.Request) error {
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		return err
	}
	plan, err := ParseFaults(data)
	if err != nil {
		return err
	}
	if r.URL.Query().Get("append") == "true" {
		return s.AddFaults(plan)
	}
	return s.SetFaults(plan)
}

func (s *Server) reportFaults() faultReport {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.catchUp(s.clock.now())
	report := faultReport{Plan: &Faults{Rules: []FaultRule{}}, Calls: map[string]int{}, Fired: map[string]int{}, Late: len(s.late)}
	if s.faults != nil {
		report.Plan, report.Calls, report.Fired = s.faults.Plan, maps.Clone(s.faults.Calls), maps.Clone(s.faults.Fired)
	}
	return report
}
