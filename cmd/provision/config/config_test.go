package config_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"provision/cmd/provision/config"
)

// keys are those of a program with a few flags.
func keys() config.Keys {
	return config.Keys{
		"max-removals": {}, "protect-extensions": {List: true}, "env-file": {}, "server": {}, "stop-at": {},
		"runs-dir": {Path: func(v string, abs func(string) string) string { return abs(v) }},
		"force":    {Refused: "it is about one call"},
	}
}

func env(list ...string) func(string) string {
	return func(name string) string {
		for _, kv := range list {
			if k, v, _ := strings.Cut(kv, "="); k == name {
				return v
			}
		}
		return ""
	}
}

// load writes a file with a mode and reads it.
func load(t *testing.T, text string, mode os.FileMode) (*config.File, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "c.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
	return config.Load(path, keys(), env("HOME=/home/op"))
}

// A profile says what its file says, with the lines; relative paths begin at the file's folder.
func TestLoad(t *testing.T) {
	t.Parallel()
	f, err := load(t, `
default-profile: night
profiles:
  night:
    account: "0042"
    stop-at: 06:00
    protect-extensions: [100-109, "1*"]
    runs-dir: runs
    max-removals: 10,2%
    credentials:
      client-id: {env: ID}
      client-secret: {file: ~/secret}
      jwt: {command: [./print, a b], timeout: 2s}
    notifications:
      webhooks:
        - {name: ops, url: {env: URL}, kind: slack, events: [held, address_not_confirmed], secret: {keyring: {service: s, user: u}}, retries: 0}
      hooks:
        - {name: ticket, command: [/bin/true, x], details: full}
  empty:
`, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	p, ok := f.Profile(f.Default)
	if !ok || strings.Join(f.Names(), " ") != "night empty" {
		t.Fatalf("profiles %q, default %q", f.Names(), f.Default)
	}
	dir := filepath.Dir(f.Path)
	want := []config.Setting{
		{Key: "stop-at", Values: []string{"06:00"}, Line: 6},
		{Key: "protect-extensions", Values: []string{"100-109", "1*"}, Line: 7},
		{Key: "runs-dir", Values: []string{dir + "/runs"}, Line: 8},
		{Key: "max-removals", Values: []string{"10,2%"}, Line: 9},
	}
	if diff := cmp.Diff(want, p.Settings); diff != "" {
		t.Error(diff)
	}
	if p.Account != (config.Text{Value: "0042", Line: 5}) || p.ClientSecret.File != "/home/op/secret" ||
		p.JWT.Command[0] != dir+"/print" || p.JWT.Timeout != 2*time.Second {
		t.Errorf("account %v, secret %v, jwt %v %s", p.Account, p.ClientSecret, p.JWT.Command, p.JWT.Timeout)
	}
	w, h := p.Notifications.Webhooks[0], p.Notifications.Hooks[0]
	if w.Retries != 0 || w.Timeout != 10*time.Second || w.Full || len(w.Events) != 2 || w.Events[1] != config.EventAddress ||
		!h.Full || len(h.Events) != len(config.Events()) {
		t.Errorf("webhook %+v, hook %+v", w, h)
	}
}

// Every problem of a file is found in one pass, with its line and, where a word is near, what was meant.
func TestProblems(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, text string
		mode       os.FileMode
		want       []string // regular expressions, one a problem
	}{
		{"misspelt guard", "profiles:\n  a:\n    max-removal: 5\n    max_removals: 5\n", 0o600, []string{
			`c\.yaml:3: profile a: unknown key "max-removal"; did you mean "max-removals"\?`, `:4: .*did you mean "max-removals"`}},
		{"top", "profile:\n  a:\n", 0o600, []string{`:1: the file: unknown key "profile"; did you mean "profiles"`}},
		{"default", "default-profile: nigth\nprofiles:\n  night:\n", 0o600, []string{`:1: default-profile: there is no profile "nigth"; did you mean "night"`}},
		{"twice", "profiles:\n  a:\n    server: x\n    server: y\n", 0o600, []string{`:4: profile a: "server" stands twice, also in line 3`}},
		{"empty", "profiles:\n  a:\n    server:\n    protect-extensions: []\n    account: ''\n", 0o600, []string{
			":3: server is set to nothing", ":4: protect-extensions lists nothing", ":5: account is set to nothing"}},
		{"not for profiles", "profiles:\n  a:\n    force: true\n", 0o600, []string{":3: force is not for a profile: it is about one call"}},
		{"list", "profiles:\n  a:\n    server: [a, b]\n", 0o600, []string{":3: server is not one value"}},
		{"name", "profiles:\n  none:\n  a b:\n", 0o600, []string{`:2: "none" stands for no profile`, `:3: "a b" cannot be the name`}},
		{"no yaml", "profiles: [\n]]\n", 0o600, []string{`c\.yaml:2: this is no YAML: did not find`}},
		{"not a mapping", "- a\n", 0o600, []string{`:1: the file is not a mapping`}},
		{"documents", "profiles:\n---\nprofiles:\n", 0o600, []string{"several documents"}},
		{"world writable", "profiles:\n", 0o666, []string{"anybody may write this file"}},
		{"clear secret", "profiles:\n  a:\n    credentials:\n      jwt: planted\n      client-secret: {value: planted}\n", 0o640, []string{
			":4: jwt stands here in clear and others can read", ":5: client-secret stands here in clear"}},
		{"two origins", "profiles:\n  a:\n    credentials:\n      jwt: {env: A, file: B}\n      client-id: {timeout: 2s}\n", 0o600, []string{
			":4: jwt comes from 2 places; name exactly one of", ":5: client-id comes from 0 places", ":5: client-id: a timeout is for a command or a keyring"}},
		{"shell", "profiles:\n  a:\n    credentials:\n      jwt: {command: vault read x}\n", 0o600, []string{":4: command is not a list"}},
		{"env-file too", "profiles:\n  a:\n    env-file: x\n    credentials: {jwt: {env: A}}\n", 0o600, []string{":3: profile a has both env-file and credentials"}},
		{"notifications", "profiles:\n  a:\n    notifications:\n      webhooks:\n        - {name: a, kind: irc, events: [finished], retries: many}\n      hooks:\n        - {name: a, command: [x], timeout: 0s}\n", 0o600,
			[]string{`unknown kind "irc"`, `unknown event "finished"`, `retries "many" is not`, "a webhook needs name and url", `the name "a" stands twice`, `"0s" is not a length of time`}},
		{"push", "profiles:\n  a:\n    metrics-push-credentials: {user: {env: A}, token: {env: B}}\n  b:\n    metrics-push-credentials: {user: {env: A}}\n  c:\n    metrics-push-credentials: {pasword: {env: A}}\n", 0o600, []string{
			":3: metrics-push-credentials has either user and password, or a token", ":5: metrics-push-credentials has either", `unknown key "pasword"`, ":7: metrics-push-credentials has either"}},
		{"keyring", "profiles:\n  a:\n    credentials:\n      jwt: {keyring: {service: s, usr: u}}\n", 0o600, []string{`unknown key "usr"; did you mean "user"`, "keyring needs service and user"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := load(t, c.text, c.mode)
			var list interface{ Unwrap() []error }
			if !errors.As(err, &list) || len(list.Unwrap()) != len(c.want) {
				t.Fatalf("got %v, want %d problems", err, len(c.want))
			}
			for _, want := range c.want {
				if !regexp.MustCompile(want).MatchString(err.Error()) {
					t.Errorf("got %v, want %q", err, want)
				}
			}
			if strings.Contains(err.Error(), "planted") {
				t.Errorf("the error shows a secret: %v", err)
			}
		})
	}
	if _, err := config.Load(filepath.Join(t.TempDir(), "none"), nil, env()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing file gave %v", err)
	}
}

