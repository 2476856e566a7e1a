package rcsim

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// adminOperation is what the effects of another administrator's edits name as
// their operation. They are in no count but Stats.AdminEffects.
const adminOperation = "admin"

var adminOp = &operation{id: adminOperation, changes: true}

// adminEdit is an edit on its way: the call it comes beside, and its own.
type adminEdit struct {
	server *Server
	beside *call
	own    *call
	rule   *FaultRule
	hit    *hit
}

// adminEditNames are the words of FaultRule.Edit.
var adminEditNames = []string{"rename", "move", "remove", "add", "address", "stock", "location"}

// adminEdits does what another administrator does before or after a call's
// effect. The lock is held, and the account is at c.now. An edit that finds
// nothing to edit does nothing.
func (s *Server) adminEdits(c *call, when string) {
	if c.faults == nil {
		return
	}
	for i := range c.faults.Hits {
		h := &c.faults.Hits[i]
		if h.Rule.Kind != FaultAdmin || h.Rule.When != when {
			continue
		}
		own := &call{op: adminOp, request: c.request, shape: c.shape, now: c.now}
		e := &adminEdit{server: s, beside: c, own: own, rule: &h.Rule, hit: h}
		e.do()
		s.commit(own)
	}
}

func (e *adminEdit) do() {
	switch e.rule.Edit {
	case "add":
		e.add()
	case "stock":
		e.stock()
	case "location":
		e.location()
	default:
		device, found := e.device()
		if !found {
			return
		}
		switch e.rule.Edit {
		case "rename":
			e.rename(device)
		case "move":
			e.move(device)
		case "remove":
			e.remove(device)
		case "address":
			e.address(device)
		}
	}
}

// subjects are what a call names.
type subjects struct{ devices, extensions []ID }

// subjects of the call in path and body. An extension list gives all of them.
func (e *adminEdit) subjects() subjects {
	var found subjects
	if id := e.beside.param("deviceId"); id != "" {
		found.devices = append(found.devices, ID(id))
	}
	for id := range strings.SplitSeq(e.beside.param("extensionId"), ",") {
		if id == "~" {
			id = string(e.server.world.owner())
		}
		if id != "" {
			found.extensions = append(found.extensions, ID(id))
		}
	}
	var body struct {
		TargetDeviceID ID `json:"targetDeviceId"`
		Records        []struct {
			DeviceID  ID `json:"deviceId"`
			ID        ID `json:"id"`
			Extension struct {
				ID ID `json:"id"`
			} `json:"extension"`
		} `json:"records"`
	}
	_ = json.Unmarshal(e.beside.body, &body) // of another shape: names nothing
	found.devices = append(found.devices, body.TargetDeviceID)
	for _, record := range body.Records {
		found.devices = append(found.devices, ID(cmp.Or(string(record.DeviceID), string(record.ID))))
		found.extensions = append(found.extensions, record.Extension.ID)
	}
	none := func(id ID) bool { return id == "" }
	found.devices = slices.DeleteFunc(found.devices, none)
	found.extensions = slices.DeleteFunc(found.extensions, none)
	return found
}

// device is the one to edit: the rule's, else one that the call names, else one
// on an extension that the call names.
func (e *adminEdit) device() (Device, bool) {
	w := e.server.world
	if e.rule.Device != "" {
		return w.devices.get(e.rule.Device)
	}
	named := e.subjects()
	candidates := named.devices
	if e.rule.Extension != "" {
		candidates, named.extensions = nil, []ID{e.rule.Extension}
	}
	if len(candidates) == 0 {
		for _, id := range named.extensions {
			candidates = append(candidates, w.byExtension[id]...)
		}
	}
	id, found := pick(e.hit.random(useTarget), candidates)
	if !found {
		return Device{}, false
	}
	return w.devices.get(id)
}

// extension is the one that gets a phone.
func (e *adminEdit) extension() ID {
	if e.rule.Extension != "" {
		return e.rule.Extension
	}
	named := e.subjects()
	if id, found := pick(e.hit.random(useTarget), named.extensions); found {
		return id
	}
	device, _ := e.device()
	return extensionOf(device)
}

func (e *adminEdit) rename(device Device) {
	device.Name = cmp.Or(e.rule.Name, fmt.Sprintf("Renamed %04x", e.hit.Seed&0xffff))
	e.server.world.putDevice(device, e.server.world.dues.devices[device.ID])
	e.own.effect(Effect{Kind: EffectUpdated, Extension: extensionOf(device), Device: device.ID})
}

