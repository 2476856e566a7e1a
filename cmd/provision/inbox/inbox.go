package inbox

import (
	"context"
	"fmt"
	"time"

	"provision/cmd/provision/exitcode"
)

// Options are what an inbox works with. All are needed but Warn, Told
// and Looked.
type Options struct {
	// Dir is the folder; absolute.
	Dir     string
	Carrier Carrier
	Files   Files
	// StableFor is how long a file must not have changed to count as complete;
	// Interval how often Watch looks. Wall time.
	StableFor, Interval time.Duration
	// RepeatsOK lets sheets be carried out again of the same bytes.
	RepeatsOK bool
	Now       func() time.Time
	// Sleep waits; its error ends the work, which is no failure.
	Sleep func(context.Context, time.Duration) error
	// Stopped reports whether nothing new is to be begun.
	Stopped func() bool
	// Told is called with each event; it must not take long, nor fail.
	Told func(Event)
	// Looked is called when Watch begins to look into the folder.
	Looked func()
	// Warn gets what an operator should know of the folder itself.
	Warn func(string)
}

// Inbox is a folder that sheets arrive in.
type Inbox struct {
	o    Options
	seen map[string]seen
	// skip are files that can't be taken, which was said.
	skip map[string]bool
	// stayed is the exit code of the sheet that stayed last; 0 once it is over.
	stayed exitcode.Code
	out    Summary
}

// Summary is what came of the work.
type Summary struct {
	// Results are the sheets that were worked on, in that order; Watch keeps none.
	Results []Result `json:"sheets"`
	// Left are files of the inbox that do not seem complete; Behind those that
	// wait behind a sheet that stays in working.
	Left   []string `json:"not_complete,omitempty"`
	Behind []string `json:"waiting,omitempty"`
	// Places counts the sheets.
	Places map[Place]int `json:"places"`
	// ExitCode is the gravest of the sheets'.
	ExitCode exitcode.Code `json:"exit_code"`
}

// New makes an inbox; it touches nothing.
func New(o Options) *Inbox {
	if o.Told == nil {
		o.Told = func(Event) {}
	}
	if o.Looked == nil {
		o.Looked = func() {}
	}
	if o.Warn == nil {
		o.Warn = func(string) {}
	}
	return &Inbox{o: o, skip: map[string]bool{}, out: Summary{Results: []Result{}, Places: map[Place]int{}}}
}

// Once works on what is there, and on what arrives complete meanwhile. An error
// is one of the folder; the summary holds what was done before it.
func (b *Inbox) Once(ctx context.Context) (Summary, error) {
	if err := b.prepare(); err != nil {
		return b.out, err
	}
	stay, err := b.recover(ctx)
	if err != nil {
		return b.out, err
	}
	for waited := stay; ; {
		ready, young, err := b.look()
		if err != nil {
			return b.out, b.trouble(err)
		}
		switch {
		case stay || b.o.Stopped():
			b.out.Behind = namesOf(append(ready, young...))
			return b.out, nil
		case len(ready) > 0:
			if stay, err = b.take(ctx, ready[0]); err != nil {
				return b.out, err
			}
			waited = false
		case len(young) > 0 && !waited:
			waited = true
			if b.o.Sleep(ctx, b.o.StableFor) != nil {
				b.out.Behind = namesOf(young)
				return b.out, nil //nolint:nilerr // a stop is no failure
			}
		default:
			b.out.Left = namesOf(young)
			return b.out, nil
		}
	}
}

// mostPause is the longest time between two tries of Watch at what stays.
const mostPause = 5 * time.Minute

// LongestPause is the longest time between two looks of Watch.
func LongestPause(interval time.Duration) time.Duration { return max(mostPause, interval) }

// Watch works until Sleep or Stopped end it. A sheet that stays in working is
// tried again, less and less often; so is a folder that can't be used.
func (b *Inbox) Watch(ctx context.Context) (Summary, error) {
	if err := b.prepare(); err != nil {
		return b.out, err
	}
	for pause := b.o.Interval; ; {
		stay, err := b.round(ctx)
		b.watched(stay, err)
		if err != nil {
			b.o.Warn(err.Error())
		}
		if b.o.Stopped() {
			return b.out, nil
		}
		if stay || err != nil {
			pause = min(2*pause, LongestPause(b.o.Interval))
		} else {
			pause = b.o.Interval
		}
		if b.o.Sleep(ctx, pause) != nil {
			return b.out, nil //nolint:nilerr // a stop is no failure
		}
	}
}

// watched keeps of a round of Watch what holds until the next one: of what is
// over somebody was told.
func (b *Inbox) watched(stay bool, err error) {
	b.out.Results, b.out.ExitCode = nil, exitcode.OK
	delete(b.out.Places, Stay)
	switch {
	case stay && b.stayed == exitcode.OK: // told to stop before it could be tried
		b.out.Places[Stay], b.out.ExitCode = 1, exitcode.Interrupted
	case stay:
		b.out.Places[Stay], b.out.ExitCode = 1, b.stayed
	case err != nil:
		b.out.ExitCode = exitcode.Error
	}
}

// round is one look of Watch and the work that it finds.
func (b *Inbox) round(ctx context.Context) (stay bool, err error) {
	b.o.Looked()
	if stay, err = b.recover(ctx); stay || err != nil {
		return stay, err
	}
	for {
		ready, _, err := b.look()
		if err != nil {
			return false, b.trouble(err)
		}
		if len(ready) == 0 || b.o.Stopped() {
			return false, nil
		}
		if stay, err = b.take(ctx, ready[0]); stay || err != nil {
			return stay, err
		}
	}
}

// FolderError is an error of the inbox's own folder.
type FolderError struct {
	Dir string
	Err error
}

// Error names the folder.
func (e *FolderError) Error() string { return fmt.Sprintf("inbox %s: %s", e.Dir, e.Err) }

// Unwrap is the error of the file system.
func (e *FolderError) Unwrap() error { return e.Err }

// trouble is an error of the folder.
func (b *Inbox) trouble(err error) error {
	b.out.ExitCode = exitcode.Worse(b.out.ExitCode, exitcode.Error)
	return &FolderError{Dir: b.o.Dir, Err: err}
}

func namesOf(list []seen) []string {
	var names []string
	for _, s := range list {
		names = append(names, s.name)
	}
	return names
}
