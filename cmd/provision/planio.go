package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"provision/plan"
)

// readPlan reads a saved plan. One that was edited or cut short is refused, and
// so is what never was a plan.
func readPlan(path string) (*plan.Plan, error) {
	f, err := openRegular(path)
	if err != nil {
		return nil, withHint(fmt.Errorf("read plan: %w", err), `make a plan with "provision plan SHEET -o plan.json"`)
	}
	defer func() { _ = f.Close() }()
	if !looksLikePlanFile(f) {
		return nil, noPlan(path)
	}
	p, err := plan.DecodeFrom(f)
	if err != nil {
		return nil, withHint(fmt.Errorf("read plan %s: %w", path, err), `make the plan anew with "provision plan SHEET -o plan.json"`)
	}
	return p, nil
}

// planBeginning is how much of a file tells whether it is a plan: those that
// this program wrote begin with the version of their format.
const planBeginning = 4096

// looksLikePlanFile is looksLikePlan of a file, most of which is not read if
// its beginning tells. The file is at its beginning afterwards; one that can't
// be read is found out about by reading it.
func looksLikePlanFile(f *os.File) bool {
	begin := make([]byte, planBeginning)
	n, err := io.ReadFull(f, begin)
	like := looksLikePlan(begin[:n])
	if !like && err == nil {
		if rest, err := io.ReadAll(f); err == nil {
			like = looksLikePlan(append(begin, rest...))
		}
	}
	_, err = f.Seek(0, io.SeekStart)
	return like || err != nil
}

// looksLikePlan tells a plan, also one that was cut short or edited, from other
// files: it is a JSON object that begins with the version of its format.
func looksLikePlan(data []byte) bool {
	d := json.NewDecoder(bytes.NewReader(data))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return false
	}
	t, err := d.Token()
	if err != nil || t == "format_version" {
		return true // an object that is cut before its first name may be one
	}
	var doc map[string]json.RawMessage
	if json.Unmarshal(data, &doc) != nil {
		return false
	}
	_, ok := doc["format_version"]
	return ok
}

// noPlan says what to do with a file that is something else.
func noPlan(path string) error {
	hint := `make a plan with "provision plan SHEET -o plan.json"`
	switch strings.ToLower(filepath.Ext(path)) {
	case ".csv", ".xlsx", ".tsv", ".txt":
		hint = fmt.Sprintf("to plan and apply a sheet use: provision run %s", path)
	}
	return withHint(usagef("%s", isNo(path, "plan")), hint)
}
