// Command mksamples writes the sample sheets and the simulated accounts that
// go with them. The same program always writes the same bytes; a test compares
// them with what is checked in.
//
// All people, places and numbers are invented: numbers are of the ranges kept
// for fiction (555-01xx), serials of the range kept for documentation
// (00:00:5E:00:53:xx), e-mail addresses end in .example.
package main

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

func main() {
	dir := flag.String("o", "samples", "the folder to write to")
	flag.Parse()
	if err := write(*dir); err != nil {
		fmt.Fprintln(os.Stderr, "mksamples:", err)
		os.Exit(1)
	}
}

// file is one file of the samples folder.
type file struct {
	name string
	data []byte
}

// write makes all files anew.
func write(dir string) error {
	files, err := makeFiles()
	if err != nil {
		return err
	}
	for _, f := range files {
		if err := os.WriteFile(filepath.Join(dir, f.name), f.data, 0o600); err != nil {
			return fmt.Errorf("write sample: %w", err)
		}
	}
	return nil
}

// sample is one sheet and the accounts to try it on.
type sample struct {
	name     string // of the account files, without ending; empty where none is needed
	sheet    string // file name of the sheet
	title    string // of the workbook's sheet
	table    table
	text     string         // instead of the table, where the form of the file matters
	arrange  func(*account) // what is special about the account
	twoFaced bool           // there is an account of each emergency regime
}

// samples lists all samples.
func samples() []sample {
	return []sample{
		{name: "onboarding", sheet: "onboarding.xlsx", title: "New starters", table: onboarding(), arrange: onboardingAccount, twoFaced: true},
		{name: "moves", sheet: "moves.csv", table: moves(), arrange: movesAccount, twoFaced: true},
		{name: "refresh", sheet: "refresh.xlsx", title: "Refresh", table: refresh(), arrange: refreshAccount, twoFaced: true},
		{name: "offboarding", sheet: "offboarding.csv", table: offboarding(), arrange: offboardingAccount},
		{name: "stock", sheet: "stock.csv", table: stock(), arrange: stockAccount},
		{name: "broken", sheet: "broken.xlsx", title: "Broken", table: broken(), arrange: brokenAccount},
		{sheet: "broken.csv", text: brokenText()}, // validate needs no account
	}
}

// makeFiles makes all files in memory.
func makeFiles() ([]file, error) {
	var files []file
	for _, s := range samples() {
		if s.text != "" {
			files = append(files, file{s.sheet, []byte(s.text)})
			continue
		}
		data, err := s.table.encode(s.sheet, s.title)
		if err != nil {
			return nil, fmt.Errorf("make %s: %w", s.sheet, err)
		}
		files = append(files, file{s.sheet, data})
		regimes := []bool{true}
		if s.twoFaced {
			regimes = []bool{true, false}
		}
		for _, erls := range regimes {
			a := newAccount(erls)
			s.arrange(a)
			data, err := a.encode()
			if err != nil {
				return nil, fmt.Errorf("make account of %s: %w", s.name, err)
			}
			name := s.name + ".json"
			if !erls {
				name = s.name + "-addresses.json"
			}
			files = append(files, file{name, data})
		}
	}
	slices.SortFunc(files, func(a, b file) int { return cmp.Compare(a.name, b.name) })
	return files, nil
}
