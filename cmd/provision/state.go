package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// stateFolder is where a machine's runs know of each other: locks/, runs/ (the
// index), places/ (what a service made of addresses), and beside the locks the
// last slots of the throttling groups.
type stateFolder string

// openState finds the state folder, by --state-dir or XDG, and makes it.
func openState(flag string, env environ) (stateFolder, error) {
	dir := flag
	if dir == "" {
		base := env["XDG_STATE_HOME"]
		if base == "" || !filepath.IsAbs(base) {
			home := env.first("HOME", "USERPROFILE")
			if home == "" {
				return "", withHint(errors.New("there is no place for the state folder: neither XDG_STATE_HOME nor HOME is set"), "name one with --state-dir")
			}
			base = filepath.Join(home, ".local", "state")
		}
		dir = filepath.Join(base, "provision")
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("find state folder: %w", err)
	}
	for _, sub := range []string{"locks", "runs", "places"} {
		if err := os.MkdirAll(filepath.Join(abs, sub), 0o700); err != nil {
			return "", withHint(fmt.Errorf("make state folder: %w", err), "name a folder that can be written with --state-dir")
		}
	}
	return stateFolder(abs), nil
}

// lockName names what belongs to a server and a second key (client id or
// account). What people need to recognise it stands in front, a hash behind
// keeps it unique: client ids are no secrets, but need not lie about.
func lockName(serverKey, second string) string {
	return serverName(serverKey) + "-" + shortHash(second)
}

// serverName is the part of lockName that all locks of a server share.
func serverName(serverKey string) string {
	name := strings.TrimPrefix(strings.TrimPrefix(serverKey, "https://"), "http://")
	if file, ok := strings.CutPrefix(serverKey, simPrefix); ok {
		name = "sim-" + filepath.Base(file)
	}
	name = strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '.' || r == '-' || r == '_' {
			return r
		}
		return '-'
	}, name)
	return name[:min(len(name), 60)] + "-" + shortHash(serverKey)
}

func shortHash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:6])
}

func (s stateFolder) locks() string { return filepath.Join(string(s), "locks") }

// slotsPath is the file of the throttling groups' last slots of a client; share
// is 0 for who has the whole quota.
func (s stateFolder) slotsPath(serverKey, clientID string, share int) string {
	name := lockClient + lockName(serverKey, clientID)
	if share > 0 {
		name = shareName(name, share)
	}
	return filepath.Join(s.locks(), name+".slots")
}

func fileExists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
