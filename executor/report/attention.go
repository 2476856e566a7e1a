package report

import (
	"cmp"

	"provision/plan"
)

// Concern is a phone whose emergency address is not confirmed.
type Concern struct {
	Source    string `json:"source,omitempty"` // the row; empty: no row is about the phone
	Extension string `json:"extension"`
	Person    string `json:"person"`
	Device    string `json:"device_id"`
	Number    string `json:"number,omitempty"`
	Status    string `json:"status"` // a [Status], or the service's word
	Message   string `json:"message"`
	Next      string `json:"next"` // what to do
}

// Concerns lists the lines whose address is not confirmed and the phones of
// the safety list that the run did not put right, wrong addresses first.
func (r *Report) Concerns() []Concern {
	var list []Concern
	// The safety list has the phones that the plan found; a swap may have
	// brought another one to the line since.
	seen, now := map[string]bool{}, map[string]string{}
	for i := range r.Lines {
		now[r.Lines[i].was] = r.Lines[i].DeviceID
	}
	for _, status := range []Status{AddressInvalid, AddressDiffers, AddressPending} {
		for i := range r.Lines {
			l := &r.Lines[i]
			if l.addressStatus() != status {
				continue
			}
			seen[l.was] = true
			list = append(list, Concern{
				Source: l.Source, Extension: l.Extension, Person: l.Person, Device: l.DeviceID, Number: l.Number,
				Status: string(status), Message: l.Message, Next: nextStep(status, ""),
			})
		}
	}
	for _, s := range r.Safety {
		if !seen[string(s.Device)] {
			c := safetyConcern(s)
			c.Device = cmp.Or(now[c.Device], c.Device)
			list = append(list, c)
		}
	}
	return list
}

// addressStatus is the worst of the line's changes that took effect without a
// confirmed address; empty if there is none.
func (l *Line) addressStatus() Status {
	var s Status
	for _, c := range l.Changes {
		if c.Status.Unconfirmed() {
			s = worse(s, c.Status)
		}
	}
	return s
}

func safetyConcern(s plan.SafetyItem) Concern {
	c := Concern{
		Extension: s.Extension, Person: s.Person, Device: string(s.Device), Number: s.Number, Status: s.Status,
		Message: "its address is " + s.Status + " in the account",
		Next:    "no row of these sheets puts it right: add one",
	}
	if len(s.Changes) > 0 {
		c.Next = "the change that would put it right did not happen: see below"
	}
	return c
}

// Failures are the causes that are not about unconfirmed addresses, which
// stand on their own.
func (r *Report) Failures() []Cause {
	var list []Cause
	for _, c := range r.Causes {
		if !c.Status.Unconfirmed() {
			list = append(list, c)
		}
	}
	return list
}

// Numbers says what a run did to the numbers of lines.
type Numbers struct {
	Assigned []*Line // lines that got a number in this run
	Kept     []*Line // lines that are gone whose number stays in the account's inventory
	GivenUp  []*Line // lines that are gone with their number
}

// Numbers lists the numbers that the run assigned, kept and gave up. What is
// in doubt is in none of the lists.
func (r *Report) Numbers() Numbers {
	var n Numbers
	for _, l := range r.all() {
		if l.Assigned {
			n.Assigned = append(n.Assigned, l)
		}
		if l.NumberKept != "" {
			n.Kept = append(n.Kept, l)
		}
		if l.NumberGivenUp != "" {
			n.GivenUp = append(n.GivenUp, l)
		}
	}
	return n
}
