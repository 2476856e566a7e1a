package inbox

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"provision/cmd/provision/exitcode"
)

// Names inside an inbox that are our own. Files of these names begin with a dot,
// so that no sheet has one of them.
const (
	ownDir     = ".provision"
	appliedDir = "applied" // below ownDir: a file per digest
	claimFile  = ".claim.json"
	paperName  = ".paper."
)

// claim is a sheet that was taken. Its record is the file claimFile in its folder.
type claim struct {
	ID    string    `json:"id"`
	Name  string    `json:"name"`
	Taken time.Time `json:"taken"`
	// Told are the events that were told.
	Told []string `json:"told,omitempty"`
	// Waiting is why it stays, for people; News is how many reasons there were.
	Waiting string `json:"waiting,omitempty"`
	News    int    `json:"news,omitempty"`
	// Decision is where all goes; nil while that is not known.
	Decision *decision `json:"decision,omitempty"`

	dir string
	// old: the claim is of an earlier try.
	old bool
}

// decision is where a claim's files go.
type decision struct {
	Result Result   `json:"result"`
	Files  []parcel `json:"files"` // the sheet itself comes last
}

// parcel is a file on its way: From is a name in the claim's folder, To one in
// the place's.
type parcel struct{ From, To string }

func (c *claim) sheet() Sheet {
	return Sheet{ID: c.ID, Name: c.Name, Path: filepath.Join(c.dir, c.Name)}
}

// Undelivered reports whether a file is a sheet that was taken by an inbox and
// that lies in its working folder still.
func Undelivered(path string) bool {
	dir := filepath.Dir(path)
	if filepath.Base(filepath.Dir(dir)) != string(Stay) {
		return false
	}
	for _, p := range []string{path, filepath.Join(dir, claimFile)} {
		if _, err := os.Lstat(p); err != nil {
			return false
		}
	}
	return true
}

func (b *Inbox) path(parts ...string) string {
	return filepath.Join(append([]string{b.o.Dir}, parts...)...)
}

// prepare makes the folders.
func (b *Inbox) prepare() error {
	for _, dir := range []string{string(Stay), string(Done), string(Held), string(Partial), ownDir, filepath.Join(ownDir, appliedDir)} {
		if err := b.o.Files.MakeDir(b.path(dir)); err != nil {
			return b.trouble(err)
		}
	}
	if err := errors.Join(b.o.Files.Sync(b.o.Dir), b.o.Files.Sync(b.path(ownDir))); err != nil {
		return b.trouble(err)
	}
	return nil
}

// save makes the claim's record durable.
func (b *Inbox) save(c *claim) error {
	data, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return err
	}
	return b.o.Files.Write(filepath.Join(c.dir, claimFile), append(data, '\n'))
}

// newID makes an id that sorts by time and occurs once.
func newID(now time.Time) string {
	var random [6]byte
	_, _ = rand.Read(random[:]) // it never fails
	return now.UTC().Format("20060102T150405.000Z") + "-" + hex.EncodeToString(random[:])
}

// take takes a sheet and works on it. It is true if the sheet stays.
func (b *Inbox) take(ctx context.Context, s seen) (stay bool, err error) {
	now := b.o.Now()
	c := &claim{ID: newID(now), Name: s.name, Taken: now.UTC()}
	c.dir = b.path(string(Stay), c.ID)
	f := b.o.Files
	if err := f.MakeDir(c.dir); err != nil {
		return false, b.trouble(err)
	}
	err = errors.Join(b.save(c), f.Sync(b.path(string(Stay))))
	if err != nil {
		return false, b.trouble(err)
	}
	delete(b.seen, s.name)
	// The new name is free: the folder is this claim's alone.
	err = f.Rename(b.path(s.name), filepath.Join(c.dir, s.name))
	if errors.Is(err, fs.ErrNotExist) {
		return false, b.forget(c) // somebody took it back
	}
	if errors.Is(err, fs.ErrPermission) {
		b.skip[s.name] = true
		b.out.ExitCode = exitcode.Worse(b.out.ExitCode, exitcode.Error)
		b.o.Warn(fmt.Sprintf("%s can't be taken out of the inbox: %s", s.name, err))
		return false, b.forget(c)
	}
	if err == nil {
		err = errors.Join(f.Sync(c.dir), f.Sync(b.o.Dir))
	}
	if err != nil {
		return false, b.trouble(err)
	}
	return b.work(ctx, c)
}

// recover goes on with the claims that are there. It is true if one stays.
func (b *Inbox) recover(ctx context.Context) (stay bool, err error) {
	claims, err := b.claims()
	if err != nil {
		return false, b.trouble(err)
	}
	for _, c := range claims {
		there, err := b.there(c.sheet().Path)
		switch {
		case err != nil:
			err = b.trouble(err)
		case c.Decision != nil:
			err = b.deliver(c)
		case !there:
			err = b.forget(c) // it was not moved yet, or somebody took it back
		default:
			if b.o.Stopped() {
				return true, nil
			}
			stay, err = b.work(ctx, c)
		}
		if stay || err != nil {
			return stay, err
		}
	}
	return false, nil
}

// claims reads the claims, in the order in which the sheets were taken. A
// folder below working that is none is left alone, but an empty one is removed.
func (b *Inbox) claims() ([]*claim, error) {
	entries, err := b.o.Files.List(b.path(string(Stay)))
	if err != nil {
		return nil, err
	}
	var all []*claim
	for _, e := range entries {
		dir := b.path(string(Stay), e.Name())
		data, err := b.o.Files.Read(filepath.Join(dir, claimFile))
		if errors.Is(err, fs.ErrNotExist) || !e.IsDir() {
			if e.IsDir() {
				err = b.removeEmpty(dir)
			}
			if err != nil {
				b.o.Warn(dir + " is nothing of this inbox and is left alone")
			}
			continue
		}
		c := &claim{}
		if err == nil {
			err = json.Unmarshal(data, c)
		}
		if err != nil || c.ID != e.Name() || c.Name == "" || c.Name != filepath.Base(c.Name) {
			return nil, fmt.Errorf("the record %s can't be read: %w", filepath.Join(dir, claimFile), errors.Join(err, errRecord))
		}
		c.dir, c.old = dir, true
		all = append(all, c)
	}
	slices.SortFunc(all, func(x, y *claim) int { return strings.Compare(x.ID, y.ID) })
	return all, nil
}

var errRecord = errors.New("put the sheet beside it back into the inbox by hand, once it is known whether a run of it was begun, and remove the folder")

// removeEmpty removes what a process left that died before it wrote its record.
func (b *Inbox) removeEmpty(dir string) error {
	entries, err := b.o.Files.List(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), "."+claimFile) || strings.HasPrefix(e.Name(), claimFile) {
			err = errors.Join(err, b.o.Files.Remove(filepath.Join(dir, e.Name()))) // written, and not renamed
		}
	}
	return errors.Join(err, b.o.Files.Remove(dir))
}

// forget removes a claim whose files are all gone; its record goes last.
func (b *Inbox) forget(c *claim) error {
	entries, err := b.o.Files.List(c.dir)
	if err != nil {
		return b.trouble(err)
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") && e.Name() != claimFile {
			err = errors.Join(err, b.o.Files.Remove(filepath.Join(c.dir, e.Name())))
		}
	}
	err = errors.Join(err, b.o.Files.Remove(filepath.Join(c.dir, claimFile)), b.o.Files.Remove(c.dir), b.o.Files.Sync(b.path(string(Stay))))
	if err != nil {
		return b.trouble(err)
	}
	return nil
}
