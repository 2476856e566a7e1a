package telemetry_test

import (
	"strings"
	"testing"
	"time"

	"provision/cmd/provision/telemetry"
)

// The last success outlives a command that failed.
func TestLastSuccess(t *testing.T) {
	t.Parallel()
	good := telemetry.Metrics{Profile: "a\"b\\\n } 7", Ended: time.Unix(100, 0), Begun: true, Rows: map[string]int{"applied": 2}}
	text := good.Text()
	if !strings.Contains(string(text), `provision_last_run_rows{profile="a\"b\\\n } 7",status="applied"} 2`+"\n") {
		t.Errorf("got %s", text)
	}
	bad := telemetry.Metrics{Profile: good.Profile, Ended: time.Unix(200, 0), ExitCode: 1, Success: telemetry.LastSuccess(text)}
	text = bad.Text()
	if at := telemetry.LastSuccess(text); at.Unix() != 100 || strings.Contains(string(text), "last_run_") {
		t.Errorf("the last success is %v in %s", at, text)
	}
	for _, text := range []string{"", "provision_last_success_timestamp_seconds{", "provision_last_success_timestamp_seconds{} x\n"} {
		if at := telemetry.LastSuccess([]byte(text)); !at.IsZero() {
			t.Errorf("%q says %v", text, at)
		}
	}
}
