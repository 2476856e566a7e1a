package config

import (
	"fmt"
	"slices"
	"strings"
)

// ProblemError is something wrong with a configuration file.
type ProblemError struct {
	File    string
	Line    int // 1-based; 0 if it concerns the whole file
	Column  int // 1-based
	Message string
	// Hint is what to do; may be empty.
	Hint string
}

// Error is "FILE:LINE: message; hint".
func (p *ProblemError) Error() string {
	text := p.File
	if p.Line > 0 {
		text = fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	text += ": " + p.Message
	if p.Hint != "" {
		text += "; " + p.Hint
	}
	return text
}

// didYouMean names the known word that is nearest to an unknown one, or none if
// nothing is near.
func didYouMean(word string, known []string) string {
	best, least := "", max(2, len(word)/3)+1
	for _, one := range slices.Sorted(slices.Values(known)) {
		if d := distance(strings.ToLower(strings.ReplaceAll(word, "_", "-")), one); d < least {
			best, least = one, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("did you mean %q?", best)
}

// distance is how many characters must be put in, taken out or replaced to make
// b of a.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		diagonal := row[0]
		row[0] = i + 1
		for j := range y {
			cost := 1
			if x[i] == y[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, diagonal+cost)
		}
	}
	return row[len(y)]
}
