package retain

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// SummaryFile is the file that makes a folder a redacted run's, ReportsDir the
// folder beside it with the redacted reports.
const (
	SummaryFile = "summary.json"
	ReportsDir  = "redacted"
)

// summaryFormat is the version of the summary's form.
const summaryFormat = 1

// Summary is what a redacted run keeps of itself: no name, number or address.
type Summary struct {
	FormatVersion int            `json:"format_version"`
	Run           string         `json:"run"`
	Server        string         `json:"server"`
	Account       string         `json:"account"`
	Program       string         `json:"program"` // version that ran it
	PlanDigest    string         `json:"plan_digest"`
	Begun         time.Time      `json:"begun"`
	Ended         time.Time      `json:"ended"`
	Exit          string         `json:"exit,omitempty"`
	Redacted      time.Time      `json:"redacted"`
	Changes       map[string]int `json:"changes"` // by status
	Rows          map[string]int `json:"rows"`    // by status
}

// ErrSummary is the error of a summary that can't be read.
var ErrSummary = errors.New("no summary of a redacted run")

// ReadSummary reads the summary of a folder. The error is [os.ErrNotExist] if
// it has none, and so is no redacted run's.
func ReadSummary(dir string) (Summary, error) {
	data, err := os.ReadFile(filepath.Join(dir, SummaryFile))
	if err != nil {
		return Summary{}, err
	}
	var s Summary
	if err := json.Unmarshal(data, &s); err != nil || s.FormatVersion != summaryFormat || s.Run == "" {
		return Summary{}, fmt.Errorf("read %s: %w", filepath.Join(dir, SummaryFile), ErrSummary)
	}
	return s, nil
}

// Encode is the summary as a file.
func (s Summary) Encode() ([]byte, error) {
	s.FormatVersion = summaryFormat
	data, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write summary: %w", err)
	}
	return append(data, '\n'), nil
}

// kept are the names of a redacted run's folder.
func kept() map[string]bool { return map[string]bool{SummaryFile: true, ReportsDir: true} }

// Unclean reports whether a redacted run's folder still holds other files.
func Unclean(dir string) bool {
	entries, err := os.ReadDir(dir)
	return err == nil && slices.ContainsFunc(entries, func(e os.DirEntry) bool { return !kept()[e.Name()] })
}

// Redaction replaces the content of a run's folder by a summary and documents.
// The summary's name is the step that counts: before it the run is what it was,
// after it it is redacted, and [Redaction.Finish] removes what is left over.
type Redaction struct{ FS FS }

// Redact redacts a run that nobody works on. Docs are the files of the folder
// [ReportsDir] by name.
func (d Redaction) Redact(r Run, s Summary, docs map[string][]byte) error {
	if err := d.write(r, s, docs); err != nil {
		return fmt.Errorf("redact run %s: %w", r.ID, err)
	}
	return d.Finish(r)
}

func (d Redaction) write(r Run, s Summary, docs map[string][]byte) error {
	summary, err := s.Encode()
	if err != nil {
		return err
	}
	reports := filepath.Join(r.Dir, ReportsDir)
	if err := d.FS.Mkdir(reports); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(docs)) {
		if err := writeFile(d.FS, filepath.Join(reports, name), all(docs[name])); err != nil {
			return err
		}
	}
	if err := d.FS.SyncDir(reports); err != nil {
		return err
	}
	path := filepath.Join(r.Dir, SummaryFile)
	if err := writeFile(d.FS, path+".new", all(summary)); err != nil {
		return err
	}
	if err := d.FS.Rename(path+".new", path); err != nil {
		return err
	}
	return d.FS.SyncDir(r.Dir)
}

func all(data []byte) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	}
}

// Finish removes what a redacted run must not hold any more, also an archive
// that was made of it before.
func (d Redaction) Finish(r Run) error {
	err := empty(d.FS, r.Dir, kept())
	if err == nil {
		err = d.FS.SyncDir(r.Dir)
	}
	if err == nil {
		err = d.FS.Remove(r.Archive())
	}
	if err == nil {
		err = d.FS.SyncDir(filepath.Dir(r.Dir))
	}
	if err != nil {
		return fmt.Errorf("redact run %s: %w", r.ID, err)
	}
	return nil
}
