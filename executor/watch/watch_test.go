package watch

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestStatusIsReplacedWhole(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if _, err := Read(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
	want := Status{Run: "r", State: StateWorking, Changes: 3, Groups: []Group{{Name: "heavy"}}, Waits: []Wait{{Reason: "limit", Seconds: 3}}}
	for range 3 {
		want.Done++
		if err := Write(dir, want); err != nil {
			t.Fatal(err)
		}
	}
	got, err := Read(dir)
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 1 {
		t.Errorf("%v, %v", files, err)
	}
	info, err := os.Stat(filepath.Join(dir, StatusFile))
	if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

// Wishes are followed in their order and once; what is none, or could be another's, is named and not followed.
func TestWishes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	at := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	want := []Wish{{Kind: Pause, By: "ann", At: at}, {Kind: Slower, Share: 0.5, By: "ann", At: at.Add(1)}, {Kind: Continue, By: "bob", At: at.Add(2)}}
	for _, i := range []int{2, 0, 1} {
		if _, err := Send(dir, want[i]); err != nil {
			t.Fatal(err)
		}
	}
	got, err := Take(dir)
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
	if again, err := Take(dir); len(again) > 0 || err != nil {
		t.Errorf("taken twice: %v, %v", again, err)
	}
	for name, text := range map[string]string{"share": `{"kind":"slower","share":2}`, "kind": `{"kind":"explode"}`, "cut": `{"kind":"pa`} {
		write(t, filepath.Join(dir, wishPrefix+name+".json"), text, 0o600)
	}
	write(t, filepath.Join(dir, wishPrefix+"open.json"), `{"kind":"stop"}`, 0o666)
	got, err = Take(dir)
	if runtime.GOOS == "windows" {
		got = nil // who may write is the folder's matter there
	}
	if err == nil || len(got) > 0 {
		t.Errorf("followed: %v, %v", got, err)
	}
	for _, part := range []string{"the share 2", `"explode"`, "unexpected end"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%v does not name %q", err, part)
		}
	}
	if _, err := Send(dir, want[0]); err != nil {
		t.Fatal(err)
	}
	if err := Clear(dir); err != nil {
		t.Error(err)
	}
	if files, err := os.ReadDir(dir); len(files) > 0 || err != nil {
		t.Errorf("left behind: %v, %v", files, err)
	}
}

func write(t *testing.T, path, text string, mode os.FileMode) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}