// Each origin gives its secret; errors name the origin and show nothing of what was found.
func TestResolve(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, text string, mode os.FileMode) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	private, open := write("private", " from-file\n", 0o600), write("open", "planted", 0o644)
	write("given", "from-systemd\n", 0o440)
	f, err := load(t, fmt.Sprintf(`
profiles:
  a: {credentials: {jwt: planted-text}}
  b: {credentials: {jwt: {env: TOKEN}}}
  c: {credentials: {jwt: {file: %q}}}
  d: {credentials: {jwt: {file: $CREDENTIALS_DIRECTORY/given}}}
  e: {credentials: {jwt: {command: [sh, -c, "echo from-command; echo planted >&2"]}}}
  f: {credentials: {jwt: {keyring: {service: s, user: u}}}}
  g: {credentials: {jwt: {env: UNSET}}}
  h: {credentials: {jwt: {file: %q}}}
  i: {credentials: {jwt: {command: [sh, -c, "echo planted; echo planted >&2; exit 3", planted]}}}
  j: {credentials: {jwt: {command: [sh, -c, "echo planted; sleep 60 & sleep 60"], timeout: 50ms}}}
  k: {credentials: {jwt: {command: [sh, -c, "yes planted"], timeout: 200ms}}}
  l: {credentials: {jwt: {keyring: {service: s, user: other}}}}
  m: {credentials: {jwt: {command: [./no-such-program]}}}
  n: {credentials: {jwt: {keyring: {service: locked, user: u}, timeout: 20ms}}}
  o: {credentials: {jwt: {file: %q}}}
`, private, open, dir), 0o600)
	if err != nil {
		t.Fatal(err)
	}
	r := config.Resolver{Env: env("TOKEN=from-env", "CREDENTIALS_DIRECTORY="+dir), Keyring: func(service, user string) (string, error) {
		if service == "locked" { // it waits for somebody to unlock it
			<-t.Context().Done()
		}
		if service == "s" && user == "u" {
			return "from-keyring", nil
		}
		return "", errors.New("there is no such entry")
	}}
	for name, want := range map[string]string{
		"a": "planted-text", "b": "from-env", "c": "from-file", "d": "from-systemd", "e": "from-command", "f": "from-keyring",
		"g": "!environment variable UNSET: nothing is there", "h": "!it has mode 0644", "i": "!ended with exit status 3",
		"j": "!longer than 50ms", "k": "!longer than 200ms", "l": "!keyring entry other of s: there is no such entry", "m": "!no-such-program", "n": "!keyring entry u of locked: it took longer than 20ms", "o": "!is no file",
	} {
		p, _ := f.Profile(name)
		got, err := r.Resolve(t.Context(), p.JWT)
		want, fails := strings.CutPrefix(want, "!")
		switch {
		case fails && (err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "planted")):
			t.Errorf("%s: got %q and %v, want an error with %q and no secret", name, got, err, want)
		case !fails && (err != nil || got != want):
			t.Errorf("%s: got %q and %v, want %q", name, got, err, want)
		}
		if shown := fmt.Sprintf("%v %+v %#v", p.JWT, p.JWT, p.JWT); strings.Contains(shown, "planted") {
			t.Errorf("%s shows itself: %s", name, shown)
		}
	}
}

