package journal

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// The benchmarks stand side by side: ns/op of Raw divided by ns/op of the
// others is the ratio to look at. Each writes records of about 200 bytes, each
// durable before its caller goes on.

func benchRecord() Record {
	return Record{Type: TypeNote, Note: &Note{Code: "bench", Text: strings.Repeat("x", 60)}}
}

func benchLineLen(b *testing.B) int {
	rec := benchRecord()
	rec.Seq, rec.Synced, rec.Time = 100, 99, time.Now().UTC()
	line, _, err := appendLine(nil, rec, "")
	if err != nil {
		b.Fatal(err)
	}
	return len(line)
}

// BenchmarkJournalRawRewrite writes the same bytes over and over at the same
// place and syncs the data: the least that durability costs.
func BenchmarkJournalRawRewrite(b *testing.B) {
	f, err := os.OpenFile(filepath.Join(b.TempDir(), "raw"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	line := make([]byte, benchLineLen(b))
	for b.Loop() {
		if _, err := f.WriteAt(line, 0); err != nil {
			b.Fatal(err)
		}
		if err := syncData(f); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkJournalAppend1Writer(b *testing.B)  { benchAppend(b, 1) }
func BenchmarkJournalAppend8Writers(b *testing.B) { benchAppend(b, 8) }

func benchAppend(b *testing.B, writers int) {
	j, err := Create(filepath.Join(b.TempDir(), FileName), Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = j.Close() }()
	b.ResetTimer()
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := w; i < b.N; i += writers {
				if err := j.Append(benchRecord()); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
}

// BenchmarkJournalRecover reads and folds a journal of 10,000 changes.
func BenchmarkJournalRecover(b *testing.B) {
	fsys := &MemFS{}
	j := create(b, fsys, name)
	for range 1000 {
		for range 10 {
			if err := j.Append(intent("change", 1), outcome("change", 1, Sent), outcome("change", 1, Applied)); err != nil {
				b.Fatal(err)
			}
		}
	}
	for b.Loop() {
		recs, err := ReadFS(fsys, name)
		if err != nil || len(recs) != 30001 {
			b.Fatal(len(recs), err)
		}
		_ = Fold(recs)
	}
}
