package main

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
)

// PROVISION_* stands for any flag; one that is given wins.
func TestBindEnv(t *testing.T) {
	t.Parallel()
	newCmd := func() (*cobra.Command, *time.Duration, *string, *[]string) {
		cmd := &cobra.Command{Use: "x"}
		d := cmd.Flags().Duration("lock-timeout", time.Second, "")
		s := cmd.Flags().String("server", "default", "")
		l := cmd.Flags().StringArray("map", nil, "")
		return cmd, d, s, l
	}
	env := environ{"PROVISION_LOCK_TIMEOUT": "30s", "PROVISION_SERVER": "https://env", "PROVISION_MAP": "A=b;C=d"}
	cmd, d, s, l := newCmd()
	if err := cmd.ParseFlags([]string{"--server", "https://flag"}); err != nil {
		t.Fatal(err)
	}
	if err := (&app{env: env, origins: map[string]origin{}}).bindEnv(cmd); err != nil {
		t.Fatal(err)
	}
	if *d != 30*time.Second || *s != "https://flag" || !slices.Equal(*l, []string{"A=b", "C=d"}) {
		t.Errorf("got %v %q %q, want 30s from the variable, the flag's server, two maps", *d, *s, *l)
	}
	cmd, _, _, _ = newCmd()
	err := (&app{env: environ{"PROVISION_LOCK_TIMEOUT": "soon"}, origins: map[string]origin{}}).bindEnv(cmd)
	if err == nil || !strings.Contains(err.Error(), `PROVISION_LOCK_TIMEOUT="soon"`) || codeOf(err) != exitError {
		t.Errorf("a bad value gave %v, want an error that names the variable", err)
	}
}

// A misspelt variable may be a guard that was meant to be set: it is named.
func TestStrangeEnv(t *testing.T) {
	t.Parallel()
	a := &app{screen: newScreen(io.Discard)}
	got := strangeEnv(newRootCmd(a), environ{"PROVISION_LOCK_TIMEOUT": "1s", "PROVISION_STATE_DIR": "x", "PROVISION_MAX_REMOVAL": "1", "HOME": "/"})
	if diff := cmp.Diff([]string{"PROVISION_MAX_REMOVAL"}, got); diff != "" {
		t.Error(diff)
	}
}

// Secrets that others can read are refused, and never shown.
func TestReadEnvFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "creds")
	write := func(text string, mode os.FileMode) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
	}
	write("# ours\nexport RC_APP_CLIENT_ID='id'\r\nRC_USER_JWT=\"a=b\"\n\nX = y \n", 0o600)
	got, err := readEnvFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(environ{"RC_APP_CLIENT_ID": "id", "RC_USER_JWT": "a=b", "X": "y"}, got); diff != "" {
		t.Error(diff)
	}
	write("RC_USER_JWT=s3cret\n", 0o640)
	if _, err := readEnvFile(path); err == nil || !strings.Contains(err.Error(), "0640") {
		t.Errorf("mode 0640 gave %v, want a refusal that names it", err)
	}
	write("s3cret\n", 0o600)
	if _, err := readEnvFile(path); err == nil || strings.Contains(err.Error(), "s3cret") {
		t.Errorf("a broken line gave %v, want an error without its content", err)
	}
}

// Both sets of variables are accepted; a file that was named wins.
func TestCredentials(t *testing.T) {
	t.Parallel()
	c := orCredentials(credentialsFrom(environ{"RC_USER_JWT": "file"}), credentialsFrom(environ{"RINGCENTRAL_CLIENT_ID": "id", "RINGCENTRAL_CLIENT_SECRET": "s", "RINGCENTRAL_JWT_TOKEN": "env"}))
	if c.ClientID != "id" || c.ClientSecret != "s" || c.JWT != "file" {
		t.Errorf("got id %q, want the environment's, and the file's JWT", c.ClientID)
	}
	if err := missingCredentials(credentialsFrom(environ{"RC_APP_CLIENT_ID": "id"})); err == nil ||
		!strings.Contains(err.Error(), "RC_APP_CLIENT_SECRET, RC_USER_JWT") {
		t.Errorf("got %v, want the missing ones by name", err)
	}
}
