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
	Open     map[string]OpenIntent // intents without an outcome, by change id
	Attempts map[string]int        // calls begun, by change id
	Requests map[string]string     // the newest RCRequestId, by change id
	Notes    []Note
}

// OpenIntent is an intent that no outcome has answered.
type OpenIntent struct {
	Intent
	At time.Time
}
