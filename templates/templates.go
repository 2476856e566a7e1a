package templates

import (
	_ "embed" // for the files below
	"encoding/csv"
	"fmt"
	"strings"
)

//go:embed columns.csv
var columnsCSV string

// Column is one column of a blank sheet.
type Column struct {
	Name        string // as it stands in the header
	Description string // one or two sentences for the person who fills it
	// Examples are the column's values in each of the example rows that
	// [ExampleNames] names; empty where that row leaves it blank.
	Examples []string
}

// exampleStart is the index of the first example in a record of columns.csv.
const exampleStart = 2

// Columns lists the columns of a blank sheet in the order in which they are
// offered. An error means that the embedded file is damaged.
func Columns() ([]Column, error) {
	records, err := readColumns()
	if err != nil {
		return nil, err
	}
	columns := make([]Column, 0, len(records)-1)
	for _, rec := range records[1:] {
		columns = append(columns, Column{Name: rec[0], Description: rec[1], Examples: rec[exampleStart:]})
	}
	return columns, nil
}

// ExampleNames says in a few words what each example row shows.
func ExampleNames() ([]string, error) {
	records, err := readColumns()
	if err != nil {
		return nil, err
	}
	return records[0][exampleStart:], nil
}

func readColumns() ([][]string, error) {
	records, err := csv.NewReader(strings.NewReader(columnsCSV)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read embedded columns.csv: %w", err)
	}
	if len(records) < 2 || len(records[0]) <= exampleStart {
		return nil, fmt.Errorf("read embedded columns.csv: no columns or no examples in it")
	}
	return records, nil
}
