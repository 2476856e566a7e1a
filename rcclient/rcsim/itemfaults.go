package rcsim

import (
	"cmp"
	"net/http"
	"slices"
)

// itemFault is the error that the fault plan has for the i-th of n items of a
// bulk call, nil for none.
func (c *call) itemFault(i, n int) *apiError {
	if c.faults == nil {
		return nil
	}
	if h := c.faults.of(classItems); h != nil && slices.Contains(h.items(n), i) {
		return &apiError{status: http.StatusBadRequest, code: cmp.Or(h.Rule.Code, "CMN-101"), message: "The record cannot be processed"}
	}
	return c.slotFault()
}

// slotFault is the error for an account that has no more slots or licences. No
// source names the service's code for it.
func (c *call) slotFault() *apiError {
	h := c.faults.of(classSlots)
	if h == nil {
		return nil
	}
	return &apiError{status: http.StatusBadRequest, code: cmp.Or(h.Rule.Code, "CMN-212"), message: "No device licenses are available"}
}

// numberFault is the error for an empty number pool, while a fault has emptied it.
func (c *call) numberFault() *apiError {
	h := c.faults.of(classNumbers)
	if h == nil {
		return nil
	}
	failure := noNumbers()
	failure.code = cmp.Or(h.Rule.Code, failure.code)
	return failure
}

// items are the items that a hit concerns, counted from 0: the rule's, or one.
func (h *hit) items(n int) []int {
	if len(h.Rule.Items) == 0 {
		if n == 0 {
			return nil
		}
		return []int{h.random(useItem).IntN(n)}
	}
	items := make([]int, 0, len(h.Rule.Items))
	for _, item := range h.Rule.Items {
		items = append(items, item-1)
	}
	return items
}

// arranged are the results of a bulk call as the fault plan lets them appear.
func arranged[T any](c *call, results []T) []T {
	h := c.faults.of(classOrder)
	if h == nil || len(results) == 0 {
		return results
	}
	if h.Rule.Kind == FaultBulkReorder {
		return reordered(h, results)
	}
	changed := make([]T, 0, len(results)+1)
	items := h.items(len(results))
	for i, result := range results {
		concerned := slices.Contains(items, i)
		if !concerned || h.Rule.Kind == FaultBulkLong {
			changed = append(changed, result)
		}
		if concerned && h.Rule.Kind == FaultBulkLong {
			changed = append(changed, result)
		}
	}
	return changed
}

// reordered never leaves the order as it was, unless there is only one result.
func reordered[T any](h *hit, results []T) []T {
	random := h.random(useOrder)
	order := random.Perm(len(results))
	if slices.IsSorted(order) {
		slices.Reverse(order)
	}
	changed := make([]T, 0, len(results))
	for _, i := range order {
		changed = append(changed, results[i])
	}
	return changed
}

// performFaulty runs a call with the faults that touch what it does.
func (s *Server) performFaulty(c *call) answer {
	if failure := c.numberFault(); failure != nil {
		s.world.noNumbers = failure
		defer func() { s.world.noNumbers = nil }()
	}
	if h := c.faults.of(classLag); h != nil {
		return s.lagging(c, h)
	}
	return c.op.run(s, c)
}
