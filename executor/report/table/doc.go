// Package table writes tables of text as CSV and as XLSX workbooks, for people
// who go on working with them in a spreadsheet program.
//
// # Words
//
//   - Table: a title, a header, and rows in parts ([Table]).
//   - Part: rows that belong together, as those of one site ([Part]). A
//     workbook has a sheet for each part; a CSV has all rows one after the
//     other, so the columns must say which part a row is of.
//   - Cell: text that came from anywhere: a sheet, the account, the service.
//
// # Hostile cells
//
// In a workbook every cell is a typed string, so that none is ever a formula;
// in a CSV cells are guarded by [plan.GuardCell]. [Clean] takes out what steers
// a terminal, turns the direction of writing or is no character at all. Cells
// longer than a workbook can hold are cut, and say so.
//
// It never writes a formula, a link or a macro, reads nothing, and gives the
// same bytes of CSV and the same cells of XLSX for the same table.
package table
