// Package report shows plans and results to people and to programs: as text
// for a terminal, as CSV, as an XLSX workbook and as JSON.
//
// It is pure: it reads no file, no clock and no account. It is given a
// [plan.Plan] and, for results, what the run's journal adds up to
// ([journal.State]), and writes to an io.Writer. The same input gives the same
// text, CSV and JSON.
//
// # Words
//
//   - View: a plan as a person reads it before saying yes ([View]).
//   - Report: what became of a plan ([Report]): one [Line] for each input row,
//     in the order of the sheets, every row exactly once, also when nothing was
//     done.
//   - Status: what became of a row or of a change ([Status]). A row has the
//     worst status of its changes; see [Statuses] for the order.
//   - Cause: changes that ended badly for the same reason ([Cause]), with what
//     to do next.
//   - Safety list: phones whose emergency address cannot be relied on. Texts
//     and workbooks open with it, as it decides where an ambulance goes.
//
// # Columns
//
// A report has the user's columns first, as the sheet has them, then ours
// ([Columns]). Where several sheets with different headers were read, the CSV
// and the workbook have the union of their columns. In JSON each row is an
// object: our keys are always there under their own names, and a user's column
// of such a name becomes "name (sheet)".
//
// # Cells that a spreadsheet would take for a formula
//
// In the workbook every text is a typed string, so that none is ever a formula.
// A CSV has no types; there [plan.GuardCell] puts an apostrophe before a cell that a
// spreadsheet program could evaluate: one that begins (after apostrophes and
// spaces) with =, +, -, @, a tab or a line break, or their full-width forms.
// Numbers with a sign, among them phone numbers such as +16505550101, are left
// as they are, for they are no formulas and have to stay usable. A cell that
// begins with apostrophes followed by such a character gets one more, so that
// [plan.UnguardCell] gives every cell back as it was.
//
// # What it never does
//
// It never leaves a row out, never calls a change applied that was not read
// back, and never writes a secret: neither plan nor journal holds one.
package report
