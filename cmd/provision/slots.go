package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"provision/rcclient"
)

// slots are the last window's calls of a client: its own file, and what
// processes before it left in the other files of the same client id.
type slots struct {
	*rcclient.SlotFile
	before []rcclient.SlotRecord
}

var _ rcclient.SlotStore = slots{}

// Slots gives the records of all of them.
func (s slots) Slots() []rcclient.SlotRecord { return append(s.SlotFile.Slots(), s.before...) }

// openSlots opens the slots of the whole client (share 0) or of a share. It
// holds a lock of its own meanwhile: processes that share a client id may begin
// at the same time. A share does not read the files of others that run: what
// they use shows in the service's answers.
func (s stateFolder) openSlots(ctx context.Context, serverKey, clientID string, share int, who owner) (*slots, error) {
	l, err := s.acquire(ctx, "slots-"+lockName(serverKey, clientID), who, slotsPatience)
	if err != nil {
		return nil, err
	}
	opened, err := s.openSlotFiles(serverKey, clientID, share)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open the throttling groups' slots: %w", err), l.release())
	}
	return opened, l.release()
}

// slotsPatience is how long the opening of some small files may take at most.
const slotsPatience = 10 * time.Second

func (s stateFolder) openSlotFiles(serverKey, clientID string, share int) (*slots, error) {
	others := []int{0}
	if share == 0 {
		others = nil
		for n := 1; n <= maxShares; n++ {
			others = append(others, n)
		}
	}
	opened := &slots{}
	for _, n := range others {
		path := s.slotsPath(serverKey, clientID, n)
		if !fileExists(path) {
			continue
		}
		f, err := rcclient.OpenSlotFile(path)
		if err != nil {
			return nil, err
		}
		opened.before = append(opened.before, f.Slots()...)
		if err := f.Close(); err != nil {
			return nil, err
		}
	}
	own, err := rcclient.OpenSlotFile(s.slotsPath(serverKey, clientID, share))
	opened.SlotFile = own
	return opened, err
}
