package sheet

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// damageSteps is about the number of places at which each sample is damaged.
// PROVISION_DAMAGE=1000 asks for more than every run of the tests has time for,
// PROVISION_DAMAGE_SEED=1 for other places and bits.
func damageSteps() int {
	if n, err := strconv.Atoi(os.Getenv("PROVISION_DAMAGE")); err == nil && n > 0 {
		return n
	}
	return 120
}

// damageSeed moves the places, and the bits that are flipped there.
func damageSeed() int {
	n, err := strconv.Atoi(os.Getenv("PROVISION_DAMAGE_SEED"))
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// TestDamagedSamples flips a bit and cuts the file, at many places of every
// sample. A workbook carries checksums: it is refused or read as if nothing had
// happened. A CSV carries none. So there a flipped bit may change the value that
// it is in, and a cut at the end of a row can't be told from a shorter file;
// but a cut within a row must be told, by an error or by refusing the file.
func TestDamagedSamples(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("../../samples/*")
	must(t, err)
	tried := 0
	for _, path := range paths {
		ext := filepath.Ext(path)
		if ext != ".xlsx" && ext != ".csv" {
			continue
		}
		tried++
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			data, err := os.ReadFile(path)
			must(t, err)
			whole := outcome(t, "whole"+ext, data)
			step := max(1, len(data)/damageSteps())
			seed := damageSeed()
			for at := seed % step; at < len(data); at += step {
				flipped := bytes.Clone(data)
				flipped[at] ^= 1 << ((at + seed) % 8)
				got := outcome(t, "flipped"+ext, flipped)
				if ext == ".xlsx" && got.read && !cmp.Equal(got.rows, whole.rows) {
					t.Errorf("bit %d of byte %d flipped: read, but not as before", (at+seed)%8, at)
				}
				cut := outcome(t, "cut"+ext, data[:at])
				switch {
				case !cut.read:
				case ext == ".xlsx":
					t.Errorf("cut at byte %d: read %d rows", at, len(cut.rows))
				case cutIsTold(data, at, cut, whole):
				default:
					t.Errorf("cut at byte %d: read %d rows without a word", at, len(cut.rows))
				}
			}
		})
	}
	if tried < 7 {
		t.Errorf("got %d sheets among the samples", tried)
	}
}

// cutIsTold reports whether what was read of a cut CSV is all that can be
// asked: the last row is in error, or the cut is where a row ends, or within
// the last value of a row, where a note on the missing line break tells.
func cutIsTold(data []byte, at int, cut, whole damageOutcome) bool {
	if at == len(data) || data[at-1] == '\n' || data[at] == '\n' || data[at] == '\r' {
		return true
	}
	if cut.errors > 0 && cut.lastInvalid {
		return true
	}
	// With all its values there, only the last one can be shorter.
	header, last := data[:bytes.IndexByte(data, '\n')], data[bytes.LastIndexByte(data[:at], '\n')+1:at]
	return cut.note && bytes.Count(last, []byte(",")) >= bytes.Count(header, []byte(","))
}

// damageOutcome is what came of reading a file.
type damageOutcome struct {
	read        bool
	rows        [][]string
	errors      int
	note        bool
	lastInvalid bool
}

func outcome(t *testing.T, name string, data []byte) damageOutcome {
	t.Helper()
	temp := t.TempDir()
	d, found, err := Read(t.Context(), []string{save(t, name, data)}, Options{TempDir: temp})
	wantEmpty(t, temp)
	if err != nil {
		return damageOutcome{}
	}
	o := damageOutcome{read: true, errors: len(d.Errors), note: len(found[0].Notes) > 0}
	for _, r := range d.Rows {
		o.rows = append(o.rows, r.Raw)
		o.lastInvalid = r.Invalid
	}
	return o
}
