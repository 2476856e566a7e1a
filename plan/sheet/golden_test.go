package sheet

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"provision/plan"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestGolden reads the sheets of testdata and compares what was detected, how
// the columns were mapped and every problem with the golden file beside each.
func TestGolden(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("testdata/*.csv")
	must(t, err)
	if len(paths) < 2 {
		t.Fatalf("got %d sheets in testdata", len(paths))
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			desired, detected, err := Read(t.Context(), []string{path}, Options{Map: map[string]string{"Status": "-"}})
			must(t, err)
			type problem struct{ Cell, Value, Code, Message string }
			list := func(problems []plan.Problem) []problem {
				out := []problem{}
				for _, p := range problems {
					out = append(out, problem{p.Cell.String(), p.Value, p.Code, p.Message})
				}
				return out
			}
			got, err := json.MarshalIndent(map[string]any{
				"detected": detected, "sheets": desired.Sheets, "errors": list(desired.Errors), "warnings": list(desired.Warnings),
			}, "", "  ")
			must(t, err)
			golden := path + ".golden"
			if *update {
				must(t, os.WriteFile(golden, append(got, '\n'), 0o600))
			}
			want, err := os.ReadFile(golden)
			must(t, err)
			if diff := cmp.Diff(string(want), string(got)+"\n"); diff != "" {
				t.Errorf("%s (-golden +got):\n%s", golden, diff)
			}
		})
	}
}
