package main

import (
	"errors"
	"io/fs"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"provision/executor/journal"
	"provision/plan"
)

// A long text is broken at words, and a command that is to be copied stays whole.
func TestWrapText(t *testing.T) {
	t.Parallel()
	tests := []struct{ text, want string }{
		{"short", "short"},
		{"one two three four five six seven eight", "one two three four five six\n  seven eight"},
		{`to go on with it run "provision resume 2026" now`, "to go on with it run\n  \"provision resume 2026\" now"},
		{"averyverylongwordthatdoesnotfitanywhere x", "averyverylongwordthatdoesnotfitanywhere\n  x"},
		{`an odd "quote that nobody closes`, "an odd\n  \"quote that nobody closes"},
	}
	for _, tt := range tests {
		if got := wrapText(tt.text, 30, "  "); got != tt.want {
			t.Errorf("wrapText(%q) = %q, want %q", tt.text, got, tt.want)
		}
		if got := wrapText(tt.text, 0, "  "); got != tt.text {
			t.Errorf("without a width %q became %q", tt.text, got)
		}
	}
}

// Breaking a text only ever turns spaces into line ends, and words that fit keep lines within the width.
func TestWrapTextKeepsAll(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[a-zé"]{1,12}( [a-zé"]{1,12}){0,20}`).Draw(t, "text")
		got := wrapText(text, 40, "    ")
		if back := strings.ReplaceAll(got, "\n    ", " "); back != text {
			t.Fatalf("%q became %q", text, got)
		}
		if strings.Contains(text, `"`) {
			return
		}
		for line := range strings.SplitSeq(got, "\n") {
			if utf8.RuneCountInString(line) > 40 {
				t.Fatalf("the line %q is too long", line)
			}
		}
	})
}

// A failure of many parts is a list: the first twenty and how many more there are.
func TestPrintErrorList(t *testing.T) {
	t.Parallel()
	var many []string
	for range 23 {
		many = append(many, "a.csv!2: bad")
	}
	var b strings.Builder
	printError(&b, &failure{kind: kindSheet, err: errors.New("23 errors"), list: many, hint: "correct them"})
	got := strings.Split(b.String(), "\n")
	if len(got) != 1+20+1+1+1 || got[0] != "provision: 23 errors:" || got[1] != "  a.csv!2: bad" || got[21] != "  and 3 more" {
		t.Errorf("printError wrote %q", got)
	}
}

// The system's words for a file that is not there are ours.
func TestErrorTextOfFiles(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"nofile.json":     "read plan: nofile.json: there is no such file",
		"nofolder/a.json": "read plan: there is no folder nofolder",
	} {
		err := usagef("read plan: %w", &fs.PathError{Op: "open", Path: path, Err: fs.ErrNotExist})
		if got := errorText(err); got != want {
			t.Errorf("errorText gave %q, want %q", got, want)
		}
	}
}

// A run that goes on says how much of it is left.
func TestCarryBegins(t *testing.T) {
	t.Parallel()
	p := &plan.Plan{Changes: []plan.Change{{ID: "a"}, {ID: "b"}}}
	c := carry{run: runFolder{id: "R"}, plan: p}
	if got, want := c.begins(), "run R: 2 changes"; got != want {
		t.Errorf("a new run says %q, want %q", got, want)
	}
	c.prior = journal.State{Outcomes: map[string]journal.Outcome{"a": {Status: journal.Applied}}}
	if got, want := c.begins(), "run R: 1 of 2 changes left"; got != want {
		t.Errorf("a run that goes on says %q, want %q", got, want)
	}
	c.plan, c.prior = &plan.Plan{}, journal.State{}
	if got, want := c.begins(), "run R: nothing to do"; got != want {
		t.Errorf("an empty run says %q, want %q", got, want)
	}
}

// A workbook that is given back keeps its kind, and a CSV file becomes a plain one.
func TestBookEnding(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"a.xlsx": ".xlsx", "A.XLSX": ".xlsx", "a.xlsm": ".xlsm", "a.xltx": ".xltx", "a.csv": ".xlsx", "a": ".xlsx",
	} {
		if got := bookEnding(name); got != want {
			t.Errorf("a workbook made of %s ends in %s, want %s", name, got, want)
		}
	}
}

// Numbers of things read as they do in reports.
func TestCount(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{0: "0 rows", 1: "1 row", 2: "2 rows", 12345: "12,345 rows"} {
		if got := count(n, "row"); got != want {
			t.Errorf("%d rows are %q, want %q", n, got, want)
		}
	}
}
