package config

import (
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"
)

// commandTimeout is how long a program may take that prints a secret, or the
// keyring, where the secret names no timeout; wall time.
const commandTimeout = 30 * time.Second

// Secret is where a secret comes from. It shows itself to no formatter but as
// its origin. Exactly one of Env, File, Command, Keyring and the text is set.
type Secret struct {
	// Name is its key in the configuration, as "jwt".
	Name string
	Line int
	// Env is the name of an environment variable.
	Env string
	// File is the path of a file that only its owner may read; the secret is its
	// text without white space around it.
	File string
	// Command is a program and its arguments, run without a shell; the secret is
	// what it prints, without white space around it.
	Command []string
	// Timeout bounds the command or the keyring, in wall time.
	Timeout time.Duration
	// Keyring is the service and the user of an entry of the system's keyring.
	Keyring KeyringEntry

	text string
}

// KeyringEntry names an entry of the system's keyring.
type KeyringEntry struct {
	Service string
	User    string
}

// String says where the secret comes from; arguments of a command are left out,
// as they may be secrets themselves.
func (s *Secret) String() string {
	switch {
	case s == nil:
		return "nowhere"
	case s.Env != "":
		return "environment variable " + s.Env
	case s.File != "":
		return "file " + s.File
	case len(s.Command) > 0:
		return "output of " + s.Command[0]
	case s.Keyring.Service != "":
		return fmt.Sprintf("keyring entry %s of %s", s.Keyring.User, s.Keyring.Service)
	}
	return "text in the configuration file"
}

// GoString is String: %#v shows no more than %v.
func (s *Secret) GoString() string { return s.String() }

// MarshalJSON writes where the secret comes from.
func (s *Secret) MarshalJSON() ([]byte, error) { return fmt.Appendf(nil, "%q", s.String()), nil }

// secret reads where a secret comes from: a mapping with one key, or the text
// itself if only the owner may read the file.
func (r *reader) secret(key, n *yaml.Node) *Secret {
	s := &Secret{Name: key.Value, Line: key.Line, Timeout: commandTimeout}
	if n.Kind == yaml.ScalarNode {
		if text, ok := r.text(n, key.Value); ok {
			r.clear(s, n, text)
		}
		return s
	}
	timed, origins := (*yaml.Node)(nil), 0
	origin := func(read func(v *yaml.Node)) func(k, v *yaml.Node) {
		return func(_, v *yaml.Node) { origins++; read(v) }
	}
	r.mapping(n, key.Value, fields{
		"env":     origin(func(v *yaml.Node) { s.Env, _ = r.text(v, "env") }),
		"file":    origin(func(v *yaml.Node) { s.File = r.secretFile(v) }),
		"command": origin(func(v *yaml.Node) { s.Command = r.command(v) }),
		"keyring": origin(func(v *yaml.Node) { s.Keyring = r.keyring(v) }),
		"value": origin(func(v *yaml.Node) {
			if text, ok := r.text(v, "value"); ok {
				r.clear(s, v, text)
			}
		}),
		"timeout": func(k, v *yaml.Node) { s.Timeout, timed = r.duration(v, "timeout"), k },
	}, nil)
	if origins != 1 {
		r.problem(key, "name exactly one of env, file, command, keyring, value", "%s comes from %d places", key.Value, origins)
	}
	if timed != nil && len(s.Command) == 0 && s.Keyring.Service == "" {
		r.problem(timed, "", "%s: a timeout is for a command or a keyring", key.Value)
	}
	return s
}

// clear takes a secret that stands in the file as it is.
func (r *reader) clear(s *Secret, at *yaml.Node, text string) {
	if !r.private {
		r.problem(at, "chmod 600 "+r.file.Path+", or name an env, file, command or keyring",
			"%s stands here in clear and others can read the file", s.Name)
		return
	}
	s.text = text
}

// credentialsDirectory is how systemd tells a service where the secrets lie
// that it was given.
const credentialsDirectory = "$CREDENTIALS_DIRECTORY/"

func (r *reader) secretFile(v *yaml.Node) string {
	path, ok := r.text(v, "file")
	if !ok || strings.HasPrefix(path, credentialsDirectory) {
		return path // it is known when it is read
	}
	return r.abs(path)
}

// command reads a program with its arguments. One that is named by a path with
// a slash is sought from the file's folder.
func (r *reader) command(v *yaml.Node) []string {
	if v.Kind != yaml.SequenceNode {
		r.problem(v, `write it as a list: ["/usr/bin/program", "argument"]; no shell is used`, "command is not a list")
		return nil
	}
	argv := r.texts(v, "command")
	if len(argv) > 0 && strings.ContainsRune(argv[0], filepath.Separator) {
		argv[0] = r.abs(argv[0])
	}
	return argv
}

func (r *reader) keyring(v *yaml.Node) KeyringEntry {
	var k KeyringEntry
	r.mapping(v, "keyring", fields{
		"service": func(_, v *yaml.Node) { k.Service, _ = r.text(v, "service") },
		"user":    func(_, v *yaml.Node) { k.User, _ = r.text(v, "user") },
	}, nil)
	if k.Service == "" || k.User == "" {
		r.problem(v, "", "keyring needs service and user")
	}
	return k
}
