package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const output = `goos: linux
pkg: provision/plan
BenchmarkReadAndPlan/10k-2         	       5	1068825241 ns/op	     13597 plan-ns/row	         0.1567 plan/read
BenchmarkOther-8-2 	 1	 7 ns/op
BenchmarkPlain 	 1	 8 ns/op
PASS
`

func TestParse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		bench string
		want  metrics
	}{
		{"BenchmarkReadAndPlan/10k", metrics{"ns/op": 1068825241, "plan-ns/row": 13597, "plan/read": 0.1567}},
		{"BenchmarkOther-8", metrics{"ns/op": 7}},
		{"BenchmarkPlain", metrics{"ns/op": 8}},
		{"BenchmarkReadAndPlan", nil},
		{"BenchmarkOther", nil},
	} {
		got, err := parse(output, c.bench)
		if (err != nil) != (c.want == nil) {
			t.Errorf("%s: error %v", c.bench, err)
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s: (-want +got)\n%s", c.bench, d)
		}
	}
}

func TestPattern(t *testing.T) {
	t.Parallel()
	if got, want := pattern("BenchmarkA/b/c"), "^BenchmarkA$/^b$/^c$"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestFigureLine(t *testing.T) {
	t.Parallel()
	rate := func(probe int) reading {
		return reading{probe: probe, metric: "ns/op", scale: 1e9, per: true, unit: "records/s"}
	}
	yard := rate(0)
	rounds := func(ours ...float64) (out [][]metrics) {
		for _, v := range ours {
			out = append(out, []metrics{{"ns/op": 1000}, {"ns/op": v}})
		}
		return out
	}
	for _, c := range []struct {
		name    string
		figure  figure
		samples [][]metrics
		want    line
	}{
		{"rate in reach", figure{ours: rate(1), than: &yard, least: 0.5, suffix: "×"}, rounds(1000, 2000, 4000),
			line{"", "500000 / 1000000 records/s", "0.500×", "0.250 to 1", "≥ 0.500×", verdictOK}},
		{"rate too low", figure{ours: rate(1), than: &yard, least: 0.51, suffix: "×"}, rounds(1000, 2000, 4000),
			line{"", "500000 / 1000000 records/s", "0.500×", "0.250 to 1", "≥ 0.510×", verdictShort}},
		{"alone, too much", figure{ours: reading{probe: 1, metric: "ns/op", scale: 2}, most: 64, suffix: " MB"}, rounds(33, 35),
			line{"", "-", "68 MB", "66 to 70", "≤ 64 MB", verdictShort}},
		{"none wanted", figure{ours: reading{probe: 1, metric: "ns/op", scale: 1}, exact: true}, rounds(0),
			line{"", "-", "0", "-", "0", verdictOK}},
		{"some where none wanted", figure{ours: reading{probe: 1, metric: "ns/op", scale: 1}, exact: true}, rounds(1),
			line{"", "-", "1", "-", "0", verdictShort}},
		{"no such metric", figure{ours: reading{probe: 1, metric: "rows", scale: 1}, most: 1}, rounds(1),
			line{"", "-", "-", "-", "≤ 1", verdictFailed}},
		{"no round", figure{ours: rate(1), than: &yard, least: 2}, nil,
			line{"", "-", "-", "-", "≥ 2", verdictFailed}},
	} {
		if d := cmp.Diff(c.want, c.figure.line(c.samples), cmp.AllowUnexported(line{})); d != "" {
			t.Errorf("%s: (-want +got)\n%s", c.name, d)
		}
	}
}

func TestNumber(t *testing.T) {
	t.Parallel()
	for v, want := range map[float64]string{0: "0", 0.0123: "0.0123", 0.9951: "0.995", 1.0456: "1.05", 22: "22", 61.27: "61.3", 28734.4: "28734"} {
		if got := number(v); got != want {
			t.Errorf("%v: got %s, want %s", v, got, want)
		}
	}
}

func TestPrintTable(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := printTable(&out, []line{{"a figure", "-", "1×", "-", "≥ 1×", verdictOK}}); err != nil {
		t.Fatal(err)
	}
	if want := "figure    both sides  measured  range  target  verdict\na figure  -           1×        -      ≥ 1×    ok\n"; out.String() != want {
		t.Errorf("got\n%swant\n%s", out.String(), want)
	}
}

func TestRunRefusesNoRounds(t *testing.T) {
	t.Parallel()
	if err := run(t.Context(), io.Discard, io.Discard, options{dir: t.TempDir()}); err == nil {
		t.Error("no error")
	}
}

// Every benchmark that the table is made of exists and reports what is read of
// it; every reading is of a probe of its series and has a target.
func TestSeriesNameBenchmarks(t *testing.T) {
	t.Parallel()
	for _, s := range allSeries() {
		for _, p := range s.probes {
			function, _, _ := strings.Cut(p.bench, "/")
			if !strings.Contains(tests(t, p.pkg), "\nfunc "+function+"(b *testing.B)") {
				t.Errorf("%s: package %s has no %s", s.title, p.pkg, function)
			}
			if p.times < 1 {
				t.Errorf("%s: %s is run %d times", s.title, p.bench, p.times)
			}
		}
		for _, f := range s.figures {
			readings := []reading{f.ours}
			if f.than != nil {
				readings = append(readings, *f.than)
			}
			for _, r := range readings {
				if r.probe >= len(s.probes) {
					t.Fatalf("%s: no such probe", f.name)
				}
				if pkg := s.probes[r.probe].pkg; r.metric != "ns/op" && !strings.Contains(tests(t, pkg), strconv.Quote(r.metric)) {
					t.Errorf("%s: no benchmark of %s reports %s", f.name, pkg, r.metric)
				}
			}
			if (f.least > 0) == (f.most > 0 || f.exact) {
				t.Errorf("%s: want one target", f.name)
			}
		}
	}
}

// tests is the text of a package's test files.
func tests(t *testing.T, pkg string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "..", "..", pkg, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	return all.String()
}