// move gives a phone with its line to another extension.
func (e *adminEdit) move(device Device) {
	w := e.server.world
	var others []*Extension
	for i := range w.file.Extensions {
		other := &w.file.Extensions[i]
		if _, failure := w.phoneUser(other.ID.Text(), ""); failure == nil && other.ID.Text() != extensionOf(device) {
			others = append(others, other)
		}
	}
	to, found := pick(e.hit.random(usePlace), others)
	if !found {
		return
	}
	device.Extension, device.Site = refTo(to), w.siteOf(to, device.Site)
	lines := slices.Clone(device.PhoneLines)
	for i := range lines {
		if lines[i].PhoneInfo == nil {
			continue
		}
		number, known := w.numbers.get(lines[i].PhoneInfo.ID.Text())
		if !known {
			continue
		}
		number.Extension = &NumberExtension{ID: to.ID.Text(), ExtensionNumber: to.ExtensionNumber}
		w.putNumber(number)
		lines[i].PhoneInfo = lineNumber(number)
	}
	if len(lines) > 0 {
		device.PhoneLines = lines
	}
	w.putDevice(device, w.dues.devices[device.ID])
	e.own.effect(Effect{Kind: EffectUpdated, Extension: to.ID.Text(), Device: device.ID, Number: strings.Join(lineNumbers(device), ",")})
}

// remove takes a phone off its extension; an unassigned one is deleted.
func (e *adminEdit) remove(device Device) {
	effect := Effect{Kind: EffectRemoved, Extension: extensionOf(device), Device: device.ID,
		Number: strings.Join(lineNumbers(device), ","), Location: locationOf(device)}
	switch {
	case device.Extension == nil:
		effect.Kind = EffectUnstocked
		e.server.world.dropDevice(device.ID)
	case e.rule.KeepAssets != nil && !*e.rule.KeepAssets:
		e.server.giveUp(e.own, device)
	default:
		e.server.putAway(device)
	}
	e.own.effect(effect)
}

// add makes a phone with a line, at any place that the account accepts.
func (e *adminEdit) add() {
	w := e.server.world
	extension, failure := w.phoneUser(e.extension(), "")
	if failure != nil {
		return
	}
	where, found := e.place("")
	if !found {
		return
	}
	device, failure := e.server.makePhone(e.own, extension, where, bulkAddRecord{Type: typeOtherPhone, PhoneInfo: numberWish{TollType: "Toll"}})
	if failure != nil {
		return
	}
	e.own.effect(Effect{Kind: EffectAdded, Extension: extension.ID.Text(), Device: device.ID,
		Number: strings.Join(lineNumbers(device), ","), Location: locationOf(device)})
}

// address moves a line to another place.
func (e *adminEdit) address(device Device) {
	if len(device.PhoneLines) == 0 {
		return
	}
	where, found := e.place(locationOf(device))
	if !found {
		return
	}
	device = where.settled(device)
	e.server.world.putDevice(device, e.server.due(e.own.now))
	e.own.effect(Effect{Kind: EffectEmergency, Extension: extensionOf(device), Device: device.ID, Location: locationOf(device)})
}

// place is an ERL other than one, or a plain address that nobody else has.
func (e *adminEdit) place(not ID) (place, bool) {
	w := e.server.world
	if !w.settings().erlRegime() {
		address := Address{"street": fmt.Sprintf("%d Administrator St", e.hit.Seed%10_000+1), "city": "Belmont", "state": "CA", "zip": "94002", "country": "US"}
		return place{address: w.storeAddress(address)}, true
	}
	var others []EmergencyLocation
	for _, id := range w.erls.order {
		if erl := w.erls.rows[id]; id != not && erl.AddressStatus == statusValid && erl.UsageStatus == "Active" && erl.Visibility != "Private" {
			others = append(others, erl)
		}
	}
	erl, found := pick(e.hit.random(usePlace), others)
	return place{erl: &erl, address: erl.Address}, found
}

// stock makes one anonymous slot.
func (e *adminEdit) stock() {
	w := e.server.world
	site, _ := w.site(mainSite)
	slot := Device{ID: w.newID(), Type: typeOtherPhone, Status: "Offline", Site: &site, LinePooling: "None"}
	w.putDevice(slot, 0)
	e.own.effect(Effect{Kind: EffectStocked, Device: slot.ID})
}

// location makes a twin of the ERL that a call asks for.
func (e *adminEdit) location() {
	var request locationRequest
	if e.beside.op.id != "createEmergencyLocation" || json.Unmarshal(e.beside.body, &request) != nil {
		return
	}
	erl, failure := e.server.newLocation(request)
	if failure != nil {
		return
	}
	e.server.world.putERL(erl, e.server.due(e.own.now))
	e.own.effect(Effect{Kind: EffectLocation, Location: erl.ID})
}

func pick[T any](random *rand.Rand, from []T) (T, bool) {
	if len(from) == 0 {
		var none T
		return none, false
	}
	return from[random.IntN(len(from))], true
}
