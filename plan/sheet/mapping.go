package sheet

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
)

// keepOnly is the right side of a mapping for a header that is none of our
// columns and need not be mentioned.
const keepOnly = "-"

// mapping is what the operator said about headers: from the folded header to
// one of our columns, colNone for a header that is kept for the report only.
type mapping struct {
	columns map[string]columnID
	spelled map[string]string // folded header -> as the operator wrote it
}

// newMapping merges the mapping file and the flags.
func newMapping(opts Options, index headerIndex) (mapping, error) {
	m := mapping{columns: map[string]columnID{}, spelled: map[string]string{}}
	if opts.MapFile != "" {
		if err := m.readFile(opts.MapFile, index); err != nil {
			return m, err
		}
	}
	for _, header := range slices.Sorted(maps.Keys(opts.Map)) {
		if err := m.add(header, opts.Map[header], index); err != nil {
			return m, &FileError{File: "--map", Reason: ReasonMapping, Detail: err.Error(), Hint: mapHint}
		}
	}
	return m, nil
}

const mapHint = `write it as "Their header=our_column"; "provision template" lists our columns`

func (m *mapping) add(header, column string, index headerIndex) error {
	folded := foldHeader(header)
	if folded == "" {
		return errors.New("no header left of the equals sign")
	}
	id := colNone
	if strings.TrimSpace(column) != keepOnly {
		var ok bool
		if id, ok = index[foldHeader(column)]; !ok {
			hint := ""
			if near := index.nearName(column); near != "" {
				hint = fmt.Sprintf(", did you mean %q?", near)
			}
			return fmt.Errorf("%q is no column of ours%s", column, hint)
		}
	}
	m.columns[folded] = id
	m.spelled[folded] = header
	return nil
}

func (m *mapping) readFile(path string, index headerIndex) error {
	f, err := os.Open(path)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return &FileError{File: path, Reason: ReasonMissing, Detail: "there is no such mapping file", Hint: "check the path"}
		}
		return &FileError{File: path, Reason: ReasonMissing, Detail: "the mapping file can't be opened", Err: err}
	}
	defer f.Close() //nolint:errcheck // nothing is written
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(strings.TrimPrefix(lines.Text(), "\uFEFF"))
		if line == "" || line[0] == '#' {
			continue
		}
		// A header may hold an equals sign, a column of ours does not.
		i := strings.LastIndexByte(line, '=')
		if i < 0 {
			return &FileError{File: path, Reason: ReasonMapping, Detail: fmt.Sprintf("line %d has no equals sign", n), Hint: mapHint}
		}
		if err := m.add(line[:i], line[i+1:], index); err != nil {
			return &FileError{File: path, Reason: ReasonMapping, Detail: fmt.Sprintf("line %d: %v", n, err), Hint: mapHint}
		}
	}
	if err := lines.Err(); err != nil {
		return &FileError{File: path, Reason: ReasonMapping, Detail: "the mapping file can't be read", Err: err}
	}
	return nil
}

// unused lists the mapped headers that stand in none of the sheets, as they
// were written.
func (m *mapping) unused(used map[string]bool) []string {
	var names []string
	for folded, spelled := range m.spelled {
		if !used[folded] {
			names = append(names, spelled)
		}
	}
	slices.Sort(names)
	return names
}
