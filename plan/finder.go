package plan

import "hash/maphash"

// finder finds the entries of a list by a text that each of them has. It does
// what a map from the texts to the entries would do, in a third of the room or
// less: the texts stay where they are. An account has as many extensions and
// devices as a large sheet has rows, and to find them is a good part of planning.
// Of entries with the same text it finds the last one.
type finder struct {
	text  func(i int) string
	seed  maphash.Seed
	slots []finderSlot // a power of two, at least half of them free
}

// finderSlot is one of the slots of a [finder]. An entry is in the first one
// that was free from where its text's hash points.
type finderSlot struct {
	hash  uint32 // the part that does not point: texts whose parts differ need not be compared
	place uint32 // in the list, from 1; 0: free
}

// newFinder is a finder of n entries; text tells the text of the i-th.
func newFinder(n int, text func(i int) string) *finder {
	size := 1
	for size < 2*n {
		size *= 2
	}
	f := &finder{text: text, seed: maphash.MakeSeed(), slots: make([]finderSlot, size)}
	for i := range n {
		s, hash := f.slot(text(i))
		*s = finderSlot{hash: hash, place: uint32(i) + 1}
	}
	return f
}

// slot is the slot where a text is or would be, and the part of its hash that
// is kept there.
func (f *finder) slot(text string) (*finderSlot, uint32) {
	sum, mask := maphash.String(f.seed, text), uint64(len(f.slots)-1) //nolint:gosec // there is at least one slot
	hash := uint32(sum >> 32)
	for at := sum & mask; ; at = (at + 1) & mask {
		s := &f.slots[at]
		if s.place == 0 || s.hash == hash && f.text(int(s.place)-1) == text {
			return s, hash
		}
	}
}

// find is the place of the entry that has the text; -1 if none has it.
func (f *finder) find(text string) int {
	s, _ := f.slot(text)
	return int(s.place) - 1
}

// entry is the entry of a list that has the text, nil if none has it. The list's
// finder is made on the first question.
func entry[T any](f **finder, list []T, text func(*T) string, want string) *T {
	if i := placeOf(f, list, text, want); i >= 0 {
		return &list[i]
	}
	return nil
}

// placeOf is that entry's place, -1 if there is none.
func placeOf[T any](f **finder, list []T, text func(*T) string, want string) int {
	if *f == nil {
		*f = newFinder(len(list), func(i int) string { return text(&list[i]) })
	}
	return (*f).find(want)
}
