package doctor

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// Status is how a check ended.
type Status string

// The statuses.
const (
	OK      Status = "ok"
	Warning Status = "warning"
	Failed  Status = "failed"
)

// Check is one thing that was looked at.
type Check struct {
	// Name is what was looked at, a word or two.
	Name   string `json:"name"`
	Status Status `json:"status"`
	// Text is what was found, in one line.
	Text string `json:"text"`
	// Do is what to do about it; empty if nothing.
	Do string `json:"do,omitempty"`
}

// Report is all that was looked at.
type Report struct {
	// Status is the worst of the checks.
	Status Status  `json:"status"`
	Checks []Check `json:"checks"`
	// Limits are the throttling groups', as the service's answers told; service
	// time.
	Limits []Limit `json:"limits"`
}

// Limit is the limit of a throttling group.
type Limit struct {
	Group         string  `json:"group"`
	Calls         int     `json:"calls"`
	WindowSeconds float64 `json:"window_seconds"`
	// Told: an answer named it; else it is the documented one, or the last known.
	Told bool `json:"told"`
}

// Add adds a check.
func (r *Report) Add(name string, status Status, do, format string, args ...any) {
	text := strings.ReplaceAll(strings.TrimSpace(fmt.Sprintf(format, args...)), "\n", "; ")
	r.Checks = append(r.Checks, Check{Name: name, Status: status, Text: text, Do: do})
	if r.Status == "" || status == Failed || status == Warning && r.Status == OK {
		r.Status = status
	}
}

// Count counts the checks of a status.
func (r *Report) Count(status Status) int {
	n := 0
	for _, c := range r.Checks {
		if c.Status == status {
			n++
		}
	}
	return n
}

// WriteText writes the report for people.
func (r *Report) WriteText(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, c := range r.Checks {
		_, _ = fmt.Fprintf(t, "%s\t%s\t%s\n", c.Status, c.Name, c.Text) // its error is Flush's
		if c.Do != "" {
			_, _ = fmt.Fprintf(t, "\t\tdo: %s\n", c.Do)
		}
	}
	if err := t.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "\n%d ok, %d warning, %d failed\n", r.Count(OK), r.Count(Warning), r.Count(Failed))
	return err
}
