package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"
	"github.com/google/renameio/v2"
)

// owner says who holds a lock: for people, and true only while it is held.
type owner struct {
	PID     int       `json:"pid"`
	Host    string    `json:"host"`
	Command string    `json:"command"`
	Run     string    `json:"run,omitempty"`
	Since   time.Time `json:"since"`
}

func (o owner) String() string {
	s := fmt.Sprintf("provision %s, pid %d on %s", o.Command, o.PID, o.Host)
	if o.Run != "" {
		s += ", run " + o.Run
	}
	if !o.Since.IsZero() {
		s += ", since " + o.Since.Format(time.RFC3339)
	}
	return s
}

// lock is a lock between processes. The operating system gives it back when
// its holder dies, however it dies.
type lock struct {
	file  *flock.Flock
	owner string // path of the file that names the holder
}

// lockPoll is how often a held lock is tried again.
const lockPoll = 100 * time.Millisecond

// Prefixes of lock names: what a lock is about.
const (
	lockClient  = "client-"  // a server and a client id: whoever talks to the service
	lockAccount = "account-" // a server and an account: whoever works on a run
)

// acquire takes the lock of that name, and waits up to timeout for it.
func (s stateFolder) acquire(ctx context.Context, name string, who owner, timeout time.Duration) (*lock, error) {
	path := filepath.Join(s.locks(), name+".lock")
	l := &lock{file: flock.New(path, flock.SetPermissions(0o600)), owner: path + ".owner"}
	ok, err := l.file.TryLock()
	if err == nil && !ok && timeout > 0 {
		waiting, cancel := context.WithTimeout(ctx, timeout)
		ok, err = l.file.TryLockContext(waiting, lockPoll)
		cancel()
		if errors.Is(err, context.DeadlineExceeded) {
			ok, err = false, nil
		}
	}
	switch {
	case err != nil:
		return nil, fmt.Errorf("lock %s: %w", path, err)
	case !ok:
		return nil, heldError(name, l.holder())
	}
	if err := l.tell(who); err != nil {
		return nil, errors.Join(err, l.file.Close())
	}
	return l, nil
}

func heldError(name, holder string) error {
	if strings.HasPrefix(name, lockAccount) {
		return withHint(fmt.Errorf("another process works on a run of this account: %s", holder), "wait for it with --lock-timeout")
	}
	return withHint(fmt.Errorf("another process works with this service and client id: %s", holder),
		"wait for it with --lock-timeout, or use another client id")
}

// tell writes down who holds the lock.
func (l *lock) tell(who owner) error {
	data, err := json.Marshal(who)
	if err == nil {
		err = renameio.WriteFile(l.owner, data, 0o600)
	}
	if err != nil {
		return fmt.Errorf("lock %s: %w", l.file.Path(), err)
	}
	return nil
}

// holder names who holds the lock, as far as it told.
func (l *lock) holder() string {
	data, err := os.ReadFile(l.owner)
	var o owner
	if err != nil || json.Unmarshal(data, &o) != nil {
		return "its name is not known (" + l.file.Path() + ")"
	}
	return o.String()
}

// release gives the lock back. The lock's file stays: to delete it would take
// it from under a process that waits for it.
func (l *lock) release() error {
	if l == nil {
		return nil
	}
	err := os.Remove(l.owner)
	if errors.Is(err, os.ErrNotExist) {
		err = nil
	}
	return errors.Join(err, l.file.Close())
}
