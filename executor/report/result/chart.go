package result

import (
	"fmt"
	"strconv"

	"provision/executor/report/timeline"
)

// The measures of a chart, in the units of its drawing.
const (
	chartWidth  = 760
	chartHeight = 130
	chartLeft   = 44 // room for the numbers of the scale
	chartTop    = 12
	chartBars   = 140
	widest      = 28 // of a column, where there are few
)

// chart is one throttling group's calls per minute as a drawing.
type chart struct {
	ID, Group     string
	Says          string // what the drawing shows, in words
	Width, Height int
	Left, Base    int // where the axes cross
	Top           string
	Right         int
	LimitY        int // 0: the limit is not known
	Limit         int
	Columns       []column
	Resumed       []int // where a further process began
	Last          string
}

// column is one column of a drawing.
type column struct{ X, Y, W, H string }

// charts are the drawings of the groups that were used.
func (r *Result) charts() []chart {
	bars := r.Timeline.Bars(chartBars)
	var out []chart
	for g, name := range timeline.Groups() {
		most := 0
		for _, b := range bars {
			most = max(most, b.Most[g])
		}
		if most > 0 {
			out = append(out, r.chart(g, name, most, bars))
		}
	}
	return out
}

func (r *Result) chart(g int, name string, most int, bars []timeline.Bar) chart {
	limit := r.Timeline.Limits[name]
	top := max(most, limit)
	c := chart{
		ID: "chart-" + name, Group: name, Width: chartWidth, Height: chartTop + chartHeight + 26, Left: chartLeft, Base: chartTop + chartHeight,
		Top: strconv.Itoa(top), Right: chartWidth - 4, Limit: limit, Last: strconv.Itoa(bars[len(bars)-1].Last),
	}
	high := func(n int) float64 { return chartHeight * float64(n) / float64(top) }
	step := min(float64(c.Right-chartLeft)/float64(len(bars)), widest)
	for i, b := range bars {
		x := chartLeft + step*float64(i)
		if b.Resumed {
			c.Resumed = append(c.Resumed, int(x))
		}
		if h := high(b.Most[g]); b.Most[g] > 0 {
			c.Columns = append(c.Columns, column{place(x), place(float64(c.Base) - h), place(max(step*0.85, 0.5)), place(h)})
		}
	}
	c.Says = fmt.Sprintf("%s: %s in all, at most %d in one minute", name, calls(r.Timeline.Calls[name]), most)
	if limit > 0 {
		c.LimitY = c.Base - int(high(limit))
		c.Says += fmt.Sprintf("; the limit is %d a minute", limit)
	}
	return c
}

func calls(n int) string {
	if n == 1 {
		return "1 call"
	}
	return strconv.Itoa(n) + " calls"
}

// place is a measure of a drawing as an attribute has it.
func place(v float64) string { return strconv.FormatFloat(v, 'f', 1, 64) }
