package plan

import (
	"fmt"
	"slices"
	"testing"
)

// model is an account that a plan is applied to, by the rules of the service
// as the API reference tells them.
type model struct {
	t    testing.TB
	s    Snapshot
	made map[string][]DeviceID // devices by the change that made them
	erls map[string]LocationID
	seq  int
}

// apply carries out a plan on a copy of the account. Changes are taken in an
// order that their dependencies allow; each precondition is checked.
func apply(t testing.TB, s Snapshot, p *Plan) Snapshot {
	t.Helper()
	m := &model{t: t, s: cloneSnapshot(s), made: map[string][]DeviceID{}, erls: map[string]LocationID{}}
	done := map[string]bool{}
	for left := len(p.Changes); left > 0; {
		before := left
		for i := range p.Changes {
			c := &p.Changes[i]
			if done[c.ID] || !all(done, c.DependsOn()) || !all(done, c.Follows()) {
				continue
			}
			m.change(c)
			done[c.ID] = true
			left--
		}
		if left == before {
			t.Fatalf("dependencies of the plan have a cycle or an unknown id:\n%s", p)
		}
	}
	slices.SortFunc(m.s.Devices, func(a, b Device) int { return CompareNumeric(a.ID, b.ID) })
	return m.s
}

func all(done map[string]bool, ids []string) bool {
	for _, id := range ids {
		if !done[id] {
			return false
		}
	}
	return true
}

func cloneSnapshot(s Snapshot) Snapshot {
	s.Devices = slices.Clone(s.Devices)
	for i := range s.Devices {
		s.Devices[i].Lines = slices.Clone(s.Devices[i].Lines)
	}
	s.Locations = slices.Clone(s.Locations)
	s.Numbers = slices.Clone(s.Numbers)
	return s
}

func (m *model) id(r DeviceRef) DeviceID {
	if r.Change == "" {
		return r.ID
	}
	if r.Slot >= len(m.made[r.Change]) {
		m.t.Fatalf("change %s made no device %d", r.Change, r.Slot)
	}
	return m.made[r.Change][r.Slot]
}

func (m *model) dev(r DeviceRef) *Device {
	d := dev(&m.s, m.id(r))
	if d == nil {
		m.t.Fatalf("device %s is not there", m.id(r))
	}
	return d
}

func (m *model) next(prefix string) string {
	m.seq++
	id := fmt.Sprintf("%s%d", prefix, m.seq)
	if slices.ContainsFunc(m.s.Devices, func(d Device) bool { return string(d.ID) == id }) {
		return m.next(prefix) // made by a plan before this one
	}
	return id
}

func (m *model) change(c *Change) {
	m.t.Helper()
	m.check(c)
	switch c.Kind {
	case KindCreateLocation:
		id := LocationID(m.next("NL"))
		l := location(string(id), c.Location().Name, c.Location().Address)
		m.s.Locations = append(m.s.Locations, l)
		m.erls[c.ID] = id
	case KindStock:
		for range c.Stock().Quantity {
			id := DeviceID(m.next("ns"))
			m.s.Devices = append(m.s.Devices, Device{ID: id, Type: TypeOtherPhone, Site: c.Stock().Site})
			m.made[c.ID] = append(m.made[c.ID], id)
		}
	case KindAdd:
		m.add(c)
	case KindSwap:
		m.swap(c)
	case KindUpdate, KindUpdateEmergency:
		m.update(c)
	case KindSetSerial:
		m.setSerial(c)
	case KindRemove:
		m.remove(c)
	case KindUnstock:
		id := m.id(c.Unstock().Device)
		if d := m.dev(c.Unstock().Device); d.Extension != "" || len(d.Lines) > 0 {
			m.t.Fatalf("unstock of %s, which is assigned", id)
		}
		m.s.Devices = slices.DeleteFunc(m.s.Devices, func(d Device) bool { return d.ID == id })
	}
}

// check holds the precondition against the account as it is by then.
func (m *model) check(c *Change) {
	m.t.Helper()
	for _, h := range c.Requires().Holds {
		if d := m.dev(h.Device); d.Extension != h.Extension {
			m.t.Fatalf("%s %s: device %s is on %q, the precondition says %q", c.Kind, c.ExtensionNumber(), d.ID, d.Extension, h.Extension)
		}
	}
	if c.Requires().ExactlySet {
		var got, want []DeviceID
		for i := range m.s.Devices {
			if m.s.Devices[i].Extension == c.ExtensionID() {
				got = append(got, m.s.Devices[i].ID)
			}
		}
		for _, r := range c.Requires().Exactly {
			want = append(want, m.id(r))
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			m.t.Fatalf("add on %s: devices are %v, the precondition says %v", c.ExtensionNumber(), got, want)
		}
	}
	if c.Update() == nil {
		return
	}
	d := m.dev(c.Update().Device)
	if d.Extension != c.ExtensionID() {
		m.t.Fatalf("%s of %s, which is on %q instead of %q", c.Kind, d.ID, d.Extension, c.ExtensionID())
	}
	if p := c.Requires(); p.Name != nil && *p.Name != d.Name || p.CommonPhone != nil && *p.CommonPhone != d.CommonPhone || p.Emergency != nil && *p.Emergency != d.Emergency {
		m.t.Fatalf("%s of %s: shows %+v, the precondition says %+v", c.Kind, d.ID, d, p)
	}
}

