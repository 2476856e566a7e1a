package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
)

// dialog asks a person at a terminal.
type dialog struct {
	out   io.Writer
	in    *bufio.Reader
	stops *interrupts
}

// ask asks a question and returns the answer, without spaces and in lower case.
// A signal ends the waiting for it: the read itself goes on until a line is
// entered, and what it reads then is nobody's answer.
func (d *dialog) ask(question string) (string, error) {
	d.stops.asking.Store(true)
	defer d.stops.asking.Store(false)
	if _, err := io.WriteString(d.out, question); err != nil {
		return "", fmt.Errorf("ask: %w", err)
	}
	type answer struct {
		line string
		err  error
	}
	came := make(chan answer, 1)
	go func() {
		defer recoverTo(d.stops.log)
		line, err := d.in.ReadString('\n')
		came <- answer{line, err}
	}()
	select {
	case <-d.stops.stop:
		_, _ = io.WriteString(d.out, "\n") // what is said next begins a line
		return "", &failure{kind: kindInterrupted, err: fmt.Errorf("interrupted (%s) before the answer; nothing was sent", d.stops.why())}
	case a := <-came:
		if a.err != nil && !errors.Is(a.err, io.EOF) {
			return "", fmt.Errorf("read the answer: %w", a.err)
		}
		return strings.ToLower(strings.TrimSpace(a.line)), nil
	}
}
