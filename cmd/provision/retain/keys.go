package retain

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"filippo.io/age"
)

// ErrRecipient is the error of a list of recipients that is empty or holds
// something else.
var ErrRecipient = errors.New("no age recipient: want age1…, as \"age-keygen\" prints it")

// Recipients reads recipients, each given as age1…, or as @FILE with one in a
// line. SSH keys and plugins are not taken.
func Recipients(given []string) ([]age.Recipient, error) {
	var out []age.Recipient
	for _, one := range given {
		one = strings.TrimSpace(one)
		if path, ok := strings.CutPrefix(one, "@"); ok {
			got, err := RecipientsFile(path)
			if err != nil {
				return nil, err
			}
			out = append(out, got...)
			continue
		}
		got, err := age.ParseRecipients(strings.NewReader(one))
		if err != nil || len(got) != 1 {
			// What was given may be an identity by mistake, and is not repeated.
			return nil, ErrRecipient
		}
		out = append(out, got...)
	}
	if len(out) == 0 {
		return nil, ErrRecipient
	}
	return out, nil
}

// RecipientsFile reads a file with one recipient in a line.
func RecipientsFile(path string) ([]age.Recipient, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read recipients: %w", err)
	}
	defer func() { _ = f.Close() }() // only read
	got, err := age.ParseRecipients(io.LimitReader(f, maxKeyFile))
	if err != nil {
		return nil, fmt.Errorf("read recipients: %s: %w", path, ErrRecipient)
	}
	return got, nil
}

// maxKeyFile is how much of a file of keys is read.
const maxKeyFile = 1 << 20

// ErrIdentity is the error of a file that holds no identity.
var ErrIdentity = errors.New("no age identity: want AGE-SECRET-KEY-1…, as \"age-keygen\" writes it, without a passphrase")

// Identities reads a file of age identities. Errors repeat nothing of it.
func Identities(path string) ([]age.Identity, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read identity: %w", err)
	}
	defer func() { _ = f.Close() }() // only read
	got, err := age.ParseIdentities(io.LimitReader(f, maxKeyFile))
	if err != nil {
		return nil, fmt.Errorf("read identity: %s: %w", path, ErrIdentity)
	}
	return got, nil
}
