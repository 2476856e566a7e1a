package plan

import (
	"fmt"
	"slices"
)

// protection is what no change may touch.
type protection struct {
	exts, devs *List
	ix         *index
}

// The flags that protections come from, for messages.
const (
	flagProtectExtensions = "--protect-extensions"
	flagProtectDevices    = "--protect-devices"
)

// newProtection compiles the protected lists; nil if there are none.
func newProtection(o *Options, ix *index) (*protection, error) {
	if len(o.ProtectExtensions) == 0 && len(o.ProtectDevices) == 0 {
		return nil, nil
	}
	exts, devs, err := protectedLists(o.ProtectExtensions, o.ProtectDevices)
	if err != nil {
		return nil, err
	}
	return &protection{exts: exts, devs: devs, ix: ix}, nil
}

// protectedLists compiles the lists of protected extensions and devices.
func protectedLists(extensions, devices []string) (exts, devs *List, err error) {
	if exts, err = NewList(extensions); err != nil {
		return nil, nil, fmt.Errorf("protected extensions: %w", err)
	}
	if devs, err = NewList(devices); err != nil {
		return nil, nil, fmt.Errorf("protected devices: %w", err)
	}
	return exts, devs, nil
}

// extension says which entry protects an extension; empty if none does.
func (p *protection) extension(e *Extension) string {
	if p == nil || e == nil {
		return ""
	}
	if entry, ok := p.exts.Find(e.Number, string(e.ID), e.Name); ok {
		return "extension " + e.Number + " is protected (" + flagProtectExtensions + " " + entry + ")"
	}
	return ""
}

// device says which entry protects a device; empty if none does.
func (p *protection) device(d *Device) string {
	if p == nil || d == nil {
		return ""
	}
	if entry, ok := p.devs.Find(string(d.ID), d.Serial, d.Name); ok {
		return "device " + describe(d) + " is protected (" + flagProtectDevices + " " + entry + ")"
	}
	return ""
}

// change says why a change may not be made; empty if it may.
func (p *protection) change(c *Change) string {
	for _, id := range []ExtensionID{c.ExtensionID(), targetExtension(c)} {
		if id != "" {
			if why := p.extension(p.ix.extByID(id)); why != "" {
				return why
			}
		}
	}
	for _, r := range c.devices() {
		if r.ID != "" {
			if why := p.device(p.ix.device(r.ID)); why != "" {
				return why
			}
		}
	}
	return ""
}

// devices are the devices that the change touches.
func (c *Change) devices() []DeviceRef {
	switch {
	case c.Swap() != nil:
		return []DeviceRef{c.Swap().Source, c.Swap().Target}
	case c.Update() != nil:
		return append([]DeviceRef{c.Update().Device}, c.Update().Carriers...)
	case c.SetSerial() != nil:
		return []DeviceRef{c.SetSerial().Device}
	case c.Remove() != nil:
		return []DeviceRef{{ID: c.Remove().Device}}
	case c.Unstock() != nil:
		return []DeviceRef{c.Unstock().Device}
	}
	return nil
}

// keepProtected keeps the inventory's protected devices from being taken, and
// puts the rows in error that were found to change what is protected.
func (b *builder) keepProtected() {
	if b.protect == nil {
		return
	}
	for i := range b.s.Devices {
		if d := &b.s.Devices[i]; b.protect.device(d) != "" {
			b.name(d.ID)
		}
	}
	for i, why := range b.forbidden {
		w := b.works.at(i)
		b.fail(w, Cell{}, "", codeProtected, why+": the row may not change it")
		claims := *w.row
		claims.Invalid = true // it claims what its keys name, and changes nothing
		w.row = &claims
	}
}

const codeProtected = "protected"

