package telemetry_test

import (
	"bytes"
	"maps"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"provision/cmd/provision/telemetry"
)

// The last success and the last run outlive a command that failed.
func TestKeep(t *testing.T) {
	t.Parallel()
	good := telemetry.Metrics{Profile: "a\"b\\\n } 7", Ended: time.Unix(100, 0), Begun: true, Left: 3, Rows: map[string]int{"applied": 2}}
	text := string(good.Text())
	row := `provision_last_run_rows{profile="a\"b\\\n } 7",status="applied"} 2` + "\n"
	if !strings.Contains(text, row) {
		t.Errorf("got %s", text)
	}
	bad := telemetry.Metrics{Profile: good.Profile, Ended: time.Unix(200, 0), ExitCode: 1}
	bad.Keep([]byte(text))
	kept := string(bad.Text())
	if bad.Success.Unix() != 100 || !strings.Contains(kept, row) || strings.Count(kept, "# TYPE") != strings.Count(text, "# TYPE") {
		t.Errorf("the last success is %v in %s", bad.Success, kept)
	}
	again := telemetry.Metrics{Profile: good.Profile, Ended: time.Unix(200, 0), ExitCode: 1}
	again.Keep([]byte(kept))
	if got := string(again.Text()); got != kept {
		t.Errorf("got %s, want %s", got, kept)
	}
	next := telemetry.Metrics{Profile: good.Profile, Ended: time.Unix(300, 0), Begun: true}
	next.Keep([]byte(kept))
	if got := string(next.Text()); strings.Contains(got, "applied") || strings.Count(got, "provision_last_run_changes_left{") != 1 {
		t.Errorf("the run of before is in %s", got)
	}
}

// Whatever labels are, what is kept of a text is what the text said.
func TestKeepIsWhatWasSaid(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		counts := rapid.MapOf(rapid.String(), rapid.IntRange(0, 9))
		said := telemetry.Metrics{
			Profile: rapid.String().Draw(t, "profile"), Ended: time.Unix(rapid.Int64Range(1, 1e9).Draw(t, "ended"), 0), Begun: true,
			Left: rapid.IntRange(0, 9).Draw(t, "left"), Changes: counts.Draw(t, "changes"), Rows: counts.Draw(t, "rows"),
		}
		text := said.Text()
		next := telemetry.Metrics{Profile: said.Profile, Ended: said.Ended}
		next.Keep(text)
		if got := next.Text(); !bytes.Equal(got, text) {
			t.Fatalf("got\n%s\nwant\n%s", got, text)
		}
	})
}

// Texts of all kinds can be kept from, and give whole lines.
func FuzzKeep(f *testing.F) {
	good := telemetry.Metrics{Ended: time.Unix(7, 0), Begun: true, Rows: map[string]int{"applied": 1}}
	f.Add("", good.Text())
	f.Add("n", []byte("# HELP provision_last_run_rows\n"))
	f.Fuzz(func(t *testing.T, profile string, before []byte) {
		m := telemetry.Metrics{Profile: profile, ExitCode: 1}
		m.Keep(before)
		if text := m.Text(); !bytes.HasSuffix(text, []byte("\n")) {
			t.Errorf("%q", text)
		}
	})
}

// What is not the text of before is not kept.
func TestKeepNothing(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "provision_last_success_timestamp_seconds{", "provision_last_success_timestamp_seconds{} x\n",
		`provision_last_success_timestamp_seconds{profile="other"} 7` + "\n", `provision_last_success_timestamp_seconds{profile=""} 7`,
		"# HELP provision_last_run_rows x\n" + `provision_last_run_rows{profile="other",status="applied"} 2` + "\n",
		`provision_last_run_rows{profile="",status="appl`,
	} {
		m := telemetry.Metrics{ExitCode: 1}
		m.Keep([]byte(text))
		if got := string(m.Text()); !m.Success.IsZero() || strings.Contains(got, "last_run") || strings.Contains(got, "success") {
			t.Errorf("%q gives %s", text, got)
		}
	}
}

// docs/metrics.md lists each family with its labels, and no other.
func TestDocumented(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../../docs/metrics.md")
	if err != nil {
		t.Fatal(err)
	}
	row := regexp.MustCompile("(?m)^\\| `(provision_[a-z_]+)` \\| ([^|]*) \\|")
	got := map[string]string{}
	for _, m := range row.FindAllStringSubmatch(string(page), -1) {
		got[m[1]] = m[2]
	}
	want := map[string]string{}
	for _, f := range telemetry.Families() {
		labels := []string{"`profile`"}
		for _, l := range f.Labels {
			labels = append(labels, "`"+l+"`")
		}
		want[f.Name] = strings.Join(labels, ", ")
		if f.Counter != strings.HasSuffix(f.Name, "_total") {
			t.Errorf("%s is named against the custom", f.Name)
		}
	}
	if !maps.Equal(got, want) {
		t.Errorf("docs/metrics.md has %v, the code has %v", got, want)
	}
}
