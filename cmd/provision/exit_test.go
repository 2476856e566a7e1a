package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
)

// The exit codes are the program's interface: 1, 3, 4, 5, 130, 6, 2, 0 in this precedence.
func TestCodeOf(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		err  error
		want exitCode
	}{
		{"none", nil, 0},
		{"plain", errors.New("disk full"), 1},
		{"usage", usagef("no such flag"), 1},
		{"sheet", silent(kindSheet, "errors"), 3},
		{"refused", refusedf("", "too many"), 4},
		{"stale", stalef("", "other account"), 5},
		{"partial", silent(kindPartial, ""), 6},
		{"changes", silent(kindChanges, ""), 2},
		{"interrupted", silent(kindInterrupted, ""), 130},
		{"cancelled read", fmt.Errorf("list: %w", context.Canceled), 130},
		{"deadline", fmt.Errorf("list: %w", context.DeadlineExceeded), 1},
		{"wrapped", fmt.Errorf("apply: %w", stalef("", "x")), 5},
		{"hinted", withHint(refusedf("", "x"), "do"), 4},
		{"hinted plain", withHint(errors.New("x"), "do"), 1},
		{"wrapping does not change the kind", refusedf("", "x: %w", errors.New("y")), 4},
		{"plain beats all", errors.Join(silent(kindPartial, ""), errors.New("report not written")), 1},
		{"sheet beats guard", errors.Join(refusedf("", "x"), silent(kindSheet, "")), 3},
		{"guard beats stale", errors.Join(stalef("", "x"), refusedf("", "x")), 4},
		{"stale beats interrupt", errors.Join(silent(kindInterrupted, ""), stalef("", "x")), 5},
		{"interrupt beats partial", errors.Join(silent(kindPartial, ""), silent(kindInterrupted, "")), 130},
		{"partial beats changes", errors.Join(silent(kindChanges, ""), silent(kindPartial, "")), 6},
		{"nested joins", errors.Join(silent(kindChanges, ""), fmt.Errorf("a: %w", errors.Join(silent(kindPartial, ""), refusedf("", "x")))), 4},
	}
	for _, tt := range tests {
		if got := codeOf(tt.err); got != tt.want {
			t.Errorf("%s: codeOf(%v) = %d, want %d", tt.name, tt.err, got, tt.want)
		}
	}
}

// An error is one line, and its next step another.
func TestPrintError(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	printError(&b, withHint(errors.Join(errors.New("first"), errors.New("second")), "do this"))
	printError(&b, silent(kindPartial, "not shown"))
	if got, want := b.String(), "provision: first; second\nhint: do this\n"; got != want {
		t.Errorf("printError wrote %q, want %q", got, want)
	}
}

// A panic anywhere in a command ends in status 1: Go's own 2 would read as "changes are pending".
func TestPanicLine(t *testing.T) {
	t.Parallel()
	line := func() (line string) {
		defer func() { line = panicLine(recover()) }()
		panic(errors.New("two\nlines"))
	}()
	if !strings.HasPrefix(line, "provision: internal error: two; lines (exit_test.go:") || strings.Contains(line, "\n") {
		t.Errorf("panicLine gave %q", line)
	}
}
