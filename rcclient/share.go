package rcclient

import (
	"fmt"
	"math"
)

// SetQuotaShare changes the part of every limit that this client uses, from the
// next call on; see [WithQuotaShare]. Calls that are under way keep their slots.
func (c *Client) SetQuotaShare(share float64) error {
	if !(share > 0 && share <= 1) {
		return fmt.Errorf("quota share %g is not in (0, 1]", share)
	}
	c.gates.setShare(share)
	return nil
}

func (gs *gates) setShare(share float64) {
	gs.mu.Lock()
	gs.share = share
	gs.mu.Unlock()
	gs.each(func(_ Group, g *gate) { g.setShare(share) })
}

func (g *gate) setShare(share float64) {
	g.mu.Lock()
	g.share = share
	g.ledger.own = ownSlots(g.limit, share)
	g.mu.Unlock()
	g.signal()
}

// ownSlots is how many calls of a limit a share is: at least one.
func ownSlots(l Limit, share float64) int {
	return max(1, int(math.Floor(float64(l.Calls)*share)))
}
