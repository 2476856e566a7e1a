// Package wording says things the same way in every text, page and workbook:
// numbers, counts, durations, addresses and kinds of change, and it makes texts
// that came from a sheet or from the account safe to show.
//
// It only makes texts. It never decides what is shown and never writes.
package wording
