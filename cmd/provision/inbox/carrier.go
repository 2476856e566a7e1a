package inbox

import (
	"context"
	"time"

	"provision/cmd/provision/exitcode"
)

// Place is where a sheet goes.
type Place string

// The places. All but Stay are folders of the inbox.
const (
	// Done: all is as the sheet wants it.
	Done Place = "done"
	// Held: nothing was sent of it; a person has to look.
	Held Place = "held"
	// Partial: carried out, and something is left over for people.
	Partial Place = "partial"
	// Stay: it is not over. The sheet stays in working, and so do those behind it
	// in the inbox: what stopped it is no fault of its own.
	Stay Place = "working"
)

// Sheet is a sheet that was taken.
type Sheet struct {
	// ID is the claim's: it is part of Path and of no other sheet's path ever.
	ID string
	// Name is the file's name, as it came.
	Name string
	// Path is where it lies while it is worked on; absolute.
	Path string
}

// Carrier carries one sheet out. Its methods return when the work is over or was
// stopped; a stop is no error but an [End] with the place Stay.
type Carrier interface {
	// Begun finds the run that was begun of the sheet; empty if there is none. It is
	// asked only for a claim of before.
	Begun(ctx context.Context, s Sheet) (run string, err error)
	// Carry carries out a sheet of which no run was begun.
	Carry(ctx context.Context, s Sheet) End
	// GoOn goes on with the run that was begun of the sheet, or finds out how it
	// ended.
	GoOn(ctx context.Context, s Sheet, run string) End
}

// End is what came of a sheet.
type End struct {
	Place Place
	// Outcome is the end in one word.
	Outcome string
	// ExitCode is the program's, for this sheet alone.
	ExitCode exitcode.Code
	// Run and Folder are the sheet's run; empty if none was begun.
	Run, Folder string
	// Reason is one line on why it is not done; Next what a person should do.
	Reason, Next string
	// Changes and Rows count by status.
	Changes, Rows map[string]int
	// Unconfirmed counts phones whose emergency address is not confirmed.
	Unconfirmed int
	// Papers are put beside the sheet.
	Papers []Paper
}

// Paper is a file to be put beside a sheet.
type Paper struct {
	// Suffix is added to the sheet's name, as "plan.html" of week.csv makes
	// week.csv.plan.html.
	Suffix string
	Data   []byte
}

// Result is what is written beside a sheet as NAME.result.json, and what the
// program's own document lists.
type Result struct {
	// Sheet is the name that the sheet came under; File the path it has now.
	Sheet string `json:"sheet"`
	File  string `json:"file"`
	Place Place  `json:"place"`
	// Outcome is the end in one word; ExitCode the program's for it.
	Outcome  string        `json:"outcome"`
	ExitCode exitcode.Code `json:"exit_code"`
	Reason   string        `json:"reason,omitempty"`
	Next     string        `json:"next_step,omitempty"`
	Run      string        `json:"run,omitempty"`
	Folder   string        `json:"folder,omitempty"`
	// SHA256 is the digest of the sheet's bytes.
	SHA256  string         `json:"sha256,omitempty"`
	Taken   time.Time      `json:"taken"`
	Ended   time.Time      `json:"ended"`
	Changes map[string]int `json:"changes,omitempty"`
	Rows    map[string]int `json:"rows,omitempty"`
	// Unconfirmed counts phones whose emergency address is not confirmed.
	Unconfirmed int `json:"addresses_not_confirmed,omitempty"`
	// Papers are the files beside it, by path.
	Papers []string `json:"papers,omitempty"`
}

// Kind is what an event is about.
type Kind string

// The kinds.
const (
	Started        Kind = "start"                 // a sheet was taken
	SheetDone      Kind = "done"                  // it is in done
	SheetHeld      Kind = "held"                  // it is in held
	SheetPartial   Kind = "partial"               // it is in partial
	Failed         Kind = "failed"                // it could not start, or broke off; it stays in working
	Waiting        Kind = "waiting"               // it was stopped and is gone on with next time
	AddressPending Kind = "address_not_confirmed" // beside done or partial
)

// Event is something that people may want to be told. It holds no address, no
// person and no secret, but what Reason quotes of a sheet.
type Event struct {
	// ID tells events apart: one that comes twice, as the process died while it
	// was told, has the same.
	ID   string    `json:"id"`
	Kind Kind      `json:"kind"`
	At   time.Time `json:"at"`
	// Inbox is the folder.
	Inbox string `json:"inbox"`
	Result
}
