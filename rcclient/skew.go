package rcclient

import (
	"net/http"
	"sync/atomic"
	"time"
)

// skew is how far the service's clock is ahead of this machine's, as the last
// answer's Date tells.
type skew struct {
	known atomic.Bool
	ahead atomic.Int64 // nanoseconds
}

// noteSkew compares an answer's Date with the time when it came. A Date has
// whole seconds: half a second is the best guess of what was cut off.
func (c *Client) noteSkew(a *answer) {
	sent, err := http.ParseTime(a.header.Get("Date"))
	if err != nil {
		return
	}
	c.skew.ahead.Store(int64(sent.Add(time.Second / 2).Sub(a.came)))
	c.skew.known.Store(true)
}

// Skew is how far the service's clock is ahead of this machine's, to about a
// second, in wall time. It is false while no answer has named a time.
func (c *Client) Skew() (time.Duration, bool) {
	return time.Duration(c.skew.ahead.Load()), c.skew.known.Load()
}
