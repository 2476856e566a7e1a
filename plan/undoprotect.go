package plan

import "slices"

// leaveProtected takes those changes out of the undo that would touch what is
// protected. What hangs together with one of them, by what it needs or waits
// for, stays as the run left it too: half of a way back is none.
func (u *undoer) leaveProtected() {
	if u.b.protect == nil {
		return
	}
	why := map[string]string{}
	for _, c := range u.ch.all {
		if reason := u.b.protect.change(c); reason != "" {
			why[c.ID] = reason
		}
	}
	for again := len(why) > 0; again; {
		again = false
		for _, c := range u.ch.all {
			for _, id := range slices.Concat(c.DependsOn(), c.Follows()) {
				switch {
				case why[c.ID] == "" && why[id] != "":
					why[c.ID], again = why[id], true
				case why[c.ID] != "" && why[id] == "":
					why[id], again = why[c.ID], true
				}
			}
		}
	}
	all, rank := u.ch.all[:0:0], u.ch.rank[:0:0]
	for i, c := range u.ch.all {
		if why[c.ID] == "" {
			all, rank = append(all, c), append(rank, u.ch.rank[i])
			continue
		}
		for _, of := range u.undoes[c.ID] {
			u.leave(of, c.Kind == KindUpdateEmergency, why[c.ID])
		}
		for _, row := range c.Rows {
			u.byRow[row] = slices.DeleteFunc(u.byRow[row], func(id string) bool { return id == c.ID })
		}
	}
	u.ch.all, u.ch.rank, u.ch.whole = all, rank, nil
}
