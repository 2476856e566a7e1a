package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"provision/cmd/provision/exitcode"
)

// exitCode is the status that the process ends with.
type exitCode = exitcode.Code

// The short names of what package exitcode has.
const (
	exitOK          = exitcode.OK
	exitError       = exitcode.Error
	exitChanges     = exitcode.Changes
	exitSheet       = exitcode.Sheet
	exitRefused     = exitcode.Refused
	exitStale       = exitcode.Stale
	exitPartial     = exitcode.Partial
	exitInterrupted = exitcode.Interrupted
)

// exitHelp lists codes for a command's help.
func exitHelp(codes ...exitCode) string {
	var b strings.Builder
	b.WriteString("\n\nExit codes:")
	for _, c := range codes {
		fmt.Fprintf(&b, "\n  %-4d%s", int(c), c)
	}
	return b.String()
}

// kind is the kind of a failure: it decides the exit code and nothing else.
type kind int

const (
	kindUsage       kind = iota // a flag or an argument is wrong
	kindChanges                 // not an error: changes are pending
	kindSheet                   // rows have errors
	kindRefused                 // a guard or an open run
	kindStale                   // stale plan or another account
	kindPartial                 // applied, but not all of it
	kindInterrupted             // stopped by a signal or by --stop-at
)

// failure is an error that knows its kind and what to do next.
type failure struct {
	kind kind
	err  error
	hint string   // the next step, for people
	list []string // what the error consists of, for people
	// silent: all was said already; only the exit code counts.
	silent bool
}

func (f *failure) Error() string { return f.err.Error() }
func (f *failure) Unwrap() error { return f.err }

func usagef(format string, args ...any) error {
	return &failure{kind: kindUsage, err: fmt.Errorf(format, args...)}
}

func refusedf(hint, format string, args ...any) error {
	return &failure{kind: kindRefused, err: fmt.Errorf(format, args...), hint: hint}
}

func stalef(hint, format string, args ...any) error {
	return &failure{kind: kindStale, err: fmt.Errorf(format, args...), hint: hint}
}

// silent is a failure whose text was shown in another way.
func silent(k kind, text string) error {
	return &failure{kind: k, err: errors.New(text), silent: true}
}

// withHint adds the next step to an error that is of no kind of its own.
func withHint(err error, hint string) error {
	if err == nil {
		return nil
	}
	return &hinted{err: err, hint: hint}
}

type hinted struct {
	err  error
	hint string
}

func (h *hinted) Error() string { return h.err.Error() }
func (h *hinted) Unwrap() error { return h.err }

// codeOf is the one place that turns errors into an exit code. Of several
// joined errors the gravest decides: 1, 3, 4, 5, 130, 6, 2, 0.
func codeOf(err error) exitCode {
	if err == nil {
		return exitOK
	}
	if f, ok := err.(*failure); ok { //nolint:errorlint // one level at a time: the tree is walked here
		return codeOfKind(f.kind)
	}
	if err == context.Canceled { //nolint:errorlint // the same
		return exitInterrupted
	}
	switch e := err.(type) { //nolint:errorlint // the same
	case interface{ Unwrap() []error }:
		worst := exitOK
		for _, one := range e.Unwrap() {
			worst = exitcode.Worse(worst, codeOf(one))
		}
		return worst
	case interface{ Unwrap() error }:
		if inner := e.Unwrap(); inner != nil {
			return codeOf(inner)
		}
	}
	return exitError
}

func codeOfKind(k kind) exitCode {
	switch k {
	case kindUsage:
		return exitError
	case kindChanges:
		return exitChanges
	case kindSheet:
		return exitSheet
	case kindRefused:
		return exitRefused
	case kindStale:
		return exitStale
	case kindPartial:
		return exitPartial
	case kindInterrupted:
		return exitInterrupted
	}
	return exitError
}

// printError writes what went wrong and the next step: in single lines, which
// are broken at words on a terminal.
func printError(w io.Writer, err error) {
	var f *failure
	failed := errors.As(err, &f)
	if failed && f.silent {
		return
	}
	width := widthOf(w)
	line := func(text, indent string) { _, _ = fmt.Fprintln(w, wrapText(text, width, indent)) }
	text := "provision: " + errorText(err)
	if failed && len(f.list) > 0 {
		text += ":"
	}
	line(text, "  ")
	if failed {
		for _, one := range f.list[:min(listed, len(f.list))] {
			line("  "+oneLine(one), "    ")
		}
		if more := len(f.list) - listed; more > 0 {
			line(fmt.Sprintf("  and %d more", more), "    ")
		}
	}
	for _, h := range hintsOf(err) {
		line("hint: "+h, "      ")
	}
}

// listed is how many parts of a failure are shown.
const listed = 20

// hintsOf collects the next steps along the error's chain.
func hintsOf(err error) []string {
	var hints []string
	var f *failure
	if errors.As(err, &f) && f.hint != "" {
		hints = append(hints, f.hint)
	}
	var h *hinted
	if errors.As(err, &h) {
		hints = append(hints, h.hint)
	}
	if len(hints) == 0 && diskFull(err) {
		hints = append(hints, "make room there, and do it again")
	}
	return hints
}

// oneLine keeps an error of several lines (joined ones) readable and greppable.
func oneLine(s string) string {
	return strings.ReplaceAll(strings.TrimSpace(s), "\n", "; ")
}
