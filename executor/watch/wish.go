package watch

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Kind is what is wished for.
type Kind string

// The kinds of wish.
const (
	Pause    Kind = "pause"
	Continue Kind = "continue"
	Slower   Kind = "slower" // or faster: another share of the limits
	Stop     Kind = "stop"   // no new work; what is in flight lands
)

// Wish is what a person wants of a run that works.
type Wish struct {
	Kind  Kind      `json:"kind"`
	Share float64   `json:"share,omitempty"` // of slower: of the account's limits
	By    string    `json:"by"`              // user, host and process
	At    time.Time `json:"at"`
}

// wishPrefix begins the names of wishes' files.
const wishPrefix = "wish-"

// maxWish is the most bytes a wish may have.
const maxWish = 4 << 10

// Send leaves a wish in a run's folder and gives the path of its file, which is
// gone as soon as the run's process has followed it.
func Send(folder string, w Wish) (string, error) {
	data, err := json.Marshal(w)
	name := fmt.Sprintf("%s%d-%d.json", wishPrefix, w.At.UnixNano(), os.Getpid())
	if err == nil {
		err = replace(folder, name, data)
	}
	if err != nil {
		return "", fmt.Errorf("leave a wish for the run: %w", err)
	}
	return filepath.Join(folder, name), nil
}

// Take gives the wishes that were left, in their order, and takes their files
// away. One that others than the owner could have written, or that is none, is
// an error, and is taken away too.
func Take(folder string) ([]Wish, error) {
	files, err := filepath.Glob(filepath.Join(folder, wishPrefix+"*.json"))
	if err != nil || len(files) == 0 {
		return nil, err
	}
	var all []Wish
	var errs []error
	for _, path := range files {
		w, err := readWish(path)
		if err == nil {
			all = append(all, w)
		}
		errs = append(errs, err, gone(os.Remove(path)))
	}
	slices.SortStableFunc(all, func(a, b Wish) int { return cmp.Compare(a.At.UnixNano(), b.At.UnixNano()) })
	return all, errors.Join(errs...)
}

// Clear takes wishes away that were left for a process before this one: a run
// that is resumed is not paused by them.
func Clear(folder string) error {
	files, err := filepath.Glob(filepath.Join(folder, wishPrefix+"*.json"))
	for _, path := range files {
		err = errors.Join(err, gone(os.Remove(path)))
	}
	return err
}

func gone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

func readWish(path string) (Wish, error) {
	refuse := func(err error) (Wish, error) {
		return Wish{}, fmt.Errorf("wish %s: %w", filepath.Base(path), err)
	}
	info, err := os.Lstat(path)
	if err != nil {
		return refuse(err)
	}
	if !info.Mode().IsRegular() || info.Size() > maxWish {
		return refuse(errors.New("it is no wish"))
	}
	if err := onlyOwner(info); err != nil {
		return refuse(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return refuse(err)
	}
	var w Wish
	if err := json.Unmarshal(data, &w); err != nil {
		return refuse(err)
	}
	switch w.Kind {
	case Pause, Continue, Stop:
	case Slower:
		if !(w.Share > 0 && w.Share <= 1) {
			return refuse(fmt.Errorf("the share %g is not between 0 and 1", w.Share))
		}
	default:
		return refuse(fmt.Errorf("%q is no kind of wish", strings.ToValidUTF8(string(w.Kind), "?")))
	}
	return w, nil
}
