package main

import (
	"io"
	"os"
	"path/filepath"
	"regexp"
)

// refuseExisting keeps a file from being written over unless that was asked for.
func refuseExisting(force bool, paths ...string) error {
	for _, path := range paths {
		if err := refuseFolder(path); path != "" && err != nil {
			return err
		}
		if path != "" && !force && fileExists(path) {
			return withHint(usagef("%s is there already", path), "name another file, or write over it with --force")
		}
	}
	return nil
}

// refuseForeign keeps a plan from being saved over a file that is something
// else, as the sheet that it is made from.
func refuseForeign(path string) error {
	// What can't be looked at is found out about by writing.
	if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() && info.Size() > 0 {
		if data, err := os.ReadFile(path); err == nil && !looksLikePlan(data) {
			return usagef("%s is there already and is no plan: name another file with -o", path)
		}
	}
	return nil
}

// What the files begin with that are written over, or added to, each time.
var (
	logBegins     = regexp.MustCompile(`^\{"(level|event|inbox|outcome)":"`)
	traceBegins   = regexp.MustCompile(`^# \d{4}-\d\d-\d\dT`)
	metricsBegins = regexp.MustCompile(`^# HELP provision_`)
)

// refuseOther keeps a file that is something else from being taken for one that
// the program wrote before: a slip in a flag would cost a sheet.
func refuseOther(path, what string, begins *regexp.Regexp) error {
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
		return nil // it is not there, or a pipe, or writing it finds out why it can't be
	}
	f, err := os.Open(path)
	if err != nil {
		return nil
	}
	defer f.Close() //nolint:errcheck // it was only read
	head, err := io.ReadAll(io.LimitReader(f, 64))
	if err != nil || len(head) == 0 || begins.Match(head) {
		return nil
	}
	return withHint(usagef("%s is there already and is no %s of this program", path, what), "name another file")
}

// refuseShared keeps a command from writing two things into one file, or into a
// file that it reads.
func refuseShared(flag, path string, others ...string) error {
	for _, other := range others {
		if other != "" && sameFile(path, other) {
			return withHint(usagef("%s %s: the command needs that file for something else", flag, path), "name another file")
		}
	}
	return nil
}

// sameFile tells whether two paths lead to one file, also one that is not there
// yet.
func sameFile(a, b string) bool {
	if one, err := os.Stat(a); err == nil {
		if two, err := os.Stat(b); err == nil {
			return os.SameFile(one, two)
		}
	}
	one, err := filepath.Abs(a)
	if err != nil {
		return false
	}
	two, err := filepath.Abs(b)
	return err == nil && one == two
}
