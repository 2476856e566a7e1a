package inbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"time"

	"provision/cmd/provision/exitcode"
)

// work has a sheet carried out and puts it where it belongs. It is true if the
// sheet stays.
func (b *Inbox) work(ctx context.Context, c *claim) (stay bool, err error) {
	if err := b.tell(c, Started, "", Result{Sheet: c.Name, File: c.sheet().Path, Place: Stay, Taken: c.Taken}); err != nil {
		return false, err
	}
	end, digest, err := b.carry(ctx, c)
	if err != nil {
		return false, b.trouble(err)
	}
	r := Result{
		Sheet: c.Name, File: c.sheet().Path, Place: end.Place, Outcome: end.Outcome, ExitCode: end.ExitCode, Reason: end.Reason, Next: end.Next,
		Run: end.Run, Folder: end.Folder, SHA256: digest, Taken: c.Taken, Ended: b.o.Now().UTC(),
		Changes: end.Changes, Rows: end.Rows, Unconfirmed: end.Unconfirmed,
	}
	if end.Place == Stay {
		return true, b.stays(c, r)
	}
	if end.Run != "" {
		if err := b.remember(digest, applied{Claim: c.ID, Sheet: c.Name, Run: end.Run, At: r.Ended}); err != nil {
			return false, b.trouble(err)
		}
	}
	if err := b.decide(c, r, end.Papers); err != nil {
		return false, b.trouble(err)
	}
	return false, b.deliver(c)
}

// carry asks the carrier, unless the file is none for it.
func (b *Inbox) carry(ctx context.Context, c *claim) (End, string, error) {
	held := func(code exitcode.Code, reason, next string) End {
		return End{Place: Held, Outcome: string(Held), ExitCode: code, Reason: reason, Next: next}
	}
	s := c.sheet()
	info, err := b.o.Files.Stat(s.Path)
	if err != nil {
		return End{}, "", err
	}
	if !info.Mode().IsRegular() {
		return held(exitcode.Sheet, "it is a link or a device, not a file", "put the sheet itself into the inbox"), "", nil
	}
	if !isSheet(c.Name) {
		return held(exitcode.Sheet, "it is no sheet, by its name", "give it the ending .csv or .xlsx if it is one"), "", nil
	}
	digest, err := b.o.Files.Digest(s.Path)
	if errors.Is(err, fs.ErrPermission) {
		return held(exitcode.Sheet, "its permissions do not allow to read it", "let the inbox's user read it and put it into the inbox again"), "", nil
	}
	if err != nil {
		return End{}, "", err
	}
	run := ""
	if c.old {
		if run, err = b.o.Carrier.Begun(ctx, s); err != nil {
			return End{Place: Stay, Outcome: "failed", ExitCode: exitcode.Error, Reason: err.Error()}, digest, nil //nolint:nilerr // the end says it
		}
	}
	if run != "" {
		return b.o.Carrier.GoOn(ctx, s, run), digest, nil
	}
	before, ok, err := b.remembered(digest)
	if err != nil {
		return End{}, "", err
	}
	if ok && before.Claim != c.ID && !b.o.RepeatsOK {
		return held(exitcode.Refused,
			fmt.Sprintf("a sheet of the same content was carried out before: %s, run %s, %s", before.Sheet, before.Run, before.At.Format(time.RFC3339)),
			"nothing, if it was sent twice by mistake; if it is meant, carry it out by hand with \"provision run\""), digest, nil
	}
	end := b.o.Carrier.Carry(ctx, s)
	return b.unlessChanged(s, digest, end), digest, nil
}

// unlessChanged holds a sheet that somebody wrote to while it was carried out:
// what was read of it may not have been all.
func (b *Inbox) unlessChanged(s Sheet, digest string, end End) End {
	if end.Place == Stay {
		return end
	}
	if now, err := b.o.Files.Digest(s.Path); err != nil || now == digest {
		return end
	}
	end.Place, end.ExitCode = Held, exitcode.Worse(end.ExitCode, exitcode.Refused)
	end.Reason = "the file was written to while it was carried out; what was read is kept with the run"
	end.Next = "look at it, and put it into the inbox again: what is done already needs no change"
	return end
}

// stays keeps why a sheet is not over, and tells people if that is new.
func (b *Inbox) stays(c *claim, r Result) error {
	b.stayed = r.ExitCode
	b.out.ExitCode = exitcode.Worse(b.out.ExitCode, r.ExitCode)
	b.out.Results = append(b.out.Results, r)
	b.out.Places[Stay]++
	kind := Failed
	if r.ExitCode == exitcode.Interrupted {
		kind = Waiting
	}
	news := r.Outcome + ": " + r.Reason
	if c.Waiting == news {
		return nil
	}
	c.Waiting = news
	c.News++ // kept when it was told: who tells it after this process died, counts the same
	c.Told = slices.DeleteFunc(c.Told, func(k string) bool { return k == string(Failed) || k == string(Waiting) })
	return b.tell(c, kind, fmt.Sprint(".", c.News), r)
}

// tell tells an event that was not told yet, and keeps that it was. Of one that
// the process died on it is not known whether it was told.
func (b *Inbox) tell(c *claim, kind Kind, suffix string, r Result) error {
	if slices.Contains(c.Told, string(kind)) {
		return nil
	}
	b.o.Told(Event{ID: c.ID + "." + string(kind) + suffix, Kind: kind, At: b.o.Now().UTC(), Inbox: b.o.Dir, Result: r})
	c.Told = append(c.Told, string(kind))
	if err := b.save(c); err != nil {
		return b.trouble(err)
	}
	return nil
}

// applied is what is remembered of a digest that was carried out.
type applied struct {
	Claim string    `json:"claim"`
	Sheet string    `json:"sheet"`
	Run   string    `json:"run"`
	At    time.Time `json:"at"`
}

func (b *Inbox) appliedPath(digest string) string { return b.path(ownDir, appliedDir, digest+".json") }

// remember keeps a digest; it is durable then.
func (b *Inbox) remember(digest string, a applied) error {
	data, err := json.Marshal(a)
	if err != nil {
		return err
	}
	return b.o.Files.Write(b.appliedPath(digest), append(data, '\n'))
}

func (b *Inbox) remembered(digest string) (applied, bool, error) {
	var a applied
	data, err := b.o.Files.Read(b.appliedPath(digest))
	if errors.Is(err, fs.ErrNotExist) {
		return a, false, nil
	}
	if err == nil {
		err = json.Unmarshal(data, &a)
	}
	if err != nil {
		return a, false, fmt.Errorf("read what was carried out before: %s: %w", filepath.Base(b.appliedPath(digest)), err)
	}
	return a, true, nil
}
