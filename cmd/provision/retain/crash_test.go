package retain_test

import (
	"bytes"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"testing"
	"time"

	"filippo.io/age"

	"provision/cmd/provision/retain"
)

var errDead = errors.New("the process is dead")

// dying is a disk whose process dies before a step: that step and all later ones do not happen.
type dying struct {
	left int // steps until then
	// half writes a part of what is written by the step that it dies at.
	half bool
}

func (d *dying) step() error {
	if d.left <= 0 {
		return errDead
	}
	d.left--
	return nil
}

func (d *dying) Create(name string) (retain.File, error) {
	if err := d.step(); err != nil {
		return nil, err
	}
	f, err := retain.OS{}.Create(name)
	return dyingFile{f, d}, err
}

func (d *dying) Mkdir(name string) error {
	if err := d.step(); err != nil {
		return err
	}
	return retain.OS{}.Mkdir(name)
}

func (d *dying) Rename(from, to string) error {
	if err := d.step(); err != nil {
		return err
	}
	return retain.OS{}.Rename(from, to)
}

func (d *dying) Remove(name string) error {
	if err := d.step(); err != nil {
		return err
	}
	return retain.OS{}.Remove(name)
}

func (d *dying) SyncDir(name string) error {
	if err := d.step(); err != nil {
		return err
	}
	return retain.OS{}.SyncDir(name)
}

type dyingFile struct {
	retain.File
	d *dying
}

func (f dyingFile) Write(p []byte) (int, error) {
	if err := f.d.step(); err != nil {
		if f.d.half {
			_, _ = f.File.Write(p[:len(p)/2])
		}
		return 0, err
	}
	return f.File.Write(p)
}

func (f dyingFile) Sync() error {
	if err := f.d.step(); err != nil {
		return err
	}
	return f.File.Sync()
}

const runID = "20261124T160501Z-0a1b2c"

