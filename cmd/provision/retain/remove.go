package retain

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Remover takes runs away: folder or archive get the trash name, forget drops
// the run's entry in the index, then the trash is removed. Killed before the
// rename it has done nothing; killed later the run is gone, and
// [Remover.Finish] does the rest.
type Remover struct {
	FS FS
	// Forget drops the run from the index, durable when it returns. It is asked
	// again after a kill: a run that the index does not know is no error.
	Forget func(id string) error
}

// Remove removes a run that nobody works on.
func (m Remover) Remove(r Run) error {
	if err := m.remove(r); err != nil {
		return fmt.Errorf("remove run %s: %w", r.ID, err)
	}
	return nil
}

func (m Remover) remove(r Run) error {
	info, err := os.Lstat(r.Dir)
	what := r.Dir
	switch {
	case errors.Is(err, os.ErrNotExist):
		what = r.Archive()
	case err != nil:
		return err
	case !info.IsDir():
		return fmt.Errorf("%s is no folder", r.Dir)
	default:
		// An older archive of the same run would be found as sealed.
		if err := m.FS.Remove(r.Archive()); err != nil {
			return err
		}
	}
	if err := toTrash(m.FS, r, what); err != nil {
		return err
	}
	return m.finish(r)
}

// toTrash gives what nobody needs any more the trash name, durable.
func toTrash(fs FS, r Run, what string) error {
	trash := r.beside(trashPrefix)
	if err := removeTree(fs, trash); err != nil {
		return err
	}
	if err := fs.Rename(what, trash); err != nil {
		return err
	}
	return fs.SyncDir(filepath.Dir(r.Dir))
}

// Finish removes the trash of a run in a folder. The run is forgotten only if
// neither folder nor archive is left: what was sealed leaves trash too.
func (m Remover) Finish(dir, id string) error {
	if !idPattern.MatchString(id) {
		return fmt.Errorf("%q is no run's id", id)
	}
	if err := m.finish(Run{ID: id, Dir: filepath.Join(dir, id)}); err != nil {
		return fmt.Errorf("finish the removal of run %s: %w", id, err)
	}
	return nil
}

func (m Remover) finish(r Run) error {
	if !exists(r.Dir) && !exists(r.Archive()) {
		if err := m.Forget(r.ID); err != nil {
			return err
		}
	}
	return dropTrash(m.FS, r)
}

func dropTrash(fs FS, r Run) error {
	if err := removeTree(fs, r.beside(trashPrefix)); err != nil {
		return err
	}
	return fs.SyncDir(filepath.Dir(r.Dir))
}
