// Command benchtab measures the program's figures against their yardsticks and
// prints one table: figure, both sides, what was measured, target, verdict.
//
// It builds the benchmarks of the packages and runs those that belong together
// in turns, each time in a process of its own, so that what else the machine
// does meets both sides alike. A figure is the median over the rounds. One that
// misses its target is "short" and does not fail the command, since a busy
// machine can do that; a benchmark that can't be run does.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"time"
)

func main() {
	rounds := flag.Int("rounds", 5, "how often the two sides of a figure are measured in turns")
	dir := flag.String("dir", ".bench", "folder for what is built and for the files that are read; it should be on a disk")
	goTool := flag.String("go", "go", "the go command")
	only := flag.String("only", "", "measure only the series of this title")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Stdout, os.Stderr, options{rounds: *rounds, dir: *dir, goTool: *goTool, only: *only})
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "benchtab:", err)
		os.Exit(1)
	}
}

type options struct {
	rounds int
	dir    string
	goTool string
	only   string
}

// run measures all series and prints the table. Progress goes to notes.
func run(ctx context.Context, out, notes io.Writer, o options) (err error) {
	if o.rounds < 1 {
		return fmt.Errorf("rounds %d: want 1 or more", o.rounds)
	}
	if err := os.MkdirAll(o.dir, 0o750); err != nil {
		return fmt.Errorf("make the folder for benchmarks: %w", err)
	}
	dir, err := os.MkdirTemp(o.dir, "run-")
	if err != nil {
		return fmt.Errorf("make the folder for benchmarks: %w", err)
	}
	defer func() {
		if e := os.RemoveAll(dir); err == nil && e != nil {
			err = fmt.Errorf("remove the benchmarks' files: %w", e)
		}
	}()
	if dir, err = filepath.Abs(dir); err != nil {
		return fmt.Errorf("find the benchmarks' folder: %w", err)
	}
	bench := &runner{goTool: o.goTool, dir: dir, built: map[string]string{}}
	var lines []line
	failed := 0
	for _, s := range allSeries() {
		if o.only != "" && o.only != s.title {
			continue
		}
		begun, note := time.Now(), ""
		samples, err := bench.measure(ctx, s, o.rounds)
		if ctx.Err() != nil {
			return fmt.Errorf("stopped: %w", ctx.Err())
		}
		if err != nil {
			failed++
			note = ": " + err.Error()
		}
		if _, err := fmt.Fprintf(notes, "%s, %.0f s%s\n", s.title, time.Since(begun).Seconds(), note); err != nil {
			return fmt.Errorf("say how far it is: %w", err)
		}
		lines = append(lines, s.lines(samples)...)
	}
	if err := printTable(out, lines); err != nil {
		return fmt.Errorf("print the table: %w", err)
	}
	if failed > 0 {
		return fmt.Errorf("%d series could not be measured", failed)
	}
	return nil
}
