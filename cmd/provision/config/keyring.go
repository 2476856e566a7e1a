package config

import (
	"errors"
	"fmt"

	"github.com/zalando/go-keyring"
)

// SystemKeyring reads an entry of the system's keyring: the Secret Service
// (GNOME Keyring, KWallet) on Linux, the Keychain on macOS, the Credential
// Manager on Windows.
func SystemKeyring(service, user string) (string, error) {
	text, err := keyring.Get(service, user)
	switch {
	case errors.Is(err, keyring.ErrNotFound):
		return "", errors.New("there is no such entry")
	case err != nil:
		return "", fmt.Errorf("the system's keyring does not answer: %w", err)
	}
	return text, nil
}
