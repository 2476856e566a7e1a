package sip

import (
	"context"
	"errors"
	"fmt"
	"time"

	"provision/rcclient"
)

// Row is a row of a sheet and the phone that it means.
type Row struct {
	ID        string // the sheet's row_id; empty where it has none
	Source    string // the row's cell
	Extension string
	Number    string
	Device    string // empty: the row has no phone
	// Removed: the run took the phone off its line, nobody is meant to sign in
	// with it.
	Removed bool
}

// Reader reads the settings of one phone, as [rcclient.Client] does, which
// also keeps to the account's limits.
type Reader interface {
	SIPInfo(ctx context.Context, id rcclient.ID) (*rcclient.SIPInfo, error)
}

var _ Reader = (*rcclient.Client)(nil)

// Job is the making of one file.
type Job struct {
	Account string // id
	Rows    []Row
	Path    string // of the file; its ending tells the form: .csv or .xlsx
	Anew    bool   // forget what an attempt before has read
	Now     time.Time
	// Progress, where set, is told how many of the phones are read.
	Progress func(done, all int)
}

// Result counts the rows of a file that was made.
type Result struct {
	Rows, WithSettings, Removed int
	Missing                     int       // neither with settings nor removed
	TakenOver                   int       // phones that an attempt before had read
	Begun                       time.Time // when the first of them was read, at the earliest
}

// StoppedError says that the reading ended before its end; what was read is
// kept, and the same job goes on with it.
type StoppedError struct {
	Done, All int // phones
	Err       error
}

// Error says how far it came.
func (e *StoppedError) Error() string {
	return fmt.Sprintf("%d of %d phones read: %v", e.Done, e.All, e.Err)
}

// Unwrap is what ended the reading.
func (e *StoppedError) Unwrap() error { return e.Err }

// Run reads the settings of all rows' phones and writes the file. Errors are
// [*StoppedError] where the same job can go on, [ErrListChanged] where a part
// file is of another list, and the file system's.
func (j Job) Run(ctx context.Context, r Reader) (Result, error) {
	if err := CheckForm(j.Path); err != nil {
		return Result{}, err
	}
	partPath := PartOf(j.Path)
	if j.Anew {
		if err := remove(partPath); err != nil {
			return Result{}, err
		}
	}
	p, err := openPart(partPath, fingerprint(j.Account, j.Rows), j.Now)
	if err != nil {
		return Result{}, err
	}
	taken := len(p.known)
	err = errors.Join(j.read(ctx, r, p), p.file.Close())
	if err != nil {
		return Result{}, err
	}
	if err := write(j.Path, tableOf(j.Rows, p.known)); err != nil {
		return Result{}, err
	}
	return j.count(p, taken), remove(partPath)
}

// phones are the devices that are to be read, each once, in the rows' order.
func (j Job) phones() []string {
	var out []string
	seen := map[string]bool{}
	for _, r := range j.Rows {
		if r.Device != "" && !r.Removed && !seen[r.Device] {
			seen[r.Device] = true
			out = append(out, r.Device)
		}
	}
	return out
}

func (j Job) read(ctx context.Context, r Reader, p *part) error {
	phones := j.phones()
	for i, id := range phones {
		if _, ok := p.known[id]; ok {
			continue
		}
		if err := ctx.Err(); err != nil {
			return &StoppedError{i, len(phones), err}
		}
		a, err := ask(ctx, r, id)
		if err != nil {
			return &StoppedError{i, len(phones), err}
		}
		if err := p.add(a); err != nil {
			return err
		}
		if j.Progress != nil {
			j.Progress(i+1, len(phones))
		}
	}
	return nil
}

// ask reads one phone's settings. A refusal that is about the phone is an
// answer; anything else is an error.
func ask(ctx context.Context, r Reader, id string) (answer, error) {
	got, err := r.SIPInfo(ctx, rcclient.ID(id))
	var api *rcclient.APIError
	switch {
	case err == nil:
		return answer{Device: id, Info: got}, nil
	case errors.As(err, &api) && (api.Class == rcclient.ClassRowError || api.Class == rcclient.ClassNotFound || api.Class == rcclient.ClassConflict):
		return answer{Device: id, Message: refusal(api)}, nil
	}
	return answer{}, fmt.Errorf("read SIP settings of device %s: %w", id, err)
}

// refusal says in a row's message why there are no settings, and what to do.
func refusal(api *rcclient.APIError) string {
	next := "look at the phone in the portal"
	if api.Class == rcclient.ClassNotFound {
		next = "the phone is gone: plan the sheet again"
	}
	return api.Code + " " + api.Message + ": " + next
}

func (j Job) count(p *part, taken int) Result {
	res := Result{Rows: len(j.Rows), TakenOver: taken, Begun: p.begun}
	for _, r := range j.Rows {
		switch {
		case r.Removed:
			res.Removed++
		case p.known[r.Device].Info != nil:
			res.WithSettings++
		default:
			res.Missing++
		}
	}
	return res
}
