package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"provision/rcclient/rcsim"
)

// inboxKills is how often the processes of TestInboxKilled are killed; PROVISION_KILLS sets another number.
const inboxKills = 6

// nightSheets are the sheets that arrive, and the place of each: the first letter of a name is the order of arrival.
var nightSheets = []struct{ name, place, extensions string }{
	{"a.csv", "done", "1001 1002 1003 1004 1005 1006"},
	{"b.csv", "held", "1007 9999"},
	{"c.csv", "held", "2001 2002 2003 2004 2005 2006 2007 2008 2009 2010"},
	{"d.csv", "held", "1001 1002 1003 1004 1005 1006"}, // a repeat
	{"e.csv", "done", "1007 1008 1009 1010"},
	{"f.txt", "held", "1011"},
}

// A real process that is killed at random instants loses no sheet and sends nothing twice: in the end each sheet lies in
// its folder with its result, and each line was added once.
func TestInboxKilled(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	random := rand.New(rand.NewPCG(seed, 0))
	t.Logf("seed %d", seed)
	s, err := newSite(t.Context(), t.TempDir(), nightAccount())
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	box := s.path("inbox")
	if err := os.Mkdir(box, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, one := range nightSheets {
		text := "extension,area_code,emergency_location\n"
		for ext := range strings.FieldsSeq(one.extensions) {
			text += ext + ",650,HQ\n"
		}
		if err := os.WriteFile(filepath.Join(box, one.name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	args := append(s.served("inbox", box, "--once", "--stable-for", "100ms", "--max-adds", "8", "--bulk-size", "1", "--lock-timeout", "1m"), crashWaits...)
	killed := 0
	for range envNumber(t, "PROVISION_KILLS", inboxKills) {
		p, err := s.start(t.Context(), args...)
		if err != nil {
			t.Fatal(err)
		}
		// It is let begin something, and killed a little later.
		before := namesBelow(box, s.runs())
		if p.until(func() bool { return namesBelow(box, s.runs()) != before }) == nil && p.after(time.Duration(random.IntN(250))*time.Millisecond) == nil {
			p.kill()
			killed++
		}
	}
	p, err := s.start(t.Context(), args...)
	if err == nil {
		err = p.wait()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d processes were killed; the last one ended with %d", killed, p.code())
	if code := p.code(); code != 0 && code != 3 && code != 4 {
		t.Errorf("exit code %d: %s", code, p.text())
	}
	checkNight(t, box)
	added, err := s.effects(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var extensions []string
	for _, e := range added {
		if e.Kind == rcsim.EffectAdded {
			extensions = append(extensions, string(e.Extension))
		}
	}
	slices.Sort(extensions)
	if want := strings.Fields("101001 101002 101003 101004 101005 101006 101007 101008 101009 101010"); !slices.Equal(extensions, want) {
		t.Errorf("lines were added to %v, want %v", extensions, want)
	}
}

// namesBelow is how many names there are below folders.
func namesBelow(folders ...string) (n int) {
	for _, folder := range folders {
		_ = filepath.WalkDir(folder, func(string, os.DirEntry, error) error { // what goes away meanwhile is no matter
			n++
			return nil
		})
	}
	return n
}

// checkNight holds the folders against what must be there.
func checkNight(t *testing.T, box string) {
	t.Helper()
	var got, want []string
	for _, place := range []string{".", "working", "done", "held", "partial"} {
		entries, err := os.ReadDir(filepath.Join(box, place))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			switch ext := filepath.Ext(e.Name()); {
			case ext == ".html" || ext == ".json" || ext == ".xlsx" || place == "." && e.IsDir():
			default:
				got = append(got, place+" "+e.Name())
			}
		}
	}
	for _, one := range nightSheets {
		want = append(want, one.place+" "+one.name)
		if result := filepath.Join(box, one.place, one.name+".result.json"); !fileExists(result) {
			t.Errorf("%s is missing", result)
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("sheets lie in %q, want %q", got, want)
	}
}

// nightAccount is an account with people without phones.
func nightAccount() []byte {
	var people []string
	for _, first := range []int{1001, 2001} {
		for n := first; n < first+11; n++ {
			people = append(people, fmt.Sprintf(`{"id": 10%d, "extensionNumber": "%[1]d", "name": "Person %[1]d", "type": "User"}`, n))
		}
	}
	return []byte(`{"account": {"id": 1}, "settings": {}, "sites": [], "cost_centers": [], "devices": [], "numbers": [],
		"emergency_locations": [{"id": "5001", "name": "HQ", "address": {"street": "1 Main St", "city": "Belmont", "state": "CA", "zip": "94002", "country": "US"}}],
		"extensions": [` + strings.Join(people, ",") + `]}`)
}
