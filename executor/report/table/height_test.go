package table_test

import (
	"strings"
	"testing"

	"provision/executor/report/table"
)

func TestRowHeight(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		texts []string
		want  float64
	}{
		"one line":    {[]string{"ten letter", "x"}, 0},
		"two words":   {[]string{"letters more", "x"}, 30},
		"long word":   {[]string{strings.Repeat("x", 31), "x"}, 60},
		"exact":       {[]string{strings.Repeat("x", 20), "x"}, 30},
		"line breaks": {[]string{"a\nb\nc", "x"}, 45},
		"no text":     {[]string{"", ""}, 0},
		"very long":   {[]string{strings.Repeat("word ", 1000), "x"}, 409},
		"more cells":  {[]string{"a", "b", strings.Repeat("x", 99)}, 0},
	} {
		if got := table.RowHeight([]float64{10, 10}, tc.texts).Height; got != tc.want {
			t.Errorf("%s: got %v, want %v", name, got, tc.want)
		}
	}
}
