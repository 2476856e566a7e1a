package journal

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

// Read returns the records of a journal. A torn tail is left out; the file is
// not changed. Errors are [*DamageError], [*VersionError] or the file system's.
func Read(path string) ([]Record, error) { return ReadFS(OS{}, path) }

// ReadFS is [Read] on another file system.
func ReadFS(fsys FS, path string) ([]Record, error) {
	f, err := fsys.OpenFile(path, os.O_RDONLY, 0)
	if err != nil {
		return nil, fmt.Errorf("open journal: %w", err)
	}
	data, err := io.ReadAll(f)
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, fmt.Errorf("read journal %s: %w", path, err)
	}
	s, err := scan(path, data)
	return s.records, err
}

// scanned is what a journal's bytes hold.
type scanned struct {
	records []Record
	size    int64  // bytes of the whole lines that are kept
	sum     string // of the last record
}

// scan reads all lines. The end of what it keeps is the end of the file or
// the begin of a torn tail.
func scan(path string, data []byte) (scanned, error) {
	var s scanned
	rest := data
	for len(rest) > 0 {
		n := bytes.IndexByte(rest, '\n')
		seq := uint64(len(s.records)) + 1
		if n < 0 {
			return s, nil // a last line without its end was on its way
		}
		rec, reason := parseLine(rest[:n], seq, s.sum)
		if reason != "" {
			if wasSynced(rest[n+1:], seq) || !hasHole(rest[:n]) && recordFollows(rest[n+1:], seq) {
				return s, &DamageError{Path: path, Line: len(s.records) + 1, Reason: reason}
			}
			return s, nil
		}
		if rec.Run != nil && rec.Run.FormatVersion > FormatVersion {
			return s, &VersionError{Path: path, Version: rec.Run.FormatVersion}
		}
		if reason = misfit(rec); reason != "" {
			return s, &DamageError{Path: path, Line: len(s.records) + 1, Reason: reason}
		}
		s.records = append(s.records, rec)
		s.sum = rec.Sum
		s.size += int64(n) + 1
		rest = rest[n+1:]
	}
	return s, nil
}

// wasSynced reports whether a line among those that follow says that record
// seq was durable. Checksums are not looked at: after a line that can't be
// read the chain is broken anyway, and it is safer to believe.
func wasSynced(rest []byte, seq uint64) bool {
	for line := range bytes.Lines(rest) {
		var mark struct {
			Seq    uint64 `json:"seq"`
			Synced uint64 `json:"synced"`
		}
		if json.Unmarshal(line, &mark) == nil && mark.Seq > seq && mark.Synced >= seq {
			return true
		}
	}
	return false
}

// hasHole reports whether a block of the line was lost: file systems show it
// as zeros, which no record has.
func hasHole(line []byte) bool { return bytes.IndexByte(line, 0) >= 0 }

// recordFollows reports whether a whole record follows that was written after
// record seq. A crash ends a file early or leaves holes in it; it does not
// change bytes before others that are there.
func recordFollows(rest []byte, seq uint64) bool {
	for line := range bytes.Lines(rest) {
		var rec Record
		if json.Unmarshal(line, &rec) == nil && rec.Seq > seq && misfit(rec) == "" {
			return true
		}
	}
	return false
}

// misfit says what is wrong with a record whose bytes are right: only another
// program than this one can have written it.
func misfit(rec Record) string {
	var there bool
	switch rec.Type {
	case TypeRun:
		there = rec.Run != nil
	case TypeIntent:
		there = rec.Intent != nil && len(rec.Changes) > 0
	case TypeOutcome:
		there = rec.Outcome != nil && len(rec.Changes) > 0
	case TypeNote:
		there = rec.Note != nil
	default:
		return fmt.Sprintf("a record of unknown type %q", rec.Type)
	}
	if !there {
		return fmt.Sprintf("a record of type %s without its content", rec.Type)
	}
	if rec.Seq == 1 && rec.Type != TypeRun {
		return "the first record is not of type run"
	}
	return ""
}
