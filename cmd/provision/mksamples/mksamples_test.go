package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"provision/rcclient/rcsim"
)

const samplesDir = "../../../samples"

// What is checked in is what the program makes: nobody edits it by hand.
func TestSamplesAreWhatThisProgramMakes(t *testing.T) {
	t.Parallel()
	files := made(t)
	names := []string{"README.md"}
	for _, f := range files {
		names = append(names, f.name)
		got, err := os.ReadFile(filepath.Join(samplesDir, f.name))
		if err != nil {
			t.Errorf("read sample: %v; run make samples", err)
			continue
		}
		if !bytes.Equal(got, f.data) {
			t.Errorf("%s is not what this program makes; run make samples", f.name)
		}
	}
	entries, err := os.ReadDir(samplesDir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		// What is not a sheet or an account is written by hand.
		if e.IsDir() || filepath.Ext(e.Name()) == ".sh" {
			continue
		}
		// The simulator keeps state and locks beside an account; git ignores them.
		if ignored, _ := filepath.Match("*.state*", e.Name()); !ignored && !slices.Contains(names, e.Name()) {
			t.Errorf("%s is in the samples folder and not made by this program", e.Name())
		}
	}
}

func TestSameBytesAgain(t *testing.T) {
	t.Parallel()
	first := made(t)
	for i, f := range made(t) {
		if !bytes.Equal(f.data, first[i].data) {
			t.Errorf("%s: two runs made different bytes", f.name)
		}
	}
}

func TestReadmeNamesEveryFile(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile(filepath.Join(samplesDir, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range made(t) {
		if !bytes.Contains(readme, []byte(f.name)) {
			t.Errorf("README.md does not name %s", f.name)
		}
	}
}

func TestAccountsAreSound(t *testing.T) {
	t.Parallel()
	for _, f := range made(t) {
		if filepath.Ext(f.name) == ".json" {
			checkAccount(t, f)
		}
	}
}

// checkAccount looks for what no account can be, and for less phones than the
// guards' percentages are made for.
func checkAccount(t *testing.T, f file) {
	t.Helper()
	if _, err := rcsim.ParseAccount(f.data); err != nil {
		t.Errorf("%s: the simulator refuses it: %v", f.name, err)
	}
	var a struct {
		Settings struct {
			ERLs bool `json:"erl_regime"`
		} `json:"settings"`
		Locations  []location  `json:"emergency_locations"`
		Extensions []extension `json:"extensions"`
		Devices    []device    `json:"devices"`
		Numbers    []number    `json:"numbers"`
	}
	if err := json.Unmarshal(f.data, &a); err != nil {
		t.Fatalf("%s: %v", f.name, err)
	}
	once := map[string]string{}
	claim := func(what, value string) {
		if value == "" {
			return
		}
		if before := once[what+value]; before != "" {
			t.Errorf("%s: %s %s stands twice", f.name, what, value)
		}
		once[what+value] = value
	}
	for _, e := range a.Extensions {
		claim("extension", e.Number)
		claim("e-mail", e.Contact.Email)
		claim("name", e.Name)
	}
	for _, n := range a.Numbers {
		claim("number", n.Number)
		claim("number id", n.ID)
	}
	phones := 0
	for _, d := range a.Devices {
		claim("device", d.ID)
		claim("serial", d.Serial)
		for _, l := range d.Lines {
			claim("number", l.Info.Number)
			claim("line", l.ID)
		}
		if d.Extension != nil {
			phones++
		}
		if d.Emergency != nil && (d.Emergency.Location != nil) != a.Settings.ERLs {
			t.Errorf("%s: device %s has an address of the other regime", f.name, d.ID)
		}
	}
	if phones < 120 {
		t.Errorf("%s: got %d phones, want 120 or more", f.name, phones)
	}
	if a.Settings.ERLs != (len(a.Locations) > 0) {
		t.Errorf("%s: got %d ERLs in the regime %v", f.name, len(a.Locations), a.Settings.ERLs)
	}
}

func made(t *testing.T) []file {
	t.Helper()
	files, err := makeFiles()
	if err != nil {
		t.Fatal(err)
	}
	return files
}
