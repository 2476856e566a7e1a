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

	"provision/cmd/provision/wholefile"
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
	// whole is the lock that the holders of shares have in common.
	whole *flock.Flock
	// dead is who held it before and ended without giving it back; empty if
	// nobody.
	dead string
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
	l := s.lock(name)
	ok, err := wait(ctx, timeout, l.file.TryLock, l.file.TryLockContext)
	return l.taken(ok, err, name, who)
}

// maxShares is how many processes may share a client id.
const maxShares = 8

// acquireShare takes one of the shares of a lock, for a process that uses a
// part of the quota only: it keeps those away that want the whole, and they it.
// The share's number tells the holders' own files apart.
func (s stateFolder) acquireShare(ctx context.Context, name string, who owner, timeout time.Duration) (*lock, int, error) {
	whole := s.lock(name)
	ok, err := wait(ctx, timeout, whole.file.TryRLock, whole.file.TryRLockContext)
	if err != nil || !ok {
		_, err := whole.taken(ok, err, name, who)
		return nil, 0, err
	}
	for n := 1; n <= maxShares; n++ {
		l := s.lock(shareName(name, n))
		l.whole = whole.file
		if ok, err := l.file.TryLock(); err != nil || ok {
			l, err := l.taken(ok, err, name, who)
			return l, n, err
		}
	}
	return nil, 0, errors.Join(fmt.Errorf("%d processes share this client id already", maxShares), whole.file.Close())
}

func shareName(name string, n int) string { return fmt.Sprintf("%s-share-%d", name, n) }

func (s stateFolder) lock(name string) *lock {
	path := filepath.Join(s.locks(), name+".lock")
	return &lock{file: flock.New(path, flock.SetPermissions(0o600)), owner: path + ".owner"}
}

// wait tries a lock once, or until the timeout.
func wait(ctx context.Context, timeout time.Duration, try func() (bool, error), retry func(context.Context, time.Duration) (bool, error)) (bool, error) {
	ok, err := try()
	if err != nil || ok || timeout <= 0 {
		return ok, err
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	ok, err = retry(ctx, lockPoll)
	if errors.Is(err, context.DeadlineExceeded) {
		return false, nil
	}
	return ok, err
}

// taken finishes the taking of a lock: it names the new holder, or the old one
// in an error.
func (l *lock) taken(ok bool, err error, name string, who owner) (*lock, error) {
	switch {
	case err != nil:
		return nil, errors.Join(fmt.Errorf("lock %s: %w", l.file.Path(), err), l.close())
	case !ok:
		return nil, errors.Join(heldError(name, l.holder()), l.close())
	}
	if before, ok := ownerIn(l.owner); ok {
		l.dead = before.String()
	}
	if err := l.tell(who); err != nil {
		return nil, errors.Join(err, l.close())
	}
	return l, nil
}

func (l *lock) close() error {
	err := l.file.Close()
	if l.whole != nil {
		err = errors.Join(err, l.whole.Close())
	}
	return err
}

// errLockHeld tells the error of a lock that another process holds from others.
var errLockHeld = errors.New("another process works")

func heldError(name, holder string) error {
	if strings.HasPrefix(name, lockAccount) {
		return withHint(fmt.Errorf("%w on a run of this account: %s", errLockHeld, holder), "wait for it with --lock-timeout 10m")
	}
	return withHint(fmt.Errorf("%w with this service and client id: %s", errLockHeld, holder),
		"wait for it with --lock-timeout 10m, or use another client id; side by side they only work if both were started with a --quota-share below 1")
}

// tell writes down who holds the lock.
func (l *lock) tell(who owner) error {
	data, err := json.Marshal(who)
	if err == nil {
		err = wholefile.Write(l.owner, data, 0o600)
	}
	if err != nil {
		return fmt.Errorf("lock %s: %w", l.file.Path(), err)
	}
	return nil
}

// heldBy is who holds a lock at this moment, if anybody does and told its name.
// It takes no lock of a name that nobody left behind, and gives one that it
// could take back at once.
func (s stateFolder) heldBy(name string) (owner, bool) {
	l := s.lock(name)
	who, ok := ownerIn(l.owner)
	if !ok {
		return owner{}, false
	}
	free, err := l.file.TryRLock()
	if cerr := l.close(); free || err != nil || cerr != nil {
		return owner{}, false
	}
	return who, true
}

// holder names who holds the lock, or a share of it, as far as it told.
func (l *lock) holder() string {
	files := []string{l.owner}
	for n := 1; n <= maxShares; n++ {
		files = append(files, shareName(strings.TrimSuffix(l.owner, ".lock.owner"), n)+".lock.owner")
	}
	for _, file := range files {
		if o, ok := ownerIn(file); ok {
			return o.String()
		}
	}
	return "its name is not known (" + l.file.Path() + ")"
}

// ownerIn reads who told that a lock was held.
func ownerIn(file string) (owner, bool) {
	var o owner
	data, err := os.ReadFile(file)
	return o, err == nil && json.Unmarshal(data, &o) == nil
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
	return errors.Join(err, l.close())
}
