package main

import (
	"strings"
	"testing"
)

// What is written while bars are shown begins at the left edge on cleared ground, wherever an echoed ^C has left
// the cursor; a process's last line goes past the bars.
func TestScreenAboveBars(t *testing.T) {
	t.Parallel()
	var out, bars strings.Builder
	s := &screen{out: &out, tty: true}
	s.writeAbove(&bars)
	if n, err := s.Write([]byte("stopping\n")); n != 9 || err != nil {
		t.Errorf("Write gave %d, %v, want 9", n, err)
	}
	s.last("left")
	if bars.String() != "\r\x1b[Jstopping\n" || out.String() != "\r\x1b[Kleft\n" {
		t.Errorf("above the bars %q, past them %q", bars.String(), out.String())
	}
	s.writeAbove(nil)
	if _, err := s.Write([]byte("done\n")); err != nil || !strings.HasSuffix(out.String(), "\ndone\n") {
		t.Errorf("without bars %q, %v", out.String(), err)
	}
}

// A second interrupt says how to go on, or at least that it leaves.
func TestLastWords(t *testing.T) {
	t.Parallel()
	var said []string
	i := &interrupts{}
	i.lastWords(func(line string) { said = append(said, line) })
	i.onLeaving(func() { said = append(said, "resume") })
	i.lastWords(func(line string) { said = append(said, line) })
	if strings.Join(said, "|") != "left at once|resume" {
		t.Errorf("said %q", said)
	}
}
