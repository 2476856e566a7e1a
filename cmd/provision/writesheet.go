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
