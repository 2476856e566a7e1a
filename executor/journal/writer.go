package journal

import "runtime"

// writer is the one goroutine that writes the file. While it syncs, requests
// gather; it takes all of them into the next write and sync.
type writer struct {
	path   string
	file   File
	seq    uint64 // of the last record written
	sum    string // of the last record written
	buf    []byte
	broken *BrokenError
}

// maxGroup is the most requests that share one sync; it bounds the buffer.
const maxGroup = 256

func (w *writer) run(queue <-chan request) {
	group := make([]request, 0, maxGroup)
	for req := range queue {
		group = append(group[:0], req)
		// Those whom the last commit answered are about to ask again: let
		// them, or the first of them gets a sync of its own.
		runtime.Gosched()
		group = gather(group, queue)
		w.commit(group)
	}
	// What was appended is durable, so an error of closing loses nothing.
	_ = w.file.Close()
}

// gather takes the requests that are waiting, without waiting for more.
func gather(group []request, queue <-chan request) []request {
	for len(group) < maxGroup {
		select {
		case req, ok := <-queue:
			if !ok {
				return group
			}
			group = append(group, req)
		default:
			return group
		}
	}
	return group
}

// commit encodes, writes and syncs a group and answers each of its requests.
func (w *writer) commit(group []request) {
	if w.broken != nil {
		answer(group, w.broken)
		return
	}
	synced := w.seq
	w.buf = w.buf[:0]
	written := group[:0]
	for _, req := range group {
		if err := w.encode(req.records, synced); err != nil {
			req.answer <- err
			continue
		}
		written = append(written, req)
	}
	if len(written) == 0 {
		return
	}
	if _, err := w.file.Write(w.buf); err != nil {
		w.broken = &BrokenError{Path: w.path, Op: "write", Err: err}
	} else if err := w.file.Sync(); err != nil {
		w.broken = &BrokenError{Path: w.path, Op: "sync", Err: err}
	}
	if w.broken != nil {
		answer(written, w.broken)
		return
	}
	answer(written, nil)
}

// answer tells each request of the group how it ended. A nil *BrokenError
// must not become an error that is not nil.
func answer(group []request, broken *BrokenError) {
	for _, req := range group {
		if broken != nil {
			req.answer <- broken
		} else {
			req.answer <- nil
		}
	}
}

// encode appends the lines of one request to the buffer: all of them, or none
// if one can't be encoded.
func (w *writer) encode(records []Record, synced uint64) error {
	buf, seq, sum := w.buf, w.seq, w.sum
	var err error
	for _, rec := range records {
		seq++
		rec.Seq, rec.Synced = seq, synced
		if buf, sum, err = appendLine(buf, rec, sum); err != nil {
			w.buf = buf[:len(w.buf)]
			return err
		}
	}
	w.buf, w.seq, w.sum = buf, seq, sum
	return nil
}
