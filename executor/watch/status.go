package watch

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// StatusFile is the name of the status in a run's folder.
const StatusFile = "status.json"

// Every is how often a process writes its status, Silent after how long
// without one it is taken to be gone by who cannot ask the system. Wall time.
const (
	Every  = time.Second
	Silent = 15 * time.Second
)

// The states of a run.
const (
	StateWorking  = "working"
	StatePaused   = "paused"
	StateStopping = "stopping"
	StateEnded    = "ended"
)

// Status is how a run stood when it was written. Seconds are service time.
type Status struct {
	Run     string    `json:"run"`
	State   string    `json:"state"`
	PID     int       `json:"pid"`
	Host    string    `json:"host"`
	Written time.Time `json:"written"`
	Exit    string    `json:"exit,omitempty"` // of one that ended, as the journal says it

	Changes  int `json:"changes"`
	Done     int `json:"done"`   // applied or met already
	Failed   int `json:"failed"` // failed, stale, blocked or ambiguous
	InDoubt  int `json:"in_doubt"`
	Landed   int `json:"landed"` // took effect, to be read back
	Left     int `json:"left"`   // not begun
	Awaiting int `json:"addresses_awaited"`

	ElapsedSeconds float64 `json:"elapsed_seconds"`
	ETASeconds     float64 `json:"eta_seconds"` // to the run's end; 0: not known
	QuotaShare     float64 `json:"quota_share"`
	Groups         []Group `json:"groups"`
	Waits          []Wait  `json:"waits"`
}

// Group is one throttling group.
type Group struct {
	Name          string  `json:"name"`
	Changes       int     `json:"changes"`
	Done          int     `json:"done"`
	Failed        int     `json:"failed"`
	Ready         int     `json:"ready"` // to be sent
	InFlight      int     `json:"in_flight"`
	Used          int     `json:"used"`    // calls in the window
	Allowed       int     `json:"allowed"` // calls in a window; 0: not known
	WindowSeconds float64 `json:"window_seconds"`
	NextSeconds   float64 `json:"next_seconds"` // until a call may go out
}

// Wait is one thing that a run waits for.
type Wait struct {
	Reason  string  `json:"reason"`
	Group   string  `json:"group,omitempty"`
	Changes int     `json:"changes,omitempty"`
	Seconds float64 `json:"seconds,omitempty"` // at most; 0: not known
}

// Write replaces the status in a run's folder.
func Write(folder string, s Status) error {
	data, err := json.Marshal(s)
	if err == nil {
		err = replace(folder, StatusFile, append(data, '\n'))
	}
	if err != nil {
		return fmt.Errorf("write status of the run: %w", err)
	}
	return nil
}

// Read reads the status; an error that is [fs.ErrNotExist] means that there is
// none.
func Read(folder string) (Status, error) {
	var s Status
	data, err := os.ReadFile(filepath.Join(folder, StatusFile))
	if err == nil {
		err = json.Unmarshal(data, &s)
	}
	if err != nil {
		return Status{}, fmt.Errorf("read status of the run: %w", err)
	}
	return s, nil
}

// replace writes a file of mode 0600 under its name at once, without syncing
// it. A rename replaces a file on every system.
func replace(folder, name string, data []byte) error {
	tmp, err := os.CreateTemp(folder, "."+name+".tmp-") // of mode 0600
	if err != nil {
		return err
	}
	_, err = tmp.Write(data)
	if err = errors.Join(err, tmp.Close()); err == nil {
		err = os.Rename(tmp.Name(), filepath.Join(folder, name))
	}
	if err != nil {
		return errors.Join(err, os.Remove(tmp.Name()))
	}
	return nil
}
