package rcclient

import "time"

// SlotRecord is what a SlotStore keeps of one slot, or of a penalty. Times are
// wall clock: monotonic time does not outlive a process.
type SlotRecord struct {
	// ID tells the slots of one process apart; 0 is a group's penalty.
	ID    uint64
	Group Group
	// Cost is how many calls the slot counts as; 0 stands for 1.
	Cost int
	// Booked is when the slot was taken, just before the call was sent.
	Booked time.Time
	// GiveUp is the latest time at which the call would have been given up.
	GiveUp time.Time
	// Answered is when the answer came or the call was given up; zero before.
	Answered time.Time
	// Counted: the answer showed the service's count of the window.
	Counted bool
	// Dropped: the call was never sent, or was counted in another group.
	Dropped bool
	// Window is the group's window then, in wall time.
	Window time.Duration
	// Limit is the group's limit then, in calls; 0 before an answer told it.
	Limit int
	// PenaltyUntil is set in a penalty's record only.
	PenaltyUntil time.Time
}

// SlotStore keeps the slots of the last window across processes, so that one
// that starts does not spend what the one before it has spent. It is used from
// many goroutines. A store that fails costs accuracy, not correctness: the
// client logs and goes on.
type SlotStore interface {
	// Slots gives the records of earlier processes that may still count.
	Slots() []SlotRecord
	// Put notes a record; a later one with the same ID replaces it. It is called
	// before the call is sent and again after its end, and must be quick: no
	// fsync is needed, as a machine's crash outlasts a window.
	Put(SlotRecord) error
}
