package notify

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// MemoryFile is the name of the memory in a run's folder.
const MemoryFile = "notified.jsonl"

// Memory is who was told of what in one run: a line for each receiver and event,
// written once it was told or given up, and durable then. A process that ends
// between the sending and the writing makes the next one tell it again.
type Memory struct {
	path string
	mu   sync.Mutex
	know map[[2]string]bool
}

// remembered is a line of the memory.
type remembered struct {
	Time time.Time `json:"time"`
	// Key is event and outcome.
	Key      string `json:"event"`
	Receiver string `json:"receiver"`
	// Delivered: false if it was given up.
	Delivered bool `json:"delivered"`
	Tries     int  `json:"tries"`
}

// OpenMemory reads the memory of a run's folder; none is an empty one. Lines
// that can't be read, as the last one after a power cut, count as not there.
func OpenMemory(dir string) (*Memory, error) {
	m := &Memory{path: filepath.Join(dir, MemoryFile), know: map[[2]string]bool{}}
	data, err := os.ReadFile(m.path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read who was told: %w", err)
	}
	for line := range bytes.Lines(data) {
		var one remembered
		if json.Unmarshal(line, &one) == nil {
			m.know[[2]string{one.Key, one.Receiver}] = true
		}
	}
	return m, nil
}

func (m *Memory) knows(key, receiver string) bool {
	if m == nil {
		return false
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.know[[2]string{key, receiver}]
}

// remember writes a line.
func (m *Memory) remember(one remembered) error {
	if m == nil {
		return nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.know[[2]string{one.Key, one.Receiver}] = true
	data, err := json.Marshal(one)
	if err != nil {
		return fmt.Errorf("write who was told: %w", err)
	}
	f, err := os.OpenFile(m.path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("write who was told: %w", err)
	}
	// The line begins with a line end: what a power cut left of the last one must
	// not make this one unreadable.
	_, err = f.Write(append(append([]byte{'\n'}, data...), '\n'))
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("write who was told: %w", err)
	}
	return nil
}
