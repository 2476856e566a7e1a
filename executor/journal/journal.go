package journal

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// FileName is the name of a journal in its run's folder.
const FileName = "journal.jsonl"

// Options of [Create] and [Open].
type Options struct {
	// FS is where the file lives; nil means [OS].
	FS FS
	// Now gives the time of records that have none; nil means [time.Now].
	Now func() time.Time
	// Run, where set, is appended as a record of event "begin"; Create writes
	// one in any case. Its event and format version are filled in.
	Run *Run
}

// Journal is an open journal. Its methods may be called from any goroutine.
type Journal struct {
	path  string
	now   func() time.Time
	queue chan request
	done  chan struct{} // closed when the writer has ended

	mu     sync.RWMutex // held shared while sending on queue, so that Close can close it
	closed bool
}

// request is one call of Append on its way to the writer.
type request struct {
	records []Record
	answer  chan error
}

// Create makes a new journal, mode 0600, with its first record, both durable.
// A file that is there already is an error ([os.ErrExist]).
func Create(path string, opts Options) (*Journal, error) {
	opts = opts.withDefaults()
	f, err := opts.FS.OpenFile(path, os.O_RDWR|os.O_APPEND|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, fmt.Errorf("create journal: %w", err)
	}
	if err := opts.FS.SyncDir(filepath.Dir(path)); err != nil {
		return nil, errors.Join(fmt.Errorf("create journal %s: %w", path, err), f.Close())
	}
	if opts.Run == nil {
		opts.Run = &Run{}
	}
	return start(path, f, scanned{}, opts)
}

// Open opens a journal to go on with it, and returns what its records add up
// to (without the begin record that it appends). A torn tail is cut off.
// Errors are [*DamageError], [*VersionError] or the file system's.
func Open(path string, opts Options) (*Journal, State, error) {
	opts = opts.withDefaults()
	f, err := opts.FS.OpenFile(path, os.O_RDWR|os.O_APPEND, 0)
	if err != nil {
		return nil, State{}, fmt.Errorf("open journal: %w", err)
	}
	s, err := recoverFile(path, f)
	if err != nil {
		return nil, State{}, errors.Join(err, f.Close())
	}
	if len(s.records) == 0 && opts.Run == nil {
		opts.Run = &Run{} // the creator died before its first record was durable
	}
	j, err := start(path, f, s, opts)
	if err != nil {
		return nil, State{}, err
	}
	return j, Fold(s.records), nil
}

func (o Options) withDefaults() Options {
	if o.FS == nil {
		o.FS = OS{}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}

// recoverFile reads the file and cuts off a torn tail. It syncs in any case: a
// process that died between write and sync may have left whole lines that are
// not durable yet, and what follows depends on them.
func recoverFile(path string, f File) (scanned, error) {
	data, err := io.ReadAll(f)
	if err != nil {
		return scanned{}, fmt.Errorf("read journal %s: %w", path, err)
	}
	s, err := scan(path, data)
	if err != nil {
		return s, err
	}
	if s.size < int64(len(data)) {
		if err := f.Truncate(s.size); err != nil {
			return s, fmt.Errorf("cut the torn tail of journal %s: %w", path, err)
		}
	}
	if err := f.Sync(); err != nil {
		return s, fmt.Errorf("sync journal %s: %w", path, err)
	}
	return s, nil
}

// start starts the writer and appends the begin record.
func start(path string, f File, s scanned, opts Options) (*Journal, error) {
	j := &Journal{path: path, now: opts.Now, queue: make(chan request), done: make(chan struct{})}
	w := &writer{path: path, file: f, seq: uint64(len(s.records)), sum: s.sum}
	go func() {
		defer close(j.done)
		w.run(j.queue)
	}()
	if opts.Run == nil {
		return j, nil
	}
	begin := *opts.Run
	begin.Event, begin.FormatVersion = EventBegin, FormatVersion
	if err := j.Append(Record{Type: TypeRun, Run: &begin}); err != nil {
		return nil, errors.Join(err, j.Close())
	}
	return j, nil
}

// Path returns the file's path.
func (j *Journal) Path() string { return j.path }

// Append writes the records, in order and next to each other, and returns when
// they are durable. Seq, Synced and Sum are filled in, and Time where it is
// zero. An error of type [*BrokenError] leaves unknown whether they are
// durable and makes all later Appends fail; any other error means that nothing
// was written.
func (j *Journal) Append(records ...Record) error {
	if len(records) == 0 {
		return nil
	}
	batch := make([]Record, len(records))
	now := j.now().UTC()
	for i, rec := range records {
		if rec.Time.IsZero() {
			rec.Time = now
		}
		batch[i] = rec
	}
	req := request{records: batch, answer: make(chan error, 1)}
	j.mu.RLock()
	if j.closed {
		j.mu.RUnlock()
		return ErrClosed
	}
	j.queue <- req
	j.mu.RUnlock()
	return <-req.answer
}

// Close waits for Appends under way and closes the file.
func (j *Journal) Close() error {
	j.mu.Lock()
	if j.closed {
		j.mu.Unlock()
		return nil
	}
	j.closed = true
	close(j.queue)
	j.mu.Unlock()
	<-j.done
	return nil
}
