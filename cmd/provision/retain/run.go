package retain

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// Suffix is what the name of a sealed run's archive has behind the run's
// folder's name.
const Suffix = ".tar.age"

// Prefixes of names beside runs: of what is only waiting to be removed, of an
// archive that is being written, and of a folder that is being unsealed.
const (
	trashPrefix  = ".trash-"
	sealPrefix   = ".seal-"
	unsealPrefix = ".unseal-"
)

// Run is a run's place.
type Run struct {
	ID  string
	Dir string // absolute; where its folder is, or was before it was sealed
}

// Archive is the file that the run is sealed into.
func (r Run) Archive() string { return r.Dir + Suffix }

// Sealed reports whether the run stands in its archive alone. Where folder and
// archive are both there, the folder counts: it is whole, and newer or the same.
func (r Run) Sealed() bool {
	info, err := os.Stat(r.Archive())
	return err == nil && info.Mode().IsRegular() && !exists(r.Dir)
}

func (r Run) beside(prefix string) string {
	return filepath.Join(filepath.Dir(r.Dir), prefix+r.ID)
}

// SealedIn lists the archives of a folder whose runs have no folder there.
func SealedIn(dir string) ([]Run, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var all []Run
	for _, e := range entries {
		name, ok := strings.CutSuffix(e.Name(), Suffix)
		if !ok || name == "" || strings.HasPrefix(name, ".") {
			continue
		}
		if r := (Run{ID: name, Dir: filepath.Join(dir, name)}); r.Sealed() {
			all = append(all, r)
		}
	}
	return all, nil
}

// idPattern is what ids of runs look like; nothing else is ever taken for trash.
var idPattern = regexp.MustCompile(`^[0-9]{8}T[0-9]{6}Z-[0-9a-f]{6}$`)

// IsTrash reports whether a name is that of trash, and of which run.
func IsTrash(name string) (id string, ok bool) {
	id, ok = strings.CutPrefix(name, trashPrefix)
	return id, ok && idPattern.MatchString(id)
}

// Trash lists the ids of the runs whose removal from a folder was begun and not
// finished.
func Trash(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, e := range entries {
		if id, ok := IsTrash(e.Name()); ok {
			ids = append(ids, id)
		}
	}
	return ids, nil
}
