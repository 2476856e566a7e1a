package config

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// maxSecret is the longest secret, in bytes.
const maxSecret = 64 << 10

// SecretError says that a secret could not be had. It names its origin and
// holds nothing of it.
type SecretError struct {
	// Name is the secret's key, Origin where it was sought.
	Name, Origin string
	Err          error
}

func (e *SecretError) Error() string {
	return fmt.Sprintf("%s is not to be had from its %s: %v", e.Name, e.Origin, e.Err)
}

func (e *SecretError) Unwrap() error { return e.Err }

// Resolver reads secrets.
type Resolver struct {
	// Env gives an environment variable.
	Env func(string) string
	// Keyring gives the secret of an entry of the system's keyring.
	Keyring func(service, user string) (string, error)
}

// Resolve reads the secret now. The error is a *SecretError, or the context's.
func (r Resolver) Resolve(ctx context.Context, s *Secret) (string, error) {
	text, err := r.read(ctx, s)
	text = strings.TrimSpace(text)
	switch {
	case ctx.Err() != nil:
		return "", ctx.Err()
	case err == nil && text == "":
		err = errors.New("nothing is there")
	case err == nil && len(text) > maxSecret:
		err = errors.New("what is there is longer than 64 KiB")
	}
	if err != nil {
		return "", &SecretError{Name: s.Name, Origin: s.String(), Err: err}
	}
	return text, nil
}

func (r Resolver) read(ctx context.Context, s *Secret) (string, error) {
	switch {
	case s.Env != "":
		return r.Env(s.Env), nil
	case strings.HasPrefix(s.File, credentialsDirectory):
		// systemd gives the service's user access by a list beside the mode, and
		// the folder to nobody else.
		return readText(r.place(s.File), false)
	case s.File != "":
		return readText(s.File, true)
	case len(s.Command) > 0:
		return output(ctx, s.Command, s.Timeout)
	case s.Keyring.Service != "":
		return r.ask(ctx, s)
	}
	return s.text, nil
}

// ask asks the keyring, which takes no context: a locked one may wait for
// somebody to unlock it, and at night nobody does.
func (r Resolver) ask(ctx context.Context, s *Secret) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, s.Timeout)
	defer cancel()
	type answer struct {
		text string
		err  error
	}
	answers := make(chan answer, 1)
	go func() {
		text, err := r.Keyring(s.Keyring.Service, s.Keyring.User)
		answers <- answer{text, err}
	}()
	select {
	case a := <-answers:
		return a.text, a.err
	case <-ctx.Done():
		return "", fmt.Errorf("it took longer than %s: is the keyring locked?", s.Timeout)
	}
}

func (r Resolver) place(path string) string {
	if rest, ok := strings.CutPrefix(path, credentialsDirectory); ok {
		return filepath.Join(r.Env("CREDENTIALS_DIRECTORY"), rest)
	}
	return path
}

// readText reads a file; if it is to be private, only its owner may read it.
func readText(path string, private bool) (string, error) {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return "", fmt.Errorf("%s is no file", path) // to open a pipe could take for ever
	}
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }() // nothing was written
	info, err := f.Stat()
	if err != nil {
		return "", err
	}
	if mode := info.Mode().Perm(); private && runtime.GOOS != "windows" && mode&0o077 != 0 {
		return "", fmt.Errorf("it has mode %04o, so that others can read it: chmod 600 %s", mode, path)
	}
	data, err := io.ReadAll(io.LimitReader(f, maxSecret+1))
	return string(data), err
}

// output runs a program without a shell and gives what it printed. What it
// writes to stderr is shown to nobody, as it may hold the secret.
func output(ctx context.Context, argv []string, timeout time.Duration) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...) //nolint:gosec // the operator named the program
	var out limited
	cmd.Stdout = &out
	cmd.WaitDelay = time.Second // a child that lives on must not hold us
	err := cmd.Run()
	var exit *exec.ExitError
	switch {
	case err == nil: // also where its time ran out as it ended
		return out.String(), nil
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return "", fmt.Errorf("it took longer than %s", timeout)
	case errors.As(err, &exit):
		return "", fmt.Errorf("it ended with %s; run it by hand to see what it says", exit.ProcessState)
	}
	return "", err
}

// limited keeps no more than a secret may have and one byte, and takes all.
type limited struct{ bytes.Buffer }

func (l *limited) Write(p []byte) (int, error) {
	if room := maxSecret + 1 - l.Len(); room > 0 {
		l.Buffer.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}
