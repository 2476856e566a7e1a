package rehearsal

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"provision/plan"
	"provision/rcclient"
	"provision/rcclient/rcsim"
)

// Reader is what the copy needs of the client; [rcclient.Client] has it. It has
// no mutating call.
type Reader interface {
	AccountInfo(ctx context.Context) (*rcclient.Account, error)
	NewEmergencyFramework(ctx context.Context) (bool, error)
	Extensions(ctx context.Context, filter rcclient.ExtensionFilter) ([]rcclient.Extension, error)
	Sites(ctx context.Context) ([]rcclient.Site, error)
	CostCenters(ctx context.Context) ([]rcclient.CostCenter, error)
	EmergencyLocations(ctx context.Context, filter rcclient.EmergencyLocationFilter) ([]rcclient.EmergencyLocation, error)
	PhoneNumbers(ctx context.Context, filter rcclient.PhoneNumberFilter) ([]rcclient.PhoneNumber, error)
	AccountDevices(ctx context.Context) ([]rcclient.DeviceResource, error)
	ExtensionDevices(ctx context.Context, ids []rcclient.ID) ([]rcclient.ExtensionDevicesResult, error)
	Device(ctx context.Context, id rcclient.ID, sync bool) (*rcclient.DeviceResource, error)
	Limits() map[rcclient.Group]rcclient.Limit
}

var _ Reader = (*rcclient.Client)(nil)

// Copy reads the account as far as the plan is about it.
func Copy(ctx context.Context, api Reader, p *plan.Plan) (*rcsim.Account, error) {
	info, err := api.AccountInfo(ctx)
	if err != nil {
		return nil, fmt.Errorf("read account: %w", err)
	}
	erl, err := api.NewEmergencyFramework(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the account's emergency regime: %w", err)
	}
	doc := map[string]any{"account": info}
	exts, err := api.Extensions(ctx, rcclient.ExtensionFilter{})
	if err != nil {
		return nil, fmt.Errorf("list extensions: %w", err)
	}
	doc["extensions"] = exts
	if doc["sites"], err = api.Sites(ctx); err != nil {
		return nil, fmt.Errorf("list sites: %w", err)
	}
	if doc["cost_centers"], err = api.CostCenters(ctx); err != nil {
		return nil, fmt.Errorf("list cost centers: %w", err)
	}
	if erl {
		if doc["emergency_locations"], err = api.EmergencyLocations(ctx, rcclient.EmergencyLocationFilter{}); err != nil {
			return nil, fmt.Errorf("list emergency locations: %w", err)
		}
	}
	devices, listed, err := readDevices(ctx, api, p)
	if err != nil {
		return nil, err
	}
	doc["devices"] = devices
	if needsNumbers(p) {
		if doc["numbers"], err = api.PhoneNumbers(ctx, rcclient.PhoneNumberFilter{}); err != nil {
			return nil, fmt.Errorf("list phone numbers: %w", err)
		}
	}
	doc["settings"] = settings(api.Limits(), erl, listed, p)
	return parse(doc)
}

// settings are the simulator's, as far as the service shows its own.
func settings(limits map[rcclient.Group]rcclient.Limit, erl, listed bool, p *plan.Plan) map[string]any {
	groups := map[string]any{}
	for g, l := range limits {
		if g != rcclient.GroupAuth {
			groups[string(g)] = map[string]any{"limit": l.Calls, "window": l.Window.Seconds()}
		}
	}
	return map[string]any{
		"erl_regime": erl, "device_list": listed, "limits": groups,
		"unlisted_operations": p.Options.UnlistedOperations, "order_numbers": p.Options.OrderNumbers,
	}
}

// needsNumbers reports whether the plan takes numbers out of the account's
// inventory or puts some there.
func needsNumbers(p *plan.Plan) bool {
	return slices.ContainsFunc(p.Changes, func(c plan.Change) bool { return c.Add() != nil || c.Remove() != nil })
}

// readDevices reads the phones; listed says whether the account-wide list was
// there. Without it they are those of the plan's extensions, and the plan's own.
func readDevices(ctx context.Context, api Reader, p *plan.Plan) (devices []rcclient.DeviceResource, listed bool, err error) {
	devices, err = api.AccountDevices(ctx)
	if err == nil {
		return devices, true, nil
	}
	if !errors.Is(err, rcclient.ErrNotAvailable) {
		return nil, false, fmt.Errorf("list devices: %w", err)
	}
	results, err := api.ExtensionDevices(ctx, extensionsOf(p))
	if err != nil {
		return nil, false, fmt.Errorf("list extensions' devices: %w", err)
	}
	seen := map[rcclient.ID]bool{}
	for _, r := range results {
		for _, d := range r.Devices { // what can't be read fails in the run too
			seen[d.ID] = true
			devices = append(devices, d)
		}
	}
	for _, f := range p.Phones {
		if seen[rcclient.ID(f.ID())] {
			continue
		}
		d, err := api.Device(ctx, rcclient.ID(f.ID()), false)
		var refused *rcclient.APIError
		switch {
		case errors.As(err, &refused) && refused.Class == rcclient.ClassNotFound:
		case err != nil:
			return nil, false, fmt.Errorf("read device %s: %w", f.ID(), err)
		default:
			devices = append(devices, *d)
		}
	}
	return devices, false, nil
}

func extensionsOf(p *plan.Plan) []rcclient.ID {
	var ids []rcclient.ID
	add := func(id plan.ExtensionID) {
		if id != "" && !slices.Contains(ids, rcclient.ID(id)) {
			ids = append(ids, rcclient.ID(id))
		}
	}
	for i := range p.Changes {
		c := &p.Changes[i]
		add(c.ExtensionID())
		if s := c.Swap(); s != nil {
			add(s.TargetOn)
		}
	}
	return ids
}

// parse makes the simulator's account of records in the service's shapes.
func parse(doc map[string]any) (*rcsim.Account, error) {
	data, err := json.Marshal(doc)
	if err != nil {
		return nil, fmt.Errorf("copy account: %w", err)
	}
	var generic any
	if err := json.Unmarshal(data, &generic); err != nil {
		return nil, fmt.Errorf("copy account: %w", err)
	}
	if data, err = json.Marshal(filled(generic)); err != nil {
		return nil, fmt.Errorf("copy account: %w", err)
	}
	account, err := rcsim.ParseAccount(data)
	if err != nil {
		return nil, fmt.Errorf("copy account: %w", err)
	}
	return account, nil
}

// filled leaves out the fields that the service's answer did not have.
func filled(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, field := range v {
			field = filled(field)
			m, isMap := field.(map[string]any)
			if field == nil || field == "" || isMap && len(m) == 0 {
				delete(v, k)
				continue
			}
			v[k] = field
		}
	case []any:
		for i := range v {
			v[i] = filled(v[i])
		}
	}
	return v
}

const (
	// wanted is about how many seconds a rehearsal shall take at least: what the
	// machine needs for its calls, some tenths of a second, weighs little then.
	wanted = 25
	// fastest is how fast the longest plans are rehearsed.
	fastest = 120
	// tail is how many seconds of service time it takes that the last address is
	// judged and read back, as the simulator has it.
	tail = 50
)

// Speed is how fast a plan is rehearsed: what the machine needs for a call is
// stretched by it, so short plans go as slowly as they would be applied.
func Speed(p *plan.Plan) float64 {
	expected := p.Estimate.LeastSeconds
	if slices.ContainsFunc(p.Changes, func(c plan.Change) bool { return c.Emergency() != nil || c.Kind == plan.KindCreateLocation }) {
		expected += tail
	}
	return min(fastest, max(1, float64(expected)/wanted))
}
