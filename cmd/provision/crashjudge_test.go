package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/google/go-cmp/cmp"

	"provision/plan"
	"provision/rcclient/rcsim"
)

// made stands for every id and number that the service hands out in a run.
const made = "made"

// judge knows what a plan may do to an account: each change one effect, and the
// account of a run that nothing disturbed.
type judge struct {
	there map[string]bool // ids and numbers of the account before the run
	want  map[string]int  // effects by what they are
	of    map[string]owed // the same by change id
	final []string        // the account after an undisturbed run
}

// owed are the effects of one change.
type owed struct {
	key string
	n   int
}

// newJudge takes the account as it was before the run.
func newJudge(before []byte, p *plan.Plan) (*judge, error) {
	var doc any
	if err := json.Unmarshal(before, &doc); err != nil {
		return nil, err
	}
	j := &judge{there: map[string]bool{}, want: map[string]int{}, of: map[string]owed{}}
	j.note(doc)
	for i := range p.Changes {
		c := &p.Changes[i]
		n := 1
		if c.Stock() != nil {
			n = c.Stock().Quantity
		}
		j.of[c.ID] = owed{j.keyOf(c), n}
		j.want[j.keyOf(c)] += n
	}
	return j, nil
}

// note remembers all ids and numbers of a document.
func (j *judge) note(at any) {
	switch v := at.(type) {
	case map[string]any:
		for _, field := range v {
			j.note(field)
		}
	case []any:
		for _, item := range v {
			j.note(item)
		}
	case string:
		j.there[v] = true
	case float64:
		j.there[numberText(v)] = true
	}
}

func numberText(v float64) string { return fmt.Sprintf("%.0f", v) }

// known is an id of the account before the run, or made.
func (j *judge) known(id string) string {
	if id == "" || j.there[id] {
		return id
	}
	return made
}

func (j *judge) ref(r plan.DeviceRef) string {
	if r.Change != "" {
		return made
	}
	return string(r.ID)
}

// keyOf is what the effect of a change looks like. A device PUT is one of two
// kinds of effect, as the service knows only what became other than before.
func (j *judge) keyOf(c *plan.Change) string {
	ext := string(c.ExtensionID())
	switch c.Kind {
	case plan.KindAdd:
		return effectKey("added", ext, made)
	case plan.KindUpdate, plan.KindUpdateEmergency:
		return effectKey("updated", ext, j.ref(c.Update().Device))
	case plan.KindSetSerial:
		return effectKey("updated", ext, j.ref(c.SetSerial().Device))
	case plan.KindSwap:
		return swapKey(j.ref(c.Swap().Source), j.ref(c.Swap().Target))
	case plan.KindRemove:
		return effectKey("removed", ext, string(c.Remove().Device))
	case plan.KindUnstock:
		return effectKey("unstocked", "", j.ref(c.Unstock().Device))
	case plan.KindStock:
		return effectKey("stocked", "", made)
	case plan.KindCreateLocation:
		return effectKey("location", "", made)
	}
	return "unknown kind " + c.Kind.String()
}

func effectKey(kind, ext, device string) string { return kind + " ext=" + ext + " device=" + device }

func swapKey(a, b string) string { return "swapped " + min(a, b) + " " + max(a, b) }

func (j *judge) keyOfEffect(e rcsim.Effect) string {
	device := j.known(string(e.Device))
	switch e.Kind {
	case rcsim.EffectSwapped:
		return swapKey(device, j.known(string(e.Target)))
	case rcsim.EffectEmergency, rcsim.EffectUpdated:
		return effectKey("updated", string(e.Extension), device)
	case rcsim.EffectUnstocked, rcsim.EffectStocked, rcsim.EffectLocation:
		return effectKey(string(e.Kind), "", device0(e, device))
	case rcsim.EffectAdded, rcsim.EffectRemoved:
	}
	return effectKey(string(e.Kind), string(e.Extension), device)
}

// device0 is the object that an effect made or deleted: an ERL has no device.
func device0(e rcsim.Effect, device string) string {
	if e.Kind == rcsim.EffectLocation {
		return made
	}
	return device
}

// effects says where effects are not exactly one for each change.
func (j *judge) effects(all []rcsim.Effect) error {
	got := map[string]int{}
	for _, e := range all {
		got[j.keyOfEffect(e)]++
	}
	if maps.Equal(got, j.want) {
		return nil
	}
	return fmt.Errorf("effects differ from the plan's changes (-plan +account):\n%s", cmp.Diff(j.want, got))
}

// begun says which effects are of no change that was begun by then. A call that
// was under way when its process was killed may take effect later.
func (j *judge) begun(all []rcsim.Effect, attempts map[string]int) error {
	left := map[string]int{}
	for id := range attempts {
		left[j.of[id].key] += j.of[id].n
	}
	var errs []error
	for _, e := range all {
		key := j.keyOfEffect(e)
		if left[key]--; left[key] < 0 {
			errs = append(errs, fmt.Errorf("an effect that no call begun by then has: %s", key))
		}
	}
	return errors.Join(errs...)
}

// normal is an account without what differs between two runs of one plan: the
// ids and numbers that the service made up. Lists have no order.
func (j *judge) normal(account []byte) ([]string, error) {
	var doc map[string]any
	if err := json.Unmarshal(account, &doc); err != nil {
		return nil, err
	}
	var all []string
	for _, list := range slices.Sorted(maps.Keys(doc)) {
		if list == "settings" {
			continue
		}
		items, ok := doc[list].([]any)
		if !ok {
			items = []any{doc[list]}
		}
		var lines []string
		for _, item := range items {
			text, err := json.Marshal(j.blur(item))
			if err != nil {
				return nil, err
			}
			lines = append(lines, list+" "+string(text))
		}
		slices.Sort(lines)
		all = append(all, lines...)
	}
	return all, nil
}

// blur replaces what was made up.
func (j *judge) blur(at any) any {
	switch v := at.(type) {
	case map[string]any:
		for name, field := range v {
			switch lower := strings.ToLower(name); {
			case field == nil:
			case strings.HasSuffix(lower, "id") || strings.HasSuffix(lower, "phonenumber"):
				v[name] = j.blurID(field)
			case strings.HasSuffix(lower, "time"):
				v[name] = "then"
			default:
				v[name] = j.blur(field)
			}
		}
	case []any:
		for i := range v {
			v[i] = j.blur(v[i])
		}
	}
	return at
}

func (j *judge) blurID(field any) any {
	switch v := field.(type) {
	case string:
		return j.known(v)
	case float64:
		return j.known(numberText(v))
	}
	return field
}

// account says how an account differs from that of an undisturbed run.
func (j *judge) account(account []byte) error {
	got, err := j.normal(account)
	if err != nil {
		return err
	}
	if slices.Equal(got, j.final) {
		return nil
	}
	return fmt.Errorf("the account differs from an undisturbed run's (-undisturbed +this):\n%s", cmp.Diff(j.final, got))
}

// look judges a site whose run is done.
func (j *judge) look(ctx context.Context, s *site) error {
	effects, err := s.effects(ctx)
	if err != nil {
		return err
	}
	if err := j.effects(effects); err != nil {
		return err
	}
	account, err := s.get(ctx, "account")
	if err != nil {
		return err
	}
	if err := j.account(account); err != nil {
		return err
	}
	data, err := s.get(ctx, "stats")
	if err != nil {
		return err
	}
	var stats rcsim.Stats
	if err := json.Unmarshal(data, &stats); err != nil {
		return err
	}
	if stats.ContractViolations > 0 {
		return fmt.Errorf("%d calls were outside the contract", stats.ContractViolations)
	}
	return nil
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
