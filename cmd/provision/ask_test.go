package main

import (
	"bufio"
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/rs/zerolog"
)

// A signal ends the waiting for an answer, whatever the terminal does.
func TestAskInterrupted(t *testing.T) {
	t.Parallel()
	silent, end := io.Pipe() // nobody answers
	defer end.Close()        //nolint:errcheck // a pipe in memory
	stops := &interrupts{stop: make(chan struct{}), log: zerolog.Nop()}
	stops.stopNow("signal interrupt")
	var out bytes.Buffer
	d := &dialog{out: &out, in: bufio.NewReader(silent), stops: stops}
	answer, err := d.ask("apply? ")
	if codeOf(err) != exitInterrupted || !strings.Contains(err.Error(), "interrupted (signal interrupt) before the answer; nothing was sent") {
		t.Errorf("the question ended with %q, %v (code %d), not interrupted", answer, err, codeOf(err))
	}
	if out.String() != "apply? \n" {
		t.Errorf("the screen shows %q, want the question and an end of its line", out.String())
	}
}

// An answer is taken without spaces and in lower case; an end without one is an
// empty answer.
func TestAsk(t *testing.T) {
	t.Parallel()
	for _, c := range [][2]string{{" YES \n", "yes"}, {"no", "no"}, {"", ""}} {
		in, want := c[0], c[1]
		stops := &interrupts{stop: make(chan struct{}), log: zerolog.Nop()}
		d := &dialog{out: io.Discard, in: bufio.NewReader(strings.NewReader(in)), stops: stops}
		if got, err := d.ask("apply? "); err != nil || got != want {
			t.Errorf("%q is the answer %q (%v), want %q", in, got, err, want)
		}
	}
}
