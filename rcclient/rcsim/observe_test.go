package rcsim_test

import (
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"

	"provision/rcclient/rcsim"
)

func TestObserve(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.change()
	look := func(path string) *reply {
		return s.send(httptest.NewRequestWithContext(t.Context(), "GET", "/_sim/"+path, nil))
	}
	stats := look("stats").want(200)
	for path, want := range map[string]string{
		"calls.by_operation.bulkAddDevicesV2": "1", "calls.by_group.light": "0", "calls.by_group.auth": "1", "rate_limited": "0", "contract_violations": "0",
		"effects.added": "1", "effects.removed": "1", "effects.updated": "1", "effects.emergency": "0", "effects.swapped": "1", "effects.stocked": "2",
		"effects.unstocked": "1", "effects.locations_created": "1", "effects.numbers_taken": "1", "effects.numbers_released": "1",
	} {
		var steps []any
		for step := range strings.SplitSeq(path, ".") {
			steps = append(steps, step)
		}
		stats.is(want, steps...)
	}
	if stats.value("service_seconds") == nil {
		t.Error("no service_seconds")
	}

	lines := strings.Split(strings.TrimSpace(look("effects").want(200).Body.String()), "\n")
	if len(lines) != 8 {
		t.Fatalf("got %d effects, want 8: %s", len(lines), lines)
	}
	for i, line := range lines {
		var effect map[string]any
		if err := json.Unmarshal([]byte(line), &effect); err != nil {
			t.Fatal(err)
		}
		for _, key := range []string{"n", "time", "operation", "extension", "device", "target", "number", "location", "request_id"} {
			if _, there := effect[key]; !there {
				t.Errorf("effect %d has no %s: %s", i+1, key, line)
			}
		}
	}

	account, err := rcsim.ParseAccount(look("account").want(200).Body.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if len(account.Devices) != 6 {
		t.Errorf("got %d devices, want 6", len(account.Devices))
	}
	look("nothing").want(404)
	s.send(httptest.NewRequestWithContext(t.Context(), "POST", "/_sim/stats", nil)).want(405)
	if calls := s.Stats().Calls.ByGroup["light"]; calls != 0 {
		t.Errorf("looking was counted as %d calls", calls)
	}
}
