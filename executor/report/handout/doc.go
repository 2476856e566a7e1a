// Package handout makes the papers that a run hands to people who never see
// the program: the installer at the phones, the auditor, the helpdesk.
//
// # Words
//
//   - Hand-out: a table for one kind of reader ([Kind]), made of a plan and of
//     what became of it ([Make]).
//   - Installer sheet: per site and floor, which phone is taken away, which one
//     is put there, and whether it may be done now.
//   - Auditor sheet: per line, where help was sent to before and where it is
//     sent to now, who says so and when that was read.
//   - Helpdesk list: number → person, for the lines that this run changed.
//   - Redacted twin: the same table with tokens in the place of persons,
//     numbers, places and serials ([redact.Tokens]).
//
// # What it never does
//
// An installer sheet and a helpdesk list hold no address and no emergency
// location, only a floor that an address names. No hand-out holds a secret or
// free text of a sheet: cells of the operator's own columns are in none. A
// change that is not known to have happened is never shown as done.
package handout
