// Package plan holds the domain's words and the comparison of two states of
// an account: the one that a spreadsheet asks for and the one that is.
//
// It is pure. It reads no file, no clock and no network: [Build] makes a [Plan]
// out of rows ([Desired]), the live account ([Snapshot]) and [Options], and the
// same input gives the same bytes. Package plan/sheet makes the rows, package
// plan/snapshot reads the account, package executor carries a plan out.
//
// # Words
//
//   - Row: one line of the sheet. It states a goal, not a step.
//   - Change: one intended effect on one object of the account ([Change]); the
//     only unit that is counted.
//   - Extension, device, digital line: as the service means them. A device is
//     on an extension, or unassigned in the inventory.
//   - BYOD device: a phone of type OtherPhone; an inventory slot is an
//     unassigned one without a serial.
//   - Emergency response location (ERL): a named address kept by the account
//     ([Location]). An account is in one of two regimes: with ERLs, or with a
//     plain address on each device.
//   - Place: what two addresses have in common if an ambulance would go to the
//     same door.
//   - Guard: a limit on what one run may change without a person's word.
//
// # What it never does
//
// It never guesses which of several phones was meant, never plans a removal
// that no row asks for, and never takes "not listed" for "not there" where the
// snapshot is not complete for the question.
package plan
