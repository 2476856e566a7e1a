package main

import "fmt"

// series are figures that are measured together.
type series struct {
	title string
	// rounds bounds how often it is measured; 0: as often as asked for.
	rounds  int
	probes  []probe
	figures []figure
}

// probe is one run of one benchmark.
type probe struct {
	pkg   string // from the module's root
	bench string // as go test prints it, without the number of processors
	times int    // iterations in one run
}

// reading is one number of a probe's output.
type reading struct {
	probe  int    // index into series.probes
	metric string // its unit in the output
	scale  float64
	per    bool   // scale divided by the metric, for rates of what is given as a time
	unit   string // of the result, for the table
}

// figure is one line of the table: what a reading is, alone or as a share of
// another one of the same round.
type figure struct {
	name   string
	ours   reading
	than   *reading // the yardstick; nil: the reading itself is the figure
	least  float64  // target; 0: none
	most   float64  // target; 0: none, unless exact
	exact  bool     // the target is most itself
	suffix string   // of the figure: "×", " MB"
}

const (
	nsPerSec  = 1e9       // ns/op to a rate
	planSmall = 10_000    // rows of the smaller plan
	planLarge = 100_000   // rows of the larger plan
	planHuge  = 1_000_000 // rows of the largest plan
	nsPerMS   = 1_000_000 // ns to ms
)

// allSeries lists what is measured, in the order of the table.
func allSeries() []series {
	return []series{xlsxSeries(), csvSeries(), memorySeries(), planSeries(), planScaleSeries(), planMemorySeries(), journalSeries(), limiterSeries(), makespanSeries()}
}

// The benchmarks of sheets take turns themselves, file by file.
func xlsxSeries() series {
	library := reading{metric: "bare-rows/s", scale: 1}
	read := reading{metric: "read-rows/s", scale: 1, unit: "rows/s"}
	return series{
		title:  "XLSX",
		probes: []probe{{"plan/sheet", "BenchmarkXLSX/inline", 2}},
		figures: []figure{
			{name: "XLSX, inline strings, all checks: cells with addresses / excelize Rows()", ours: read, than: &library, least: 0.9, suffix: "×"},
		},
	}
}

func csvSeries() series {
	encoding := reading{metric: "bare-rows/s", scale: 1}
	read := reading{metric: "read-rows/s", scale: 1, unit: "rows/s"}
	return series{
		title:  "CSV",
		probes: []probe{{"plan/sheet", "BenchmarkCSV", 10}},
		figures: []figure{
			{name: "CSV: cells with addresses / encoding/csv", ours: read, than: &encoding, least: 0.35, suffix: "×"},
			{name: "CSV: normalised rows / encoding/csv", ours: reading{metric: "normalise-ratio", scale: 1}, least: 0.12, suffix: "×"},
		},
	}
}

func memorySeries() series {
	peak := func(probe int) reading {
		return reading{probe: probe, metric: "MB-peak-rss", scale: 1, unit: "MB"}
	}
	return series{
		title: "memory", rounds: 2,
		probes: []probe{
			{"plan/sheet", "BenchmarkPeak/inline/read", 1},
			{"plan/sheet", "BenchmarkPeak/shared/read", 1},
		},
		figures: []figure{
			{name: "peak RSS, XLSX of 100,000 × 16, inline strings", ours: peak(0), most: 64, suffix: " MB"},
			{name: "peak RSS, XLSX of 100,000 × 16, shared strings", ours: peak(1), most: 100, suffix: " MB"},
		},
	}
}

func planSeries() series {
	took := func(probe int, metric string, rows float64) reading {
		return reading{probe: probe, metric: metric, scale: rows / nsPerMS, unit: "ms"}
	}
	small, smallRead := took(0, "plan-ns/row", planSmall), took(0, "read-ns/row", planSmall)
	large, largeRead := took(1, "plan-ns/row", planLarge), took(1, "read-ns/row", planLarge)
	return series{
		title: "planning", rounds: 3,
		probes: []probe{
			{"plan", "BenchmarkReadAndPlan/10k", 5},
			{"plan", "BenchmarkReadAndPlan/100k", 1},
		},
		figures: []figure{
			{name: "planning 10,000 rows / reading them from XLSX", ours: small, than: &smallRead, most: 0.10, suffix: "×"},
			{name: "planning 100,000 rows / reading them from XLSX", ours: large, than: &largeRead, most: 0.10, suffix: "×"},
		},
	}
}

