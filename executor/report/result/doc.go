// Package result is the report of a run as people read it: what became of the
// plan, as one HTML page, one JSON document, and more sheets of the workbook.
//
// # Words
//
//   - Result: everything that the page shows, and the JSON document ([Result]).
//     It opens with the phones whose emergency address is not confirmed, goes on
//     with what was not done, by cause and with what to do next, and then the
//     numbers assigned, kept and given up, the time line, the counts, the rows.
//   - Time line: calls per minute and throttling group against the limit (see
//     package timeline), drawn, and as a table for who can't see the drawing.
//   - Rehearsal: a result of a run that happened in a simulator only; every form
//     says so before anything else.
//
// All forms are made of one report, so that their numbers are the same; a
// redacted report makes a redacted result.
//
// It never fetches anything, never says that something was done that was not
// read back, and never holds a secret.
package result
