package chaos

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
)

// planFile is what is read here of a saved plan.
type planFile struct {
	Changes []change `json:"changes"`
}

type change struct {
	ID        string     `json:"id"`
	Kind      string     `json:"kind"`
	Extension string     `json:"extension"`
	Update    *deviceOp  `json:"update"`
	Remove    *plainOp   `json:"remove"`
	Unstock   *deviceOp  `json:"unstock"`
	Swap      *swapOp    `json:"swap"`
	Stock     *stockSlot `json:"stock"`
}

type (
	deviceOp struct {
		Device deviceRef `json:"device"`
	}
	plainOp struct {
		Device string `json:"device"`
	}
	swapOp struct {
		Source deviceRef `json:"source"`
		Target deviceRef `json:"target"`
	}
	stockSlot struct {
		Quantity int `json:"quantity"`
	}
	deviceRef struct {
		ID string `json:"id"` // "": another change makes it
	}
)

func (r deviceRef) name() string {
	if r.ID == "" {
		return made
	}
	return r.ID
}

func readPlan(path string) (*planFile, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	p := &planFile{}
	return p, json.Unmarshal(data, p)
}

// made stands for every id and number that the service hands out in a run.
const made = "made"

// key is what an effect of the change looks like, and how many it has.
func (c *change) key() (string, int) {
	switch c.Kind {
	case "add":
		return effectKey("added", c.Extension, made), 1
	case "update", "update_emergency":
		return effectKey("updated", c.Extension, c.Update.Device.name()), 1
	case "swap":
		return swapKey(c.Swap.Source.name(), c.Swap.Target.name()), 1
	case "remove":
		return effectKey("removed", c.Extension, c.Remove.Device), 1
	case "unstock":
		return effectKey("unstocked", "", c.Unstock.Device.name()), 1
	case "stock":
		return effectKey("stocked", "", made), c.Stock.Quantity
	case "create_location":
		return effectKey("location", "", made), 1
	}
	return "unknown kind " + c.Kind, 1
}

func effectKey(kind, ext, device string) string { return kind + " ext=" + ext + " device=" + device }

func swapKey(a, b string) string { return "swapped " + min(a, b) + " " + max(a, b) }

// effect is a line of /_sim/effects.
type effect struct {
	Kind      string `json:"kind"`
	Extension string `json:"extension"`
	Device    string `json:"device"`
	Target    string `json:"target"`
}

// key names an effect as change.key does. The service tells a PUT of an address
// alone from another one by what became other than before; a plan does not know
// that beforehand.
func (e effect) key(known func(string) string) string {
	device := known(e.Device)
	switch e.Kind {
	case "swapped":
		return swapKey(device, known(e.Target))
	case "emergency", "updated":
		return effectKey("updated", e.Extension, device)
	case "unstocked", "stocked":
		return effectKey(e.Kind, "", device)
	case "location":
		return effectKey(e.Kind, "", made)
	}
	return effectKey(e.Kind, e.Extension, device)
}

// runReport is what is read here of a run's report.json: a list of rows.
type runReport struct {
	rows   []reportRow
	status map[string]string // by change id
}

type reportRow struct {
	Status   string      `json:"status"`
	DeviceID string      `json:"device_id"`
	Changes  []rowChange `json:"changes"`
}

type rowChange struct {
	ID     string `json:"id"`
	Kind   string `json:"kind"`
	Status string `json:"status"`
}

// added is the add that the row's phone comes from; nil if there is none that is
// done, or if a swap of the row moves its phone on.
func (r *reportRow) added() *rowChange {
	var found *rowChange
	for i := range r.Changes {
		switch c := &r.Changes[i]; {
		case c.Kind == "swap":
			return nil
		case c.Kind == "add" && did(c.Status):
			found = c
		}
	}
	return found
}

func readReport(path string) (*runReport, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	r := &runReport{status: map[string]string{}}
	if err := json.Unmarshal(data, &r.rows); err != nil {
		return nil, fmt.Errorf("read report: %w", err)
	}
	for _, row := range r.rows {
		for _, c := range row.Changes {
			r.status[c.ID] = c.Status
		}
	}
	return r, nil
}

// done: nothing is left for "resume".
func (r *runReport) done() bool {
	return !slices.Contains(slices.Collect(maps.Values(r.status)), "pending")
}

// settled: nothing is left for "verify" either.
func (r *runReport) settled() bool {
	return r.done() && !slices.Contains(slices.Collect(maps.Values(r.status)), "address_pending")
}

// left are the changes that the report does not claim to be done.
func (r *runReport) left() []string {
	var ids []string
	for _, id := range slices.Sorted(maps.Keys(r.status)) {
		if !did(r.status[id]) && r.status[id] != "no_op" {
			ids = append(ids, id)
		}
	}
	return ids
}

// did: the status says that the change took effect.
func did(status string) bool { return status == "applied" || strings.HasPrefix(status, "address_") }

// count are the changes by status.
func (r *runReport) count() map[string]int {
	n := map[string]int{}
	for _, s := range r.status {
		n[s]++
	}
	return n
}

// bounds are how many effects of one look there may be.
type bounds struct{ least, most int }

// judgeEffects says where the effects are not what the report claims: a change
// that is done had its effect once, one that is ambiguous at most once, any
// other none.
func judgeEffects(p *planFile, r *runReport, effects []effect, known func(string) string) error {
	want := map[string]bounds{}
	for i := range p.Changes {
		c := &p.Changes[i]
		key, n := c.key()
		b := want[key]
		switch status := r.status[c.ID]; {
		case did(status):
			b.least, b.most = b.least+n, b.most+n
		case status == "ambiguous":
			b.most += n
		case status == "":
			return fmt.Errorf("the report says nothing of change %s (%s)", c.ID, c.Kind)
		}
		want[key] = b
	}
	got := map[string]int{}
	for _, e := range effects {
		got[e.key(known)]++
	}
	var errs []error
	for _, key := range slices.Sorted(maps.Keys(got)) {
		if _, ok := want[key]; !ok {
			errs = append(errs, fmt.Errorf("%d effects %q that no change of the plan has", got[key], key))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(want)) {
		if b := want[key]; got[key] < b.least || got[key] > b.most {
			errs = append(errs, fmt.Errorf("%d effects %q, want %d to %d", got[key], key, b.least, b.most))
		}
	}
	return errors.Join(errs...)
}

// decodeLines decodes JSON lines.
func decodeLines[T any](data []byte) ([]T, error) {
	var all []T
	for line := range bytes.Lines(data) {
		var one T
		if err := json.Unmarshal(line, &one); err != nil {
			return nil, fmt.Errorf("decode %q: %w", line, err)
		}
		all = append(all, one)
	}
	return all, nil
}
