package journal

import "time"

// State is what a journal's records add up to: the newest outcome of each
// change and the intents that have none yet.
type State struct {
	Run      *Run                  // the first run record
	Begun    time.Time             // its time
	Ended    time.Time             // of the last run record of event "end", if it is the newest run record
	Exit     string                // that record's Exit; empty while a process works, or was killed
	Outcomes map[string]Outcome    // by change id
	Open     map[string]OpenIntent // intents without an outcome that says what became of them, by change id
	Attempts map[string]int        // calls begun, by change id
	Requests map[string]string     // the newest RCRequestId, by change id
	Notes    []Note
	Last     time.Time // of the newest record
}

// OpenIntent is an intent that no outcome has answered, or only one that says
// that it is in doubt.
type OpenIntent struct {
	Intent
	// At is when the intent was written. The call may have left later: a limiter
	// may have held it back for minutes.
	At time.Time
}

// Fold adds the records up, in their order. It never fails: what it does not
// understand it leaves out.
func Fold(records []Record) State {
	s := State{
		Outcomes: map[string]Outcome{},
		Open:     map[string]OpenIntent{},
		Attempts: map[string]int{},
		Requests: map[string]string{},
	}
	for i := range records {
		s.add(&records[i])
	}
	return s
}

// add takes one record in.
func (s *State) add(rec *Record) {
	s.Last = rec.Time
	switch rec.Type {
	case TypeRun:
		s.addRun(rec)
	case TypeIntent:
		s.addIntent(rec)
	case TypeOutcome:
		s.addOutcome(rec)
	case TypeNote:
		if rec.Note != nil {
			s.Notes = append(s.Notes, *rec.Note)
		}
	}
}

func (s *State) addRun(rec *Record) {
	if rec.Run == nil {
		return
	}
	if s.Run == nil {
		run := *rec.Run
		s.Run, s.Begun = &run, rec.Time
	}
	if rec.Run.Event == EventEnd {
		s.Ended, s.Exit = rec.Time, rec.Run.Exit
		return
	}
	s.Ended, s.Exit = time.Time{}, ""
}

func (s *State) addIntent(rec *Record) {
	if rec.Intent == nil {
		return
	}
	for _, id := range rec.Changes {
		own := *rec.Intent
		own.Known, own.Devices = only(own.Known, id), only(own.Devices, id)
		s.Open[id] = OpenIntent{Intent: own, At: rec.Time}
		s.Attempts[id] = max(s.Attempts[id], own.Attempt)
	}
}

// only is the map's part that concerns one change.
func only[V any](m map[string]V, id string) map[string]V {
	v, ok := m[id]
	if !ok {
		return nil
	}
	return map[string]V{id: v}
}

func (s *State) addOutcome(rec *Record) {
	if rec.Outcome == nil {
		return
	}
	for _, id := range rec.Changes {
		out := *rec.Outcome
		s.Outcomes[id] = out
		if out.RequestID != "" {
			s.Requests[id] = out.RequestID
		}
		if out.Status != InDoubt {
			delete(s.Open, id)
		}
	}
}

// Settled reports whether nothing is left to do or to find out of a change:
// it has an outcome that is not in doubt, not to be sent again and not yet to
// be read back, and no open intent.
func (s State) Settled(change string) bool {
	if _, open := s.Open[change]; open {
		return false
	}
	out, ok := s.Outcomes[change]
	return ok && out.Status.Final()
}

// Unsettled returns those of the changes that keep a run open, in their order.
func (s State) Unsettled(changes []string) []string {
	var left []string
	for _, id := range changes {
		if !s.Settled(id) {
			left = append(left, id)
		}
	}
	return left
}
