package rcsim

import (
	"maps"
	"slices"
)

// faultClass keeps faults apart that exclude one another: a call has at most one
// of each class.
type faultClass int

const (
	classCourse  faultClass = iota // how the call ends
	classItems                     // which items fail
	classOrder                     // how results are arranged
	classSlots                     // slots and licences run out
	classNumbers                   // numbers run out
	classLag                       // how old a read is
	classEdit                      // edits of others: any number of them
)

// faultKind is what a kind needs, what it may have, and whom it can hit.
type faultKind struct {
	class        faultClass
	needs, takes []string
	fits         func(*operation) bool
}

var faultKinds = map[FaultKind]faultKind{
	FaultDrop:         {class: classCourse, needs: []string{"when"}, fits: anyOperation},
	FaultReset:        {class: classCourse, needs: []string{"when"}, fits: anyOperation},
	FaultStatus:       {class: classCourse, needs: []string{"when", "status"}, takes: []string{"code", "body", "retry_after"}, fits: anyOperation},
	FaultCutBody:      {class: classCourse, takes: []string{"bytes"}, fits: anyOperation},
	FaultUnparsable:   {class: classCourse, fits: anyOperation},
	FaultWrongType:    {class: classCourse, takes: []string{"body"}, fits: anyOperation},
	FaultSlow:         {class: classCourse, needs: []string{"seconds"}, fits: anyOperation},
	FaultLate:         {class: classCourse, takes: []string{"seconds", "status", "code", "body", "retry_after", "drop"}, fits: signedIn},
	FaultRateLimit:    {class: classCourse, takes: []string{"seconds", "retry_after", "limit_headers", "code"}, fits: anyOperation},
	FaultUnauthorized: {class: classCourse, takes: []string{"code"}, fits: signedIn},
	FaultBulkFail:     {class: classItems, takes: []string{"items", "code"}, fits: among("bulkAddDevicesV2", "deleteDeviceFromInventory", "bulkUpdateDevices")},
	FaultBulkReorder:  {class: classOrder, fits: hasResults},
	FaultBulkShort:    {class: classOrder, takes: []string{"items"}, fits: hasResults},
	FaultBulkLong:     {class: classOrder, takes: []string{"items"}, fits: hasResults},
	FaultLag:          {class: classLag, takes: []string{"seconds"}, fits: isRead},
	FaultAdmin:        {class: classEdit, needs: []string{"when", "edit"}, takes: []string{"device", "extension", "name", "keep_assets"}, fits: signedIn},
	FaultNoInventory:  {class: classSlots, takes: []string{"code"}, fits: among("bulkAddDevicesV2", "addDeviceToInventory")},
	FaultNoNumbers:    {class: classNumbers, takes: []string{"code"}, fits: among("bulkAddDevicesV2")},
}

func kindNames() []string {
	var names []string
	for _, kind := range slices.Sorted(maps.Keys(faultKinds)) {
		names = append(names, string(kind))
	}
	return names
}

func anyOperation(*operation) bool { return true }

// signedIn: a late sign-in would need the app's secrets in the state file.
func signedIn(op *operation) bool { return !op.open }

func isRead(op *operation) bool { return !op.open && !op.changes }

var hasResults = among("bulkAddDevicesV2", "deleteDeviceFromInventory", "bulkUpdateDevices", "addDeviceToInventory")

func among(ids ...string) func(*operation) bool {
	return func(op *operation) bool { return slices.Contains(ids, op.id) }
}

// inScope tells whether a name of a FaultScope means the operation.
func (op *operation) inScope(name string) bool {
	switch name {
	case op.id, op.group:
		return true
	case "*":
		return !op.open
	case "reads":
		return isRead(op)
	case "writes":
		return !op.open && op.changes
	}
	return false
}

// endsBefore tells whether the fault keeps the call from having its effect.
func (r *FaultRule) endsBefore() bool {
	switch r.Kind {
	case FaultRateLimit, FaultUnauthorized:
		return true
	case FaultDrop, FaultReset, FaultStatus:
		return r.When == FaultBefore
	case FaultCutBody, FaultUnparsable, FaultWrongType, FaultSlow, FaultLate, FaultBulkFail, FaultBulkReorder,
		FaultBulkShort, FaultBulkLong, FaultLag, FaultAdmin, FaultNoInventory, FaultNoNumbers:
	}
	return false
}
