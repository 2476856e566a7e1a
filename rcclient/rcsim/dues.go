package rcsim

import (
	"container/heap"
	"strings"
)

// dues are the verdicts on emergency addresses that are still to come. Nothing
// waits for them: each call looks what has fallen due before it.
type dues struct {
	queue   dueQueue
	devices map[ID]int64 // service time of the verdict
	erls    map[ID]int64
}

// due is one entry; it is stale when the map holds another time.
type due struct {
	at          int64
	device, erl ID
}

func newDues() dues { return dues{devices: map[ID]int64{}, erls: map[ID]int64{}} }

func (d *dues) setDevice(id ID, at int64) {
	if at == 0 {
		delete(d.devices, id)
		return
	}
	d.devices[id] = at
	heap.Push(&d.queue, due{at: at, device: id})
}

func (d *dues) setERL(id ID, at int64) {
	if at == 0 {
		delete(d.erls, id)
		return
	}
	d.erls[id] = at
	heap.Push(&d.queue, due{at: at, erl: id})
}

// settle gives the verdicts that are due at the service time now. It notes no
// change: whoever reads the state file again gives the same verdicts.
func (w *world) settle(now int64) {
	for len(w.dues.queue) > 0 && w.dues.queue[0].at <= now {
		next := heap.Pop(&w.dues.queue).(due)
		w.at(next.at)
		switch {
		case next.erl != "" && w.dues.erls[next.erl] == next.at:
			delete(w.dues.erls, next.erl)
			w.settleERL(next.erl)
		case next.device != "" && w.dues.devices[next.device] == next.at:
			delete(w.dues.devices, next.device)
			w.settleDevice(next.device)
		}
	}
	w.at(now)
}

func (w *world) settleERL(id ID) {
	erl, known := w.erls.get(id)
	if !known {
		return
	}
	erl.AddressStatus = w.judge(erl.Address)
	w.erls.put(id, erl)
}

func (w *world) settleDevice(id ID) {
	device, known := w.devices.get(id)
	if !known || device.Emergency == nil {
		return
	}
	status := w.judge(device.Emergency.Address)
	if ref := device.Emergency.Location; ref != nil {
		if erl, known := w.erls.get(ref.ID); known && erl.AddressStatus == statusInvalid {
			status = statusInvalid
		}
	}
	w.devices.put(id, withAddressStatus(device, status))
}

// judge is the provider's verdict on an address.
func (w *world) judge(address Address) string {
	text := w.settings().invalidText()
	if text != "" && strings.Contains(strings.ToLower(address.text("street")), strings.ToLower(text)) {
		return statusInvalid
	}
	return statusValid
}

// withAddressStatus is the device with the status in all places that show it.
func withAddressStatus(device Device, status string) Device {
	emergency := *device.Emergency
	emergency.AddressStatus = status
	emergency.SyncStatus = ""
	device.Emergency = &emergency
	if device.EmergencyServiceAddress != nil {
		device.EmergencyServiceAddress = device.EmergencyServiceAddress.with("lineProvisioningStatus", status)
	}
	lines := make([]PhoneLine, len(device.PhoneLines))
	for i, line := range device.PhoneLines {
		own := LineEmergency{Required: ptr(true), LocalOnly: ptr(false)}
		if line.EmergencyAddress != nil {
			own = *line.EmergencyAddress
		}
		own.LineProvisioningStatus = status
		line.EmergencyAddress = &own
		lines[i] = line
	}
	if len(lines) > 0 {
		device.PhoneLines = lines
	}
	return device
}

// dueQueue orders by time, then by id, so that a replay gives the same result.
type dueQueue []due

func (q dueQueue) Len() int { return len(q) }
func (q dueQueue) Less(i, j int) bool {
	if q[i].at != q[j].at {
		return q[i].at < q[j].at
	}
	// ERLs first: a device's verdict looks at its ERL's.
	return q[i].device+"/"+q[i].erl < q[j].device+"/"+q[j].erl
}
func (q dueQueue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }

// Push adds an entry (container/heap).
func (q *dueQueue) Push(x any) { *q = append(*q, x.(due)) }

// Pop takes the last entry (container/heap).
func (q *dueQueue) Pop() any {
	old := *q
	last := old[len(old)-1]
	*q = old[:len(old)-1]
	return last
}
