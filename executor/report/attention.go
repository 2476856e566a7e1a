package report

import "provision/plan"

// A concern is a phone whose emergency address is not confirmed.
type concern struct {
	Source, Extension, Person, Device, Number string
	Status, Message, Next                     string
}

// concerns lists the lines whose address is not confirmed and the phones of
// the safety list that the run did not put right, wrong addresses first.
func (r *Report) concerns() []concern {
	var list []concern
	seen := map[string]bool{}
	for _, status := range []Status{AddressInvalid, AddressDiffers, AddressPending} {
		for i := range r.Lines {
			l := &r.Lines[i]
			if l.addressStatus() != status {
				continue
			}
			seen[l.DeviceID] = true
			list = append(list, concern{
				Source: l.Source, Extension: l.Extension, Person: l.Person, Device: l.DeviceID, Number: l.Number,
				Status: string(status), Message: l.Message, Next: nextStep(status, ""),
			})
		}
	}
	for _, s := range r.Safety {
		if !seen[string(s.Device)] {
			list = append(list, safetyConcern(s))
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

func safetyConcern(s plan.SafetyItem) concern {
	c := concern{
		Extension: s.Extension, Person: s.Person, Device: string(s.Device), Number: s.Number, Status: s.Status,
		Message: "its address is " + s.Status + " in the account",
		Next:    "no row of these sheets puts it right: add one",
	}
	if len(s.Changes) > 0 {
		c.Next = "the change that would put it right did not happen: see below"
	}
	return c
}

// failures are the causes that are not about unconfirmed addresses, which
// stand on their own.
func (r *Report) failures() []Cause {
	var list []Cause
	for _, c := range r.Causes {
		if !c.Status.Unconfirmed() {
			list = append(list, c)
		}
	}
	return list
}

// assigned are the lines that got a number in this run.
func (r *Report) assigned() []*Line {
	var list []*Line
	for i := range r.Lines {
		if r.Lines[i].Assigned {
			list = append(list, &r.Lines[i])
		}
	}
	return list
}
