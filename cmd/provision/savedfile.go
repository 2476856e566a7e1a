package main

import (
	"fmt"
	"io"

	"provision/cmd/provision/wholefile"
	"provision/plan"
)

// savedFile is a file that a command makes, readable by its owner only. It is
// opened before the account is read, so that a folder that cannot be written is
// found out at once; its name is taken when it is complete. Without a path it
// is nothing.
type savedFile struct {
	path string
	file *wholefile.File
}

func openSaved(path string) (*savedFile, error) {
	if path == "" {
		return &savedFile{}, nil
	}
	if err := refuseFolder(path); err != nil {
		return nil, err
	}
	f, err := wholefile.New(path, 0o600)
	if err != nil {
		return nil, err
	}
	return &savedFile{path: path, file: f}, nil
}

// newSavedPlan opens the file that a plan goes to.
func newSavedPlan(path string) (*savedFile, error) {
	if err := refuseForeign(path); err != nil {
		return nil, err
	}
	s, err := openSaved(path)
	if err != nil {
		return nil, withHint(fmt.Errorf("save plan: %w", err), "name a file in a folder that can be written with -o")
	}
	return s, nil
}

func (s *savedFile) commitPlan(p *plan.Plan) error {
	if err := s.commit(func(w io.Writer) error { return plan.EncodeTo(w, p) }); err != nil {
		return fmt.Errorf("save plan %s: %w", s.path, err)
	}
	return nil
}

// commit writes the file; it is durable under its name when this returns.
func (s *savedFile) commit(write func(io.Writer) error) error {
	if s.file == nil {
		return nil
	}
	if err := write(s.file); err != nil {
		return err
	}
	if err := s.file.Commit(); err != nil {
		return err
	}
	s.file = nil
	return nil
}

// discard removes what was not committed.
func (s *savedFile) discard() {
	if s != nil && s.file != nil {
		_ = s.file.Discard() // nothing was written to the file's own name
	}
}
