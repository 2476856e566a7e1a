package executor

import (
	"cmp"
	"encoding/json"
	"fmt"
	"time"

	"provision/executor/journal"
	"provision/plan"
)

// readBack compares a landed change with what the account shows.
func (r *run) readBack(n *node, begun, now time.Time) {
	why := r.missing(n)
	if why != "" {
		r.notYet(n, why, begun, now)
		return
	}
	out := unsaid(n.out)
	out.Status, out.Ended = journal.Applied, time.Time{}
	if out.Code == codeMet {
		out.Status = journal.NoOp
	}
	if t := n.c.Emergency(); t != nil {
		r.addressBack(n, *t, out, begun, now)
		return
	}
	r.numberOf(n, &out)
	r.confirm(n, out, now)
}

// unsaid is an outcome without what was said of its address, where that was
// looked at before and is again: what is said next is of the new look.
func unsaid(out journal.Outcome) journal.Outcome {
	if unconfirmed(out.Status) {
		out.Message = ""
		if out.Code == codeDifferent || out.Code == codeUnread {
			out.Code = ""
		}
	}
	return out
}

// numberOf fills in the number that the changed phone shows.
func (r *run) numberOf(n *node, out *journal.Outcome) {
	if out.Number != "" || n.c.Kind == plan.KindRemove {
		return
	}
	dev, ok := r.view.on(n.c.ExtensionID(), plan.DeviceID(out.DeviceID))
	if ok && len(dev.Lines) > 0 {
		out.Number = dev.Lines[0].Number
	}
}

// confirm settles a change that was read back; verify mode keeps quiet about
// what was known.
func (r *run) confirm(n *node, out journal.Outcome, now time.Time) {
	r.stopPolling(n)
	if r.mode == modeVerify && out.Status == n.out.Status && out.Emergency == n.out.Emergency {
		n.phase = final
		r.unwatch(n)
		return
	}
	r.settle(n, out, now)
}

// notYet handles a change that the account does not show. Soon after the call
// that may be the service's delay.
func (r *run) notYet(n *node, why string, begun, now time.Time) {
	if r.builtUpon(n) {
		n.due = now.Add(r.wall(readBackoff))
		return
	}
	settled := n.since.Add(r.wall(r.opts.Settle))
	if begun.Before(settled) && r.mode == modeVerify {
		r.unwatch(n) // too early to tell, and verify does not wait
		return
	}
	if begun.Before(settled) {
		n.due = r.nextTry(n, now)
		return
	}
	out := n.out
	out.Status, out.Code, out.Ended = journal.Ambiguous, codeNotBack, time.Time{}
	out.Message = "the service confirmed the call, but " + why
	r.confirm(n, out, now)
}

// nextTry is when a change that was not shown is read again: at the latest
// when the service must show it.
func (r *run) nextTry(n *node, now time.Time) time.Time {
	due := now.Add(r.wall(30 * time.Second))
	if settled := n.since.Add(r.wall(r.opts.Settle)); settled.After(now) && settled.Before(due) {
		return settled
	}
	return due
}

// builtUpon reports whether another change of the run is under way, or in
// doubt, that may have moved what this one made.
func (r *run) builtUpon(n *node) bool {
	if n.c.ExtensionID() != "" && r.locks[extensionLock(n.c.ExtensionID())] {
		return true
	}
	for _, list := range [][]*node{n.dependents, n.followers} {
		for _, d := range list {
			if d.phase == sending || d.phase == settling || d.phase == doubtful {
				return true
			}
		}
	}
	return false
}

// missing says what the account does not show of a landed change; empty if all
// is there. A phone that the run itself moved on since proves that it was.
func (r *run) missing(n *node) string {
	id := plan.DeviceID(n.out.DeviceID)
	dev, there := r.view.on(n.c.ExtensionID(), id)
	gone := !there && r.movedSince(id, n)
	switch n.c.Kind {
	case plan.KindAdd:
		if !there && !gone {
			return fmt.Sprintf("phone %s is not on the extension", id)
		}
		if want := n.out.Number; there && want != "" && !hasNumber(dev, want) {
			return fmt.Sprintf("phone %s does not have the number %s", id, want)
		}
	case plan.KindSwap:
		if !there && !gone {
			return fmt.Sprintf("phone %s is not on the extension", id)
		}
		source, _ := r.resolve(n.c.Swap().Source)
		if _, still := r.view.on(n.c.ExtensionID(), source); still && !r.movedSince(source, n) {
			return fmt.Sprintf("phone %s is still on the extension", source)
		}
	case plan.KindUpdate, plan.KindUpdateEmergency:
		return r.missingUpdate(n, id, gone)
	case plan.KindRemove:
		if there && !r.movedSince(id, n) { // a swap of the run may have brought it back
			return fmt.Sprintf("phone %s is still on the extension", id)
		}
	case plan.KindUnstock:
		if d := r.view.device(id); d.exists {
			return fmt.Sprintf("device %s still exists", id)
		}
	case plan.KindSetSerial:
		return r.missingHardware(n, id, gone)
	case plan.KindStock:
		for _, slot := range n.out.DeviceIDs {
			d := r.view.device(plan.DeviceID(slot))
			if !d.exists && !r.movedSince(plan.DeviceID(slot), n) {
				return fmt.Sprintf("device %s is not there", slot)
			}
		}
	case plan.KindCreateLocation:
	}
	return ""
}

// missingUpdate is missing for an update; its address is looked at apart.
func (r *run) missingUpdate(n *node, id plan.DeviceID, gone bool) string {
	dev, there := r.phoneOf(n, id)
	u, _ := r.wishes(n, id)
	switch {
	case gone:
		return ""
	case !there:
		return fmt.Sprintf("phone %s is not on the extension", id)
	case u.Name != nil && dev.Name != *u.Name:
		return fmt.Sprintf("phone %s is called %q", id, dev.Name)
	case u.CommonPhone != nil && dev.CommonPhone != *u.CommonPhone:
		return fmt.Sprintf("the common-phone flag of phone %s is %t", id, dev.CommonPhone)
	}
	return ""
}

