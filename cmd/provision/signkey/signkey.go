package signkey

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
)

// maxKey is the most bytes a file with a key may have.
const maxKey = 64 << 10

// Finder knows where to look for keys.
type Finder struct {
	// Agent is the address of an SSH agent's socket ($SSH_AUTH_SOCK); empty:
	// there is none.
	Agent string
	// Passphrase asks a person for the passphrase of a key file; nil: nobody
	// can be asked.
	Passphrase func(path string) ([]byte, error)
}

// Find reads the key in a file. A public key, or a private one with a
// passphrase whose agent has it, is used through the agent. The closer ends
// the connection to the agent, if there is one.
func (f Finder) Find(ctx context.Context, path string) (ssh.Signer, io.Closer, error) {
	data, err := readSmall(path)
	if err != nil {
		return nil, nil, fmt.Errorf("read key: %w", err)
	}
	key, err := ssh.ParsePrivateKey(data)
	if err == nil {
		return key, io.NopCloser(nil), nil
	}
	if locked, ok := errors.AsType[*ssh.PassphraseMissingError](err); ok {
		return f.unlock(ctx, path, data, locked.PublicKey)
	}
	public, _, _, _, perr := ssh.ParseAuthorizedKey(data) //nolint:dogsled // comment, options and rest do not matter
	if perr != nil {
		return nil, nil, fmt.Errorf("read key %s: it is neither a private nor a public key (%w)", path, err)
	}
	return f.fromAgent(ctx, public)
}

// unlock opens a key that has a passphrase: by the agent, or by asking.
func (f Finder) unlock(ctx context.Context, path string, data []byte, public ssh.PublicKey) (ssh.Signer, io.Closer, error) {
	if public != nil && f.Agent != "" {
		if key, done, err := f.fromAgent(ctx, public); err == nil {
			return key, done, nil
		}
	}
	if f.Passphrase == nil {
		return nil, nil, fmt.Errorf("read key %s: it has a passphrase, no agent holds it, and nobody can be asked here", path)
	}
	phrase, err := f.Passphrase(path)
	if err != nil {
		return nil, nil, fmt.Errorf("read passphrase: %w", err)
	}
	key, err := ssh.ParsePrivateKeyWithPassphrase(data, phrase)
	clear(phrase)
	if err != nil {
		return nil, nil, fmt.Errorf("read key %s: %w", path, err)
	}
	return key, io.NopCloser(nil), nil
}

// fromAgent finds the key among those that the agent holds.
func (f Finder) fromAgent(ctx context.Context, public ssh.PublicKey) (ssh.Signer, io.Closer, error) {
	if f.Agent == "" {
		return nil, nil, errors.New("a public key names a key of an SSH agent, and there is none (SSH_AUTH_SOCK is not set)")
	}
	var d net.Dialer
	conn, err := d.DialContext(ctx, "unix", f.Agent)
	if err != nil {
		return nil, nil, fmt.Errorf("ask the SSH agent: %w", err)
	}
	keys, err := agent.NewClient(conn).Signers()
	if err == nil {
		for _, k := range keys {
			if bytes.Equal(k.PublicKey().Marshal(), public.Marshal()) {
				return k, conn, nil
			}
		}
		err = fmt.Errorf("it does not hold %s", ssh.FingerprintSHA256(public))
	}
	return nil, nil, errors.Join(fmt.Errorf("ask the SSH agent: %w", err), conn.Close())
}

func readSmall(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	return io.ReadAll(io.LimitReader(file, maxKey))
}
