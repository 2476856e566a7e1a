package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"provision/cmd/provision/config"
	"provision/plan"
)

var update = flag.Bool("update", false, "write golden files")

// keysDoc is where the settings are listed for people.
const keysDoc = "../../docs/configuration.md"

// The table of settings in docs/configuration.md is that of the flags of "run"; -update writes it.
func TestKeysDoc(t *testing.T) {
	t.Parallel()
	a := &app{screen: newScreen(io.Discard), origins: map[string]origin{}}
	root := newRootCmd(a)
	run, _, err := root.Find([]string{"run"})
	if err != nil {
		t.Fatal(err)
	}
	run.InheritedFlags()
	keys := profileKeys(root)
	rows := map[string]string{}
	run.Flags().VisitAll(func(f *pflag.Flag) {
		if k, ok := keys[f.Name]; ok && k.Refused == "" {
			usage := strings.ReplaceAll(f.Usage, "|", `\|`)
			rows[f.Name] = fmt.Sprintf("| `%s` | %s |\n", f.Name, usage)
		}
	})
	table := "| key | meaning |\n| --- | --- |\n"
	for _, name := range slices.Sorted(maps.Keys(rows)) {
		table += rows[name]
	}
	data, err := os.ReadFile(keysDoc)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, ok1 := strings.Cut(string(data), "profile_test.go -->\n")
	old, tail, ok2 := strings.Cut(rest, "<!-- end of keys -->")
	if !ok1 || !ok2 {
		t.Fatal("docs/configuration.md has lost the marks of its table")
	}
	if *update {
		if err := os.WriteFile(keysDoc, []byte(head+"profile_test.go -->\n"+table+"<!-- end of keys -->"+tail), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(old, table); diff != "" {
		t.Errorf("the settings of docs/configuration.md (-written +flags; -update writes them):\n%s", diff)
	}
}

// Of a profile's guards apply takes those that protect: the others are the reviewed plan's.
func TestProfileOfApply(t *testing.T) {
	t.Parallel()
	p := &config.Profile{Name: "p", Settings: []config.Setting{
		{Key: "max-adds", Values: []string{"1"}}, {Key: "protect-extensions", Values: []string{"100"}}, {Key: "settle", Values: []string{"9s"}},
	}}
	a := &app{screen: newScreen(io.Discard), origins: map[string]origin{}}
	var got applyOptions
	cmd := newApplyCmd(a, func(_ context.Context, _ *app, o applyOptions) error { got = o; return nil })
	cmd.PreRunE = func(cmd *cobra.Command, _ []string) error { return a.bindProfile(cmd, p) }
	if err := parse(t, cmd, "plan.json"); err != nil {
		t.Fatal(err)
	}
	if got.guards.over(plan.Guards{}).MaxAdds.HasCount || len(got.guards.protectExtensions) != 1 || got.exec.settle.Seconds() != 9 {
		t.Errorf("got %+v, want the protected list and --settle only", got)
	}
}