// planScaleSeries plans rows that were made in memory: a workbook of a million
// takes longer to write than all else here.
func planScaleSeries() series {
	took := func(probe int, rows float64) reading {
		return reading{probe: probe, metric: "plan-ns/row", scale: rows / nsPerMS, unit: "ms"}
	}
	small, large, huge := took(0, planSmall), took(1, planLarge), took(2, planHuge)
	return series{
		title: "planning's scale", rounds: 3,
		probes: []probe{
			{"plan", "BenchmarkBuild/10k", 10},
			{"plan", "BenchmarkBuild/100k", 2},
			{"plan", "BenchmarkBuild/1000k", 1},
		},
		figures: []figure{
			{name: "planning 100,000 rows / 10,000 rows", ours: large, than: &small, most: 22, suffix: "×"},
			{name: "planning 1,000,000 rows / 100,000 rows", ours: huge, than: &large, most: 22, suffix: "×"},
		},
	}
}

func planMemorySeries() series {
	bytes := func(probe int, metric string) reading { return reading{probe: probe, metric: metric, scale: 1} }
	return series{
		title: "planning's memory", rounds: 1, // it does not depend on the machine
		probes: []probe{{"plan", "BenchmarkPlanMemory/100k", 1}, {"plan", "BenchmarkPlanMemory/1000k", 1}, {"plan", "BenchmarkPlanMemory/homes/100k", 1}},
		figures: []figure{
			{name: "the plan of 100,000 rows, beside rows and account: bytes a row", ours: bytes(0, "kept-B/row"), most: 700, suffix: " B"},
			{name: "the plan of 1,000,000 rows: bytes a row", ours: bytes(1, "kept-B/row"), most: 700, suffix: " B"},
			{name: "the most that planning 100,000 rows holds: bytes a row", ours: bytes(0, "peak-B/row"), most: 700, suffix: " B"},
			{name: "the most that planning 100,000 rows holds: bytes a device", ours: bytes(0, "peak-B/device"), most: 300, suffix: " B"},
			{name: "the plan of 100,000 rows with an address each: bytes a row", ours: bytes(2, "kept-B/row"), most: 700, suffix: " B"},
			{name: "the most that planning these holds: bytes a row", ours: bytes(2, "peak-B/row"), most: 700, suffix: " B"},
		},
	}
}

func journalSeries() series {
	rate := func(probe int) reading {
		return reading{probe: probe, metric: "ns/op", scale: nsPerSec, per: true, unit: "records/s"}
	}
	raw := rate(0)
	return series{
		title: "journal",
		probes: []probe{
			{"executor/journal", "BenchmarkJournalRawRewrite", 500},
			{"executor/journal", "BenchmarkJournalAppend1Writer", 500},
			{"executor/journal", "BenchmarkJournalAppend8Writers", 2000},
		},
		figures: []figure{
			{name: "journal, 1 writer / raw rewrite and fdatasync", ours: rate(1), than: &raw, least: 0.55, suffix: "×"},
			{name: "journal, 8 writers / raw rewrite and fdatasync", ours: rate(2), than: &raw, least: 2, suffix: "×"},
		},
	}
}

func limiterSeries() series {
	s := series{title: "limiter", rounds: 1} // virtual time: every round gives the same
	for i, name := range []string{"fixed", "fixed-penalty", "sliding", "sliding-penalty"} {
		s.probes = append(s.probes, probe{"rcclient", "BenchmarkLimiter/" + name, 1})
		s.figures = append(s.figures,
			figure{name: fmt.Sprintf("limiter, 24 h virtual, %s: utilisation", name), ours: reading{probe: i, metric: "utilisation", scale: 1}, least: 0.99},
			figure{name: fmt.Sprintf("limiter, 24 h virtual, %s: calls refused (429)", name), ours: reading{probe: i, metric: "refused", scale: 1}, exact: true},
		)
	}
	return s
}

func makespanSeries() series {
	return series{
		title: "makespan", rounds: 1, // virtual time
		probes: []probe{{"executor", "BenchmarkMakespan", 1}},
		figures: []figure{
			{name: "makespan of 6,000 rows, first to last mutating call / bound", ours: reading{metric: "sending/bound", scale: 1}, most: 1.05, suffix: "×"},
			{name: "makespan of 6,000 rows, with reads and verify / bound", ours: reading{metric: "whole/bound", scale: 1}, most: 1.25, suffix: "×"},
		},
	}
}
