package executor

import (
	"fmt"
	"slices"
	"strings"

	"provision/executor/journal"
	"provision/plan"
)

// halfDone says who holds what now, where a swap of a rotation does not come
// about and another one did; empty otherwise. Extensions that were not read
// are left out.
func (r *run) halfDone(n *node, status journal.Status) string {
	if n.c.Kind != plan.KindSwap || !notMade(status) {
		return ""
	}
	swaps := r.rotation(n)
	if !slices.ContainsFunc(swaps, func(s *node) bool { return s != n && s.attempt > 0 && s.out.Status.Succeeded() }) {
		return ""
	}
	var parts []string
	var seen []plan.ExtensionID
	for _, s := range swaps {
		for _, id := range []plan.ExtensionID{s.c.ExtensionID(), s.c.Swap().TargetOn} {
			if id == "" || slices.Contains(seen, id) || r.view.ext(id).at.IsZero() {
				continue
			}
			seen = append(seen, id)
			parts = append(parts, fmt.Sprintf("%s has %s", r.extensionName(id), list(r.view.ext(id).ids())))
		}
	}
	return "; the rotation is half done, now " + strings.Join(parts, ", ")
}

// notMade reports whether a change of this status was not made, as far as is known.
func notMade(s journal.Status) bool {
	return s == journal.Stale || s == journal.Blocked || s == journal.Failed || s == journal.Ambiguous
}

// rotation are the swaps that hang together with one, by extension or phone.
func (r *run) rotation(n *node) []*node {
	in := []*node{n}
	for i := 0; i < len(in); i++ {
		for _, s := range r.nodes {
			if s.c.Kind == plan.KindSwap && !slices.Contains(in, s) && shareObject(in[i].c, s.c) {
				in = append(in, s)
			}
		}
	}
	slices.SortFunc(in, func(a, b *node) int { return a.index - b.index })
	return in
}

// shareObject reports whether two swaps have an extension or a phone in common.
func shareObject(a, b *plan.Change) bool {
	exts := []plan.ExtensionID{b.ExtensionID(), b.Swap().TargetOn}
	phones := []plan.DeviceRef{b.Swap().Source, b.Swap().Target}
	return slices.Contains(exts, a.ExtensionID()) || a.Swap().TargetOn != "" && slices.Contains(exts, a.Swap().TargetOn) ||
		slices.Contains(phones, a.Swap().Source) || slices.Contains(phones, a.Swap().Target)
}

// extensionName is the extension as people call it, where a change tells.
func (r *run) extensionName(id plan.ExtensionID) string {
	for _, n := range r.nodes {
		if n.c.ExtensionID() == id && n.c.ExtensionNumber() != "" {
			return "extension " + n.c.ExtensionNumber()
		}
	}
	return "extension id " + string(id)
}
