package plan

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"
)

// SnapshotFormat is the version of the saved snapshot's format.
const SnapshotFormat = 1

// SavedSnapshot is a whole account in a file, to plan from without asking the
// service.
type SavedSnapshot struct {
	Format  int    `json:"snapshot_format"`
	Program string `json:"program"` // version of the program that made it
	Server  string `json:"server"`  // the service that was asked
	Snapshot
	Digest string `json:"digest,omitempty"`
}

// Age says a length of time as people do, in its two largest units.
func Age(d time.Duration) string {
	d = max(0, d)
	parts := []struct {
		n    int
		unit string
	}{{int(d / (24 * time.Hour)), "d"}, {int(d/time.Hour) % 24, "h"}, {int(d/time.Minute) % 60, "min"}, {int(d/time.Second) % 60, "s"}}
	for i, p := range parts {
		if p.n == 0 && i < len(parts)-1 {
			continue
		}
		text := strconv.Itoa(p.n) + " " + p.unit
		if i+1 < len(parts) && parts[i+1].n > 0 {
			text += " " + strconv.Itoa(parts[i+1].n) + " " + parts[i+1].unit
		}
		return text
	}
	return ""
}

// Errors of [DecodeSnapshot]. A snapshot of a newer program is an error too.
var (
	ErrSnapshotDamaged = errors.New("the snapshot file is damaged: it is cut short or no snapshot")
	ErrSnapshotEdited  = errors.New("the snapshot file was changed after it was saved")
)

// EverythingNeeded are the needs of a snapshot that any sheet can be planned
// from, where the service has an account-wide device list.
func EverythingNeeded() Needs {
	return Needs{All: true, Emails: true, Numbers: true, CostCenters: true, Locations: true, Sites: true, AccountDevices: true}
}

// EncodeSnapshot writes a snapshot as indented JSON, record by record, and
// sets its Digest. The same snapshot gives the same bytes.
func EncodeSnapshot(w io.Writer, s *SavedSnapshot) error {
	digest, err := writeDocument(w, s)
	if err != nil {
		return fmt.Errorf("encode snapshot: %w", err)
	}
	s.Digest = digest
	return nil
}

// DecodeSnapshot reads what [EncodeSnapshot] wrote and refuses anything else.
func DecodeSnapshot(r io.Reader) (*SavedSnapshot, error) {
	var s SavedSnapshot
	digest, err := readDocument(r, &s, head{
		field: "snapshot_format", version: SnapshotFormat,
		newer: func(version int) error {
			return errors.New("the snapshot file has format " + strconv.Itoa(version) + ", this program knows up to " + strconv.Itoa(SnapshotFormat) + ": use the program that made it")
		},
	})
	switch {
	case errors.Is(err, errDamaged):
		return nil, ErrSnapshotDamaged
	case errors.Is(err, errEdited):
		return nil, fmt.Errorf("%w (%w)", ErrSnapshotEdited, err)
	case err != nil:
		return nil, err
	}
	s.Digest = digest
	return &s, nil
}
