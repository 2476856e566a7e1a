package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// metrics are the numbers of one run of a benchmark by their units.
type metrics map[string]float64

// runner builds and runs benchmarks.
type runner struct {
	goTool string
	dir    string            // absolute; for binaries and temporary files
	built  map[string]string // binaries by package
}

// measure runs the probes of a series in turns, every other round backwards. It
// returns the rounds that are complete; an error ends it.
func (r *runner) measure(ctx context.Context, s series, rounds int) ([][]metrics, error) {
	if s.rounds > 0 {
		rounds = min(rounds, s.rounds)
	}
	var samples [][]metrics
	for round := range rounds {
		sample := make([]metrics, len(s.probes))
		for i := range s.probes {
			if round%2 == 1 {
				i = len(s.probes) - 1 - i
			}
			m, err := r.probe(ctx, s.probes[i])
			if err != nil {
				return samples, fmt.Errorf("run %s of %s: %w", s.probes[i].bench, s.probes[i].pkg, err)
			}
			sample[i] = m
		}
		samples = append(samples, sample)
	}
	return samples, nil
}

// probe runs one benchmark in a process of its own, in its package's folder as
// go test would.
func (r *runner) probe(ctx context.Context, p probe) (metrics, error) {
	binary, err := r.build(ctx, p.pkg)
	if err != nil {
		return nil, err
	}
	tmp, err := os.MkdirTemp(r.dir, "tmp-")
	if err != nil {
		return nil, fmt.Errorf("make a folder for temporary files: %w", err)
	}
	// A failure here would show when the folder around it is removed.
	defer func() { _ = os.RemoveAll(tmp) }()
	args := []string{"-test.run=^$", "-test.bench=" + pattern(p.bench), "-test.benchtime=" + strconv.Itoa(p.times) + "x"}
	cmd := exec.CommandContext(ctx, binary, args...) //nolint:gosec // a binary that was just built here
	cmd.Dir = filepath.FromSlash(p.pkg)
	cmd.Env = append(os.Environ(), "TMPDIR="+tmp)
	out, err := cmd.CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("%w\n%s", err, out)
	}
	m, err := parse(string(out), p.bench)
	if err != nil {
		return nil, fmt.Errorf("%w\n%s", err, out)
	}
	return m, nil
}

func (r *runner) build(ctx context.Context, pkg string) (string, error) {
	if b := r.built[pkg]; b != "" {
		return b, nil
	}
	b := filepath.Join(r.dir, strings.ReplaceAll(pkg, "/", "-")+".test")
	cmd := exec.CommandContext(ctx, r.goTool, "test", "-c", "-o", b, "./"+pkg) //nolint:gosec // the go command that the operator named
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build its tests: %w\n%s", err, out)
	}
	r.built[pkg] = b
	return b, nil
}

// pattern is the -bench pattern that matches just this benchmark.
func pattern(bench string) string {
	parts := strings.Split(bench, "/")
	for i, p := range parts {
		parts[i] = "^" + p + "$"
	}
	return strings.Join(parts, "/")
}

// parse finds the benchmark's line in the output of a test binary: its name, the
// number of iterations, then numbers and units in turns.
func parse(out, bench string) (metrics, error) {
	for text := range strings.Lines(out) {
		f := strings.Fields(text)
		if len(f) < 4 || len(f)%2 != 0 {
			continue
		}
		if name, processors, _ := cutLast(f[0], "-"); f[0] != bench && (name != bench || !isNumber(processors)) {
			continue
		}
		m := metrics{}
		for i := 2; i < len(f); i += 2 {
			v, err := strconv.ParseFloat(f[i], 64)
			if err != nil {
				return nil, fmt.Errorf("read the benchmark's line: %w", err)
			}
			m[f[i+1]] = v
		}
		return m, nil
	}
	return nil, errors.New("its output has no line of the benchmark")
}

// cutLast cuts around the last separator.
func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

func isNumber(s string) bool {
	_, err := strconv.Atoi(s)
	return err == nil
}
