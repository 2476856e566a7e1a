package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"provision/rcclient"
)

// A process begins with the limits that the one before it was told; a file that cannot be read is as none.
func TestLimits(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "limits")
	want := map[rcclient.Group]rcclient.Limit{rcclient.GroupMedium: {Calls: 4, Window: 90 * time.Second}}
	if got := loadLimits(path); got != nil {
		t.Errorf("without a file %v", got)
	}
	if err := saveLimits(path, want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, loadLimits(path)); diff != "" {
		t.Error(diff)
	}
	for _, bad := range []string{"", "{", `{"medium":{"calls":0,"window_seconds":60}}`, `{"medium":{"calls":4,"window_seconds":-1}}`} {
		if err := os.WriteFile(path, []byte(bad), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := loadLimits(path); len(got) != 0 {
			t.Errorf("%q gave %v", bad, got)
		}
	}
}
