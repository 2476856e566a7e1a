//go:build sshkeygen

package approval

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"golang.org/x/crypto/ssh"
)

// ssh-keygen takes what Sign makes, and Check takes what ssh-keygen makes, for every usual type of key.
func TestWithSSHKeygen(t *testing.T) {
	t.Parallel()
	keygen, err := exec.LookPath("ssh-keygen")
	if err != nil {
		t.Fatal(err)
	}
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for i, key := range []any{ed, ec, rsaKey} {
		dir := t.TempDir()
		s := signerOf(t, key)
		f := approve(t, s, nil)
		block, err := ssh.MarshalPrivateKey(crypto.PrivateKey(key), "")
		if err != nil {
			t.Fatal(err)
		}
		private := filepath.Join(dir, "key")
		write(t, private, pem.EncodeToMemory(block))
		write(t, filepath.Join(dir, "approvers"), []byte("ann@example.com "+keyLine(s)+"\n"))
		write(t, filepath.Join(dir, "approval"), f.Statement)
		write(t, filepath.Join(dir, "theirs.sig"), f.Signature)
		verify := exec.CommandContext(t.Context(), keygen, "-Y", "verify", "-f", filepath.Join(dir, "approvers"), "-I", "ann@example.com",
			"-n", Namespace, "-s", filepath.Join(dir, "theirs.sig"))
		verify.Stdin = bytes.NewReader(f.Statement)
		if out, err := verify.CombinedOutput(); err != nil {
			t.Errorf("key %d: ssh-keygen does not take our signature: %v\n%s", i, err, out)
		}
		sign := exec.CommandContext(t.Context(), keygen, "-Y", "sign", "-f", private, "-n", Namespace, filepath.Join(dir, "approval"))
		if out, err := sign.CombinedOutput(); err != nil {
			t.Fatalf("key %d: %v\n%s", i, err, out)
		}
		theirs, err := os.ReadFile(filepath.Join(dir, "approval.sig"))
		if err != nil {
			t.Fatal(err)
		}
		q := Question{PlanDigest: "abc", Account: "7", Now: noon, Approvers: listed(t, "ann@example.com "+keyLine(s))}
		if _, err := Check(File{f.Statement, theirs}, q); err != nil {
			t.Errorf("key %d: we do not take ssh-keygen's signature: %v", i, err)
		}
	}
}

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}
