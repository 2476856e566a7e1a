package main

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/crypto/ssh"

	"provision/rcclient/rcsim"
)

// TestScripts runs the whole program, as processes, against simulated accounts. Each script names at its
// head the requirement that it guards.
func TestScripts(t *testing.T) {
	t.Parallel()
	samples, err := filepath.Abs(filepath.Join("..", "..", "samples"))
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("HOME", env.WorkDir)
			env.Setenv("XDG_STATE_HOME", filepath.Join(env.WorkDir, "state"))
			env.Setenv("NO_COLOR", "1")
			env.Setenv("SAMPLES", samples)
			env.Setenv("PROVISION_MAX_AGE", "3h") // at a time scale of 600 by itself half a second, for which a busy machine stalls
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":    cmdExits,
			"waitfor":  cmdWaitFor,
			"gone":     cmdGone,
			"jsonhas":  cmdJSONHas,
			"jsoneq":   cmdJSONEq,
			"simeq":    cmdSimEq,
			"last":     cmdLast,
			"mode":     cmdMode,
			"one":      cmdOne,
			"setenv":   cmdSetenv,
			"newkey":   cmdNewKey,
			"book":     cmdBook,
			"flat":     cmdFlat,
			"parted":   cmdParted,
			"receiver": cmdReceiver,
			"told":     cmdTold,
			"fetch":    cmdFetch,

			"collector": cmdCollector,
			"spans":     cmdSpans,
		},
	})
}

// cmdExits runs a command and checks its exit status: exits STATUS COMMAND...
func cmdExits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits status command...")
	}
	err := ts.Exec(args[1], args[2:]...)
	got := 0
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if fmt.Sprint(got) != args[0] {
		ts.Fatalf("exit status %d, want %s", got, args[0])
	}
}

// patience is how long a script waits for a process at most; it ends a test that has failed, and slows none.
const patience = 60 * time.Second

// cmdWaitFor waits until a file matches a regular expression: waitfor FILE REGEXP. The file may be a pattern.
func cmdWaitFor(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: waitfor file regexp")
	}
	re, err := regexp.Compile("(?m)" + args[1])
	ts.Check(err)
	await(ts, fmt.Sprintf("%s does not match %q", args[0], args[1]), func() bool {
		names, err := filepath.Glob(ts.MkAbs(args[0]))
		ts.Check(err)
		return slices.ContainsFunc(names, func(name string) bool {
			data, err := os.ReadFile(name)
			return err == nil && re.Match(data)
		})
	})
}

// await waits until something holds.
func await(ts *testscript.TestScript, otherwise string, holds func() bool) {
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	poll := time.NewTicker(5 * time.Millisecond)
	defer poll.Stop()
	for !holds() {
		select {
		case <-poll.C:
		case <-deadline.C:
			ts.Fatalf("%s", otherwise)
		}
	}
}

// cmdGone waits until the processes whose numbers stand in a file have ended: gone FILE. Without the file, none began.
func cmdGone(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: gone file")
	}
	data, err := os.ReadFile(ts.MkAbs(args[0]))
	if !errors.Is(err, os.ErrNotExist) {
		ts.Check(err)
	}
	for _, pid := range strings.Fields(string(data)) {
		await(ts, "process "+pid+" goes on", func() bool {
			state, err := exec.Command("ps", "-o", "stat=", "-p", pid).Output()
			return err != nil || strings.HasPrefix(string(state), "Z") // one that nobody has buried has ended too
		})
	}
}

// document reads a JSON document of a file, or of stdout or stderr.
func document(ts *testscript.TestScript, file string) map[string]any {
	var doc map[string]any
	if err := json.Unmarshal([]byte(ts.ReadFile(file)), &doc); err != nil {
		ts.Fatalf("%s is not one JSON document: %v\n%s", file, err, ts.ReadFile(file))
	}
	return doc
}

// cmdJSONHas checks that a document has exactly these keys: jsonhas FILE KEY...
func cmdJSONHas(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: jsonhas file key...")
	}
	doc := document(ts, args[0])
	for _, key := range args[1:] {
		if _, ok := lookup(doc, key); !ok {
			ts.Fatalf("%s lacks the key %s: %v", args[0], key, doc)
		}
	}
}

// cmdJSONEq compares values: jsoneq FILE KEY=VALUE...; a key may be a path with dots.
func cmdJSONEq(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: jsoneq file key=value...")
	}
	doc := document(ts, args[0])
	for _, kv := range args[1:] {
		key, want, _ := strings.Cut(kv, "=")
		got, _ := lookup(doc, key)
		if fmt.Sprint(got) != want {
			ts.Fatalf("%s: %s is %v, want %s in %v", args[0], key, got, want, doc)
		}
	}
}

