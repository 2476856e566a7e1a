package main

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// A command by hand has the folders, the configuration, the user and the credentials that the unit gives the job.
func TestByHandIsTheJob(t *testing.T) {
	t.Parallel()
	unit, err := os.ReadFile("../../samples/schedulers/provision@.service")
	if err != nil {
		t.Fatal(err)
	}
	script, err := os.ReadFile("../../samples/schedulers/by-hand")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.NewReplacer(`"`, "", "$dir", "/var/lib/provision/%i", "$profile", "%i").Replace(string(script))
	lines := regexp.MustCompile(`(?m)^(?:Environment=|(EnvironmentFile=|UMask=|LimitCORE=))(.+)$`).FindAllStringSubmatch(string(unit), -1)
	if len(lines) < 6 {
		t.Fatalf("the unit has %q", lines)
	}
	for _, l := range lines {
		if want := l[1] + l[2]; !strings.Contains(text, want) {
			t.Errorf("by-hand lacks %s", want)
		}
	}
	for _, name := range []string{"User", "Group"} {
		value := regexp.MustCompile(`(?m)^` + name + `=(.+)$`).FindStringSubmatch(string(unit))
		flag := map[string]string{"User": "--uid=", "Group": "--gid="}[name]
		if value == nil || !strings.Contains(text, flag+value[1]) {
			t.Errorf("by-hand lacks %s%v", flag, value)
		}
	}
}
