//go:build unix

package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/go-cmp/cmp"

	"provision/cmd/provision/inbox"
	"provision/rcclient/rcsim"
)

// judge holds the host, the account and what people were told against what arrived.
func (w *week) judge(when string) {
	w.Helper()
	w.judgeFolders(when)
	w.judgeEffects(when)
	w.judgeTold(when)
	if w.Failed() {
		w.Fatalf("%s: what the processes said:\n%s", when, w.said.String())
	}
}

// judgeFolders: each sheet lies in its place, with a result that accounts for each row, and nothing else lies anywhere.
func (w *week) judgeFolders(when string) {
	w.Helper()
	known := map[string]bool{}
	var results []inbox.Result
	for _, place := range []inbox.Place{inbox.Done, inbox.Held, inbox.Partial} {
		paths, err := filepath.Glob(filepath.Join(w.box(), string(place), "*.result.json"))
		w.must(err)
		for _, path := range paths {
			var r inbox.Result
			text, err := os.ReadFile(path)
			w.must(err)
			w.must(json.Unmarshal(text, &r))
			results = append(results, r)
			for _, p := range append(r.Papers, path, r.File) {
				known[p] = true
			}
		}
	}
	for _, a := range w.arrived {
		i := slices.IndexFunc(results, func(r inbox.Result) bool { return w.isOf(r, a) })
		if i < 0 {
			w.Errorf("%s: nothing is known of %s", when, a.name)
			continue
		}
		w.judgeResult(when, a, results[i])
		results = slices.Delete(results, i, i+1)
	}
	for _, r := range results {
		w.Errorf("%s: %s has one result too many, in %s: %s", when, r.Sheet, r.Place, r.Reason)
	}
	w.must(filepath.WalkDir(w.box(), func(path string, e fs.DirEntry, err error) error {
		switch {
		case e.IsDir() && e.Name() == ".provision":
			return fs.SkipDir
		case e.IsDir() && filepath.Dir(path) == filepath.Join(w.box(), "working"), !e.IsDir() && !known[path]:
			w.Errorf("%s: %s was left", when, path)
		}
		return err
	}))
}

// isOf reports whether a result is that of a sheet.
func (w *week) isOf(r inbox.Result, a *arriving) bool {
	text, err := os.ReadFile(r.File)
	return err == nil && r.Sheet == a.name && string(text) == string(a.data)
}

func (w *week) judgeResult(when string, a *arriving, r inbox.Result) {
	w.Helper()
	if string(r.Place) != a.place || r.Outcome != a.outcome {
		w.Errorf("%s: %s is %s (%s), want %s (%s): %s", when, a.name, r.Place, r.Outcome, a.place, a.outcome, r.Reason)
	}
	if sum := sha256.Sum256(a.data); r.SHA256 != "" && r.SHA256 != hex.EncodeToString(sum[:]) {
		w.Errorf("%s: %s has the digest of something else", when, a.name)
	}
	if a.place == string(inbox.Held) {
		if r.Run != "" {
			w.Errorf("%s: %s is held and has the run %s", when, a.name, r.Run)
		}
		return
	}
	rows := 0
	for _, n := range r.Rows {
		rows += n
	}
	text, err := os.ReadFile(filepath.Join(r.Folder, reportJSON))
	if err != nil {
		w.Errorf("%s: %s: %v", when, a.name, err)
		return
	}
	var entries []map[string]any
	w.must(json.Unmarshal(text, &entries))
	if rows != a.rows || len(entries) != a.rows {
		w.Errorf("%s: %s has %d rows; its result counts %d, its report %d", when, a.name, a.rows, rows, len(entries))
	}
}

// judgeEffects: each change had one effect, and nothing else was done.
func (w *week) judgeEffects(when string) {
	w.Helper()
	got, want := map[string]int{}, map[string]int{}
	for _, a := range w.arrived {
		for _, e := range a.effects {
			want[e]++
		}
	}
	effects, err := w.effects(w.Context())
	w.must(err)
	for _, e := range effects {
		got[effectText(e)]++
	}
	if !maps.Equal(got, want) {
		w.Errorf("%s: effects (-sheets +account):\n%s", when, cmp.Diff(want, got))
	}
	data, err := w.get(w.Context(), "stats")
	w.must(err)
	var stats rcsim.Stats
	w.must(json.Unmarshal(data, &stats))
	if stats.ContractViolations > 0 {
		w.Errorf("%s: %d calls were outside the contract", when, stats.ContractViolations)
	}
}

func effectText(e rcsim.Effect) string {
	if e.Kind == rcsim.EffectSwapped {
		return "swapped " + min(string(e.Device), string(e.Target)) + " " + max(string(e.Device), string(e.Target))
	}
	return string(e.Kind) + " " + string(e.Extension)
}

// notices are those that the receiver got.
func (w *week) notices() []notice {
	w.Helper()
	data, err := os.ReadFile(w.path("told.jsonl"))
	w.must(err)
	all, err := decodeLines[notice](data)
	w.must(err)
	return all
}

// judgeTold: each event of each sheet was told under one id; one that was taken twice had a kill, or a full
// disk, between.
func (w *week) judgeTold(when string) {
	w.Helper()
	got, want, taken := map[string]int{}, map[string]int{}, map[string]int{}
	for _, a := range w.arrived {
		for _, e := range a.events {
			want[a.name+" "+e]++
		}
	}
	failed, twice := 0, 0
	for _, n := range w.notices() {
		if !n.Signed || len(n.Sheets) != 1 {
			w.Errorf("%s: a notification is not signed, or of no sheet: %+v", when, n)
			continue
		}
		if n.Status >= 300 {
			continue // it was sent again
		}
		switch taken[n.ID]++; {
		case taken[n.ID] > 1:
			twice++
		case n.Event == "failed":
			failed++
		case n.Outcome == "interrupted" || n.Outcome == "unfinished":
		default:
			got[n.Sheets[0]+" "+n.Event+"/"+n.Outcome]++
		}
	}
	if !maps.Equal(got, want) {
		w.Errorf("%s: people were told (-want +got):\n%s", when, cmp.Diff(want, got))
	}
	if twice > w.kills+w.doubtful*len(w.arrived) {
		w.Errorf("%s: %d notifications were taken twice, with %d kills and %d times a full disk", when, twice, w.kills, w.doubtful)
	}
	if failed > len(w.failing) {
		w.Errorf("%s: people were told of %d failures, and there were %v", when, failed, w.failing)
	}
}

// secrets: none was written anywhere.
func (w *week) secrets() {
	w.Helper()
	find := func(where, text string) {
		for _, secret := range []string{nightJWT, nightClient, receiverSecret, "planted-url-key", "cGxhbnRlZC", nightExpired} {
			if strings.Contains(text, secret) {
				w.Errorf("%s holds a secret", where)
			}
		}
	}
	find("the log", w.said.String())
	told, err := os.ReadFile(w.path("told.jsonl"))
	w.must(err)
	find("a notification", string(told))
	w.must(filepath.WalkDir(w.host, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		find(path, string(text))
		return err
	}))
}
