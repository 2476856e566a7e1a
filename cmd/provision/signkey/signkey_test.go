package signkey

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
)

// Keys are found in a file, behind a passphrase, and in an agent; what is none is named.
func TestFind(t *testing.T) {
	t.Parallel()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	key, err := ssh.NewPublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "k") //nolint:usetesting // a socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	write := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	open, err := ssh.MarshalPrivateKey(private, "")
	if err != nil {
		t.Fatal(err)
	}
	locked, err := ssh.MarshalPrivateKeyWithPassphrase(private, "", []byte("tell nobody"))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{
		"open": write("open", pem.EncodeToMemory(open)), "locked": write("locked", pem.EncodeToMemory(locked)),
		"public": write("public", ssh.MarshalAuthorizedKey(key)), "none": write("none", []byte("hello")),
	}
	socket := serveAgent(t, filepath.Join(dir, "s"), private)
	asked := func(phrase string) func(string) ([]byte, error) {
		return func(string) ([]byte, error) { return []byte(phrase), nil }
	}
	for name, tt := range map[string]struct {
		file string
		f    Finder
		want string // of the error; empty: found
	}{
		"file":               {"open", Finder{}, ""},
		"agent":              {"public", Finder{Agent: socket}, ""},
		"locked, by agent":   {"locked", Finder{Agent: socket}, ""},
		"locked, by asking":  {"locked", Finder{Passphrase: asked("tell nobody")}, ""},
		"locked, wrong":      {"locked", Finder{Passphrase: asked("no")}, "read key"},
		"locked, nobody":     {"locked", Finder{}, "nobody can be asked"},
		"public, no agent":   {"public", Finder{}, "SSH_AUTH_SOCK is not set"},
		"public, dead agent": {"public", Finder{Agent: socket + "x"}, "ask the SSH agent"},
		"no key":             {"none", Finder{}, "neither a private nor a public key"},
	} {
		got, done, err := tt.f.Find(t.Context(), files[tt.file])
		switch {
		case tt.want != "":
			if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "tell nobody") {
				t.Errorf("%s: got %v, want %q", name, err, tt.want)
			}
			continue
		case err != nil:
			t.Errorf("%s: %v", name, err)
			continue
		}
		if _, err := got.Sign(rand.Reader, []byte("x")); err != nil || !bytes.Equal(got.PublicKey().Marshal(), key.Marshal()) {
			t.Errorf("%s: it does not sign with that key: %v", name, err)
		}
		if err := done.Close(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func serveAgent(t *testing.T, path string, key ed25519.PrivateKey) string {
	t.Helper()
	ring := agent.NewKeyring()
	if err := ring.Add(agent.AddedKey{PrivateKey: key}); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() { _ = agent.ServeAgent(ring, c) }()
		}
	}()
	return path
}
