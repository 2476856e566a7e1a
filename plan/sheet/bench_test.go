package sheet

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// The benchmarks read a sheet of 16 columns in several ways, in turn, so that
// what else the machine does meets all of them alike. The ratios count: how many
// times the speed of the bare library is what we do with the same file.
//
//   - read: with all checks, to cells with their addresses
//   - normalise: further, to the rows of a plan.Desired
//
// BenchmarkPeak measures memory.
const benchRows = 20_000

// peakRows is the size at which the targets for memory are stated.
const peakRows = 100_000

var benchHeader = []string{"action", "extension", "email", "user_name", "site", "phone_number", "device_name", "cost_center",
	"emergency_location", "street", "street2", "city", "state", "zip", "country", "notes"}

func benchRow(i int) []string {
	return []string{"add", strconv.Itoa(100000 + i), fmt.Sprintf("user%06d@example.com", i), fmt.Sprintf("Given%d Family%d", i%997, i), fmt.Sprintf("Site %d", i%40),
		fmt.Sprintf("+1650%07d", 2000000+i), fmt.Sprintf("Desk phone %06d", i), fmt.Sprintf("CC-%03d", i%100),
		fmt.Sprintf("HQ floor %d", i%60), fmt.Sprintf("%d Main Street", 1+i%900), fmt.Sprintf("Suite %d", i%300), "Boston", "MA", "02134", "US", fmt.Sprintf("row %d of the list", i)}
}

// benchFolder holds the files of a run's benchmarks; each is made once.
var benchFolder string

var benchFiles = sync.OnceValues(func() (dir string, err error) {
	benchFolder, err = os.MkdirTemp("", "provision-bench-")
	return benchFolder, err
})

// TestMain removes the benchmarks' files. In the process whose memory
// BenchmarkPeak measures it reads a file and no more.
func TestMain(m *testing.M) {
	if what, path, ok := strings.Cut(os.Getenv(peakEnv), ":"); ok {
		if err := peakProcess(what, path, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	m.Run()
	if benchFolder != "" {
		_ = os.RemoveAll(benchFolder)
	}
}

func benchFile(b *testing.B, kind string, rows int) string {
	b.Helper()
	dir, err := benchFiles()
	if err != nil {
		b.Fatal(err)
	}
	ext := "xlsx"
	if kind == "csv" {
		ext = "csv"
	}
	path := filepath.Join(dir, fmt.Sprintf("%s-%d.%s", kind, rows, ext))
	if _, err := os.Stat(path); err == nil {
		return path
	}
	if err := writeBench(path, kind, rows); err != nil {
		b.Fatal(err)
	}
	return path
}

func writeBench(path, kind string, rows int) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	switch kind {
	case "csv":
		c := csv.NewWriter(w)
		err = c.Write(benchHeader)
		for i := 0; i < rows && err == nil; i++ {
			err = c.Write(benchRow(i))
		}
		c.Flush()
	case "inline":
		err = writeInline(w, rows)
	case "shared":
		err = writeShared(w, rows)
	}
	return errors.Join(err, w.Flush(), f.Close())
}

func writeInline(w io.Writer, rows int) error {
	f := excelize.NewFile()
	sw, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		return err
	}
	for i := range rows + 1 {
		values := benchHeader
		if i > 0 {
			values = benchRow(i - 1)
		}
		cells := make([]any, len(values))
		for j, v := range values {
			cells[j] = v
		}
		if err := sw.SetRow(cellName(1, i+1), cells); err != nil {
			return err
		}
	}
	if err := sw.Flush(); err != nil {
		return err
	}
	_, err = f.WriteTo(w)
	return errors.Join(err, f.Close())
}

// writeShared writes a workbook as spreadsheet programs do: texts in a shared
// table. The library's writer would need gigabytes for that.
func writeShared(w io.Writer, rows int) error {
	index := map[string]int{}
	var table []string
	var sheet bytes.Buffer
	sheet.WriteString(xmlHead + `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`)
	for i := range rows + 1 {
		values := benchHeader
		if i > 0 {
			values = benchRow(i - 1)
		}
		fmt.Fprintf(&sheet, `<row r="%d">`, i+1)
		for j, v := range values {
			n, ok := index[v]
			if !ok {
				n = len(table)
				index[v] = n
				table = append(table, v)
			}
			fmt.Fprintf(&sheet, `<c r="%s" t="s"><v>%d</v></c>`, cellName(j+1, i+1), n)
		}
		sheet.WriteString(`</row>`)
	}
	sheet.WriteString(`</sheetData></worksheet>`)
	var shared bytes.Buffer
	fmt.Fprintf(&shared, xmlHead+`<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="%d" uniqueCount="%d">`, (rows+1)*len(benchHeader), len(table))
	for _, s := range table {
		shared.WriteString("<si><t>" + s + "</t></si>")
	}
	shared.WriteString("</sst>")
	return zipParts(w, workbookParts(sheet.String(), shared.String()))
}

// BenchmarkXLSX compares with the workbook library's bare Rows().
func BenchmarkXLSX(b *testing.B) {
	for _, kind := range []string{"inline", "shared"} {
		b.Run(kind, func(b *testing.B) { sideBySide(b, benchFile(b, kind, benchRows), libraryRows) })
	}
}

