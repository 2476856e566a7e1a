package approval

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// FormatVersion is the version of a statement's form. A statement of another
// version is refused.
const FormatVersion = 1

// Limits of a statement, in bytes. They keep a file that is something else from
// being taken in.
const (
	maxStatement = 64 << 10
	maxName      = 256
	maxNote      = 4 << 10
)

// Statement is what an approver said.
type Statement struct {
	FormatVersion int    `json:"format_version"`
	PlanDigest    string `json:"plan_digest"` // SHA-256 in hex, as the plan has it
	Account       string `json:"account"`     // the account's id
	// By is who approves: where approvers are listed, a name of that list.
	By   string `json:"by"`
	Note string `json:"note,omitempty"`
	// Changes is how many changes the plan has, for people.
	Changes int       `json:"changes"`
	At      time.Time `json:"at"`
	// Expires is from when on the approval is worth nothing; zero means never.
	Expires time.Time `json:"expires,omitzero"`
}

// Encode gives the bytes of the statement: what is written into the file and
// what is signed.
func (s Statement) Encode() ([]byte, error) {
	s.FormatVersion = FormatVersion
	s.At, s.Expires = seconds(s.At), seconds(s.Expires)
	if err := s.complete(); err != nil {
		return nil, fmt.Errorf("write approval: %w", err)
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(s); err != nil {
		return nil, fmt.Errorf("write approval: %w", err)
	}
	return b.Bytes(), nil
}

func seconds(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.UTC().Truncate(time.Second)
}

// Decode reads a statement. It does not say whether the statement is true, nor
// whether it is about a plan at hand: [Check] does.
func Decode(data []byte) (Statement, error) {
	var s Statement
	if len(data) > maxStatement {
		return Statement{}, fmt.Errorf("read approval: %w: it is too large", ErrNoApproval)
	}
	if err := json.Unmarshal(data, &s); err != nil {
		return Statement{}, fmt.Errorf("read approval: %w: %w", ErrNoApproval, err)
	}
	if s.FormatVersion != FormatVersion {
		return Statement{}, fmt.Errorf("read approval: %w: it has the format version %d, this program knows %d",
			ErrNoApproval, s.FormatVersion, FormatVersion)
	}
	if err := s.complete(); err != nil {
		return Statement{}, fmt.Errorf("read approval: %w: %w", ErrNoApproval, err)
	}
	return s, nil
}

// ErrNoApproval says that the bytes are no approval, or not a whole one.
var ErrNoApproval = errors.New("this is no approval")

// complete says what a statement lacks.
func (s Statement) complete() error {
	switch {
	case s.PlanDigest == "":
		return errors.New("it names no plan")
	case strings.TrimSpace(s.By) == "":
		return errors.New("it does not say by whom")
	case len(s.By) > maxName || !printable(s.By) || s.By != strings.TrimSpace(s.By):
		return errors.New("the name in it is no name: one line, without blanks around it")
	case len(s.Note) > maxNote || !utf8.ValidString(s.Note):
		return fmt.Errorf("the note in it is no text, or longer than %d bytes", maxNote)
	case s.At.IsZero():
		return errors.New("it does not say when")
	case !s.Expires.IsZero() && !s.Expires.After(s.At):
		return errors.New("it expires before it begins")
	}
	return nil
}

// printable reports whether a text can be shown in one line as it is.
func printable(text string) bool {
	return utf8.ValidString(text) && strings.IndexFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) < 0
}
