package approval

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"
)

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

func newKey(t testing.TB) ssh.Signer {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return signerOf(t, key)
}

func signerOf(t testing.TB, key any) ssh.Signer {
	t.Helper()
	s, err := ssh.NewSignerFromKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// approve is an approval of plan "abc" of account "7" by ann, changed by some.
func approve(t testing.TB, key ssh.Signer, some func(*Statement)) File {
	t.Helper()
	s := Statement{PlanDigest: "abc", Account: "7", By: "ann@example.com", At: noon, Expires: noon.Add(72 * time.Hour), Note: "as <agreed> & seen"}
	if some != nil {
		some(&s)
	}
	text, err := s.Encode()
	if err != nil {
		t.Fatal(err)
	}
	f := File{Statement: text}
	if key != nil {
		if f.Signature, err = Sign(text, key); err != nil {
			t.Fatal(err)
		}
	}
	return f
}

func listed(t testing.TB, lines ...string) *Approvers {
	t.Helper()
	a, err := ParseApprovers([]byte("# who may\n\n" + strings.Join(lines, "\n") + "\n"))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func keyLine(key ssh.Signer) string {
	return strings.TrimSpace(string(ssh.MarshalAuthorizedKey(key.PublicKey())))
}

// What a person could do to a plan or its approval, and what comes of it.
func TestCheck(t *testing.T) {
	t.Parallel()
	ann, eve := newKey(t), newKey(t)
	good := approve(t, ann, nil)
	list := listed(t, "bob@example.com "+keyLine(newKey(t)), "ann@example.com "+keyLine(ann))
	question := func(some func(*Question)) Question {
		q := Question{PlanDigest: "abc", Account: "7", Now: noon.Add(time.Hour), Approvers: list}
		if some != nil {
			some(&q)
		}
		return q
	}
	edited := File{Statement: bytes.Replace(good.Statement, []byte("ann@"), []byte("bob@"), 1), Signature: good.Signature}
	line := func(text string) func(*Question) {
		return func(q *Question) { q.Approvers = listed(t, text) }
	}
	for name, tt := range map[string]struct {
		file File
		q    Question
		want string // of the error; empty: it counts
	}{
		"signed and listed":       {good, question(nil), ""},
		"no list":                 {good, question(func(q *Question) { q.Approvers = nil }), ""},
		"not signed, no list":     {approve(t, nil, nil), question(func(q *Question) { q.Approvers = nil }), ""},
		"not signed":              {approve(t, nil, nil), question(nil), "not signed"},
		"another plan":            {good, question(func(q *Question) { q.PlanDigest = "abd" }), "another plan"},
		"another account":         {good, question(func(q *Question) { q.Account = "8" }), "another plan"},
		"expired":                 {good, question(func(q *Question) { q.Now = noon.Add(72 * time.Hour) }), "has expired: on 2026-11-27T12:00:00Z"},
		"just not expired":        {good, question(func(q *Question) { q.Now = noon.Add(72*time.Hour - time.Second) }), ""},
		"never expires":           {approve(t, ann, func(s *Statement) { s.Expires = time.Time{} }), question(func(q *Question) { q.Now = noon.AddDate(9, 0, 0) }), ""},
		"edited":                  {edited, question(nil), "changed after it was signed"},
		"edited, no list":         {edited, question(func(q *Question) { q.Approvers = nil }), "changed after it was signed"},
		"a blank more":            {File{append(bytes.Clone(good.Statement), ' '), good.Signature}, question(nil), "changed after it was signed"},
		"forged: another's key":   {approve(t, eve, nil), question(nil), "which the list of approvers does not have"},
		"another's name":          {approve(t, ann, func(s *Statement) { s.By = "bob@example.com" }), question(nil), "under another name"},
		"another's signature":     {File{good.Statement, approve(t, ann, func(s *Statement) { s.Note = "" }).Signature}, question(nil), "changed after it was signed"},
		"half a signature":        {File{good.Statement, good.Signature[:len(good.Signature)/2]}, question(nil), "no SSH signature"},
		"half an approval":        {File{good.Statement[:40], good.Signature}, question(nil), "no approval"},
		"not an approval":         {File{[]byte(`{"format_version":1,"changes":3}`), nil}, question(nil), "names no plan"},
		"a pattern":               {good, question(line("*@example.com " + keyLine(ann))), ""},
		"a pattern that excludes": {good, question(line("*@example.com,!ann@* " + keyLine(ann))), "under another name"},
		"for something else":      {good, question(line(`ann@example.com namespaces="git,file" ` + keyLine(ann))), "is not for provision-approval"},
		"for this too":            {good, question(line(`"ann@example.com" namespaces="git,provision-approval" ` + keyLine(ann))), ""},
		"not yet":                 {good, question(line(`ann@example.com valid-after="20261125Z" ` + keyLine(ann))), "not yet valid"},
		"no longer":               {good, question(line(`ann@example.com valid-before="202611241230Z" ` + keyLine(ann))), "no longer valid"},
	} {
		got, err := Check(tt.file, tt.q)
		switch {
		case tt.want == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
			t.Errorf("%s: got %v, want %q", name, err, tt.want)
		case tt.want == "" && got.Listed != (tt.q.Approvers != nil):
			t.Errorf("%s: listed is %t", name, got.Listed)
		}
		if refused := (*RefusedError)(nil); tt.want != "" && !errors.As(err, &refused) {
			t.Errorf("%s: %T is no RefusedError", name, err)
		}
	}
}

// A signature for another purpose, even of the right key over the right bytes, is none.
func TestOtherNamespace(t *testing.T) {
	t.Parallel()
	ann := newKey(t)
	f := approve(t, ann, nil)
	blob, err := readSignature(f.Signature)
	if err != nil {
		t.Fatal(err)
	}
	blob.Namespace = "git"
	f.Signature = bytes.Replace(f.Signature, f.Signature, armour(blob), 1)
	if _, err := signer(f.Statement, f.Signature); !errors.Is(err, ErrBadSignature) || !strings.Contains(err.Error(), `"git"`) {
		t.Errorf("got %v", err)
	}
}

func TestParseApprovers(t *testing.T) {
	t.Parallel()
	key := keyLine(newKey(t))
	for text, want := range map[string]string{
		"":                                     "names nobody",
		"# only a comment":                     "names nobody",
		"ann@example.com":                      "line 1",
		"ann@example.com ssh-ed25519 AAAA":     "line 1: it holds no key",
		"ann cert-authority " + key:            "certificate authorities",
		"ann valid-after=\"soon\" " + key:      "no date",
		"ann from=\"10.0.0.1\" " + key:         "the option from is not known",
		"ann " + key + "\nbob ssh-rsa nothing": "line 2",
	} {
		if _, err := ParseApprovers([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", text, err, want)
		}
	}
}

func TestStatementNeeds(t *testing.T) {
	t.Parallel()
	for name, some := range map[string]func(*Statement){
		"no plan": func(s *Statement) { s.PlanDigest = "" }, "nobody": func(s *Statement) { s.By = " " },
		"two lines": func(s *Statement) { s.By = "ann\nbob" }, "hidden": func(s *Statement) { s.By = "ann\u202e" },
		"expired at once": func(s *Statement) { s.Expires = s.At }, "no time": func(s *Statement) { s.At = time.Time{} },
	} {
		s := Statement{PlanDigest: "abc", By: "ann", At: noon}
		some(&s)
		if _, err := s.Encode(); err == nil {
			t.Errorf("%s: was written", name)
		}
	}
}

// Check takes what ssh-keygen -Y sign made, with every usual type of key; keygen_test.go asks the ssh-keygen of today.
func TestSignedBySSHKeygen(t *testing.T) {
	t.Parallel()
	of := func(name string) []byte {
		t.Helper()
		b, err := os.ReadFile(filepath.Join("testdata", "keygen", name))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	statement := of("approval.json")
	for _, key := range []string{"ed25519", "ecdsa", "rsa"} {
		q := Question{PlanDigest: "abc", Account: "7", Now: noon, Approvers: listed(t, string(of(key+".approvers")))}
		if _, err := Check(File{statement, of(key + ".sig")}, q); err != nil {
			t.Errorf("%s: %v", key, err)
		}
		if _, err := Check(File{append(bytes.Clone(statement), ' '), of(key + ".sig")}, q); err == nil {
			t.Errorf("%s: counts for another text", key)
		}
	}
}

// Whatever the bytes are: no panic, and nothing but a real signature of a listed key counts.
func FuzzCheck(f *testing.F) {
	ann := newKey(f)
	good := approve(f, ann, nil)
	f.Add(good.Statement, good.Signature, []byte("ann@example.com "+keyLine(ann)))
	f.Add([]byte("{}"), []byte("-----BEGIN SSH SIGNATURE-----\nU1NIU0lH\n-----END SSH SIGNATURE-----\n"), []byte(`"a b" namespaces="x" ssh-ed25519 AAAA`))
	list := listed(f, "ann@example.com "+keyLine(ann))
	f.Fuzz(func(t *testing.T, statement, signature, approvers []byte) {
		_, _ = ParseApprovers(approvers)
		st, err := Check(File{statement, signature}, Question{PlanDigest: "abc", Account: "7", Now: noon, Approvers: list})
		if err == nil && !bytes.Equal(statement, good.Statement) {
			t.Errorf("an approval that ann did not sign counts: %+v", st)
		}
		_ = fmt.Sprint(err)
	})
}
