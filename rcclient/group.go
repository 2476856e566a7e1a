package rcclient

import (
	"maps"
	"strings"
	"time"
)

// Group is a throttling group of the service, in lower case. The service may
// name others than the four known ones; they get a gate of their own.
type Group string

// The throttling groups that the API reference names.
const (
	GroupLight  Group = "light"
	GroupMedium Group = "medium"
	GroupHeavy  Group = "heavy"
	GroupAuth   Group = "auth"
)

// Limit is a throttling group's limit: at most Calls calls in any Window of
// service time.
type Limit struct {
	Calls  int
	Window time.Duration
}

// defaultWindow is the documented window of every group (guide, rate limits).
const defaultWindow = 60 * time.Second

// defaultLimits are the documented limits (guide, rate limits; Apr 2026). They
// hold until the first answer of a group names the account's own.
func defaultLimits() map[Group]Limit {
	return map[Group]Limit{
		GroupLight:  {Calls: 50, Window: defaultWindow},
		GroupMedium: {Calls: 40, Window: defaultWindow},
		GroupHeavy:  {Calls: 10, Window: defaultWindow},
		GroupAuth:   {Calls: 5, Window: defaultWindow},
	}
}

// unknownLimit is assumed for a group that neither the documentation nor the
// options know: the smallest documented limit of a group of data calls.
func unknownLimit() Limit { return Limit{Calls: 10, Window: defaultWindow} }

// mergeLimits lays the given limits over the documented ones.
func mergeLimits(given map[Group]Limit) map[Group]Limit {
	all := defaultLimits()
	maps.Copy(all, given)
	return all
}

// parseGroup reads a group name as headers write it, in any case.
func parseGroup(s string) Group {
	return Group(strings.ToLower(strings.TrimSpace(s)))
}
