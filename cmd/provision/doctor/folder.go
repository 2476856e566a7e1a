package doctor

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Disk space, in bytes, below which a folder is a warning and a failure. A run
// of 10,000 changes takes about 50 MB: plan, journal, reports, the sheets.
const (
	littleSpace    = 1 << 30
	tooLittleSpace = 64 << 20
)

// CheckFolder looks whether a folder can be written, and how much room it has.
// One that is not there yet is looked at through the nearest one that is.
func (r *Report) CheckFolder(name, dir, flag string) {
	there := dir
	for {
		_, err := os.Stat(there)
		if err == nil || !errors.Is(err, fs.ErrNotExist) || filepath.Dir(there) == there {
			break
		}
		there = filepath.Dir(there)
	}
	what := dir
	if there != dir {
		what += " (not there yet)"
	}
	f, err := os.CreateTemp(there, ".provision-doctor-")
	if err != nil {
		r.Add(name, Failed, "make it writable, or name another with "+flag, "%s can't be written: %v", what, err)
		return
	}
	if err := errors.Join(f.Close(), os.Remove(f.Name())); err != nil {
		r.Add(name, Failed, "look into "+there, "%s: %v", what, err)
		return
	}
	free, ok := freeSpace(there)
	switch {
	case !ok:
		r.Add(name, Warning, "", "%s can be written; how much room it has is not known here", what)
	case free < tooLittleSpace:
		r.Add(name, Failed, "make room, or name another with "+flag, "%s has only %d MiB left", what, free>>20)
	case free < littleSpace:
		r.Add(name, Warning, "make room: a large run takes some hundred MiB", "%s has %d MiB left", what, free>>20)
	default:
		r.Add(name, OK, "", "%s can be written, %.1f GiB left", what, float64(free)/(1<<30))
	}
}
