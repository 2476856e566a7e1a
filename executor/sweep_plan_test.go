package executor

import (
	"fmt"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"provision/plan"
	"provision/rcclient/rcsim"
)

// scene is an account and a plan for it, made of parts that touch extensions
// and phones of their own.
type scene struct {
	erl     bool
	account *rcsim.Account
	b       *planner
	parts   []string // their names, for the reader of a counterexample
	exts    int
	spares  int
	stocks  int
	erls    int
}

// scenePart adds one part to a scene.
type scenePart struct {
	name string
	make func(*scene)
}

// sceneParts are all shapes of change that plans have, the simplest first:
// counterexamples shrink towards them.
func sceneParts() []scenePart {
	return []scenePart{
		{"add", func(s *scene) { s.add(s.ext()) }},
		{"update", (*scene).rename},
		{"remove", func(s *scene) { s.remove(true) }},
		{"move", (*scene).move},
		{"add named", func(s *scene) { ext := s.ext(); s.add(ext); s.b.name(ext, made(fmt.Sprint("add-", ext)), "Desk") }},
		{"release", func(s *scene) { s.remove(false) }},
		{"add number", (*scene).addNumber},
		{"add second", (*scene).addSecond},
		{"swap stocked", func(s *scene) { ext := s.phone(); s.swap(ext, device(ext), s.spare(), 0) }},
		{"swap pair", (*scene).swapPair},
		{"swap ring", (*scene).swapRing},
		{"add replaced", (*scene).addReplaced},
		{"remove for number", (*scene).removeForNumber},
		{"unstock", func(s *scene) { s.b.unstock(ref(s.spare())) }},
		{"stock", func(s *scene) { s.stock(2) }},
		{"stock and swap", (*scene).stockAndSwap},
		{"location", (*scene).location},
		{"remove and swap", (*scene).removeAndSwap},
		{"serial", func(s *scene) { ext := s.phone(); s.serial(ext, ref(device(ext))) }},
		{"add with serial", func(s *scene) { ext := s.ext(); s.add(ext); s.serial(ext, made(fmt.Sprint("add-", ext))) }},
	}
}

// newScene is an account without extensions, and no plan yet.
func newScene(erl, list bool) *scene {
	s := &scene{erl: erl, b: newPlan(), account: account(erl, 0, func(a *rcsim.Account) { a.Settings.UnlistedOperations = true })}
	s.b.p.Account.ERLRegime = erl
	if !list {
		s.account.Settings.DeviceList = &list
	}
	return s
}

func (s *scene) put(p scenePart) {
	s.parts = append(s.parts, p.name)
	p.make(s)
}

func drawScene(t *rapid.T) *scene {
	s := newScene(!rapid.Bool().Draw(t, "addresses"), rapid.IntRange(0, 3).Draw(t, "no list") < 3)
	all := sceneParts()
	if !s.erl {
		all = slices.DeleteFunc(all, func(p scenePart) bool { return p.name == "location" })
	}
	for range rapid.IntRange(1, 5).Draw(t, "parts") {
		s.put(all[rapid.IntRange(0, len(all)-1).Draw(t, "part")])
	}
	s.finish()
	return s
}

// finish gives every change a row of its own.
func (s *scene) finish() {
	p := &s.b.p
	p.Sheets = []plan.SheetInfo{{File: "rows.csv", Header: []string{"row"}}}
	for i := range p.Changes {
		c := &p.Changes[i]
		if c.On != nil {
			c.On.Number = string(c.On.ID)
		}
		c.Rows = []int{i}
		p.Rows = append(p.Rows, plan.RowResult{Raw: []string{fmt.Sprint(i)}, At: plan.RowCell("rows.csv", "", i+2),
			Status: plan.RowChanged, On: &plan.Extension{Number: c.ExtensionNumber()}, Changes: []string{c.ID}})
	}
}

func (s *scene) noList() bool { return s.account.Settings.DeviceList != nil }

func (s *scene) target(loc int) *plan.EmergencyTarget {
	if s.erl {
		return at(loc)
	}
	return plain(loc)
}

