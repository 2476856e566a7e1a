package wording

import "provision/plan"

// Glyph is the sign of a kind of change: + something new, ~ something altered,
// <> phones that trade places, - something gone.
func Glyph(k plan.Kind) string {
	switch k {
	case plan.KindCreateLocation, plan.KindStock, plan.KindAdd:
		return "+"
	case plan.KindUpdate, plan.KindUpdateEmergency, plan.KindSetSerial:
		return "~"
	case plan.KindSwap:
		return "<>"
	case plan.KindRemove, plan.KindUnstock:
		return "-"
	}
	return "?"
}

// KindTitle is a kind for people.
func KindTitle(k plan.Kind) string {
	switch k {
	case plan.KindCreateLocation:
		return "new emergency locations (ERLs)"
	case plan.KindStock:
		return "new inventory slots"
	case plan.KindAdd:
		return "new lines"
	case plan.KindSwap:
		return "swaps"
	case plan.KindUpdateEmergency:
		return "emergency addresses"
	case plan.KindUpdate:
		return "updates"
	case plan.KindSetSerial:
		return "serials and models (an unlisted operation)"
	case plan.KindRemove:
		return "lines removed"
	case plan.KindUnstock:
		return "devices deleted"
	}
	return k.String()
}

// KindName is one change of a kind, for people.
func KindName(k plan.Kind) string {
	switch k {
	case plan.KindCreateLocation:
		return "new emergency location"
	case plan.KindStock:
		return "new inventory slots"
	case plan.KindAdd:
		return "new line"
	case plan.KindSwap:
		return "swap"
	case plan.KindUpdateEmergency:
		return "emergency address"
	case plan.KindUpdate:
		return "update"
	case plan.KindSetSerial:
		return "serial or model"
	case plan.KindRemove:
		return "line removed"
	case plan.KindUnstock:
		return "device deleted"
	}
	return k.String()
}

// DeviceType is the type of a device for people: the service calls a phone that
// the customer brings an OtherPhone, and whoever handles it a BYOD phone.
func DeviceType(t string) string {
	if t == "OtherPhone" {
		return "BYOD phone (OtherPhone)"
	}
	return t
}
