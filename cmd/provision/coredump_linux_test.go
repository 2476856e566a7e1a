package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A process that crashes leaves no core dump, also where limits and GOTRACEBACK ask for one, and what it says of its end
// has no secret in it. The program that would dump is told by the system, wherever dumps go.
func TestNoCoreDump(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "account.json"), nightAccount(), 0o600); err != nil {
		t.Fatal(err)
	}
	binary, err := crashBinary()
	if err != nil {
		t.Fatal(err)
	}
	for _, signal := range []syscall.Signal{syscall.SIGABRT, syscall.SIGSEGV, syscall.SIGQUIT} {
		addr := filepath.Join(dir, "addr-"+signal.String())
		cmd := exec.CommandContext(t.Context(), "sh", "-c", `ulimit -c unlimited && exec "$@"`, "sh", binary,
			"sim", "--account", filepath.Join(dir, "account.json"), "--addr-file", addr)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GOTRACEBACK=crash", "RC_USER_JWT="+nightJWT, "RC_APP_CLIENT_SECRET="+nightClient)
		p, err := startCaught(cmd)
		if err == nil {
			err = p.until(func() bool { return fileExists(addr) })
		}
		if err == nil {
			err = p.signal(signal)
		}
		if err == nil {
			err = p.wait()
		}
		if err != nil {
			t.Fatal(err)
		}
		if status, ok := p.cmd.ProcessState.Sys().(syscall.WaitStatus); !ok || status.CoreDump() {
			t.Errorf("%s: the process ended as %v, want no core dump", signal, p.cmd.ProcessState)
		}
		if p.code() == 0 || strings.Contains(p.text(), "planted") {
			t.Errorf("%s: exit code %d, and it said %s", signal, p.code(), p.text())
		}
	}
	if cores, err := filepath.Glob(filepath.Join(dir, "core*")); err != nil || len(cores) > 0 {
		t.Errorf("%q lie there (%v)", cores, err)
	}
}
