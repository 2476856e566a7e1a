package snapshot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"provision/plan"
	"provision/rcclient"
)

// API is what the reading needs of the client; *rcclient.Client has it. Each
// method reads all pages, retries what may be retried, and keeps to the
// account's rate limits.
type API interface {
	AccountInfo(ctx context.Context) (*rcclient.Account, error)
	NewEmergencyFramework(ctx context.Context) (bool, error)
	Extensions(ctx context.Context, filter rcclient.ExtensionFilter) ([]rcclient.Extension, error)
	Sites(ctx context.Context) ([]rcclient.Site, error)
	CostCenters(ctx context.Context) ([]rcclient.CostCenter, error)
	EmergencyLocations(ctx context.Context, filter rcclient.EmergencyLocationFilter) ([]rcclient.EmergencyLocation, error)
	PhoneNumbers(ctx context.Context, filter rcclient.PhoneNumberFilter) ([]rcclient.PhoneNumber, error)
	// AccountDevices fails with [rcclient.ErrNotAvailable] where the service
	// does not offer the account-wide list.
	AccountDevices(ctx context.Context) ([]rcclient.DeviceResource, error)
	ExtensionDevices(ctx context.Context, ids []rcclient.ID) ([]rcclient.ExtensionDevicesResult, error)
	Device(ctx context.Context, id rcclient.ID, sync bool) (*rcclient.DeviceResource, error)
	Limits() map[rcclient.Group]rcclient.Limit
}

var _ API = (*rcclient.Client)(nil)

// Options of [Take].
type Options struct {
	// Now tells the time at which the reading began; it is required.
	Now time.Time
	// NumbersNeeded is asked once extensions and devices are known whether the
	// account's numbers, a Heavy call, must be read after all. Nil means yes
	// if the needs say that they may be.
	NumbersNeeded func(plan.Snapshot) bool
	// Progress, where set, is told what is being read, in plain words.
	Progress func(what string)
	// Unread, where set, is told of an extension whose devices could not be
	// read; the snapshot then does not list it, and rows about it are errors.
	Unread func(ext plan.ExtensionID, err error)
}

// reader is one reading of an account.
type reader struct {
	api  API
	opts Options
	snap plan.Snapshot
}

// Take reads what the needs ask for. It fails if one of the lists cannot be
// read whole.
//
// Devices come from the account-wide list where the service has one: guards
// are shares of all assigned phones, so that a few extensions' lists, though
// enough for their rows, would leave the limits unknown. Where it has none,
// they come from the lists of the extensions that rows name, and from single
// readings of the device ids that those do not show.
func Take(ctx context.Context, api API, needs plan.Needs, opts Options) (plan.Snapshot, error) {
	if opts.Progress == nil {
		opts.Progress = func(string) {}
	}
	if opts.Unread == nil {
		opts.Unread = func(plan.ExtensionID, error) {}
	}
	r := &reader{api: api, opts: opts, snap: plan.Snapshot{TakenAt: opts.Now.UTC()}}
	for _, step := range []func(context.Context, plan.Needs) error{
		r.account, r.extensions, r.places, r.devices, r.numbers,
	} {
		if err := step(ctx, needs); err != nil {
			return plan.Snapshot{}, err
		}
	}
	r.snap.Limits = Limits(api.Limits())
	return r.snap, nil
}

// ReadAccount reads the account itself and its emergency regime: two calls,
// enough to tell whether a plan was made for it.
func ReadAccount(ctx context.Context, api API) (plan.Account, error) {
	info, err := api.AccountInfo(ctx)
	if err != nil {
		return plan.Account{}, fmt.Errorf("read account: %w", err)
	}
	erl, err := api.NewEmergencyFramework(ctx)
	if err != nil {
		return plan.Account{}, fmt.Errorf("read the account's emergency regime: %w", err)
	}
	return Account(*info, erl), nil
}

func (r *reader) account(ctx context.Context, _ plan.Needs) error {
	r.opts.Progress("account")
	account, err := ReadAccount(ctx, r.api)
	r.snap.Account = account
	return err
}

func (r *reader) extensions(ctx context.Context, _ plan.Needs) error {
	r.opts.Progress("extensions")
	list, err := r.api.Extensions(ctx, rcclient.ExtensionFilter{})
	if err != nil {
		return fmt.Errorf("list extensions: %w", err)
	}
	r.snap.Extensions = convert(list, Extension, func(e plan.Extension) string { return string(e.ID) })
	return nil
}

// places reads sites, cost centers and ERLs, where rows name some.
func (r *reader) places(ctx context.Context, needs plan.Needs) error {
	if needs.Sites {
		r.opts.Progress("sites")
		list, err := r.api.Sites(ctx)
		if err != nil {
			return fmt.Errorf("list sites: %w", err)
		}
		r.snap.Sites = convert(list, site, func(s plan.Site) string { return string(s.ID) })
	}
	if needs.CostCenters {
		r.opts.Progress("cost centers")
		list, err := r.api.CostCenters(ctx)
		if err != nil {
			return fmt.Errorf("list cost centers: %w", err)
		}
		r.snap.CostCenters = convert(list, costCenter, func(c plan.CostCenter) string { return string(c.ID) })
		r.snap.CostCentersRead = true
	}
	// Without the ERL regime the service refuses the question.
	if needs.Locations && r.snap.Account.ERLRegime {
		r.opts.Progress("emergency locations")
		list, err := r.api.EmergencyLocations(ctx, rcclient.EmergencyLocationFilter{})
		if err != nil {
			return fmt.Errorf("list emergency locations: %w", err)
		}
		r.snap.Locations = convert(list, Location, func(l plan.Location) string { return string(l.ID) })
		r.snap.LocationsRead = true
	}
	return nil
}

