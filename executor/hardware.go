package executor

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"provision/executor/journal"
	"provision/plan"
	"provision/rcclient"
)

// dispatchHardware gathers set_serial changes into device bulk-update calls.
// They wait in the Heavy queue, as the call's real group is known from its
// answers only; the client counts it there from then on.
func (r *run) dispatchHardware(now time.Time) bool {
	return r.dispatchBulk(bulkCall{kind: plan.KindSetSerial, limit: r.serials, ahead: 2, wait: fillWait, since: &r.serialsWait, forMore: true}, now)
}

func (r *run) buildHardware(nodes []*node) call {
	records := make([]rcclient.HardwareUpdate, len(nodes))
	for i, n := range nodes {
		records[i] = rcclient.HardwareUpdate{DeviceID: rcclient.ID(n.device), Serial: n.c.SetSerial().Serial, Model: rcclient.ID(n.c.SetSerial().Model)}
	}
	return call{op: "bulkUpdateDevices", request: records, do: func(ctx context.Context, api API) ([]answer, rcclient.Meta, error) {
		results, meta, err := api.UpdateHardware(ctx, records)
		if err != nil {
			return nil, meta, err
		}
		answers := make([]answer, len(results))
		for i, res := range results {
			answers[i].device = plan.DeviceID(res.DeviceID)
			if !res.Successful {
				answers[i] = refusal(res.Errors)
			}
		}
		return answers, meta, nil
	}}
}

// showsHardware reports whether the phone has the serial and model wanted.
func showsHardware(want *plan.SetSerial, dev plan.Device) bool {
	return (want.Serial == "" || want.Serial == dev.Serial) && (want.Model == "" || want.Model == dev.ModelID)
}

func (r *run) judgeHardware(n *node) decision {
	id, ok := r.resolve(n.c.SetSerial().Device)
	if !ok {
		return end(journal.Blocked, codeBlocked, "the phone that would get the serial was not made")
	}
	dev, there := r.phoneOf(n, id)
	switch before := n.c.Requires().Serial; {
	case !there && n.c.ExtensionID() != "":
		return end(journal.Stale, codeStale, "phone %s is no longer on the extension, which has %s",
			id, list(r.view.ext(n.c.ExtensionID()).ids()))
	case !there:
		return end(journal.Stale, codeStale, "device %s does not exist any more", id)
	case showsHardware(n.c.SetSerial(), dev):
		d := end(journal.NoOp, codeMet, "the phone shows it already")
		d.out.DeviceID = string(id)
		return d
	case before != nil && *before != dev.Serial, before == nil && dev.Serial != "" && dev.Serial != n.c.SetSerial().Serial:
		return end(journal.Stale, codeStale, "phone %s has the serial %s now", id, cmp.Or(dev.Serial, "(none)"))
	}
	if d, bad := r.holds(n); bad {
		return d
	}
	return decision{kind: decideSend, device: id}
}

// verdictHardware compares what the phone shows with what it should become and
// with what it was.
func (r *run) verdictHardware(n *node) verdict {
	id := n.device
	if id == "" {
		id, _ = r.resolve(n.c.SetSerial().Device)
	}
	dev, there := r.phoneOf(n, id)
	before := n.c.Requires().Serial
	switch want := n.c.SetSerial(); {
	case !there:
		return verdict{kind: cantTell, rule: "phone_gone", text: fmt.Sprintf("phone %s is not where it was", id)}
	case showsHardware(want, dev):
		return verdict{kind: tookEffect, rule: "serial_shown", answer: answer{device: id}}
	case want.Serial == "" || before == nil && dev.Serial == "" || before != nil && *before == dev.Serial:
		return verdict{rule: "serial_as_before"}
	}
	return verdict{kind: cantTell, rule: "serial_of_others", text: fmt.Sprintf("phone %s has the serial %s", id, cmp.Or(dev.Serial, "(none)"))}
}

// takeHardware shows the new serial and model in the view.
func (r *run) takeHardware(n *node, id plan.DeviceID, at time.Time) {
	dev, there := r.phoneOf(n, id)
	if !there {
		return
	}
	if s := n.c.SetSerial().Serial; s != "" {
		dev.Serial = s
	}
	if m := n.c.SetSerial().Model; m != "" {
		dev.ModelID, dev.Model = m, ""
	}
	r.view.put(n.c.ExtensionID(), dev, at)
}

// missingHardware says what a landed change does not show.
func (r *run) missingHardware(n *node, id plan.DeviceID, gone bool) string {
	dev, there := r.phoneOf(n, id)
	switch {
	case gone:
		return ""
	case !there:
		return fmt.Sprintf("phone %s is not on the extension", id)
	case !showsHardware(n.c.SetSerial(), dev):
		return fmt.Sprintf("phone %s has the serial %s and the model %s", id, cmp.Or(dev.Serial, "(none)"), cmp.Or(string(dev.ModelID), "(none)"))
	}
	return ""
}
