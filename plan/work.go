package plan

import "iter"

// verdict is what matching made of a row.
type verdict uint8

const (
	undecided verdict = iota
	passive           // ignored, or nothing to be done and nothing claimed
	adds              // a new line
	keeps             // a line that exists, its phone is dev
	removes
	unstocksDevice
	stocksSite
)

// work is one row on its way through planning. A sheet may have a million rows,
// so that it is kept lean: what follows from another part, or concerns few rows,
// is elsewhere.
type work struct {
	i       int32 // the row's place in Desired.Rows
	verdict verdict
	off     deselection

	bad     bool // the row is in error
	later   bool // its extension is not on the account yet, and that is no error
	keyless bool
	byName  bool // only device_name was given, and it found nothing
	// bySerial: serial was given, and neither it nor another key found a phone.
	bySerial     bool
	writesSerial bool // the row's serial is the one that its phone shall have
	oneLine      bool // of the device it means the line of its phone_number only
	moves        bool // replace_with says which phone comes instead of the source
	reached      bool // the goal of replace_with holds already
	compared     bool // with the phone as it is

	row  *Row
	g    *group  // the extension that it is for; nil: none, or not on the account
	dev  *Device // the phone that is on the extension now and that the row claims
	how  string  // how it was matched
	name string  // the name that the phone shall have; empty: as it is
	em   *emWish
	up   wish
	line *AddLine // what an add asks for, as far as it could be told
	add  *Change  // the change that adds the line
	rare *rareWork
}

// rareWork is what planning knows of few rows.
type rareWork struct {
	note   string  // why nothing is to be done
	gone   *Device // what a removal finds in the inventory, or an ignored row elsewhere
	source *Device
	target *Device // replace_with of the forms id, serial, name and ext
	pos    *position
	common *bool     // what the phone shall be and is not yet, see wish
	hw     *hardware // what its serial and model shall be and are not yet
}

// own is what few rows have, to be filled.
func (w *work) own() *rareWork {
	if w.rare == nil {
		w.rare = &rareWork{}
	}
	return w.rare
}

func (w *work) note() string {
	if w.rare == nil {
		return ""
	}
	return w.rare.note
}

func (w *work) gone() *Device {
	if w.rare == nil {
		return nil
	}
	return w.rare.gone
}

func (w *work) source() *Device {
	if w.rare == nil {
		return nil
	}
	return w.rare.source
}

func (w *work) target() *Device {
	if w.rare == nil {
		return nil
	}
	return w.rare.target
}

func (w *work) pos() *position {
	if w.rare == nil {
		return nil
	}
	return w.rare.pos
}

func (w *work) common() *bool {
	if w.rare == nil {
		return nil
	}
	return w.rare.common
}

func (w *work) hw() *hardware {
	if w.rare == nil {
		return nil
	}
	return w.rare.hw
}

// ext is the extension that the row is for; nil: none, or not on the account.
func (w *work) ext() *Extension {
	if w.g == nil {
		return nil
	}
	return w.g.ext
}

// replaces reports whether replace_with is filled.
func (w *work) replaces() bool { return w.row.ReplaceWith.Form != ReplaceNone }

// pieces is a list in pieces, so that what is not needed any more can be let go
// piece by piece.
type pieces[T any] [][]T

const pieceSize = 1024

func newPieces[T any](n int) pieces[T] {
	l := make(pieces[T], 0, n/pieceSize+1)
	for ; n > 0; n -= pieceSize {
		l = append(l, make([]T, min(n, pieceSize)))
	}
	return l
}

// at is the i-th entry.
func (l pieces[T]) at(i int) *T { return &l[i/pieceSize][i%pieceSize] }

// all are the entries in order.
func (l pieces[T]) all() iter.Seq[*T] {
	return func(yield func(*T) bool) {
		for _, piece := range l {
			for i := range piece {
				if !yield(&piece[i]) {
					return
				}
			}
		}
	}
}
