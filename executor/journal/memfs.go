package journal

import (
	"errors"
	"io"
	"os"
	"sync"
)

// MemFS is a file system in memory for tests: it can lose what was not synced,
// as a crash does, and fail what it is asked to do. The zero value is empty
// and ready. Its one folder is flat: names are taken as they are.
type MemFS struct {
	// Hook, where set, is called before each operation ("open", "write",
	// "sync", "truncate", "syncdir"); an error makes the operation fail without
	// effect. For writes data is what would be written. It is called without
	// locks held, so it may look at the file system.
	Hook func(op, name string, data []byte) error

	mu    sync.Mutex
	epoch int // crashes so far; handles of an earlier one are dead
	files map[string]*memData
}

var _ FS = (*MemFS)(nil)

// ErrCrashed is what a file that was opened before a [MemFS.Crash] returns.
var ErrCrashed = errors.New("the file system crashed")

type memData struct {
	bytes  []byte
	synced int  // how many of the bytes are durable
	linked bool // whether the entry in the folder is durable
}

type memFile struct {
	fs    *MemFS
	name  string
	data  *memData
	epoch int
	pos   int
}

func (m *MemFS) hook(op, name string, data []byte) error {
	if m.Hook == nil {
		return nil
	}
	return m.Hook(op, name, data)
}

// OpenFile opens or makes a file; permissions are not kept.
func (m *MemFS) OpenFile(name string, flag int, _ os.FileMode) (File, error) {
	if err := m.hook("open", name, nil); err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	data, there := m.files[name]
	switch {
	case there && flag&os.O_EXCL != 0:
		return nil, &os.PathError{Op: "open", Path: name, Err: os.ErrExist}
	case !there && flag&os.O_CREATE == 0:
		return nil, &os.PathError{Op: "open", Path: name, Err: os.ErrNotExist}
	case !there:
		data = &memData{}
		if m.files == nil {
			m.files = map[string]*memData{}
		}
		m.files[name] = data
	}
	return &memFile{fs: m, name: name, data: data, epoch: m.epoch}, nil
}

// SyncDir makes the entries of all files durable.
func (m *MemFS) SyncDir(dir string) error {
	if err := m.hook("syncdir", dir, nil); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, data := range m.files {
		data.linked = true
	}
	return nil
}

// Crash loses what was not durable: files whose entry was not synced are gone,
// and of each other file's unsynced bytes only what tail makes of them stays;
// a nil tail keeps none. Files that were open are dead.
func (m *MemFS) Crash(tail func(name string, unsynced []byte) []byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.epoch++
	for name, data := range m.files {
		if !data.linked {
			delete(m.files, name)
			continue
		}
		var kept []byte
		if tail != nil {
			kept = tail(name, append([]byte(nil), data.bytes[data.synced:]...))
		}
		whole := append(append([]byte(nil), data.bytes[:data.synced]...), kept...)
		m.files[name] = &memData{bytes: whole, synced: len(whole), linked: true}
	}
}

// Bytes returns a copy of a file's content and how much of it is durable.
func (m *MemFS) Bytes(name string) (data []byte, synced int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	d, ok := m.files[name]
	if !ok {
		return nil, 0
	}
	return append([]byte(nil), d.bytes...), d.synced
}

// Put makes a file with this content, durable.
func (m *MemFS) Put(name string, content []byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.files == nil {
		m.files = map[string]*memData{}
	}
	m.files[name] = &memData{bytes: append([]byte(nil), content...), synced: len(content), linked: true}
}

// begin runs the hook and locks the file system; the caller unlocks it if
// there is no error.
func (f *memFile) begin(op string, data []byte) error {
	if err := f.fs.hook(op, f.name, data); err != nil {
		return err
	}
	f.fs.mu.Lock()
	if f.epoch != f.fs.epoch {
		f.fs.mu.Unlock()
		return ErrCrashed
	}
	return nil
}

// Read reads on from where the last read ended.
func (f *memFile) Read(p []byte) (int, error) {
	f.fs.mu.Lock()
	defer f.fs.mu.Unlock()
	if f.pos >= len(f.data.bytes) {
		return 0, io.EOF
	}
	n := copy(p, f.data.bytes[f.pos:])
	f.pos += n
	return n, nil
}

// Write appends.
func (f *memFile) Write(p []byte) (int, error) {
	if err := f.begin("write", p); err != nil {
		return 0, err
	}
	defer f.fs.mu.Unlock()
	f.data.bytes = append(f.data.bytes, p...)
	return len(p), nil
}

// Sync makes all that was written durable.
func (f *memFile) Sync() error {
	if err := f.begin("sync", nil); err != nil {
		return err
	}
	defer f.fs.mu.Unlock()
	f.data.synced = len(f.data.bytes)
	return nil
}

// Truncate cuts the file.
func (f *memFile) Truncate(size int64) error {
	if err := f.begin("truncate", nil); err != nil {
		return err
	}
	defer f.fs.mu.Unlock()
	if size < 0 || size > int64(len(f.data.bytes)) {
		return os.ErrInvalid
	}
	f.data.bytes = f.data.bytes[:size:size]
	f.data.synced = min(f.data.synced, int(size))
	return nil
}

// Close does nothing: what was not synced stays unsynced.
func (f *memFile) Close() error { return nil }
