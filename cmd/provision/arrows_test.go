//go:build lint

// The tag keeps `go test ./...` free of the linter, which a fresh machine does not have; `make lint` sets it.

package main_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// lintConfig is the project's own configuration, seen from this folder.
const lintConfig = "../../.golangci.yml"

// finding is what the linter says about one line.
type finding struct {
	file   string // below the module's root, with slashes
	line   int
	linter string
	text   string
}

func (f finding) String() string {
	return fmt.Sprintf("%s:%d: %s: %s", f.file, f.line, f.linter, f.text)
}

// TestLintRulesBite lints small modules laid out like this one, in which every rule is violated once. A rule whose file
// pattern matches nothing is silent, so this is the only proof that the rules hold the real tree.
// The files also hold the arrows that do exist: a line without a want must have no finding.
func TestLintRulesBite(t *testing.T) {
	t.Parallel()
	archives, err := filepath.Glob("testdata/lint/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatalf("got archives %v and error %v, want at least one archive", archives, err)
	}
	var all []finding
	for _, archive := range archives {
		root := unpack(t, archive)
		found := lint(t, root)
		compare(t, archive, found, wanted(t, root))
		all = append(all, found...)
	}
	for _, word := range ruleWords(t) {
		if !slices.ContainsFunc(all, func(f finding) bool { return strings.Contains(f.text, word) }) {
			t.Errorf("no planted violation was found by the rule %q: plant one under testdata/lint", word)
		}
	}
}

// unpack writes an archive and the project's lint configuration to a folder and returns its real path (the linter
// resolves links, and its patterns hold whole paths).
func unpack(t *testing.T, archive string) string {
	t.Helper()
	parsed, err := txtar.ParseFile(archive)
	if err != nil {
		t.Fatal(err)
	}
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if err := txtar.Write(parsed, root); err != nil {
		t.Fatal(err)
	}
	config, err := os.ReadFile(lintConfig)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(root, ".golangci.yml"), config, 0o600); err != nil {
		t.Fatal(err)
	}
	return root
}

// lint runs the pinned linter in root. Its exit code 1 says that there are findings; any other is a failure to run.
func lint(t *testing.T, root string) []finding {
	t.Helper()
	linter := os.Getenv("GOLANGCI_LINT")
	if linter == "" {
		t.Fatal("GOLANGCI_LINT does not name the linter's binary: run this test by `make lint`")
	}
	cmd := exec.CommandContext(t.Context(), linter, "run", "--allow-parallel-runners", "--show-stats=false",
		"--output.json.path=stdout", "./...")
	cmd.Dir = root
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	var exit *exec.ExitError
	if err := cmd.Run(); err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 1) {
		t.Fatalf("run the linter: %v\n%s", err, stderr.String())
	}
	var answer struct {
		Issues []struct {
			FromLinter string
			Text       string
			Pos        struct {
				Filename string
				Line     int
			}
		}
	}
	if err := json.NewDecoder(&stdout).Decode(&answer); err != nil {
		t.Fatalf("read the linter's answer: %v\n%s", err, stderr.String())
	}
	var found []finding
	for _, issue := range answer.Issues {
		found = append(found, finding{filepath.ToSlash(issue.Pos.Filename), issue.Pos.Line, issue.FromLinter, issue.Text})
	}
	return found
}

var wantComment = regexp.MustCompile(`want ([a-z]+) "([^"]+)"`)

// wanted reads the want comments of every Go file below root.
func wanted(t *testing.T, root string) []finding {
	t.Helper()
	var wants []finding
	err := filepath.WalkDir(root, func(path string, _ os.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".go" {
			return err
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		for i, line := range strings.Split(string(source), "\n") {
			for _, m := range wantComment.FindAllStringSubmatch(line, -1) {
				wants = append(wants, finding{filepath.ToSlash(name), i + 1, m[1], m[2]})
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return wants
}

// compare pairs each want with one finding; what is left over on either side is an error.
func compare(t *testing.T, archive string, found, wants []finding) {
	t.Helper()
	rest := slices.Clone(found)
	for _, want := range wants {
		at := slices.IndexFunc(rest, func(got finding) bool {
			return got.file == want.file && got.line == want.line && got.linter == want.linter && strings.Contains(got.text, want.text)
		})
		if at < 0 {
			t.Errorf("%s: want %s, got no such finding", archive, want)
			continue
		}
		rest = slices.Delete(rest, at, at+1)
	}
	for _, got := range rest {
		t.Errorf("%s: got %s, want no such finding", archive, got)
	}
}

var (
	ruleName    = regexp.MustCompile(`(?m)^ {8}([a-z-]+):$`)
	ruleMessage = regexp.MustCompile(`msg: ([^}]+)}`)
)

// ruleWords returns the names of the depguard rules and the messages of the forbidigo rules, as the configuration writes them.
func ruleWords(t *testing.T) []string {
	t.Helper()
	config, err := os.ReadFile(lintConfig)
	if err != nil {
		t.Fatal(err)
	}
	var words []string
	for _, pattern := range []*regexp.Regexp{ruleName, ruleMessage} {
		matches := pattern.FindAllSubmatch(config, -1)
		if len(matches) < 4 {
			t.Fatalf("got %d matches of %s in %s, want the rules", len(matches), pattern, lintConfig)
		}
		for _, m := range matches {
			words = append(words, string(m[1]))
		}
	}
	return words
}
