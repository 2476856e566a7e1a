package retain

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"filippo.io/age"
)

// Sealer packs closed runs into encrypted archives and brings them back. The
// format is that of age (age-encryption.org/v1), so that a run can be opened
// with the tool of that name as well.
type Sealer struct{ FS FS }

// ErrFolder is the error of unsealing a run whose folder is there.
var ErrFolder = errors.New("the run's folder is there: it is not sealed")

// Seal encrypts the folder of a closed run that nobody works on to the
// recipients and removes it. The archive is complete and durable under its name
// before the folder is touched; killed at any time, the run is in one of both,
// and whole.
func (s Sealer) Seal(r Run, to []age.Recipient) error {
	if err := s.seal(r, to); err != nil {
		return fmt.Errorf("seal run %s: %w", r.ID, err)
	}
	return nil
}

func (s Sealer) seal(r Run, to []age.Recipient) error {
	if len(to) == 0 {
		return ErrRecipient
	}
	part := r.beside(sealPrefix)
	err := writeFile(s.FS, part, func(w io.Writer) error {
		locked, err := age.Encrypt(w, to...)
		if err != nil {
			return err
		}
		if err := Pack(locked, r, PackOptions{}); err != nil {
			return err
		}
		return locked.Close()
	})
	if err != nil {
		return errors.Join(err, s.FS.Remove(part))
	}
	if err := s.FS.Rename(part, r.Archive()); err != nil {
		return err
	}
	if err := s.FS.SyncDir(filepath.Dir(r.Dir)); err != nil {
		return err
	}
	if err := toTrash(s.FS, r, r.Dir); err != nil {
		return err
	}
	return dropTrash(s.FS, r)
}

// Unseal decrypts a sealed run into its folder and removes the archive. The
// folder appears under its name complete and durable. [age.NoIdentityMatchError]
// says that none of the identities is a recipient; [ErrFolder] that the folder
// is there.
func (s Sealer) Unseal(r Run, with []age.Identity) error {
	if err := s.unseal(r, with); err != nil {
		return fmt.Errorf("unseal run %s: %w", r.ID, err)
	}
	return nil
}

func (s Sealer) unseal(r Run, with []age.Identity) error {
	if exists(r.Dir) {
		return ErrFolder
	}
	f, err := os.Open(r.Archive())
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // only read
	plain, err := age.Decrypt(f, with...)
	if err != nil {
		return err
	}
	part := r.beside(unsealPrefix)
	if err := removeTree(s.FS, part); err != nil {
		return err
	}
	if err := s.FS.Mkdir(part); err != nil {
		return err
	}
	err = unpack(s.FS, plain, part)
	if err == nil {
		// What comes behind the archive's end is part of what age vouches for.
		_, err = io.Copy(io.Discard, plain)
	}
	if err != nil {
		return errors.Join(err, removeTree(s.FS, part))
	}
	if err := s.FS.Rename(part, r.Dir); err != nil {
		return err
	}
	if err := s.FS.SyncDir(filepath.Dir(r.Dir)); err != nil {
		return err
	}
	if err := s.FS.Remove(r.Archive()); err != nil {
		return err
	}
	return s.FS.SyncDir(filepath.Dir(r.Dir))
}

// CutShort reports whether a sealing or an unsealing that did not come to its
// end left something beside the run. An unsealing that is at work looks the same
// to whoever does not hold the account's lock.
func CutShort(r Run) bool { return exists(r.beside(sealPrefix)) || exists(r.beside(unsealPrefix)) }

// Clean removes that. The run itself is in its folder or its archive, whole.
func (s Sealer) Clean(r Run) error {
	err := errors.Join(s.FS.Remove(r.beside(sealPrefix)), removeTree(s.FS, r.beside(unsealPrefix)))
	if err == nil {
		err = s.FS.SyncDir(filepath.Dir(r.Dir))
	}
	if err != nil {
		return fmt.Errorf("remove what the sealing of run %s left: %w", r.ID, err)
	}
	return nil
}
