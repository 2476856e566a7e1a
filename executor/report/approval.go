package report

import (
	"time"

	"provision/executor/journal"
)

// NoteApproval is the code of the journal's note that keeps who approved a
// run's plan.
const NoteApproval = "approval"

// Approval says who approved a plan, as it was found when its run began.
type Approval struct {
	By       string    `json:"by"`
	At       time.Time `json:"at"`
	Expires  time.Time `json:"expires,omitzero"`
	Note     string    `json:"note,omitempty"`
	Key      string    `json:"key,omitempty"` // fingerprint of the signer's key; empty: not signed
	Verified string    `json:"verified"`      // how surely it is known, in words
}

// Journal is the approval as the journal keeps it.
func (a Approval) Journal() journal.Note {
	data := map[string]string{"by": a.By, "at": a.At.Format(time.RFC3339), "verified": a.Verified}
	if !a.Expires.IsZero() {
		data["expires"] = a.Expires.Format(time.RFC3339)
	}
	if a.Note != "" {
		data["note"] = a.Note
	}
	if a.Key != "" {
		data["key"] = a.Key
	}
	return journal.Note{Code: NoteApproval, Text: a.words(), Data: data}
}

func (a Approval) words() string {
	text := "approved by " + a.By + " on " + a.At.Format(time.RFC3339) + " (" + a.Verified + ")"
	if a.Note != "" {
		text += ": " + a.Note
	}
	return text
}

// ApprovalOf reads an approval back out of a journal's notes; nil if there is
// none.
func ApprovalOf(notes []journal.Note) *Approval {
	for i := len(notes) - 1; i >= 0; i-- {
		n := notes[i]
		if n.Code != NoteApproval {
			continue
		}
		a := &Approval{By: n.Data["by"], Note: n.Data["note"], Key: n.Data["key"], Verified: n.Data["verified"]}
		// A time that can't be read is none: the note's text still has it.
		a.At, _ = time.Parse(time.RFC3339, n.Data["at"])
		a.Expires, _ = time.Parse(time.RFC3339, n.Data["expires"])
		return a
	}
	return nil
}
