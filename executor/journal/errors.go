package journal

import (
	"errors"
	"fmt"
)

// ErrClosed is what Append returns after Close.
var ErrClosed = errors.New("journal is closed")

// BrokenError says that a write or a sync of the journal failed, at this
// Append or at an earlier one. Whether its records are durable is unknown, so
// nothing may be sent on their strength.
type BrokenError struct {
	Path string
	Op   string // "write", "sync"
	Err  error
}

// Error names the file and what failed.
func (e *BrokenError) Error() string {
	return fmt.Sprintf("%s journal %s: %v", e.Op, e.Path, e.Err)
}

// Unwrap returns the error of the file system.
func (e *BrokenError) Unwrap() error { return e.Err }

// DamageError says that a line of a journal that was durable can't be read as
// it was written.
type DamageError struct {
	Path   string
	Line   int // from 1
	Reason string
}

// Error names the file, the line and what is wrong with it.
func (e *DamageError) Error() string {
	return fmt.Sprintf("journal %s is damaged at line %d: %s", e.Path, e.Line, e.Reason)
}

// VersionError says that a journal was written by a newer program.
type VersionError struct {
	Path    string
	Version int
}

// Error names both versions.
func (e *VersionError) Error() string {
	return fmt.Sprintf("journal %s has format version %d, this program knows up to %d: use the newer program that wrote it",
		e.Path, e.Version, FormatVersion)
}
