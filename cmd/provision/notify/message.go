package notify

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"provision/cmd/provision/config"
)

// Format names the form of a [Document]; it changes when a field changes its
// meaning.
const Format = "provision.notification/1"

// Message is what happened, with all details. Redacted receivers do not get
// Private.
type Message struct {
	Event config.Event
	// ID tells the message from others; empty: it is made of run, event and
	// outcome.
	ID string
	// Test marks a message that was asked for by "notify test".
	Test bool
	// Time is when it happened.
	Time time.Time
	// Run is the run's id; empty if none was begun.
	Run string
	// Sheets are the names of the sheets' files, without their folders.
	Sheets []string
	// Outcome is the event in the words of an unattended run's last line, as
	// could_not_start; it tells apart how a run was partial or failed.
	Outcome string
	// ExitCode is the program's; not for the event start.
	ExitCode int
	// Cause is why it could not start, as credentials_expired; may be empty.
	Cause string
	// Changes and Rows count by status.
	Changes, Rows map[string]int
	// Unconfirmed counts phones whose emergency address is not confirmed.
	Unconfirmed int
	Private     Private
}

// Private is what only receivers with full details get.
type Private struct {
	// Reason is the error's text.
	Reason string `json:"reason,omitempty"`
	// Next is the error's hint.
	Next string `json:"next_step,omitempty"`
	// Folder is the run's folder.
	Folder string `json:"folder,omitempty"`
	// Rows are the rows that need somebody; More counts those left out.
	Rows []Row `json:"rows,omitempty"`
	More int   `json:"more_rows,omitempty"`
}

// Row is a row that needs somebody.
type Row struct {
	Source    string `json:"source,omitempty"`
	Status    string `json:"status"`
	Extension string `json:"extension,omitempty"`
	Person    string `json:"person,omitempty"`
	Device    string `json:"device_id,omitempty"`
	Number    string `json:"number,omitempty"`
	Message   string `json:"message,omitempty"`
}

// MostRows is how many rows a message holds at most.
const MostRows = 50

// Document is what a receiver gets of a message: the body of a json webhook,
// the standard input of a hook, and what templates see.
type Document struct {
	Format string `json:"format"`
	// ID is the same whenever the same event of the same run is told, so that a
	// receiver can tell a repetition.
	ID       string         `json:"id"`
	Event    config.Event   `json:"event"`
	Test     bool           `json:"test,omitempty"`
	Time     time.Time      `json:"time"`
	Version  string         `json:"version"`
	Profile  string         `json:"profile"`
	Run      string         `json:"run,omitempty"`
	Sheets   []string       `json:"sheets,omitempty"`
	Outcome  string         `json:"outcome"`
	ExitCode int            `json:"exit_code"`
	Cause    string         `json:"cause,omitempty"`
	Changes  map[string]int `json:"changes,omitempty"`
	Rows     map[string]int `json:"rows,omitempty"`
	// Unconfirmed counts phones whose emergency address is not confirmed.
	Unconfirmed int    `json:"addresses_not_confirmed"`
	Next        string `json:"next_step,omitempty"`
	// Text is the message for people: that of the template where there is one.
	Text string `json:"text"`
	// Details are nil for a redacted receiver.
	Details *Private `json:"details,omitempty"`
}

// key tells events of one run apart. The outcome is part of it: a run that was
// stopped is partial, and may be partial again when it has ended.
func (m *Message) key() string { return string(m.Event) + "/" + m.Outcome }

