// Package sheet is the desired side: it turns the bytes of spreadsheets into
// the rows of a [plan.Desired], each value with the cell it came from, and
// writes sheets.
//
// [Read] does all of it for several files. [Open] gives one file's sheets as
// [Reader] values for those who want the rows one by one.
//
// # Words
//
//   - Header: the row that holds our columns' names. Title rows may stand above
//     it; data rows stand below it.
//   - Mapping: which of our columns ([Columns]) each header cell is.
//   - Line: one data row as text, decoded by column but not judged.
//   - Normalise: bring a value to the one form that planning compares (a phone
//     number to E.164, a MAC to 12 hex digits), only where that needs no guess.
//   - Problem: something wrong at one cell; reading goes on behind it, so that
//     one pass tells all of them. A [FileError] concerns a file as a whole.
//   - Proven whole: the archive's checksums hold, the XML is well-formed to its
//     last byte, and the rows that the workbook library gave are those that an
//     independent count found. The library itself takes damage for the end of
//     the sheet.
//
// # How it reads
//
// A [Reader] gives cells with their addresses, of a CSV file from a csv.Reader.
// What is normalised is one row type with struct tags for both formats: gocsv
// decodes it from a csv.Reader that is given the rows as a CSV file has them, or
// those of a workbook written as CSV. So who wants cells does without gocsv's
// reflection, which takes longer than the rest. gocsv's callback forms are not
// used: they leak a goroutine or drain the file when the caller stops.
//
// # What it never does
//
// It never looks at the account, never guesses a value that the sheet has lost
// (a scientific number, a date in a postcode's place), never evaluates a
// formula, never writes to a file it reads, and never leaves an unpacked part
// on disk.
package sheet