// BenchmarkCSV compares with encoding/csv.
func BenchmarkCSV(b *testing.B) {
	path := benchFile(b, "csv", benchRows)
	sideBySide(b, path, encodingRows)
}

func sideBySide(b *testing.B, path string, bare func(string) (int, error)) {
	b.Helper()
	var spent [3]time.Duration
	for b.Loop() {
		for i, read := range []func() (int, error){
			func() (int, error) { return bare(path) },
			func() (int, error) { return readCells(b.Context(), path) },
			func() (int, error) { return readDesired(b.Context(), path) },
		} {
			runtime.GC()
			begin := time.Now()
			n, err := read()
			spent[i] += time.Since(begin)
			if err != nil || n != benchRows {
				b.Fatalf("got %d rows, error %v, want %d", n, err, benchRows)
			}
		}
	}
	rows := float64(benchRows) * float64(b.N)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(rows/spent[0].Seconds(), "bare-rows/s")
	b.ReportMetric(rows/spent[1].Seconds(), "read-rows/s")
	b.ReportMetric(spent[0].Seconds()/spent[1].Seconds(), "read-ratio")
	b.ReportMetric(spent[0].Seconds()/spent[2].Seconds(), "normalise-ratio")
}

func libraryRows(path string) (int, error) {
	f, err := excelize.OpenFile(path)
	if err != nil {
		return 0, err
	}
	rows, err := f.Rows("Sheet1")
	if err != nil {
		return 0, err
	}
	n := -1 // the header
	for rows.Next() {
		if _, err := rows.Columns(); err != nil {
			return 0, err
		}
		n++
	}
	return n, errors.Join(rows.Close(), f.Close())
}

func encodingRows(path string) (int, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close() //nolint:errcheck // nothing is written
	r := csv.NewReader(f)
	n := -1
	for {
		if _, err := r.Read(); errors.Is(err, io.EOF) {
			return n, nil
		} else if err != nil {
			return 0, err
		}
		n++
	}
}

// readCells reads every cell with its address.
func readCells(ctx context.Context, path string) (n int, err error) {
	book, err := Open(ctx, path, Options{})
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, book.Close()) }()
	r, err := book.Reader(book.Sheets()[0])
	if err != nil {
		return 0, err
	}
	letters := 0
	for {
		line, err := r.Read()
		if errors.Is(err, io.EOF) {
			if letters == 0 {
				return 0, errors.New("no text in any cell")
			}
			return n, nil
		}
		if err != nil {
			return 0, err
		}
		for i := range line.Len() {
			v := line.Value(i)
			letters += len(v.Text) + v.Cell.Row() - v.Cell.Row()
		}
		n++
	}
}

func readDesired(ctx context.Context, path string) (int, error) {
	desired, _, err := Read(ctx, []string{path}, Options{})
	if len(desired.Errors) > 0 {
		return 0, fmt.Errorf("%v", desired.Errors[0])
	}
	return len(desired.Rows), err
}

// peakEnv tells a process that runs the benchmarks' binary what to read.
const peakEnv = "PROVISION_SHEET_PEAK"

// BenchmarkPeak measures the peak resident memory of reading, each in a process
// of its own. The rows are read one after another; normalise keeps them all.
func BenchmarkPeak(b *testing.B) {
	for _, kind := range []string{"inline", "shared", "csv"} {
		for _, what := range []string{"library", "read", "normalise"} {
			if kind == "csv" && what == "library" {
				continue
			}
			b.Run(kind+"/"+what, func(b *testing.B) {
				path := benchFile(b, kind, peakRows)
				for b.Loop() {
					b.ReportMetric(peakOf(b, what, path), "MB-peak-rss")
				}
			})
		}
	}
}

func peakOf(b *testing.B, what, path string) float64 {
	b.Helper()
	cmd := exec.CommandContext(b.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), peakEnv+"="+what+":"+path)
	out, err := cmd.CombinedOutput()
	if err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	_, after, ok := strings.Cut(string(out), "VmHWM ")
	if !ok {
		b.Skip("the system does not tell a process's peak memory")
	}
	kb, _, _ := strings.Cut(after, " ")
	n, err := strconv.Atoi(kb)
	if err != nil {
		b.Fatal(err)
	}
	return float64(n) / 1024
}

// peakProcess reads a file and tells what memory that took at most.
func peakProcess(what, path string, w io.Writer) error {
	var n int
	var err error
	switch what {
	case "library":
		n, err = libraryRows(path)
	case "encoding":
		n, err = encodingRows(path)
	case "read":
		n, err = readCells(context.Background(), path)
	case "normalise":
		n, err = readDesired(context.Background(), path)
	}
	if err == nil && n != peakRows && n != benchRows {
		err = fmt.Errorf("got %d rows, want %d", n, peakRows)
	}
	if err != nil {
		return err
	}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return nil //nolint:nilerr // not told on this system
	}
	for line := range strings.Lines(string(status)) {
		if f := strings.Fields(line); len(f) == 3 && f[0] == "VmHWM:" {
			_, err = fmt.Fprintf(w, "VmHWM %s kB\n", f[1])
		}
	}
	return err
}