func (r *reader) devices(ctx context.Context, needs plan.Needs) error {
	if needs.NoDevices {
		return nil
	}
	r.opts.Progress("devices")
	list, err := r.api.AccountDevices(ctx)
	switch {
	case err == nil:
		r.snap.DevicesComplete = true
	case errors.Is(err, rcclient.ErrNotAvailable):
		if list, err = r.extensionDevices(ctx, needs); err != nil {
			return err
		}
		if list, err = r.singleDevices(ctx, needs, list); err != nil {
			return err
		}
	default:
		return fmt.Errorf("list devices: %w", err)
	}
	r.snap.Devices = convert(list, Device, func(d plan.Device) string { return string(d.ID) })
	return nil
}

// extensionDevices reads the lists of the extensions that rows name, by number
// or by e-mail address.
func (r *reader) extensionDevices(ctx context.Context, needs plan.Needs) ([]rcclient.DeviceResource, error) {
	ids := r.concerned(needs)
	if len(ids) == 0 {
		return nil, nil
	}
	r.opts.Progress(fmt.Sprintf("devices of %d extensions", len(ids)))
	results, err := r.api.ExtensionDevices(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("list extensions' devices: %w", err)
	}
	var list []rcclient.DeviceResource
	for _, res := range results {
		if res.Err != nil {
			r.opts.Unread(plan.ExtensionID(res.Extension), res.Err)
			continue
		}
		r.snap.Listed = append(r.snap.Listed, plan.ExtensionID(res.Extension))
		list = append(list, res.Devices...)
	}
	slices.Sort(r.snap.Listed)
	return list, nil
}

func (r *reader) concerned(needs plan.Needs) []rcclient.ID {
	numbers, emails := map[string]bool{}, map[string]bool{}
	for _, n := range needs.Extensions {
		numbers[plan.BareNumber(n)] = true // a sheet may have lost its leading zeros
	}
	for _, e := range needs.EmailList {
		emails[strings.ToLower(e)] = true
	}
	var ids []rcclient.ID
	for _, e := range r.snap.Extensions {
		if needs.AllExtensions && (e.Type == "User" || e.Type == "Limited") || needs.All || e.Number != "" && numbers[plan.BareNumber(e.Number)] || e.Email != "" && emails[strings.ToLower(e.Email)] {
			ids = append(ids, rcclient.ID(e.ID))
		}
	}
	return ids
}

// singleDevices asks for the device ids that no list shows: such a device may
// be unassigned, on another extension, or not there at all.
func (r *reader) singleDevices(ctx context.Context, needs plan.Needs, list []rcclient.DeviceResource) ([]rcclient.DeviceResource, error) {
	seen := make(map[rcclient.ID]bool, len(list))
	for i := range list {
		seen[list[i].ID] = true
	}
	for _, id := range needs.UnassignedDevices {
		if seen[rcclient.ID(id)] {
			continue
		}
		seen[rcclient.ID(id)] = true
		d, err := r.api.Device(ctx, rcclient.ID(id), false)
		var api *rcclient.APIError
		switch {
		case errors.As(err, &api) && api.Class == rcclient.ClassNotFound:
		case err != nil:
			return nil, fmt.Errorf("read device %s: %w", id, err)
		default:
			list = append(list, *d)
		}
		r.snap.Asked = append(r.snap.Asked, id)
	}
	slices.Sort(r.snap.Asked)
	return list, nil
}

func (r *reader) numbers(ctx context.Context, needs plan.Needs) error {
	if !needs.Numbers || r.opts.NumbersNeeded != nil && !r.opts.NumbersNeeded(r.snap) {
		return nil
	}
	r.opts.Progress("phone numbers")
	list, err := r.api.PhoneNumbers(ctx, rcclient.PhoneNumberFilter{})
	if err != nil {
		return fmt.Errorf("list phone numbers: %w", err)
	}
	r.snap.Numbers = convert(list, Number, func(n plan.Number) string { return string(n.ID) })
	r.snap.NumbersRead = true
	return nil
}

// Limits says the limits of the throttling groups in domain words.
func Limits(in map[rcclient.Group]rcclient.Limit) plan.Limits {
	of := func(g rcclient.Group) plan.GroupLimit {
		return plan.GroupLimit{Calls: in[g].Calls, WindowSeconds: int(in[g].Window / time.Second)}
	}
	return plan.Limits{Light: of(rcclient.GroupLight), Medium: of(rcclient.GroupMedium), Heavy: of(rcclient.GroupHeavy)}
}

// convert turns a list into domain words, sorted by id and each id once: pages
// of a list that grows while it is read may show a record twice.
func convert[W, D any](list []W, to func(W) D, id func(D) string) []D {
	out := make([]D, 0, len(list))
	for _, w := range list {
		out = append(out, to(w))
	}
	slices.SortStableFunc(out, func(x, y D) int { return cmp.Compare(id(x), id(y)) })
	return slices.CompactFunc(out, func(x, y D) bool { return id(x) == id(y) })
}
