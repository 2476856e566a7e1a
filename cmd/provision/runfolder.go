package main

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"provision/cmd/provision/wholefile"
	"provision/executor/journal"
	"provision/plan"
)

// Names inside a run's folder.
const (
	planFile    = "plan.json"
	sourcesDir  = "sources"
	reportCSV   = "report.csv"
	reportXLSX  = "report.xlsx"
	reportJSON  = "report.json"
	reportHTML  = "report.html"
	resultJSON  = "result.json"
	redactKey   = "redact.key"
	defaultRuns = "provision-runs"
)

// runFolder is the folder of one run: all that "resume" needs.
type runFolder struct {
	id  string // the folder's name: <UTC time>-<short id>
	dir string // absolute path
}

func (r runFolder) plan() string         { return filepath.Join(r.dir, planFile) }
func (r runFolder) journal() string      { return filepath.Join(r.dir, journal.FileName) }
func (r runFolder) file(n string) string { return filepath.Join(r.dir, n) }

// createRun makes an empty folder.
func createRun(runsDir string, now time.Time) (runFolder, error) {
	abs, err := filepath.Abs(runsDir)
	if err != nil {
		return runFolder{}, fmt.Errorf("find runs folder: %w", err)
	}
	hint := "name a folder that can be written with --runs-dir"
	if err := os.MkdirAll(abs, 0o700); err != nil {
		return runFolder{}, withHint(fmt.Errorf("make runs folder: %w", err), hint)
	}
	var short [3]byte
	if _, err := rand.Read(short[:]); err != nil {
		return runFolder{}, fmt.Errorf("make run id: %w", err)
	}
	r := runFolder{id: now.UTC().Format("20060102T150405Z") + "-" + hex.EncodeToString(short[:])}
	r.dir = filepath.Join(abs, r.id)
	if err := os.Mkdir(r.dir, 0o700); err != nil {
		return runFolder{}, withHint(fmt.Errorf("make run folder: %w", err), hint)
	}
	return r, nil
}

// keepPlan writes the plan into the folder. Both are durable before it returns:
// without the plan nobody could tell what the journal's changes are.
func (r runFolder) keepPlan(p *plan.Plan) error {
	save, err := openSaved(r.plan())
	if err == nil {
		err = save.commitPlan(p)
	}
	save.discard()
	for _, dir := range []string{r.dir, filepath.Dir(r.dir)} {
		if err == nil {
			err = journal.OS{}.SyncDir(dir)
		}
	}
	if err != nil {
		return fmt.Errorf("write plan into run folder: %w", err)
	}
	return nil
}

// writePrivate replaces a file's content at once or not at all, mode 0600.
func writePrivate(path string, data []byte) error {
	if err := refuseFolder(path); err != nil {
		return err
	}
	return wholefile.Write(path, data, 0o600)
}

// openRunFolder finds a run by its folder, or by a prefix of its id in the runs
// folder and in the index.
func (a *app) openRunFolder(runsDir string, st stateFolder, arg string) (runFolder, error) {
	r, err := a.lookForRun(runsDir, st, arg)
	if err == nil {
		err = st.present(r)
	}
	if err != nil {
		return runFolder{}, err
	}
	return r, nil
}

// lookForRun finds a run like openRunFolder, also one that is sealed or gone.
func (a *app) lookForRun(runsDir string, st stateFolder, arg string) (runFolder, error) {
	if strings.TrimSpace(arg) == "" { // a folder would be the one that we are in
		return runFolder{}, withHint(usagef("the name of the run is empty"), `list runs with "provision runs"; in a script, check the variable that holds the name`)
	}
	if r, ok, err := runAt(arg); ok || err != nil {
		return r, err
	}
	all, err := listRuns(runsDir, st)
	if err != nil {
		return runFolder{}, err
	}
	found := matchRuns(all, arg)
	switch len(found) {
	case 0:
		return runFolder{}, withHint(usagef("no run %q in %s nor in the index", arg, runsDir), `list runs with "provision runs"`)
	case 1:
		return found[0], nil
	}
	var ids []string
	for _, r := range found {
		ids = append(ids, r.id)
	}
	return runFolder{}, withHint(usagef("run %q is ambiguous: %s", arg, strings.Join(ids, ", ")), "give more of the id; the part behind the dash does too")
}

// matchRuns finds the runs whose id, or the short part of it, begins with arg.
func matchRuns(all []runFolder, arg string) []runFolder {
	var found []runFolder
	for _, r := range all {
		if r.id == arg {
			return []runFolder{r}
		}
		_, short, _ := strings.Cut(r.id, "-")
		if arg != "" && (strings.HasPrefix(r.id, arg) || strings.HasPrefix(short, arg)) {
			found = append(found, r)
		}
	}
	return found
}

// listRuns are the runs of the runs folder and of the index, by id, sealed and
// redacted ones too; one that stands in both is there once, where the index has
// it. Names that begin with a dot are in the making, or being removed.
func listRuns(runsDir string, st stateFolder) ([]runFolder, error) {
	byDir := map[string]runFolder{}
	abs, err := filepath.Abs(runsDir)
	if err != nil {
		return nil, fmt.Errorf("find runs folder: %w", err)
	}
	entries, err := os.ReadDir(abs)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("list runs: %w", err)
	}
	for _, e := range entries {
		dir := filepath.Join(abs, e.Name())
		if r := (runFolder{dir: dir}); !strings.HasPrefix(e.Name(), ".") && r.isRun() {
			byDir[dir] = runFolder{id: idOf(dir), dir: dir}
		}
	}
	sealed, err := sealedRuns(abs)
	if err != nil {
		return nil, err
	}
	for _, r := range sealed {
		byDir[r.dir] = r
	}
	indexed, err := st.index()
	if err != nil {
		return nil, err
	}
	byID := map[string]runFolder{}
	for _, r := range byDir {
		byID[r.id] = r
	}
	for _, e := range indexed {
		if r, ok := byID[e.Run]; ok && fileExists(e.Folder) {
			delete(byDir, r.dir) // maybe the same folder, maybe a copy that was left behind
		}
		if _, ok := byDir[e.Folder]; !ok {
			byDir[e.Folder] = runFolder{id: e.Run, dir: e.Folder}
		}
	}
	return sortedRuns(byDir), nil
}

// loadRun reads a run's plan and what its journal adds up to.
func loadRun(r runFolder) (*plan.Plan, journal.State, error) {
	if err := refuseRedacted(r); err != nil {
		return nil, journal.State{}, err
	}
	p, err := readPlan(r.plan())
	if err != nil {
		return nil, journal.State{}, err
	}
	records, err := journal.Read(r.journal())
	if errors.Is(err, os.ErrNotExist) {
		// The plan is written after it, so it was there.
		err = withHint(fmt.Errorf("the journal of run %s is gone, so nobody knows what it did: %w", r.id, err),
			"bring the file back, or look at the account and plan the sheet anew")
	}
	if err != nil {
		return nil, journal.State{}, err
	}
	return p, journal.Fold(records), nil
}
