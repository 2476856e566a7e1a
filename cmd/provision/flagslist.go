package main

import (
	"fmt"
	"os"
	"strings"

	"provision/plan"
)

// readList puts the lines of files, given as @FILE, in the place of their
// names. Empty lines and those that begin with # are left out. A list that
// comes to nothing is an error where something was given: it was meant to
// hold something.
func readList(given []string) ([]string, error) {
	var out []string
	for _, one := range given {
		path, isFile := strings.CutPrefix(strings.TrimSpace(one), "@")
		if !isFile {
			out = append(out, strings.TrimSpace(one))
			continue
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("read list: %w", err)
		}
		before := len(out)
		for line := range strings.Lines(strings.TrimPrefix(string(data), "\ufeff")) {
			if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
				out = append(out, line)
			}
		}
		if len(out) == before {
			return nil, fmt.Errorf("%s lists nothing", path)
		}
	}
	return out, plan.CheckList(out)
}
