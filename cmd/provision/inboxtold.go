package main

import (
	"fmt"
	"io"
	"strings"

	"provision/cmd/provision/inbox"
)

// logEvent makes an event of an inbox a log line and, where text is wanted, a line
// on stdout.
func (a *app) logEvent(e inbox.Event, text bool) {
	line := a.log.Log().Str("event", string(e.Kind)).Str("event_id", e.ID).Str("sheet", e.Sheet).Str("file", e.File)
	if e.Kind != inbox.Started {
		line = line.Str("outcome", e.Outcome).Int("exit_code", int(e.ExitCode))
	}
	for _, f := range [][2]string{{"run", e.Run}, {"folder", e.Folder}, {"reason", oneLine(e.Reason)}, {"next_step", e.Next}} {
		if f[1] != "" {
			line = line.Str(f[0], f[1])
		}
	}
	if len(e.Changes) > 0 {
		line = line.Interface("changes", e.Changes)
	}
	if len(e.Rows) > 0 {
		line = line.Interface("rows", e.Rows)
	}
	if e.Unconfirmed > 0 {
		line = line.Int("addresses_not_confirmed", e.Unconfirmed)
	}
	line.Msg("inbox")
	if text && e.Kind != inbox.Started && e.Kind != inbox.AddressPending {
		_, _ = io.WriteString(a.stdout, inboxLine(e))
	}
}

// inboxLine is a sheet's end for people.
func inboxLine(e inbox.Event) string {
	text := fmt.Sprintf("%-8s %s", e.Place, e.Sheet)
	var more []string
	if e.Reason != "" {
		more = append(more, e.Reason)
	}
	if e.Run != "" {
		more = append(more, "run "+e.Run)
	}
	if len(more) > 0 {
		text += ": " + oneLine(strings.Join(more, "; "))
	}
	return text + "\n"
}

// sayLeft tells what is in the inbox still.
func (a *app) sayLeft(out inbox.Summary) {
	if len(out.Left) > 0 {
		a.say("not complete yet, left in the inbox: " + strings.Join(out.Left, ", "))
	}
	if len(out.Behind) > 0 {
		a.say("waiting in the inbox: " + strings.Join(out.Behind, ", "))
	}
}

// inboxCounts says in a few words what became of the sheets.
func inboxCounts(out inbox.Summary) string {
	var parts []string
	for _, p := range []inbox.Place{inbox.Done, inbox.Partial, inbox.Held} {
		if n := out.Places[p]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, p))
		}
	}
	if n := out.Places[inbox.Stay]; n > 0 {
		parts = append(parts, fmt.Sprintf("%d not over", n))
	}
	if n := len(out.Left); n > 0 {
		parts = append(parts, fmt.Sprintf("%d not complete", n))
	}
	if n := len(out.Behind); n > 0 {
		parts = append(parts, fmt.Sprintf("%d waiting", n))
	}
	if len(parts) == 0 {
		return "no sheet was worked on"
	}
	return strings.Join(parts, ", ")
}

// logInbox writes the one line that says how the work on an inbox ended,
// whatever the log's level is.
func (a *app) logInbox(dir string, out inbox.Summary, err error) {
	line := a.log.Log().Str("inbox", dir).Int("exit_code", int(codeOf(err)))
	for _, p := range []inbox.Place{inbox.Done, inbox.Partial, inbox.Held, inbox.Stay} {
		line = line.Int(string(p), out.Places[p])
	}
	line = line.Int("not_complete", len(out.Left)).Int("waiting", len(out.Behind))
	if err != nil {
		line = line.Str("reason", errorText(err))
	}
	line.Msg("inbox ended")
}
