package plan

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A plan made from a saved snapshot is the one made from the account; bytes
// that are not as they were saved are refused.
func TestSavedSnapshot(t *testing.T) {
	t.Parallel()
	saved := &SavedSnapshot{Format: SnapshotFormat, Program: "test", Server: "sim:/a.json", Snapshot: testAccount(true)}
	var b bytes.Buffer
	if err := EncodeSnapshot(&b, saved); err != nil {
		t.Fatal(err)
	}
	back, err := DecodeSnapshot(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(saved, back); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	d := sheetOf(t, "extension=101; "+labText, "action=swap; extension=102; device_id=d2; replace_with=inventory", "extension=110; phone_number=+15550201; emergency_location=HQ")
	if diff := cmp.Diff(build(t, d, saved.Snapshot).String(), build(t, d, back.Snapshot).String()); diff != "" || len(build(t, d, back.Snapshot).Errors) > 0 {
		t.Errorf("plans differ (-want +got)\n%s", diff)
	}
	text := b.String()
	for name, c := range map[string]struct {
		text string
		want error
	}{
		"cut":     {text[:len(text)/2], ErrSnapshotDamaged},
		"empty":   {"", ErrSnapshotDamaged},
		"a plan":  {string(smallPlan(t)), ErrSnapshotDamaged},
		"edited":  {strings.Replace(text, `"Phone 1"`, `"Phone 9"`, 1), ErrSnapshotEdited},
		"reduced": {strings.Replace(text, `"number": "101",`, ``, 1), ErrSnapshotEdited},
	} {
		if _, err := DecodeSnapshot(strings.NewReader(c.text)); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
	if _, err := DecodeSnapshot(strings.NewReader(strings.Replace(text, `"snapshot_format": 1`, `"snapshot_format": 2`, 1))); err == nil || !strings.Contains(err.Error(), "has format 2") {
		t.Errorf("newer: got %v", err)
	}
}
