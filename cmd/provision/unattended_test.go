package main

import (
	"archive/zip"
	"fmt"
	"io"
	"io/fs"
	"syscall"
	"testing"
	"time"
)

// A time of day that is to come is waited for; one that is over for less than half a day is not, as of a timer that
// fires late, or after a reboot.
func TestParseStartAfter(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ now, text, want string }{
		{"2026-11-24 21:30", "22:00", "2026-11-24 22:00"},
		{"2026-11-24 21:30", "01:00", "2026-11-25 01:00"},
		{"2026-11-24 22:00", "22:00", "2026-11-24 22:00"},
		{"2026-11-25 02:15", "01:00", "2026-11-25 02:15"},
		{"2026-11-25 09:59", "22:00", "2026-11-25 09:59"},
		{"2026-11-25 10:00", "22:00", "2026-11-25 22:00"},
	} {
		now, err := time.Parse("2006-01-02 15:04", c.now)
		if err != nil {
			t.Fatal(err)
		}
		at, err := parseStartAfter(c.text, now)
		if got := at.Format("2006-01-02 15:04"); err != nil || got != c.want {
			t.Errorf("at %s, %s is %s (%v), want %s", c.now, c.text, got, err, c.want)
		}
	}
	if _, err := parseStartAfter("10 pm", time.Now()); codeOf(err) != exitError {
		t.Errorf("10 pm gave %v", err)
	}
}

// What the machine lacks is no fault of a sheet, which stays then; what the sheet lacks is.
func TestOfMachine(t *testing.T) {
	t.Parallel()
	for err, want := range map[error]bool{
		syscall.ENOSPC: true, syscall.EDQUOT: true, syscall.EFBIG: true, syscall.EMFILE: true, syscall.ENOMEM: true, syscall.EROFS: true,
		syscall.EACCES: false, syscall.ENOENT: false, io.ErrUnexpectedEOF: false, zip.ErrFormat: false,
	} {
		wrapped := fmt.Errorf("unpack workbook: %w", &fs.PathError{Op: "write", Path: "part", Err: err})
		if got := ofMachine(wrapped); got != want {
			t.Errorf("%v: %v, want %v", wrapped, got, want)
		}
	}
}
