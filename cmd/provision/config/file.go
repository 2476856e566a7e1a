package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// NoProfile is the name that stands for no profile, where the file has a
// default one.
const NoProfile = "none"

// maxFile is the largest configuration file, in bytes: a larger one is none.
const maxFile = 1 << 20

// File is a configuration file.
type File struct {
	// Path is the file's absolute path.
	Path string
	// Default is the name of the profile that is used where none is named; may
	// be empty.
	Default string
	// Profiles in the file's order.
	Profiles []*Profile
}

// Profile is one profile of a file.
type Profile struct {
	Name string
	// File is the path of its file, Line where it begins.
	File string
	Line int
	// Account is the id or the main number of the only account that it is for;
	// may be empty.
	Account Text
	// ClientID, ClientSecret and JWT are where the credentials come from; nil
	// where the profile does not say.
	ClientID, ClientSecret, JWT *Secret
	// Settings stand for flags, in the file's order.
	Settings []Setting
	// Notifications are who is told of what.
	Notifications Notifications
	// MetricsPush is what a Pushgateway is shown.
	MetricsPush PushCredentials
}

// PushCredentials are those of a Pushgateway: user and password, or a token;
// nil where the profile does not say.
type PushCredentials struct {
	User, Password, Token *Secret
}

// Text is a value and where it stands.
type Text struct {
	Value string
	Line  int
}

// Setting is one value of a profile for the flag of the same name.
type Setting struct {
	Key    string
	Values []string // several only for a key that takes a list
	Line   int
}

// Key says what a setting may hold.
type Key struct {
	// List: several values may stand in a list.
	List bool
	// Refused says why a flag of that name is not for a profile; empty if it is.
	Refused string
	// Path turns a value that names a file into one that can be opened from
	// anywhere; nil where values name none.
	Path func(value string, abs func(string) string) string
}

// Keys are the settings that a profile may have, by name.
type Keys map[string]Key

// Profile finds a profile by name.
func (f *File) Profile(name string) (*Profile, bool) {
	for _, p := range f.Profiles {
		if p.Name == name {
			return p, true
		}
	}
	return nil, false
}

// Names are the names of the profiles, in the file's order.
func (f *File) Names() []string {
	names := make([]string, 0, len(f.Profiles))
	for _, p := range f.Profiles {
		names = append(names, p.Name)
	}
	return names
}

// DefaultPath is where the file lies that is read unasked:
// $XDG_CONFIG_HOME/provision/config.yaml, else ~/.config/provision/config.yaml.
// It is empty where neither is known. env gives a variable's value.
func DefaultPath(env func(string) string) string {
	base := env("XDG_CONFIG_HOME")
	if base == "" || !filepath.IsAbs(base) {
		home := homeOf(env)
		if home == "" {
			return ""
		}
		base = filepath.Join(home, ".config")
	}
	return filepath.Join(base, "provision", "config.yaml")
}

func homeOf(env func(string) string) string {
	if home := env("HOME"); home != "" {
		return home
	}
	return env("USERPROFILE")
}

// Load reads a file. Every problem with it is found in one pass: the error is a
// list of *ProblemError, joined. The file is given also then, with what could be
// read. A file that is not there is fs.ErrNotExist.
func Load(path string, keys Keys, env func(string) string) (*File, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("find configuration: %w", err)
	}
	info, err := os.Stat(abs)
	if err != nil {
		return nil, fmt.Errorf("read configuration: %w", err)
	}
	data, err := readLimited(abs)
	if err != nil {
		return nil, fmt.Errorf("read configuration: %w", err)
	}
	r := &reader{
		file: &File{Path: abs}, keys: keys, home: homeOf(env),
		private: runtime.GOOS == "windows" || info.Mode().Perm()&0o077 == 0,
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o002 != 0 {
		r.problem(nil, "chmod o-w "+abs, "anybody may write this file, which names programs to run")
	}
	r.document(data)
	return r.file, errors.Join(r.problems...)
}

func readLimited(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // nothing was written
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err == nil && len(data) > maxFile {
		err = &fs.PathError{Op: "read", Path: path, Err: errors.New("the file is larger than 1 MiB")}
	}
	return data, err
}

var yamlLine = regexp.MustCompile(`^(?:yaml: )?line (\d+): `) //nolint:gochecknoglobals // a constant

// syntax tells what the YAML library says, with its line where it has one.
func (r *reader) syntax(err error) {
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	at := &yaml.Node{}
	if m := yamlLine.FindStringSubmatch(text); m != nil {
		at.Line, _ = strconv.Atoi(m[1]) // digits; a number too long is no line
		text = text[len(m[0]):]
	}
	r.problem(at, "", "this is no YAML: %s", text)
}

// document reads the file's only YAML document.
func (r *reader) document(data []byte) {
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc, more yaml.Node
	switch err := dec.Decode(&doc); {
	case errors.Is(err, io.EOF):
		return // an empty file has no profiles
	case err != nil:
		r.syntax(err)
		return
	}
	if err := dec.Decode(&more); err == nil {
		r.problem(&more, "keep one", "the file has several documents")
	}
	if len(doc.Content) == 1 {
		r.root(doc.Content[0])
	}
}
