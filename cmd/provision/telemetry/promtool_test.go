//go:build promtool

package telemetry_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"provision/cmd/provision/telemetry"
)

// promtool runs the program that $PROMTOOL names, else the one in the path.
func promtool(t *testing.T, dir, stdin string, args ...string) {
	t.Helper()
	name := os.Getenv("PROMTOOL")
	if name == "" {
		name = "promtool"
	}
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Dir, cmd.Stdin = dir, strings.NewReader(stdin)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("promtool %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// The rules are right, and fire when they should.
func TestPromtoolRules(t *testing.T) {
	promtool(t, monitoring, "", "check", "rules", "provision.rules.yml")
	promtool(t, monitoring, "", "test", "rules", "provision.rules.test.yml")
}

// Each expression of the dashboard is one of Prometheus.
func TestPromtoolDashboard(t *testing.T) {
	rules := "groups: [{name: dashboard, rules: [\n"
	grafana := strings.NewReplacer("$__rate_interval", "5m", "$__range", "1d")
	for i, p := range dashboard(t) {
		for j, target := range p.Targets {
			rules += "{record: 'panel:" + strconv.Itoa(i) + ":" + strconv.Itoa(j) + "', expr: '" + grafana.Replace(target.Expr) + "'},\n"
		}
	}
	file := filepath.Join(t.TempDir(), "dashboard.yml")
	if err := os.WriteFile(file, []byte(rules+"]}]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	promtool(t, "", "", "check", "rules", file)
}

// What is written is the text format, and named as is the custom.
func TestPromtoolText(t *testing.T) {
	m := telemetry.Metrics{Profile: "a\"b\\\n} 7", Ended: time.Unix(1e9, 0), Begun: true, Traced: true, Changes: map[string]int{"applied": 1}, Rows: map[string]int{"no_op": 2}}
	p := telemetry.NewPage(m.Profile, "v1", m.Ended, "done", "held")
	p.Call("light", "ok")
	p.Change("applied")
	p.Last(&m)
	promtool(t, "", string(m.Text()), "check", "metrics")
	promtool(t, "", string(p.Text()), "check", "metrics")
}
