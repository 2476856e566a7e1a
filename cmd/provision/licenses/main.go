// Command licenses lists the modules that the program is built of, with their
// licences as read from their own files, and fails on one that is not allowed.
// `make licenses` writes docs/licenses.md with it.
package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// known are sentences that tell a licence, the more particular before the less.
// All of those that are allowed ask for their notice, and at most for changes to
// their own files.
var known = []struct {
	licence  string
	sentence string // in lower case, white space as one space
	allowed  bool
}{
	{"AGPL", "gnu affero general public license version", false},
	{"LGPL", "gnu lesser general public license version", false},
	{"GPL", "gnu general public license version", false},
	{"Apache-2.0", "apache license version 2.0", true},
	{"MPL-2.0", "mozilla public license", true},
	{"ISC", "permission to use, copy, modify, and/or distribute this software for any purpose", true},
	{"ISC", "permission to use, copy, modify, and distribute this software for any purpose", true},
	{"Unlicense", "this is free and unencumbered software released into the public domain", true},
	{"MIT", "permission is hereby granted, free of charge, to any person obtaining a copy", true},
	{"BSD-3-Clause", "may be used to endorse or promote products derived from", true},
	{"BSD-2-Clause", "redistributions in binary form must reproduce the above copyright notice", true},
}

// fileNames are where a module says its licence.
var fileNames = []string{"LICENSE*", "LICENCE*", "License*", "license*", "COPYING*", "UNLICENSE*"}

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "licenses:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer) error {
	modules, err := modules(ctx)
	if err != nil {
		return err
	}
	var b strings.Builder
	b.WriteString("# Licences\n\nThe modules that the program is built of, on any system that it is built for, and their licences as read from their own\n" +
		"files. `make licenses` writes this list, and fails on a licence that is not allowed.\n\n| module | version | licence |\n| --- | --- | --- |\n")
	var wrong []error
	for _, m := range modules {
		found, err := licenceOf(m.dir)
		if err != nil {
			wrong = append(wrong, fmt.Errorf("%s %s: %w", m.path, m.version, err))
			continue
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", m.path, m.version, strings.Join(found, ", "))
	}
	if err := errors.Join(wrong...); err != nil {
		return err
	}
	_, err = io.WriteString(out, b.String())
	return err
}

// module is one that packages of the program come from.
type module struct{ path, version, dir string }

// modules asks the go command which modules the program is built of, for each
// system.
func modules(ctx context.Context) ([]module, error) {
	found := map[string]module{}
	for _, system := range []string{"linux", "darwin", "windows"} {
		cmd := exec.CommandContext(ctx, "go", "list", "-deps", "-f",
			"{{with .Module}}{{if not .Main}}{{.Path}}\t{{.Version}}\t{{.Dir}}{{end}}{{end}}", "./cmd/provision")
		cmd.Env = append(os.Environ(), "GOOS="+system, "GOARCH=amd64", "CGO_ENABLED=0")
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		list, err := cmd.Output()
		if err != nil {
			return nil, fmt.Errorf("list the modules: %w: %s", err, stderr.String())
		}
		for line := range strings.Lines(string(list)) {
			if f := strings.Split(strings.TrimSpace(line), "\t"); len(f) == 3 {
				found[f[0]] = module{path: f[0], version: f[1], dir: f[2]}
			}
		}
	}
	var all []module
	for _, m := range found {
		all = append(all, m)
	}
	slices.SortFunc(all, func(a, b module) int { return cmp.Compare(a.path, b.path) })
	return all, nil
}

// licenceOf reads the licences of a module's folder. One that is not known, or
// not allowed, is an error.
func licenceOf(dir string) ([]string, error) {
	var found []string
	for _, name := range fileNames {
		files, err := filepath.Glob(filepath.Join(dir, name))
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				return nil, err
			}
			id, ok := tell(string(text))
			if !ok {
				return nil, fmt.Errorf("%s is %s, which is not allowed", filepath.Base(file), id)
			}
			if !slices.Contains(found, id) {
				found = append(found, id)
			}
		}
	}
	if len(found) == 0 {
		return nil, errors.New("no licence was found")
	}
	return found, nil
}

// tell says which licence a text is, and whether that is allowed.
func tell(text string) (licence string, ok bool) {
	text = strings.Join(strings.Fields(strings.ReplaceAll(strings.ToLower(text), ">", " ")), " ")
	text = strings.ReplaceAll(text, ", version", " version")
	for _, k := range known {
		if strings.Contains(text, k.sentence) {
			return k.licence, k.allowed
		}
	}
	return "of no kind that is known", false
}