// cmdLast compares values of the last line, which is a log line: last FILE KEY=VALUE...
func cmdLast(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: last file key=value...")
	}
	lines := strings.Split(strings.TrimRight(ts.ReadFile(args[0]), "\n"), "\n")
	var doc map[string]any
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &doc); err != nil {
		ts.Fatalf("the last line of %s is no log line: %s", args[0], lines[len(lines)-1])
	}
	for _, kv := range args[1:] {
		key, want, _ := strings.Cut(kv, "=")
		if got, _ := lookup(doc, key); fmt.Sprint(got) != want {
			ts.Fatalf("%s: %s is %v, want %s in %v", args[0], key, got, want, doc)
		}
	}
}

func lookup(doc map[string]any, path string) (any, bool) {
	var at any = doc
	for part := range strings.SplitSeq(path, ".") {
		if list, ok := at.([]any); ok {
			n, err := strconv.Atoi(part)
			if err != nil || n < 0 || n >= len(list) {
				return nil, false
			}
			at = list[n]
			continue
		}
		m, ok := at.(map[string]any)
		if !ok {
			return nil, false
		}
		if at, ok = m[part]; !ok {
			return nil, false
		}
	}
	return at, true
}

// cmdSimEq compares the counts that a simulated account's state holds: simeq STATE KEY=VALUE...
func cmdSimEq(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: simeq state key=value...")
	}
	sim, err := rcsim.New(rcsim.Options{StateFile: ts.MkAbs(args[0])})
	ts.Check(err)
	stats, err := json.Marshal(sim.Stats())
	ts.Check(err)
	ts.Check(sim.Close())
	var doc map[string]any
	ts.Check(json.Unmarshal(stats, &doc))
	for _, kv := range args[1:] {
		key, want, _ := strings.Cut(kv, "=")
		if got, _ := lookup(doc, key); fmt.Sprint(got) != want {
			ts.Fatalf("simulator: %s is %v, want %s in %s", key, got, want, stats)
		}
	}
}

// cmdMode checks permissions: mode 0600 FILE...; a file may be a pattern.
func cmdMode(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: mode octal file...")
	}
	for _, pattern := range args[1:] {
		names, err := filepath.Glob(ts.MkAbs(pattern))
		ts.Check(err)
		if len(names) == 0 {
			ts.Fatalf("%s is not there", pattern)
		}
		for _, name := range names {
			info, err := os.Stat(name)
			ts.Check(err)
			if got := fmt.Sprintf("%04o", info.Mode().Perm()); got != args[0] {
				ts.Fatalf("%s has mode %s, want %s", name, got, args[0])
			}
		}
	}
}

// cmdOne puts the only match of a pattern into a variable: one NAME PATTERN.
func cmdOne(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: one name pattern")
	}
	names, err := filepath.Glob(ts.MkAbs(args[1]))
	ts.Check(err)
	names = slices.DeleteFunc(names, func(n string) bool { return strings.HasPrefix(filepath.Base(n), ".") })
	if len(names) != 1 {
		ts.Fatalf("%s matches %q, want one", args[1], names)
	}
	ts.Setenv(args[0], names[0])
}

// cmdSetenv puts a file's only line into a variable: setenv NAME FILE.
func cmdSetenv(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: setenv name file")
	}
	ts.Setenv(args[0], strings.TrimSpace(ts.ReadFile(args[1])))
}

// cmdNewKey makes a pair of keys to sign with: newkey NAME [pem]. NAME is the private one, in OpenSSH's
// form or as PEM, NAME.pub the public one.
func cmdNewKey(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 || len(args) > 2 {
		ts.Fatalf("usage: newkey name [pem]")
	}
	public, private, err := ed25519.GenerateKey(rand.Reader)
	ts.Check(err)
	block, err := ssh.MarshalPrivateKey(private, "")
	ts.Check(err)
	if len(args) == 2 {
		der, err := x509.MarshalPKCS8PrivateKey(private)
		ts.Check(err)
		block = &pem.Block{Type: "PRIVATE KEY", Bytes: der}
	}
	key, err := ssh.NewPublicKey(public)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), pem.EncodeToMemory(block), 0o600))
	ts.Check(os.WriteFile(ts.MkAbs(args[0]+".pub"), ssh.MarshalAuthorizedKey(key), 0o600))
}