// addressBack looks at the emergency address of a change that is there
// otherwise: it belongs to whichever phone carries the line now.
func (r *run) addressBack(n *node, t plan.EmergencyTarget, out journal.Outcome, begun, now time.Time) {
	id := r.inPlace(n.c.ExtensionID(), plan.DeviceID(n.out.DeviceID))
	dev, ok := r.phoneOf(n, id)
	if !ok {
		r.notYet(n, "no phone carries the line", begun, now)
		return
	}
	if out.Number == "" && len(dev.Lines) > 0 {
		out.Number = dev.Lines[0].Number
	}
	have := dev.Emergency
	out.Emergency, out.LocationID = have.AddressStatus, string(have.LocationID)
	out.EmergencyAddress = addressJSON(have.Address)
	late := !now.Before(n.since.Add(r.wall(r.opts.AddressDeadline))) || !r.patient()
	settled := !begun.Before(n.since.Add(r.wall(r.opts.Settle)))
	at := r.atTarget(t, have) || respelled(n.c, t, have) || (settled && plan.SamePlace(t.Place, have.Address))
	status := have.AddressStatus
	switch {
	case at && (status == addressValid || status == "" && t.Location != nil):
	case at && status == addressInvalid && (settled || n.out.Status == journal.AddressInvalid || !r.stoodThere(n, t)):
		out.Status, out.Message = journal.AddressInvalid, "the service refused the address after the call"
	case !at && (settled || n.out.Status == journal.AddressDiffers) && status != addressProvisioning:
		out.Status, out.Code = journal.AddressDiffers, codeDifferent
		out.Message = "the phone shows another place: " + have.Address.Line()
		if unmoved(n.c, have.Address) {
			out.Message = "the phone shows the address that it had before: " + have.Address.Line()
		}
	case late && !at && !settled && unconfirmed(n.out.Status):
		r.confirm(n, n.out, now) // too soon to say another thing than the run did
		return
	case late && !n.synced && r.count.polling < manyPolls && r.mayAskProvider(n):
		r.pollNow(n, now) // the last word is the provider's
		return
	case late:
		out.Status, out.Message = journal.AddressPending, "the address is not confirmed yet ("+cmp.Or(status, "no status")+")"
	default:
		r.poll(n, now)
		return
	}
	r.confirm(n, out, now)
}

// stoodThere reports whether the phone was at the target before the change, as
// one is whose address was refused and is set again: that it shows the place
// says nothing then, and a refusal may be the one of before.
func (r *run) stoodThere(n *node, t plan.EmergencyTarget) bool {
	before := n.c.Requires().Emergency
	return before != nil && r.atTarget(t, *before)
}

// addressJSON is the address for the journal; none if there is none.
func addressJSON(a plan.Address) json.RawMessage {
	if a.IsZero() {
		return nil
	}
	text, err := json.Marshal(a)
	if err != nil {
		return nil // texts only: can't happen
	}
	return text
}

// pollAges are how long after it landed an address that is not yet valid is
// looked at, in service time, or pollGap after a look that came later than it
// should; from the last on every pollLater.
var pollAges = [...]time.Duration{15 * time.Second, 35 * time.Second, 65 * time.Second, 125 * time.Second}

const (
	pollLater = 120 * time.Second
	pollGap   = 10 * time.Second
)

// nextPoll is at which age an address is looked at after one at this age.
func nextPoll(age time.Duration) time.Duration {
	for _, next := range pollAges {
		if next > age {
			return max(next, age+pollGap)
		}
	}
	return age + pollLater
}

// manyPolls is from how many awaited addresses on the last word is not asked of
// the provider one by one: it would take the Light group for hours.
const manyPolls = 200

// patient reports whether addresses are waited for.
func (r *run) patient() bool { return r.mode == modeRun }

func (r *run) startPolling(n *node) {
	if !n.polling {
		n.polling = true
		r.count.polling++
	}
}

// pollNow asks for one look at an address that the service first asks its
// provider for.
func (r *run) pollNow(n *node, now time.Time) {
	r.startPolling(n)
	n.sync, n.due = true, now
}

// poll asks for another look at an address.
func (r *run) poll(n *node, now time.Time) {
	r.startPolling(n)
	n.due = n.since.Add(r.wall(nextPoll(r.opts.Scale.Service(now.Sub(n.since)))))
	if deadline := n.since.Add(r.wall(r.opts.AddressDeadline)); deadline.Before(n.due) {
		n.due = deadline
	}
}

func (r *run) stopPolling(n *node) {
	if n.polling && n.phase == landed {
		n.polling = false
		r.count.polling--
	}
}

// move says that the run took a phone away and which one stands in its place.
type move struct {
	by      *node
	at      time.Time
	inPlace plan.DeviceID
}

// movedSince reports whether another change of the run moved the phone after
// this one had landed.
func (r *run) movedSince(id plan.DeviceID, n *node) bool {
	m, ok := r.moved[id]
	return ok && m.by != n && !m.at.Before(n.since)
}

// inPlace is the phone that stands on the extension in the place of the one
// named, after the run's own swaps.
func (r *run) inPlace(ext plan.ExtensionID, id plan.DeviceID) plan.DeviceID {
	for range len(r.moved) + 1 {
		if _, there := r.view.on(ext, id); there || ext == "" {
			return id
		}
		m, ok := r.moved[id]
		if !ok || m.inPlace == "" {
			return id
		}
		id = m.inPlace
	}
	return id
}
