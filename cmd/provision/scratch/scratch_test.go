package scratch

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// holder is the environment variable that makes the test's binary a process which makes a folder and waits.
const holder = "PROVISION_SCRATCH_HOLDER"

func TestMain(m *testing.M) {
	if os.Getenv(holder) == "" {
		os.Exit(m.Run())
	}
	f, err := New()
	if err == nil {
		err = os.WriteFile(filepath.Join(f.Path, "part.xml"), []byte("Ada Byron, 1 Main Street"), 0o600)
	}
	if err != nil {
		os.Exit(1)
	}
	_, _ = os.Stdout.WriteString(f.Path + "\n")
	_, _ = io.Copy(io.Discard, os.Stdin)
	os.Exit(1)
}

// hold starts a process that holds a folder.
func hold(t *testing.T) (kill func(), path string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), holder+"=1")
	in, err1 := cmd.StdinPipe()
	out, err2 := cmd.StdoutPipe()
	if err := errors.Join(err1, err2, cmd.Start()); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 4096)
	n, err := out.Read(buf)
	if err != nil {
		t.Fatal(err)
	}
	kill = func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		_ = in.Close()
	}
	t.Cleanup(kill)
	return kill, string(buf[:n-1])
}

// TestKilledProcess: what a killed process left goes, what a live one has stays.
func TestKilledProcess(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	own, err := New()
	if err != nil {
		t.Fatal(err)
	}
	killDead, dead := hold(t)
	killLive, live := hold(t)
	if n := Sweep(); n != 0 {
		t.Errorf("%d folders of live processes were removed", n)
	}
	killDead()
	if n := Sweep(); n != 1 || exists(dead) || !exists(filepath.Join(live, "part.xml")) || !exists(own.Path) {
		t.Errorf("%d removed; the dead one's is there: %v, the live one's: %v, our own: %v", n, exists(dead), exists(live), exists(own.Path))
	}
	killLive()
	if err := own.Remove(); err != nil {
		t.Error(err)
	}
	if n := Sweep(); n != 1 {
		t.Errorf("%d removed, want the last one", n)
	}
	if left, err := os.ReadDir(os.TempDir()); err != nil || len(left) > 0 {
		t.Errorf("left over: %v (%v)", left, err)
	}
}

// TestSweepLeavesOthers: whatever is not surely ours stays.
func TestSweepLeavesOthers(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	make1 := func(name string, mode os.FileMode, lock bool) {
		t.Helper()
		path := filepath.Join(os.TempDir(), name)
		err := os.Mkdir(path, 0o700)
		if lock {
			err = errors.Join(err, os.WriteFile(filepath.Join(path, lockName), nil, 0o600))
		}
		if err := errors.Join(err, os.Chmod(path, mode)); err != nil {
			t.Fatal(err)
		}
	}
	make1("provision-read-123-456-x", private, true)
	make1("provision-read-123", private, true)
	make1("my-provision-read-123-456", private, true)
	make1("provision-read-1-1", 0o755, true)
	make1("provision-read-1-2", private, false) // a process that begins
	make1("target", private, true)
	if err := errors.Join(os.WriteFile(filepath.Join(os.TempDir(), "provision-read-1-3"), nil, 0o600),
		os.Symlink("target", filepath.Join(os.TempDir(), "provision-read-1-4"))); err != nil {
		t.Fatal(err)
	}
	if n := Sweep(); n != 0 {
		t.Errorf("%d removed", n)
	}
	if left, err := os.ReadDir(os.TempDir()); err != nil || len(left) != 8 {
		t.Errorf("%d left (%v), want all 8", len(left), err)
	}
	make1("provision-read-1-5", private, true)
	if n := Sweep(); n != 1 {
		t.Errorf("%d removed, want the one that is a leftover", n)
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
