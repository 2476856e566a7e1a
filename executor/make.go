package executor

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"provision/executor/journal"
	"provision/plan"
)

// This file follows what has no extension: new ERLs and inventory slots.

// locationWaits are the waits between looks at a new ERL, in service time; the
// last repeats.
var locationWaits = [...]time.Duration{5 * time.Second, 10 * time.Second, 15 * time.Second, 30 * time.Second}

// locationBack looks at a new ERL: what depends on it waits until it is valid.
func (r *run) locationBack(n *node, l plan.Location, there bool, begun, now time.Time) {
	if n.phase != landed {
		return
	}
	out := unsaid(n.out)
	out.Ended, out.Emergency = time.Time{}, l.AddressStatus
	out.EmergencyAddress = addressJSON(l.Address)
	late := !now.Before(n.since.Add(r.wall(r.opts.AddressDeadline)))
	switch {
	case !there:
		r.notYet(n, "the emergency location is not there", begun, now)
		return
	case l.AddressStatus == addressValid && !plan.MayBeRespelled(n.c.Location().Address, l.Address):
		out.Status, out.Code = journal.AddressDiffers, codeDifferent
		out.Message = "the service made another place of it, which no phone is sent to: " + l.Address.Line()
	case l.AddressStatus == addressValid:
		out.Status = journal.Applied
		if out.Code == codeMet {
			out.Status = journal.NoOp
		}
	case l.AddressStatus == addressInvalid || l.AddressStatus == addressDeprovisioned:
		out.Status, out.Message = journal.AddressInvalid, "the service refused the address of the new emergency location"
	case late || !r.patient():
		out.Status, out.Message = journal.AddressPending, "the new emergency location is not confirmed yet"
	default:
		n.due = now.Add(r.wall(locationWaits[min(n.reads, len(locationWaits))-1]))
		return
	}
	r.confirm(n, out, now)
}

// locationListed looks at a new ERL in the list as read last. What the list does
// not show, refuses, or shows as pending when there is no waiting any more, is
// asked for by itself: that is the provider's word.
func (r *run) locationListed(n *node, err error, begun, now time.Time) {
	if err != nil {
		n.alone = refusesObject(err)
		r.locationUnread(n, err, now)
		return
	}
	i := slices.IndexFunc(r.view.locations, func(l plan.Location) bool { return string(l.ID) == n.out.LocationID })
	last := !r.patient() || !now.Before(n.since.Add(r.wall(r.opts.AddressDeadline)))
	if i < 0 || r.view.locations[i].AddressStatus != addressValid && (last || r.view.locations[i].AddressStatus != addressProvisioning) {
		n.alone = true
		return
	}
	n.reads++
	r.locationBack(n, r.view.locations[i], true, begun, now)
}

// locationUnread tries again later to read a new ERL, until its deadline.
func (r *run) locationUnread(n *node, err error, now time.Time) {
	n.due = now.Add(r.wall(readBackoff))
	if n.phase != landed || now.Before(n.since.Add(r.wall(r.opts.AddressDeadline))) {
		return
	}
	out := n.out
	out.Status, out.Code, out.Ended = journal.AddressPending, codeUnread, time.Time{}
	out.Message = fmt.Sprintf("the new emergency location can't be read: %v", err)
	r.confirm(n, out, now)
}

// locationsUnread tries again later to read the ERLs for a change in doubt, until
// the service has refused it too often.
func (r *run) locationsUnread(n *node, err error, now time.Time) {
	n.due = now.Add(r.wall(readBackoff))
	if !refusesObject(err) || n.phase != doubtful {
		return
	}
	if n.refused++; n.refused >= maxReadFails {
		out := n.out
		out.Status, out.Code, out.Ended = journal.Ambiguous, codeUnread, time.Time{}
		out.Message = fmt.Sprintf("what became of it can't be read: %v", err)
		r.settle(n, out, now)
	}
}

// verdictLocation looks for the one ERL of that name and place that was not
// there before.
func (r *run) verdictLocation(n *node) verdict {
	want := n.c.Location()
	var found []plan.Location
	for _, l := range r.view.locations {
		if strings.EqualFold(l.Name, want.Name) && plan.MayBeRespelled(want.Address, l.Address) && !slices.Contains(n.known, string(l.ID)) {
			found = append(found, l)
		}
	}
	switch len(found) {
	case 0:
		return verdict{rule: "no_such_location"}
	case 1:
		return verdict{kind: tookEffect, rule: "one_new_location",
			answer: answer{location: found[0].ID, status: found[0].AddressStatus}}
	}
	return verdict{kind: cantTell, rule: "several_new_locations",
		text: fmt.Sprintf("%d emergency locations have this name and place", len(found))}
}

// lookStock compares a stock change with the unassigned devices.
func (r *run) lookStock(n *node, unassigned map[plan.DeviceID]plan.Device, begun time.Time) {
	now := time.Now()
	n.reads++
	switch n.phase {
	case landed:
		for _, id := range n.out.DeviceIDs {
			dev, there := unassigned[plan.DeviceID(id)]
			r.view.adoptDevice(plan.DeviceID(id), dev, there, begun)
		}
		r.readBack(n, begun, now)
	case doubtful:
		v := verdict{kind: cantTell, rule: "no_list_before", text: "which slots were there before the call is not known"}
		if n.known != nil {
			v = r.verdictStock(n, unassigned)
		}
		r.conclude(n, v, begun, now)
	case waiting, queued, sending, settling, final:
	}
}

// verdictStock counts the slots that are new and nobody's. A phone that was on
// an extension when this process began is none that it made since; of one that
// an earlier process may have made that says nothing.
func (r *run) verdictStock(n *node, unassigned map[plan.DeviceID]plan.Device) verdict {
	var fresh []plan.DeviceID
	for _, id := range slices.Sorted(maps.Keys(unassigned)) {
		d := unassigned[id]
		blank := d.Type == plan.TypeOtherPhone && d.Serial == "" && len(d.Lines) == 0
		here := n.c.Stock().Site == "" || d.Site == "" || d.Site == n.c.Stock().Site
		before := slices.Contains(n.known, string(id)) || n.ours && r.view.placed[id]
		if blank && here && !before && r.view.own[id] == "" && !r.named[id] {
			fresh = append(fresh, id)
		}
	}
	switch len(fresh) {
	case 0:
		return verdict{rule: "no_new_slots"}
	case n.c.Stock().Quantity:
		return verdict{kind: tookEffect, rule: "new_slots", answer: answer{devices: fresh}}
	}
	return verdict{kind: cantTell, rule: "other_number_of_slots",
		text: fmt.Sprintf("%d new slots where %d were asked for", len(fresh), n.c.Stock().Quantity)}
}
