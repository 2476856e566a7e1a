package rcclient

import (
	"cmp"
	"maps"
	"slices"
	"sync"
	"time"
)

// MinuteUse is what one throttling group's limit was charged in one minute of
// service time.
type MinuteUse struct {
	// Minute counts from 0, the first minute of the client's life.
	Minute int
	Group  Group
	// Calls is what the service counts for the calls that left in that minute:
	// one each, but for calls that name several objects where it counts these.
	Calls int
}

type minuteKey struct {
	minute int
	group  Group
}

// minutes counts calls by the minute of service time in which they left.
type minutes struct {
	born  time.Time
	scale Scale

	mu   sync.Mutex
	used map[minuteKey]int
}

// left counts a call that left at an instant of wall time.
func (m *minutes) left(g Group, at time.Time, cost int) {
	minute := int(max(0, m.scale.Service(at.Sub(m.born))) / time.Minute)
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.used == nil {
		m.used = map[minuteKey]int{}
	}
	m.used[minuteKey{minute, g}] += cost
}

// Minutes lists what each throttling group was charged, minute by minute from
// the one that is given, and the wall time at which minute 0 began. Minutes
// and groups without calls are left out.
func (c *Client) Minutes(first int) (born time.Time, use []MinuteUse) {
	m := &c.minutes
	m.mu.Lock()
	defer m.mu.Unlock()
	keys := slices.SortedFunc(maps.Keys(m.used), func(x, y minuteKey) int {
		return cmp.Or(cmp.Compare(x.minute, y.minute), cmp.Compare(x.group, y.group))
	})
	for _, k := range keys {
		if k.minute >= first {
			use = append(use, MinuteUse{Minute: k.minute, Group: k.group, Calls: m.used[k]})
		}
	}
	return m.born, use
}