// present is what the phones of the scene show before the run.
func (s *scene) present() plan.Emergency {
	if s.erl {
		return plan.Emergency{LocationID: "5000", Address: place(0)}
	}
	return plan.Emergency{Address: place(0)}
}

// ext is a new extension without a phone.
func (s *scene) ext() int {
	n := 101 + s.exts
	s.exts++
	s.account.Extensions = append(s.account.Extensions, rcsim.Extension{ID: rcsim.IntID(n), ExtensionNumber: fmt.Sprint(n), Type: "User", Name: fmt.Sprint("Person ", n)})
	return n
}

// phone is a new extension with the phone that device names.
func (s *scene) phone() int {
	n := s.ext()
	d := phone(device(n), n, 0)
	if !s.erl {
		d.Emergency.Location = nil
	}
	s.account.Devices = append(s.account.Devices, d)
	return n
}

func device(ext int) string { return fmt.Sprint("d", ext) }

// spare is a new unassigned phone.
func (s *scene) spare() string {
	s.spares++
	id := fmt.Sprint("i", s.spares)
	s.account.Devices = append(s.account.Devices, phone(id, 0, 0))
	return id
}

func (s *scene) add(ext int, there ...string) *plan.Change {
	return s.b.add(ext, s.target(1), there...)
}

// addNumber adds a line with a number of the account.
func (s *scene) addNumber() {
	ext := s.ext()
	number := fmt.Sprintf("+1650777%04d", ext)
	s.account.Numbers = append(s.account.Numbers, rcsim.Number{ID: rcsim.ID(fmt.Sprint(7000 + ext)), PhoneNumber: number,
		Type: "VoiceFax", TollType: "Toll", UsageType: "Inventory", Status: "Normal"})
	s.add(ext).Add().Number = plan.NumberSource{NumberID: plan.NumberID(fmt.Sprint(7000 + ext)), Number: number}
}

// addSecond adds two lines to a person who has one.
func (s *scene) addSecond() {
	ext := s.phone()
	first := s.add(ext, device(ext)).ID
	second := s.add(ext, device(ext))
	second.ID += "-second"
	second.Precondition.Exactly = append(second.Precondition.Exactly, made(first))
	second.Order.Follows = []string{first}
}

// addReplaced adds a line, puts a stocked phone on it, deletes the placeholder.
func (s *scene) addReplaced() {
	ext := s.ext()
	s.add(ext)
	add := fmt.Sprint("add-", ext)
	s.swap(ext, "", s.spare(), 0).Swap().Source = made(add)
	swap := &s.b.p.Changes[len(s.b.p.Changes)-1]
	swap.Order.DependsOn = []string{add}
	swap.Precondition.Holds = []plan.Holding{{Device: made(add), Extension: extID(ext)}, {Device: swap.Swap().Target}}
	s.b.unstock(made(add), swap.ID).Precondition.Holds = []plan.Holding{{Device: made(add)}}
}

func (s *scene) rename() {
	ext := s.phone()
	c := s.b.name(ext, ref(device(ext)), "new name")
	old := "phone " + device(ext)
	c.Precondition.Name = &old
	c.Precondition.Holds = []plan.Holding{holds(device(ext), ext)}
}

// serial gives a phone its serial.
func (s *scene) serial(ext int, dev plan.DeviceRef) {
	c := plan.Change{ID: fmt.Sprint("serial-", ext), Kind: plan.KindSetSerial, On: &plan.Extension{ID: extID(ext)},
		Effect:       &plan.SetSerial{Device: dev, Serial: fmt.Sprintf("0004f200%04d", ext)},
		Precondition: &plan.Precondition{Holds: []plan.Holding{{Device: dev, Extension: extID(ext)}}}}
	if dev.Change != "" {
		c.Order = &plan.Order{DependsOn: []string{dev.Change}}
	} else {
		none := ""
		c.Precondition.Serial = &none
	}
	s.b.put(c)
}