// The example is right as it stands, and with all that it has in comments.
func TestSample(t *testing.T) {
	t.Parallel()
	all := config.Keys{}
	for _, m := range regexp.MustCompile(`(?m)^    (?:# )?([a-z-]+): `).FindAllStringSubmatch(config.Sample, -1) {
		all[m[1]] = config.Key{List: strings.HasPrefix(m[1], "protect-") || m[1] == "metrics-push-label"}
	}
	origins := regexp.MustCompile(`(?m)^    #   (env|file|command|keyring|value): .*$`).ReplaceAllString(config.Sample, "")
	uncommented := regexp.MustCompile(`(?m)^(    +)# ([ ]*(?:[a-z-]+: |- name|webhooks:|hooks:|notifications:).*)$`).ReplaceAllString(origins, "$1$2")
	uncommented = regexp.MustCompile(`(?m)^      (client-secret|jwt): \{(file|command|keyring).*$`).ReplaceAllString(uncommented, "")
	for _, text := range []string{config.Sample, uncommented} {
		path := filepath.Join(t.TempDir(), "c.yaml")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		f, err := config.Load(path, all, env())
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if text != config.Sample && (len(f.Profiles[0].Notifications.Webhooks) != 1 || f.Profiles[0].Account.Value == "") {
			t.Errorf("the comments hold %+v", f.Profiles[0])
		}
	}
}

// No bytes make the reader panic, and what it accepts has no problems left out.
func FuzzLoad(f *testing.F) {
	f.Add(config.Sample)
	f.Add("profiles: &a\n  x: *a\n")
	f.Add("profiles:\n  a: {credentials: {jwt: {command: [a]}}, notifications: {webhooks: [{name: x}]}}\n")
	f.Fuzz(func(t *testing.T, text string) {
		path := filepath.Join(t.TempDir(), "c.yaml")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		file, err := config.Load(path, keys(), env())
		if file == nil || err == nil && file.Default != "" && file.Default != config.NoProfile && len(file.Profiles) == 0 {
			t.Errorf("got %+v and %v", file, err)
		}
	})
}