func (m *model) emergency(t EmergencyTarget) Emergency {
	if t.Address != nil {
		return Emergency{Address: *t.Address, AddressStatus: "Valid"}
	}
	id := t.Location.ID
	if t.Location.Change != "" {
		id = m.erls[t.Location.Change]
	}
	for i := range m.s.Locations {
		if l := &m.s.Locations[i]; l.ID == id {
			if l.AddressStatus != "Valid" || l.UsageStatus != "Active" {
				m.t.Fatalf("location %s is assigned though it is %s %s", l.ID, l.AddressStatus, l.UsageStatus)
			}
			return Emergency{LocationID: id, LocationName: l.Name, Address: l.Address, AddressStatus: "Valid", Visibility: "Public"}
		}
	}
	m.t.Fatalf("location %q is not there", id)
	return Emergency{}
}

func (m *model) add(c *Change) {
	d := Device{ID: DeviceID(m.next("na")), Type: c.Add().DeviceType, Extension: c.ExtensionID(), Site: MainSite, Emergency: m.emergency(*c.Add().Emergency)}
	number, id := c.Add().Number.Number, c.Add().Number.NumberID
	for i := range m.s.Numbers {
		if n := &m.s.Numbers[i]; id != "" && n.ID == id {
			if n.Usage != "Inventory" {
				m.t.Fatalf("number %s is taken though it is %s", n.Number, n.Usage)
			}
			n.Usage, n.Extension = "DirectNumber", c.ExtensionID()
		}
	}
	if number == "" {
		number = m.next("+1999000")
	}
	if id == "" {
		id = NumberID(m.next("nn"))
		m.s.Numbers = append(m.s.Numbers, Number{ID: id, Number: number, Usage: "DirectNumber", Status: "Normal", Extension: c.ExtensionID()})
	}
	d.Lines = []Line{{ID: m.next("line"), Type: "Standalone", Number: number, NumberID: id}}
	m.s.Devices = append(m.s.Devices, d)
	m.made[c.ID] = []DeviceID{d.ID}
}

// swap exchanges what stays with the extension: line, number and address.
func (m *model) swap(c *Change) {
	a, z := m.dev(c.Swap().Source), m.dev(c.Swap().Target)
	for _, d := range []*Device{a, z} {
		if !swappable(d.Type) {
			m.t.Fatalf("swap of %s, a %s", d.ID, d.Type)
		}
	}
	a.Extension, z.Extension = z.Extension, a.Extension
	a.Lines, z.Lines = z.Lines, a.Lines
	a.Emergency, z.Emergency = z.Emergency, a.Emergency
}

// setSerial is device bulk-update: a serial is on one device only.
func (m *model) setSerial(c *Change) {
	d := m.dev(c.SetSerial().Device)
	if p := c.Requires().Serial; p != nil && *p != d.Serial {
		m.t.Fatalf("set_serial of %s: shows %q, the precondition says %q", d.ID, d.Serial, *p)
	}
	if serial := c.SetSerial().Serial; serial != "" {
		for i := range m.s.Devices {
			if m.s.Devices[i].Serial == serial {
				m.t.Fatalf("set_serial of %s: device %s has the serial %s", d.ID, m.s.Devices[i].ID, serial)
			}
		}
		d.Serial = serial
	}
	if c.SetSerial().Model != "" {
		d.ModelID, d.Model = c.SetSerial().Model, c.SetSerial().ModelName
	}
}

func (m *model) update(c *Change) {
	d := m.dev(c.Update().Device)
	if len(c.Update().Carriers) > 0 && !slices.ContainsFunc(c.Update().Carriers, func(r DeviceRef) bool { return m.id(r) == d.ID }) {
		m.t.Fatalf("update of %s, which is none of the carriers", d.ID)
	}
	if c.Update().Name != nil {
		d.Name = *c.Update().Name
	}
	if c.Update().CommonPhone != nil {
		d.CommonPhone = *c.Update().CommonPhone
	}
	if c.Update().Emergency != nil {
		d.Emergency = m.emergency(*c.Update().Emergency)
	}
}

func (m *model) remove(c *Change) {
	d := m.dev(DeviceRef{ID: c.Remove().Device})
	for _, l := range d.Lines {
		for i := range m.s.Numbers {
			if n := &m.s.Numbers[i]; n.Number == l.Number {
				n.Usage, n.Extension = "Inventory", ""
			}
		}
	}
	if !c.Remove().KeepAssets {
		m.s.Devices = slices.DeleteFunc(m.s.Devices, func(x Device) bool { return x.ID == d.ID })
		return
	}
	d.Extension, d.Lines, d.Emergency, d.CommonPhone = "", nil, Emergency{}, false
}

// againIsEmpty applies a plan and plans the same sheet anew: nothing is left.
func againIsEmpty(t testing.TB, d Desired, s Snapshot, p *Plan, o Options) {
	t.Helper()
	after := apply(t, s, p)
	again, err := Build(d, after, o)
	if err != nil {
		t.Fatal(err)
	}
	if len(again.Changes) > 0 || len(again.Errors) > 0 {
		t.Errorf("the applied sheet does not plan to nothing:\n%s\nfirst plan:\n%s\nerrors: %v", again, p, again.Errors)
	}
}