func (s *scene) move() {
	ext := s.phone()
	c := s.b.move(ext, device(ext), s.target(2))
	shown := s.present()
	c.Precondition.Emergency = &shown
	c.Precondition.Holds = []plan.Holding{holds(device(ext), ext)}
}

func (s *scene) remove(keep bool) {
	ext := s.phone()
	s.b.remove(ext, device(ext), keep)
}

// removeForNumber keeps the number and deletes the phone.
func (s *scene) removeForNumber() {
	ext := s.phone()
	s.b.remove(ext, device(ext), true)
	s.b.unstock(ref(device(ext)), fmt.Sprint("remove-", ext)).Precondition.Holds = []plan.Holding{{Device: ref(device(ext))}}
}

// removeAndSwap removes one of a person's lines and puts its phone on the
// other, as an undo does.
func (s *scene) removeAndSwap() {
	ext := s.phone()
	other := phone(fmt.Sprint("e", ext), ext, 0)
	other.PhoneLines[0].PhoneInfo.PhoneNumber = fmt.Sprintf("+1650666%04d", ext)
	if !s.erl {
		other.Emergency.Location = nil
	}
	s.account.Devices = append(s.account.Devices, other)
	s.b.remove(ext, device(ext), true)
	c := s.swap(ext, string(other.ID), device(ext), 0)
	c.Order.DependsOn = []string{fmt.Sprint("remove-", ext)}
}

func (s *scene) swap(ext int, source, target string, on int) *plan.Change {
	c := s.b.swap(ext, ref(source), ref(target), on)
	c.Precondition.Holds = []plan.Holding{holds(source, ext), holds(target, on)}
	return c
}

// swapPair lets two people trade phones, and moves the one line.
func (s *scene) swapPair() {
	a, b := s.phone(), s.phone()
	s.swap(a, device(a), device(b), b)
	u := s.b.move(a, device(b), s.target(2))
	u.Update().Carriers = []plan.DeviceRef{ref(device(a)), ref(device(b))}
	u.Order.Follows = []string{fmt.Sprint("swap-", a)}
}

// swapRing passes three phones round in two calls.
func (s *scene) swapRing() {
	a, b, c := s.phone(), s.phone(), s.phone()
	s.swap(a, device(a), device(b), b)
	s.swap(b, device(a), device(c), c).Order.DependsOn = []string{fmt.Sprint("swap-", a)}
}

func (s *scene) stock(quantity int) string {
	s.stocks++
	id := fmt.Sprint("stock-", s.stocks)
	s.b.put(plan.Change{ID: id, Kind: plan.KindStock, Effect: &plan.StockSlots{Quantity: quantity, Site: plan.MainSite}})
	return id
}

func (s *scene) stockAndSwap() {
	ext := s.phone()
	stock := s.stock(1)
	s.b.swap(ext, ref(device(ext)), made(stock), 0).Precondition.Holds = []plan.Holding{holds(device(ext), ext)}
}

// location makes an ERL and adds a line there.
func (s *scene) location() {
	s.erls++
	id := fmt.Sprint("location-", s.erls)
	where := place(8 + s.erls)
	s.b.put(plan.Change{ID: id, Kind: plan.KindCreateLocation, Effect: &plan.NewLocation{Name: fmt.Sprint("ERL of ", id), Address: where}})
	ext := s.ext()
	c := s.b.add(ext, &plan.EmergencyTarget{Location: &plan.LocationRef{Change: id, Name: id}, Place: where})
	c.Order.DependsOn = []string{id}
}

// text is the plan for the reader of a counterexample.
func (s *scene) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "ERLs %t, account-wide list %t, parts: %s\n", s.erl, !s.noList(), strings.Join(s.parts, ", "))
	for _, c := range s.b.p.Changes {
		fmt.Fprintf(&b, "  %s on %q", c.ID, c.ExtensionID())
		if len(c.DependsOn())+len(c.Follows()) > 0 {
			fmt.Fprintf(&b, " after %v", append(slices.Clone(c.DependsOn()), c.Follows()...))
		}
		b.WriteByte('\n')
	}
	return b.String()
}
