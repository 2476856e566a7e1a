package browser

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// root is the repository, seen from here.
const root = "../../.."

var (
	buildOnce sync.Once
	binary    string
	errBuild  error
)

// program is the built program: PROVISION_BINARY, or one built for this run.
func program(t *testing.T) string {
	t.Helper()
	buildOnce.Do(func() {
		if binary = os.Getenv("PROVISION_BINARY"); binary != "" {
			return
		}
		var dir string
		if dir, errBuild = os.MkdirTemp("", "provision-browser-"); errBuild != nil {
			return
		}
		binary = filepath.Join(dir, "provision")
		cmd := exec.Command("go", "build", "-o", binary, "./cmd/provision")
		cmd.Dir = root
		cmd.Stderr = os.Stderr
		errBuild = cmd.Run()
	})
	if errBuild != nil {
		t.Fatalf("build the program: %v", errBuild)
	}
	return binary
}

// provision runs the program in a folder; it may end with one of the codes.
func provision(t *testing.T, dir string, codes []int, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program(t), args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "NO_COLOR=1", "XDG_STATE_HOME="+dir, "HOME="+dir)
	out, err := cmd.CombinedOutput()
	code := 0
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		code = exit.ExitCode()
	} else if err != nil {
		t.Fatal(err)
	}
	for _, ok := range codes {
		if code == ok {
			return
		}
	}
	t.Fatalf("provision %v ended with %d, want one of %v:\n%s", args, code, codes, out)
}

// planPage plans a sheet against an account of the samples and returns the page.
func planPage(t *testing.T, sheet, account string, flags ...string) string {
	t.Helper()
	dir := t.TempDir()
	from := filepath.Join(root, "samples")
	copyFile(t, filepath.Join(from, sheet), filepath.Join(dir, sheet))
	copyFile(t, filepath.Join(from, account), filepath.Join(dir, account))
	return planIn(t, dir, sheet, account, flags...)
}

// planIn plans a sheet against an account, both in dir.
func planIn(t *testing.T, dir, sheet, account string, flags ...string) string {
	t.Helper()
	page := filepath.Join(dir, "plan.html")
	args := append([]string{"plan", sheet, "--server", "sim:" + account + "?time-scale=600", "-o", "plan.json", "--html", page}, flags...)
	provision(t, dir, []int{0, 3}, args...)
	return page
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, data, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}
