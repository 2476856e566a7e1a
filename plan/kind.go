package plan

import (
	"fmt"
	"slices"
)

// Kind is the kind of a [Change]; its text is what saved plans have.
type Kind uint8

// The kinds of change, in the order in which they are listed.
const (
	KindCreateLocation  Kind = iota + 1 // create_location: one new ERL
	KindStock                           // stock: one call, up to 50 new inventory slots of a site
	KindAdd                             // add: one new device with a digital line
	KindSwap                            // swap: one call, two devices trade places, or one goes to the inventory
	KindUpdateEmergency                 // update_emergency: one device PUT that changes only the address
	KindUpdate                          // update: one device PUT that changes the name or the common-phone flag too
	// KindSetSerial (set_serial) is the serial and model of one BYOD phone, written by device
	// bulk-update, which is not in the service's public contract.
	KindSetSerial
	KindRemove  // remove: one line taken off its extension
	KindUnstock // unstock: one unassigned device deleted
)

// Kinds lists all kinds in listing order.
func Kinds() []Kind {
	return []Kind{KindCreateLocation, KindStock, KindAdd, KindSwap, KindUpdateEmergency, KindUpdate, KindSetSerial, KindRemove, KindUnstock}
}

// String is the kind as saved plans have it; it is empty for none.
func (k Kind) String() string {
	switch k {
	case KindCreateLocation:
		return "create_location"
	case KindStock:
		return "stock"
	case KindAdd:
		return "add"
	case KindSwap:
		return "swap"
	case KindUpdateEmergency:
		return "update_emergency"
	case KindUpdate:
		return "update"
	case KindSetSerial:
		return "set_serial"
	case KindRemove:
		return "remove"
	case KindUnstock:
		return "unstock"
	}
	return ""
}

// MarshalText is String.
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (k *Kind) UnmarshalText(text []byte) error {
	return named(k, text, append(Kinds(), 0))
}

// RowStatus is what planning made of a row; its text is what saved plans have.
type RowStatus uint8

// The statuses of a planned row.
const (
	RowChanged RowStatus = iota + 1 // changed
	RowNoOp                         // no_op
	RowIgnored                      // ignored
	RowInvalid                      // invalid
	// RowDeferred (deferred) is a row whose extension is not on the account
	// yet, left over as [Options.DeferMissing] asks for.
	RowDeferred
	// RowDeselected (deselected) is a row that [Options.Select] leaves out,
	// whatever it would have come to.
	RowDeselected
)

// rowStatuses lists all statuses.
func rowStatuses() []RowStatus {
	return []RowStatus{RowChanged, RowNoOp, RowIgnored, RowInvalid, RowDeferred, RowDeselected}
}

// String is the status as saved plans have it; it is empty for none.
func (s RowStatus) String() string {
	switch s {
	case RowChanged:
		return "changed"
	case RowNoOp:
		return "no_op"
	case RowIgnored:
		return "ignored"
	case RowInvalid:
		return "invalid"
	case RowDeferred:
		return "deferred"
	case RowDeselected:
		return "deselected"
	}
	return ""
}

// MarshalText is String.
func (s RowStatus) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (s *RowStatus) UnmarshalText(text []byte) error {
	return named(s, text, append(rowStatuses(), 0))
}

// named sets a value to the one of these that has the text as its name.
func named[T fmt.Stringer](v *T, text []byte, all []T) error {
	i := slices.IndexFunc(all, func(o T) bool { return o.String() == string(text) })
	if i < 0 {
		return fmt.Errorf("%q is none of %v", text, all)
	}
	*v = all[i]
	return nil
}
