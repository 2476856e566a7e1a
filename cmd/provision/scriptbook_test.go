package main

import (
	"encoding/csv"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/xuri/excelize/v2"
)

// cmdBook makes a workbook of a CSV file and hides rows of it: book OUT IN ROW...
func cmdBook(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: book out in row...")
	}
	rows, err := csv.NewReader(strings.NewReader(ts.ReadFile(args[1]))).ReadAll()
	ts.Check(err)
	f := excelize.NewFile()
	for i, row := range rows {
		for j, text := range row {
			cell, err := excelize.CoordinatesToCellName(j+1, i+1)
			ts.Check(err)
			ts.Check(f.SetCellStr("Sheet1", cell, text))
		}
	}
	for _, row := range args[2:] {
		n, err := strconv.Atoi(row)
		ts.Check(err)
		ts.Check(f.SetRowVisible("Sheet1", n, false))
	}
	ts.Check(f.SaveAs(ts.MkAbs(args[0])))
	ts.Check(f.Close())
}
