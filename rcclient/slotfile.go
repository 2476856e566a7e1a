package rcclient

// SlotFile is a SlotStore in a file.
type SlotFile struct{}

// OpenSlotFile opens or makes the file; the caller holds the lock that keeps
// other processes of the same server and client id away.
func OpenSlotFile(path string) (*SlotFile, error) { return nil, errTODO }

// Slots gives the records of earlier processes.
func (f *SlotFile) Slots() []SlotRecord { return nil }

// Put appends a record.
func (f *SlotFile) Put(SlotRecord) error { return errTODO }

// Close closes the file.
func (f *SlotFile) Close() error { return nil }
