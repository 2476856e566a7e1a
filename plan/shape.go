package plan

import "strconv"

// maxNameLength is the longest device name (API reference, updateDevice).
const maxNameLength = 64

// locationKeep is the emergency_location of a swap whose phone is carried to
// the person's place.
const locationKeep = "keep"

// checkShape finds what can be said of a row without the account: columns
// that do not go together.
func (b *builder) checkShape(w *work) {
	r := w.row
	if r.Invalid {
		return
	}
	w.moves = r.ReplaceWith.Form != ReplaceNone && (r.Action == ActionSwap || r.Action == ActionEnsure && (r.DeviceID.IsSet() || r.Serial.IsSet()))
	switch r.Action {
	case ActionIgnore:
		return
	case ActionStock:
		b.stockShape(w)
		return
	case ActionUnstock:
		if !r.DeviceID.IsSet() && !r.Serial.IsSet() {
			b.fail(w, r.ActionCell, string(r.Action), "unstock_needs_key", "unstock names its device by device_id or serial")
		}
	case ActionSwap:
		if !r.DeviceID.IsSet() && !r.Serial.IsSet() {
			w.bad = true
			b.sourceless = append(b.sourceless, w) // what to write there is known later, see needSources
		}
		if r.ReplaceWith.Form == ReplaceNone {
			b.fail(w, r.ActionCell, string(r.Action), "swap_needs_replacement", "a swap says in replace_with which phone comes instead")
		}
	case ActionEnsure, ActionAdd, ActionUpdate, ActionRemove:
	}
	b.replaceShape(w)
	if r.Location.Text == locationKeep && !w.moves {
		b.failValue(w, r.Location, "keep_needs_swap", "emergency_location=keep belongs to a swap")
	}
	b.unusedColumns(w)
	for _, v := range []Value{r.NewName, r.DeviceName} {
		if len([]rune(v.Text)) > maxNameLength {
			b.failValue(w, v, "name_too_long", "a phone's name has at most "+strconv.Itoa(maxNameLength)+" characters")
		}
	}
	if t := r.DeviceType.Text; t != "" && t != TypeOtherPhone && t != TypeWebRTC {
		b.failValue(w, r.DeviceType, "device_type_unknown", "device_type is empty, OtherPhone or WebRTC")
	}
}

// replaceShape checks where replace_with stands.
func (b *builder) replaceShape(w *work) {
	r := w.row
	if r.ReplaceWith.Form == ReplaceNone {
		return
	}
	fail := func(code, msg string) {
		b.fail(w, r.ReplaceWith.Cell, r.ReplaceWith.String(), code, msg)
	}
	switch r.Action {
	case ActionUpdate, ActionRemove, ActionUnstock:
		fail("replace_with_not_here", "replace_with belongs to swap and add, not to "+string(r.Action))
	case ActionAdd, ActionEnsure, ActionSwap:
		if !w.moves && r.ReplaceWith.Form == ReplaceNew {
			fail("replace_with_new_on_add", "replace_with=new belongs to a swap: an add makes its own device")
		}
		if r.DeviceType.Text == TypeWebRTC {
			fail("not_swappable", "a WebRTC phone can't be swapped")
		}
	case ActionStock, ActionIgnore:
	}
}

// String is the cell's text in its canonical form.
func (r Replacement) String() string {
	switch r.Form {
	case ReplaceNone, ReplaceNew:
		return string(r.Form)
	case ReplaceInventory:
		if r.Arg == "" {
			return string(r.Form)
		}
		return string(r.Form) + "@" + r.Arg
	case ReplaceID, ReplaceSerial, ReplaceName, ReplaceExtension:
		return string(r.Form) + ":" + r.Arg
	}
	return string(r.Form)
}