// document is what a receiver gets.
func (t *Teller) document(m *Message, full bool) *Document {
	of := m.Run
	if of == "" {
		of = m.Time.UTC().Format("20060102T150405.000Z")
	}
	d := &Document{
		Format: Format, ID: cmp.Or(m.ID, of+"/"+m.key()), Event: m.Event, Test: m.Test, Time: m.Time.UTC().Truncate(time.Millisecond),
		Version: t.o.Version, Profile: t.o.Profile, Run: m.Run, Sheets: m.Sheets, Outcome: m.Outcome, ExitCode: m.ExitCode,
		Cause: m.Cause, Changes: m.Changes, Rows: m.Rows, Unconfirmed: m.Unconfirmed, Next: nextStep(m),
	}
	if full {
		details := m.Private
		d.Details = &details
	}
	d.Text = strings.ToValidUTF8(d.words(), "?")
	if len(d.Text) > maxText {
		d.Text = strings.ToValidUTF8(d.Text[:maxText], "") // what the cut left of a letter
	}
	return d
}

// nextStep is what a person should do, in words that hold nothing of anybody.
func nextStep(m *Message) string {
	run := m.Run
	switch {
	case m.Test:
		return "nothing: this is a test"
	case m.Event == config.EventStart || m.Event == config.EventDone:
		return ""
	case m.Event == config.EventAddress:
		return fmt.Sprintf(`look at the phones that "provision report %s" lists first: an emergency call may reach the wrong place`, run)
	case m.Outcome == OutcomeUnfinished || m.Outcome == OutcomeInterrupted:
		return fmt.Sprintf(`it goes on with "provision resume %s", or with the next unattended run`, run)
	case m.Event == config.EventPartial:
		return fmt.Sprintf(`read "provision report %s" and mend what is left over`, run)
	case m.Event == config.EventHeld:
		return `look at the sheet with "provision plan": nothing was sent of it`
	case run != "":
		return fmt.Sprintf(`read the log, mend the trouble, then "provision resume %s"`, run)
	}
	return `read the log; "provision doctor" finds what is wrong`
}

// Outcomes that are no end of a run.
const (
	OutcomeStarted     = "started"
	OutcomeUnfinished  = "unfinished"
	OutcomeInterrupted = "interrupted"
)

// words is the message without a template.
func (d *Document) words() string {
	var b strings.Builder
	if d.Test {
		b.WriteString("TEST, nothing has happened: ")
	}
	fmt.Fprintf(&b, "provision (%s): %s", d.Profile, headline(d.Event))
	if d.Outcome != string(d.Event) && d.Event != config.EventStart && d.Event != config.EventAddress {
		fmt.Fprintf(&b, " (%s)", d.Outcome)
	}
	if len(d.Sheets) > 0 {
		fmt.Fprintf(&b, ", %s", strings.Join(d.Sheets, ", "))
	}
	if d.Run != "" {
		fmt.Fprintf(&b, ", run %s", d.Run)
	}
	line := func(name, text string) {
		if text != "" {
			fmt.Fprintf(&b, "\n%s: %s", name, text)
		}
	}
	line("cause", d.Cause)
	line("changes", counts(d.Changes))
	line("rows", counts(d.Rows))
	if d.Unconfirmed > 0 {
		line("addresses not confirmed", fmt.Sprint(d.Unconfirmed))
	}
	if d.Details != nil {
		line("reason", d.Details.Reason)
		line("hint", d.Details.Next)
		line("folder", d.Details.Folder)
		for _, r := range d.Details.Rows {
			line("row "+r.Source, strings.Join(slices.DeleteFunc([]string{r.Status, r.Extension, r.Person, r.Number, r.Message}, func(s string) bool { return s == "" }), ", "))
		}
		if d.Details.More > 0 {
			line("more rows", fmt.Sprint(d.Details.More))
		}
	}
	line("next", d.Next)
	return b.String()
}

func headline(e config.Event) string {
	switch e {
	case config.EventStart:
		return "run started"
	case config.EventHeld:
		return "held, nothing was sent"
	case config.EventDone:
		return "done"
	case config.EventPartial:
		return "something is left over"
	case config.EventFailed:
		return "failed"
	case config.EventAddress:
		return "emergency address not confirmed"
	}
	return string(e)
}

// counts writes counts in the order of their names.
func counts(by map[string]int) string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(by)) {
		all = append(all, fmt.Sprintf("%d %s", by[name], name))
	}
	return strings.Join(all, ", ")
}