// site is a runs folder with one run, whose content is told apart from all others.
func site(t *testing.T) (retain.Run, map[string]string) {
	t.Helper()
	r := retain.Run{ID: runID, Dir: filepath.Join(t.TempDir(), runID)}
	files := map[string]string{
		"plan.json": "plan", "journal.jsonl": "journal", "report.csv": "Ada", "sources/a.csv": "Ada", "sources/b.csv": "", "redact.key": "key",
	}
	for name, text := range files {
		path := filepath.Join(r.Dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return r, files
}

// read is a folder's files; nil if it is not there.
func read(t *testing.T, dir string) map[string]string {
	t.Helper()
	if _, err := os.Stat(dir); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	got := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		got[filepath.ToSlash(name)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

// everyStep runs do with a process that dies before its first step, its second and so on, until one gets through;
// after each death judge looks at what is there.
func everyStep(t *testing.T, prepare func(t *testing.T) (retain.Run, map[string]string), do func(retain.FS, retain.Run) error, judge func(t *testing.T, r retain.Run, files map[string]string)) {
	t.Helper()
	for steps := 0; ; steps++ {
		if steps > 200 {
			t.Fatal("it never gets through")
		}
		r, files := prepare(t)
		err := do(&dying{left: steps, half: steps%2 == 0}, r)
		judge(t, r, files)
		if t.Failed() {
			t.Fatalf("dead before step %d (%v)", steps+1, err)
		}
		if err == nil {
			if steps < 4 {
				t.Fatalf("it took %d steps: they are not counted", steps)
			}
			return
		}
		if !errors.Is(err, errDead) {
			t.Fatalf("step %d: %v", steps+1, err)
		}
	}
}

// A removal that dies leaves the run whole or gone; gone, the trash is found and its removal finished, and the index
// knows the run as long as anything of it has its name.
func TestRemoveDies(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	remover := func(fs retain.FS) retain.Remover {
		return retain.Remover{FS: fs, Forget: func(id string) error {
			if d, ok := fs.(*dying); ok {
				if err := d.step(); err != nil {
					return err
				}
			}
			delete(known, id)
			return nil
		}}
	}
	everyStep(t, func(t *testing.T) (retain.Run, map[string]string) { known[runID] = true; return site(t) },
		func(fs retain.FS, r retain.Run) error { return remover(fs).Remove(r) },
		func(t *testing.T, r retain.Run, files map[string]string) {
			got := read(t, r.Dir)
			if got != nil && (!maps.Equal(got, files) || !known[r.ID]) {
				t.Errorf("half of it is there: %v, known %v", got, known)
			}
			if got != nil {
				return
			}
			ids, err := retain.Trash(filepath.Dir(r.Dir))
			if err != nil {
				t.Fatal(err)
			}
			if known[r.ID] && len(ids) != 1 {
				t.Error("the index knows a run of which nothing tells that it is to be forgotten")
			}
			for _, id := range ids {
				if err := remover(retain.OS{}).Finish(filepath.Dir(r.Dir), id); err != nil {
					t.Error(err)
				}
			}
			if left := names(t, filepath.Dir(r.Dir)); len(left) > 0 || known[r.ID] {
				t.Errorf("left: %v, known %v", left, known)
			}
		})
}

// Sealing that dies leaves the folder whole, or an archive that opens to the same; never neither.
func TestSealDies(t *testing.T) {
	t.Parallel()
	key, to := identity(t)
	everyStep(t, site,
		func(fs retain.FS, r retain.Run) error { return retain.Sealer{FS: fs}.Seal(r, to) },
		func(t *testing.T, r retain.Run, files map[string]string) {
			if !r.Sealed() {
				if got := read(t, r.Dir); !maps.Equal(got, files) {
					t.Errorf("neither sealed nor whole: %v", got)
				}
				// Again, and nothing is left of the first.
				if err := (retain.Sealer{FS: retain.OS{}}).Seal(r, to); err != nil {
					t.Error(err)
				}
			}
			finish(t, r)
			if left := names(t, filepath.Dir(r.Dir)); len(left) != 1 || left[0] != runID+retain.Suffix {
				t.Errorf("left: %v", left)
			}
			if err := (retain.Sealer{FS: retain.OS{}}).Unseal(r, key); err != nil {
				t.Error(err)
			}
			if got := read(t, r.Dir); !maps.Equal(got, files) {
				t.Errorf("unsealed it is %v, want %v", got, files)
			}
		})
}

// finish removes trash without forgetting the run: it is sealed.
func finish(t *testing.T, r retain.Run) {
	t.Helper()
	ids, err := retain.Trash(filepath.Dir(r.Dir))
	if err != nil {
		t.Fatal(err)
	}
	m := retain.Remover{FS: retain.OS{}, Forget: func(string) error { return errors.New("a sealed run was forgotten") }}
	for _, id := range ids {
		if err := m.Finish(filepath.Dir(r.Dir), id); err != nil {
			t.Error(err)
		}
	}
}

// Unsealing that dies leaves the archive, or the folder whole.
func TestUnsealDies(t *testing.T) {
	t.Parallel()
	key, to := identity(t)
	sealed := func(t *testing.T) (retain.Run, map[string]string) {
		r, files := site(t)
		if err := (retain.Sealer{FS: retain.OS{}}).Seal(r, to); err != nil {
			t.Fatal(err)
		}
		return r, files
	}
	everyStep(t, sealed,
		func(fs retain.FS, r retain.Run) error { return retain.Sealer{FS: fs}.Unseal(r, key) },
		func(t *testing.T, r retain.Run, files map[string]string) {
			if r.Sealed() {
				if err := (retain.Sealer{FS: retain.OS{}}).Unseal(r, key); err != nil {
					t.Error(err)
				}
				if left := names(t, filepath.Dir(r.Dir)); len(left) != 1 {
					t.Errorf("left: %v", left)
				}
			}
			if got := read(t, r.Dir); !maps.Equal(got, files) {
				t.Errorf("it is %v, want %v", got, files)
			}
		})
}

// Redaction that dies leaves the run as it was, with drafts beside at most, or redacted, to be finished.
func TestRedactDies(t *testing.T) {
	t.Parallel()
	s := retain.Summary{Run: runID, Redacted: time.Unix(0, 0).UTC(), Rows: map[string]int{"applied": 1}}
	docs := map[string][]byte{"report.csv": []byte("person-1"), "result.json": []byte("{}")}
	redact := func(fs retain.FS, r retain.Run) error { return retain.Redaction{FS: fs}.Redact(r, s, docs) }
	everyStep(t, site, redact, func(t *testing.T, r retain.Run, files map[string]string) {
		got := read(t, r.Dir)
		if _, err := retain.ReadSummary(r.Dir); err != nil {
			for name, text := range files {
				if got[name] != text {
					t.Errorf("%s is %q, want %q", name, got[name], text)
				}
			}
			if err := redact(retain.OS{}, r); err != nil {
				t.Error(err)
			}
		} else if retain.Unclean(r.Dir) {
			if err := (retain.Redaction{FS: retain.OS{}}).Finish(r); err != nil {
				t.Error(err)
			}
		}
		got = read(t, r.Dir)
		if len(got) != 3 || got["redacted/report.csv"] != "person-1" || got["redacted/result.json"] != "{}" || got["summary.json"] == "" {
			t.Errorf("redacted it is %v", got)
		}
	})
}

func identity(t *testing.T) ([]age.Identity, []age.Recipient) {
	t.Helper()
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	return []age.Identity{id}, []age.Recipient{id.Recipient()}
}

// A foreign archive, as whoever knows the recipient can make, writes nothing outside the run's folder.
func TestForeignArchive(t *testing.T) {
	t.Parallel()
	key, to := identity(t)
	for _, files := range []map[string][]byte{
		{"../../../evil": []byte("x")}, {"../" + runID + "/../../evil": []byte("x")},
	} {
		r := retain.Run{ID: runID, Dir: filepath.Join(t.TempDir(), "runs", runID)}
		if err := os.Mkdir(filepath.Dir(r.Dir), 0o700); err != nil {
			t.Fatal(err)
		}
		var buf bytes.Buffer
		w, err := age.Encrypt(&buf, to...)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(retain.PackFiles(w, runID, files), w.Close(), os.WriteFile(r.Archive(), buf.Bytes(), 0o600)); err != nil {
			t.Fatal(err)
		}
		if err := (retain.Sealer{FS: retain.OS{}}).Unseal(r, key); !errors.Is(err, retain.ErrArchive) {
			t.Errorf("%v: got %v", files, err)
		}
		if left := names(t, filepath.Dir(r.Dir)); len(left) != 1 || !r.Sealed() {
			t.Errorf("%v left %v", files, left)
		}
	}
}

// What was cut short or changed does not open, and the archive stays.
func TestBrokenArchive(t *testing.T) {
	t.Parallel()
	key, to := identity(t)
	r, _ := site(t)
	if err := (retain.Sealer{FS: retain.OS{}}).Seal(r, to); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(r.Archive())
	if err != nil {
		t.Fatal(err)
	}
	changed := bytes.Clone(whole)
	changed[len(changed)-1] ^= 1
	for name, data := range map[string][]byte{"cut": whole[:len(whole)-1], "half": whole[:len(whole)/2], "changed": changed, "empty": nil} {
		if err := os.WriteFile(r.Archive(), data, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := (retain.Sealer{FS: retain.OS{}}).Unseal(r, key); err == nil || !r.Sealed() {
			t.Errorf("%s: error %v, sealed %v", name, err, r.Sealed())
		}
		if left := names(t, filepath.Dir(r.Dir)); len(left) != 1 {
			t.Errorf("%s left %v", name, left)
		}
	}
}
