package sheet

import (
	"fmt"
)

// FileError says why a file as a whole can't be used, and what to do about it.
type FileError struct {
	File   string // as it was given
	Sheet  string // where one sheet of the file is meant
	Reason Reason
	Detail string // what is wrong, for people
	Hint   string // what to do
	Err    error  // the cause, where there is one
}

// Reason is the kind of a [FileError], stable and meant for programs.
type Reason string

// The reasons for which a file is refused.
const (
	ReasonMissing      Reason = "file_missing"        // no such file, a folder, or not readable
	ReasonEmpty        Reason = "sheet_empty"         // nothing in it, or nothing below the header
	ReasonFormat       Reason = "not_a_spreadsheet"   // content that is no CSV or XLSX, whatever the name
	ReasonUnsupported  Reason = "format_unsupported"  // .xls, .xlsb, .ods, .numbers
	ReasonEncrypted    Reason = "file_encrypted"      // needs a password
	ReasonDamaged      Reason = "file_damaged"        // can't be proven whole
	ReasonTooLarge     Reason = "file_too_large"      // beyond a limit
	ReasonEncoding     Reason = "encoding_unreadable" // text in an encoding that can't be told
	ReasonNoHeader     Reason = "header_not_found"    // no row with our columns
	ReasonManySheets   Reason = "several_sheets"      // several visible sheets with our header
	ReasonNoSheet      Reason = "sheet_not_found"     // --sheet names one that is not there
	ReasonHiddenRows   Reason = "hidden_rows"         // hidden or filtered-out data rows
	ReasonCSVSyntax    Reason = "csv_syntax"          // a quoted value that does not end as it should
	ReasonMapping      Reason = "mapping_invalid"     // --map or the mapping file can't be used
	ReasonChanged      Reason = "file_changed"        // written to while it was read
	ReasonInternalRead Reason = "workbook_unreadable" // the workbook library gave up
)

// Error says what is wrong with the file, and what to do. What the workbook
// library says is left to [FileError.Unwrap]: it speaks to programmers.
func (e *FileError) Error() string {
	name := e.File
	if e.Sheet != "" {
		name += "!" + e.Sheet
	}
	s := name + ": " + e.Detail
	if e.Err != nil && e.Reason != ReasonInternalRead {
		s += ": " + e.Err.Error()
	}
	if e.Hint != "" {
		s += "; " + e.Hint
	}
	return s
}

// Unwrap gives the cause.
func (e *FileError) Unwrap() error { return e.Err }

// damaged makes the error for a file that can't be proven whole.
func damaged(format string, args ...any) *FileError {
	return &FileError{
		Reason: ReasonDamaged,
		Detail: "can't be proven whole: " + fmt.Sprintf(format, args...),
		Hint:   "open it in a spreadsheet program, save it anew and compare the number of rows",
	}
}
