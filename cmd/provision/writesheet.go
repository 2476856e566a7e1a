package main

import (
	"bytes"
	"path/filepath"
	"strings"

	"provision/cmd/provision/wholefile"
	"provision/plan/sheet"
	"provision/rcclient/rcsim"
)

// sheetFormat is the format that a file's name asks for.
func sheetFormat(path string) (string, error) {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".xlsx":
		return sheet.FormatXLSX, nil
	case ".csv":
		return sheet.FormatCSV, nil
	}
	return "", usagef("%s: the name of a sheet ends in .xlsx or .csv", path)
}

// bookEnding is the ending of the workbook that a sheet of that name is given back
// as, marked or with results: a workbook keeps its kind, as one with macros would
// not open under another, and a CSV file becomes a plain one.
func bookEnding(name string) string {
	if ext := strings.ToLower(filepath.Ext(name)); strings.HasPrefix(ext, ".xls") || strings.HasPrefix(ext, ".xlt") {
		return ext
	}
	return ".xlsx"
}

// writeSheet writes generated rows, the header first.
func writeSheet(path string, rows []rcsim.SheetRow) error {
	format, err := sheetFormat(path)
	if err != nil {
		return err
	}
	var header []string
	var body [][]string
	for i, row := range rows {
		if i == 0 {
			header = row
			continue
		}
		body = append(body, row)
	}
	var buf bytes.Buffer
	if err := sheet.WriteSheet(&buf, format, header, body); err != nil {
		return err
	}
	return wholefile.Write(path, buf.Bytes(), 0o644)
}
