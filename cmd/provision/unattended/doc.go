// Package unattended conducts a run that nobody watches: it first goes on with
// the account's open runs, then plans and applies sheets, tries again what
// could not start for a passing trouble, and says in one value how it ended.
//
// # Words
//
//   - Step: what the command line can do by itself: list open runs, go on with
//     one, run sheets.
//   - Ended: how one step ended.
//   - Result: how all of it ended, typed, for whoever called: the command that
//     turns it into an exit code and a log line, the inbox that moves the sheet.
//   - Cause: why nothing could be started.
//
// # What it never does
//
// It sends nothing, reads no file and asks nobody: steps do, and they refuse
// what a person would have to decide. It tries nothing again but what cannot
// have begun, or what goes on with a run where that stopped; refused credentials
// are not tried again before they have changed.
package unattended
