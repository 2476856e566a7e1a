package plan

import "slices"

// Cells are the cells that ask for a change. A plan may have a million changes,
// most of them of one row, and rows fill the same columns: so the columns are
// there once for all of these. Cells are compared by Equal.
type Cells struct {
	list *[]Cell // in order, not to be changed; nil: none
	row  int32   // of all of them; 0: each has its own
}

// CellsOf are these cells, in this order.
func CellsOf(cells ...Cell) Cells {
	if len(cells) == 0 {
		return Cells{}
	}
	list := slices.Clone(cells)
	return Cells{list: &list}
}

// List is the cells one by one; nil if there are none.
func (c Cells) List() []Cell { return c.appendTo(nil) }

// Equal reports whether both are the same cells in the same order.
func (c Cells) Equal(o Cells) bool { return slices.Equal(c.List(), o.List()) }

func (c Cells) appendTo(to []Cell) []Cell {
	if c.list == nil {
		return to
	}
	from := len(to)
	to = append(to, *c.list...)
	if c.row != 0 {
		for i := range to[from:] {
			to[from+i].row = c.row
		}
	}
	return to
}

// fewCells is how many cells of one row most changes have at most.
const fewCells = 6

// cellSharer makes cells of which those of the same columns share these.
type cellSharer map[[fewCells]Cell]*[]Cell

// of are the cells of a list, which is the caller's and may be changed.
func (s cellSharer) of(list []Cell) Cells {
	var columns [fewCells]Cell
	if len(list) == 0 || len(list) > len(columns) {
		return CellsOf(list...)
	}
	row := list[0].row
	for i, c := range list {
		if c.row != row {
			return CellsOf(list...)
		}
		columns[i] = c.OnRow(0)
	}
	shared := s[columns]
	if shared == nil {
		few := slices.Clone(columns[:len(list)])
		shared = &few
		s[columns] = shared
	}
	return Cells{list: shared, row: row}
}
