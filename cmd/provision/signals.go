package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/rs/zerolog"
)

// interrupts turns signals, and the time of --stop-at, into a graceful stop:
// no new work, what is in flight lands. A second signal ends the process at
// once, which the journal makes safe.
type interrupts struct {
	// stop is closed at the first one.
	stop   chan struct{}
	once   sync.Once
	mu     sync.Mutex
	reason string
	log    zerolog.Logger
	// leaving says the last words of a process that is told to leave at once.
	leaving func()
	end     func()
	// asking: a question is open, which the first signal ends at once. There is
	// nothing to stop then, and no line to say it on.
	asking atomic.Bool
}

// catchSignals begins to listen. say shows a line to people.
func catchSignals(log zerolog.Logger, say func(string), leave func(exitCode)) *interrupts {
	i := &interrupts{stop: make(chan struct{}), log: log}
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	// A terminal or a pipe that went away must not end the process in the middle
	// of its calls: whoever asks for SIGPIPE gets an error from the write instead.
	// That lasts to the process's end, as its last words go there too.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	done := make(chan struct{})
	go func() {
		defer recoverTo(log)
		for {
			select {
			case <-done:
				return
			case s := <-signals:
				if i.stopped() {
					i.lastWords(say)
					leave(exitInterrupted)
					return
				}
				if !i.asking.Load() {
					say("stopping; once more to leave at once")
				}
				i.stopNow("signal " + s.String())
			}
		}
	}()
	i.end = func() {
		signal.Stop(signals)
		close(done)
	}
	return i
}

// catchSignals begins to listen, or takes part in the listening of the command
// that works by several. The second value ends what it began.
func (a *app) catchSignals() (*interrupts, func()) {
	if a.stops != nil {
		return a.stops, func() {}
	}
	i := catchSignals(a.log, a.say, leave)
	return i, i.end
}

// onLeaving replaces what is said when a second signal ends the process.
func (i *interrupts) onLeaving(f func()) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.leaving = f
}

func (i *interrupts) lastWords(say func(string)) {
	i.mu.Lock()
	f := i.leaving
	i.mu.Unlock()
	if f == nil {
		f = func() { say("left at once") }
	}
	f()
}

func (i *interrupts) stopNow(reason string) {
	i.once.Do(func() {
		i.mu.Lock()
		i.reason = reason
		i.mu.Unlock()
		close(i.stop)
	})
}

func (i *interrupts) stopped() bool {
	select {
	case <-i.stop:
		return true
	default:
		return false
	}
}

// why names what stopped it; empty while nothing has.
func (i *interrupts) why() string {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.reason
}

// context is cancelled by the first signal: for readings, which can be broken
// off at any time.
func (i *interrupts) context(parent context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(parent)
	go func() {
		defer recoverTo(i.log)
		select {
		case <-i.stop:
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, cancel
}

// stopAt stops at a wall time.
func (i *interrupts) stopAt(ctx context.Context, at, now time.Time, say func(string)) {
	timer := time.NewTimer(at.Sub(now))
	go func() {
		defer recoverTo(i.log)
		defer timer.Stop()
		select {
		case <-timer.C:
			say("stopping: it is " + at.Format("15:04"))
			i.stopNow("--stop-at")
		case <-i.stop:
		case <-ctx.Done():
		}
	}()
}

// sleep waits in wall time; a stop or the context's end is an error.
func (i *interrupts) sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-i.stop:
		return fmt.Errorf("interrupted (%s) while waiting", i.why())
	case <-ctx.Done():
		return ctx.Err()
	}
}

// parseStopAt reads HH:MM, local time: the next such minute after now.
func parseStopAt(text string, now time.Time) (time.Time, error) {
	return parseTimeOfDay("--stop-at", text, now)
}

// parseTimeOfDay reads HH:MM for a flag: the next such minute after now.
func parseTimeOfDay(flag, text string, now time.Time) (time.Time, error) {
	t, err := time.ParseInLocation("15:04", text, now.Location())
	if err != nil {
		return time.Time{}, usagef("%s %q is not a time of day like 06:00", flag, text)
	}
	at := time.Date(now.Year(), now.Month(), now.Day(), t.Hour(), t.Minute(), 0, 0, now.Location())
	if !at.After(now) {
		at = time.Date(now.Year(), now.Month(), now.Day()+1, t.Hour(), t.Minute(), 0, 0, now.Location())
	}
	return at, nil
}
