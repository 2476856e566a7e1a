package sheet

import "strings"

// Options say how sheets are read. The zero value is what an operator gets who
// passes no flag.
type Options struct {
	// Sheets names the sheets of a workbook to read, without regard to case;
	// a single "*" means all visible ones that have our header. Empty: the one
	// visible sheet that has it; several are refused.
	Sheets []string
	// Hidden says what becomes of data rows that are hidden or filtered out.
	Hidden Hidden
	// Map maps headers of the sheet to column names of ours.
	Map map[string]string
	// MapFile is a file of lines "Their header=our_column"; lines that begin
	// with # are comments. Map wins where both name a header.
	MapFile string
	// Delimiter is the character between the values of a CSV file, or "tab".
	// Empty: it is detected.
	Delimiter string
	// Encoding is the encoding of a CSV file by its IANA or WHATWG name
	// ("windows-1252", "utf-16le"). Empty: it is detected.
	Encoding string
	// Country is the ISO 3166 alpha-2 code that addresses without a country
	// get. Empty: such an address is an error.
	Country string
	// Region is the ISO 3166 alpha-2 code of the country whose notation a
	// phone number without country code is in. Empty means US.
	Region string
	// Limits bound what is read.
	Limits Limits
	// KeepNoRows is for those who want the problems only: every row is read and
	// judged, but Desired.Rows stays empty, so that memory does not grow with
	// the rows. Detected.DataRows tells how many there were.
	KeepNoRows bool
	// TempDir is where the private folder for unpacked parts is made; empty
	// means the system's folder.
	TempDir string
}

// Hidden is what becomes of hidden or filtered-out data rows.
type Hidden string

// The ways to treat hidden rows.
const (
	HiddenRefuse Hidden = ""     // refuse the sheet and name them
	HiddenRead   Hidden = "read" // treat them as if they were visible
	HiddenSkip   Hidden = "skip" // leave them out; Desired.HiddenSkipped counts them
)

func (o Options) withDefaults() Options {
	o.Limits = o.Limits.withDefaults()
	o.Country = strings.ToUpper(strings.TrimSpace(o.Country))
	o.Region = strings.ToUpper(strings.TrimSpace(o.Region))
	if o.Region == "" {
		o.Region = "US"
	}
	return o
}

// Detected is what was found out about one sheet, for people to check.
type Detected struct {
	File      string   // base name
	Sheet     string   // empty for CSV
	Format    string   // "csv" or "xlsx"
	Encoding  string   // of a CSV file
	Delimiter string   // of a CSV file; a tab is "tab"
	HeaderRow int      // line of the header, from 1
	DataRows  int      // rows that were read
	Skipped   []string // other sheets of the workbook that were not read, with the reason
	Notes     []string // guesses that were made, in words
}