// protectedRows adds the rows whose changes touch what is protected to those
// that are forbidden; false if there are no more. Planning begins anew then,
// as other rows may depend on them.
func (b *builder) protectedRows() bool {
	if b.protect == nil {
		return false
	}
	more := false
	for _, c := range b.ch.all {
		if len(c.Rows) == 0 {
			continue
		}
		why := b.protect.change(c)
		if why == "" {
			continue
		}
		for _, i := range c.Rows {
			if _, known := b.forbidden[i]; !known && !b.works.at(i).bad {
				b.forbidden[i] = why
				more = true
			}
		}
	}
	return more
}

// noteProtection says which entries of the protected lists protect nothing: a
// mistyped one is no protection.
func (b *builder) noteProtection() {
	if b.protect == nil {
		return
	}
	for i := range b.s.Extensions {
		b.protect.extension(&b.s.Extensions[i])
	}
	for _, l := range []struct {
		flag string
		list *List
	}{{flagProtectExtensions, b.protect.exts}, {flagProtectDevices, b.protect.devs}} {
		for _, entry := range l.list.Unused() {
			b.note(l.flag + " " + entry + " protects nothing: nothing that was read is called so")
		}
	}
}

// Protected is a change that touches what a list protects, and which.
type Protected struct {
	Change *Change
	Why    string
}

// CheckProtected looks for changes that touch what the lists protect, by what
// the plan itself tells of its objects: numbers and ids of extensions and
// people's names; ids, serials and names of devices. It is for lists that were
// not known when the plan was made.
func (p *Plan) CheckProtected(extensions, devices []string) ([]Protected, error) {
	exts, devs, err := protectedLists(extensions, devices)
	if err != nil {
		return nil, err
	}
	known, phones := p.knownExtensions(), p.knownPhones()
	var out []Protected
	for i := range p.Changes {
		c := &p.Changes[i]
		own := []string{c.ExtensionNumber(), string(c.ExtensionID()), c.Person()}
		if entry, ok := exts.Find(slices.Concat(own, []string{string(targetExtension(c))}, known[targetExtension(c)])...); ok {
			out = append(out, Protected{c, "extension " + c.ExtensionNumber() + " is protected (" + flagProtectExtensions + " " + entry + ")"})
			continue
		}
		for _, r := range c.devices() {
			if entry, ok := devs.Find(append([]string{string(r.ID)}, phones[r.ID]...)...); ok && r.ID != "" {
				out = append(out, Protected{c, "device " + string(r.ID) + " is protected (" + flagProtectDevices + " " + entry + ")"})
				break
			}
		}
	}
	return out, nil
}

// knownPhones are serial and name of the devices that the plan tells of: those
// of its changes, as they are before and as others leave the lines, and those
// that it only lists.
func (p *Plan) knownPhones() map[DeviceID][]string {
	m := map[DeviceID][]string{}
	know := func(id DeviceID, words ...string) {
		if id != "" {
			m[id] = append(m[id], words...)
		}
	}
	for i := range p.Changes {
		c := &p.Changes[i]
		if f := c.Before(); f != nil {
			know(f.Device, f.Serial, f.Name)
		}
		if f := c.After(); f != nil && c.Swap() != nil {
			know(f.Device, f.Serial, f.Name)
		}
	}
	for i := range p.Unmanaged {
		know(p.Unmanaged[i].Device, p.Unmanaged[i].Name)
	}
	return m
}

// knownExtensions are number and person of the extensions that changes name.
func (p *Plan) knownExtensions() map[ExtensionID][]string {
	m := map[ExtensionID][]string{}
	for i := range p.Changes {
		if c := &p.Changes[i]; c.ExtensionID() != "" {
			m[c.ExtensionID()] = []string{c.ExtensionNumber(), c.Person()}
		}
	}
	for i := range p.Changes {
		on := targetExtension(&p.Changes[i])
		if on == "" || m[on] != nil {
			continue
		}
		for _, r := range p.Changes[i].Rows {
			if r >= 0 && r < len(p.Rows) && p.Rows[r].ExtensionNumber() != p.Changes[i].ExtensionNumber() {
				m[on] = []string{p.Rows[r].ExtensionNumber(), p.Rows[r].Person()}
			}
		}
	}
	return m
}
