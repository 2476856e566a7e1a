package main

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"text/tabwriter"
)

// line is one line of the table.
type line struct {
	name, sides, measured, spread, target, verdict string
}

// Verdicts on a figure.
const (
	verdictOK     = "ok"
	verdictShort  = "short"
	verdictFailed = "not measured"
)

// lines are the figures of a series from its rounds.
func (s series) lines(samples [][]metrics) []line {
	out := make([]line, len(s.figures))
	for i := range s.figures {
		out[i] = s.figures[i].line(samples)
	}
	return out
}

func (f *figure) line(samples [][]metrics) line {
	l := line{name: f.name, sides: "-", measured: "-", spread: "-", target: f.target(), verdict: verdictFailed}
	var ours, than, values []float64
	for _, sample := range samples {
		v, ok := f.ours.of(sample)
		if !ok {
			return l
		}
		ours = append(ours, v)
		if f.than != nil {
			y, ok := f.than.of(sample)
			if !ok || y == 0 {
				return l
			}
			than = append(than, y)
			v /= y
		}
		values = append(values, v)
	}
	if len(values) == 0 {
		return l
	}
	m := median(values)
	l.measured, l.verdict = number(m)+f.suffix, verdictShort
	if f.holds(m) {
		l.verdict = verdictOK
	}
	if len(values) > 1 {
		l.spread = number(slices.Min(values)) + " to " + number(slices.Max(values))
	}
	if f.than != nil {
		l.sides = number(median(ours)) + " / " + number(median(than)) + " " + f.ours.unit
	}
	return l
}

// of takes the reading out of a round.
func (r *reading) of(sample []metrics) (float64, bool) {
	v, ok := sample[r.probe][r.metric]
	if r.per {
		return r.scale / v, ok && v != 0
	}
	return r.scale * v, ok
}

func (f *figure) holds(v float64) bool {
	switch {
	case f.exact:
		return v == f.most
	case f.least > 0:
		return v >= f.least
	default:
		return v <= f.most
	}
}

func (f *figure) target() string {
	switch {
	case f.exact:
		return number(f.most) + f.suffix
	case f.least > 0:
		return "≥ " + number(f.least) + f.suffix
	default:
		return "≤ " + number(f.most) + f.suffix
	}
}

// median is the middle value, of an even number the mean of the two; the slice
// is not changed.
func median(values []float64) float64 {
	s := slices.Sorted(slices.Values(values))
	n := len(s)
	if n%2 == 1 {
		return s[n/2]
	}
	return (s[n/2-1] + s[n/2]) / 2
}

// number writes at least three significant digits and no more decimals.
func number(v float64) string {
	decimals := 0
	if v != math.Trunc(v) || math.Abs(v) < 1 {
		decimals = max(0, 2-int(math.Floor(math.Log10(math.Abs(v)))))
	}
	if v == 0 {
		decimals = 0
	}
	return strconv.FormatFloat(v, 'f', decimals, 64)
}

// printTable writes the lines below a heading.
func printTable(w io.Writer, lines []line) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	lines = append([]line{{"figure", "both sides", "measured", "range", "target", "verdict"}}, lines...)
	for _, l := range lines {
		if _, err := fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\n", l.name, l.sides, l.measured, l.spread, l.target, l.verdict); err != nil {
			return err
		}
	}
	return t.Flush()
}
