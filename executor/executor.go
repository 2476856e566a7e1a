package executor

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"provision/executor/journal"
	"provision/plan"
	"provision/rcclient"
)

// API is what the executor needs of the service; [rcclient.Client] has it. All
// methods are called from many goroutines. A mutating call is made once for
// each intent, and its error must tell, by [rcclient.Outcome], whether it may
// have taken effect.
type API interface {
	ExtensionDevices(ctx context.Context, ids []rcclient.ID) ([]rcclient.ExtensionDevicesResult, error)
	Device(ctx context.Context, id rcclient.ID, sync bool) (*rcclient.DeviceResource, error)
	AccountDevices(ctx context.Context) ([]rcclient.DeviceResource, error)
	EmergencyLocations(ctx context.Context, filter rcclient.EmergencyLocationFilter) ([]rcclient.EmergencyLocation, error)
	EmergencyLocation(ctx context.Context, id rcclient.ID, sync bool) (*rcclient.EmergencyLocation, error)

	BulkAdd(ctx context.Context, records []rcclient.BulkAddRecord) ([]rcclient.BulkAddResult, rcclient.Meta, error)
	UpdateDevice(ctx context.Context, id rcclient.ID, u rcclient.DeviceUpdate) (*rcclient.DeviceResource, rcclient.Meta, error)
	UpdateDeviceEmergency(ctx context.Context, id rcclient.ID, u rcclient.DeviceUpdate) (*rcclient.DeviceResource, rcclient.Meta, error)
	ReplaceDevice(ctx context.Context, ext, from, to rcclient.ID) (rcclient.Meta, error)
	RemoveLine(ctx context.Context, device rcclient.ID, keep bool) (*rcclient.RemovedLine, rcclient.Meta, error)
	AddInventory(ctx context.Context, quantity int, site rcclient.ID) (*rcclient.InventoryAdded, rcclient.Meta, error)
	DeleteInventory(ctx context.Context, ids []rcclient.ID) ([]rcclient.InventoryDeleteResult, rcclient.Meta, error)
	UpdateHardware(ctx context.Context, records []rcclient.HardwareUpdate) ([]rcclient.HardwareResult, rcclient.Meta, error)
	CreateEmergencyLocation(ctx context.Context, erl rcclient.EmergencyLocationRequest) (*rcclient.EmergencyLocation, rcclient.Meta, error)

	// Usage tells how much room the throttling groups have. A group that is
	// missing is taken to have room always.
	Usage() map[rcclient.Group]rcclient.GroupUsage
	Stats() rcclient.Stats
}

var _ API = (*rcclient.Client)(nil)

// Journal keeps intents and outcomes; [journal.Journal] does. Append returns
// when the records are durable; it is called from many goroutines. After an
// error the executor sends nothing more.
type Journal interface {
	Append(records ...journal.Record) error
}

// Observer is told what happens, from the loop's goroutine: it must return
// quickly and call nothing of the executor but Progress.
type Observer interface {
	// Settled is called when an outcome of a change is durable.
	Settled(c *plan.Change, out journal.Outcome)
	// Note is called for what a person may want to know: a stop, a pause, a
	// batch that was halved.
	Note(code, text string)
}

// Quiet is an [Observer] that does nothing.
type Quiet struct{}

// Settled does nothing.
func (Quiet) Settled(*plan.Change, journal.Outcome) {}

// Note does nothing.
func (Quiet) Note(string, string) {}

// Options of an [Executor]. Durations are service time. Zero values mean the
// defaults.
type Options struct {
	// BulkSize is the most records of a bulk-add call (10); it is halved when
	// the service says that a batch is too large.
	BulkSize int
	// MaxAge is how old a reading may be for a change to be sent (5 min).
	MaxAge time.Duration
	// Settle is how long after a call was given up a reading that does not
	// show its effect proves that it has none (120 s): the longest time that the
	// service may take a call up late, and the longest that its readings lag
	// behind, together. It can't be switched off.
	Settle time.Duration
	// AddressDeadline is how long an address may stay unconfirmed before the
	// change ends as address_pending (15 min).
	AddressDeadline time.Duration
	// MaxStale is how many of the changes may be stale at the start; zero
	// means 10 %. It is looked at only if the plan is older than MaxAge.
	MaxStale plan.Bound
	// NoStaleLimit switches MaxStale off (--guards=off).
	NoStaleLimit bool
	// Scale is how fast service time runs.
	Scale rcclient.Scale
	// SkipTainted leaves out the changes that share an object with a row in
	// error (--skip-bad-rows): they end blocked.
	SkipTainted bool
	// StopAt, where set, is when no new work is begun, by the wall clock.
	StopAt time.Time
	// Stop, when closed, means the same at once.
	Stop <-chan struct{}
	// MediumParallel and HeavyParallel are the most mutating calls of the
	// group in flight (8, 2).
	MediumParallel, HeavyParallel int
}

// Defaults of the options, in service time where they are durations.
const (
	DefaultBulkSize        = 10
	DefaultMaxAge          = 5 * time.Minute
	DefaultSettle          = 120 * time.Second
	DefaultAddressDeadline = 15 * time.Minute
	defaultMediumParallel  = 8
	// Two slow bulk calls at a time keep the Heavy group busy; the guide asks
	// for modesty here and states no number.
	defaultHeavyParallel = 2
)

func (o Options) withDefaults() Options {
	if o.BulkSize <= 0 {
		o.BulkSize = DefaultBulkSize
	}
	if o.MaxAge <= 0 {
		o.MaxAge = DefaultMaxAge
	}
	if o.Settle <= 0 {
		o.Settle = DefaultSettle
	}
	if o.AddressDeadline <= 0 {
		o.AddressDeadline = DefaultAddressDeadline
	}
	if o.MediumParallel <= 0 {
		o.MediumParallel = defaultMediumParallel
	}
	if o.HeavyParallel <= 0 {
		o.HeavyParallel = defaultHeavyParallel
	}
	return o
}

// Errors of a run as a whole. What the service says of one change is an
// outcome, never an error.
var (
	// ErrTooStale: at the start more changes were stale than MaxStale allows.
	// Nothing was sent.
	ErrTooStale = errors.New("too many changes no longer fit the account")
	// ErrBadPlan: the plan's changes refer to each other in a way that can't
	// be carried out.
	ErrBadPlan = errors.New("the plan can't be carried out")
	// ErrUnreachable: call after call did not reach the service.
	ErrUnreachable = errors.New("the service can't be reached")
)

// Executor carries out one plan, once.
type Executor struct {
	api      API
	journal  Journal
	obs      Observer
	opts     Options
	progress atomic.Pointer[Progress]
	controls chan func(*run)
}

// New makes an executor. A nil observer is quiet.
func New(api API, j Journal, obs Observer, opts Options) *Executor {
	if obs == nil {
		obs = Quiet{}
	}
	return &Executor{api: api, journal: j, obs: obs, opts: opts.withDefaults(), controls: make(chan func(*run), 8)}
}

// Run carries the plan out, or goes on with it: prior is what the journal
// holds already, the zero State for a new run. Open intents are settled first;
// changes that are final are left alone. It returns when nothing is left to do
// or to read back, when it was stopped and what was in flight has landed, or
// with an error when it can't go on; the Summary is filled in any case.
//
// Errors: [ErrTooStale], [ErrBadPlan], [ErrUnreachable], a broken journal, a
// missing permission, refused credentials, or that of ctx. A ctx that ends
// leaves calls in flight in doubt; [Options.Stop] is the orderly way.
func (e *Executor) Run(ctx context.Context, p *plan.Plan, prior journal.State) (Summary, error) {
	r, err := newRun(e, p, prior, modeRun)
	if err != nil {
		return Summary{}, err
	}
	return r.run(ctx)
}

// Settle finds out what became of the changes in doubt and reads back what has
// landed, but sends nothing new; what is not begun stays pending. It is how a
// run is abandoned.
func (e *Executor) Settle(ctx context.Context, p *plan.Plan, prior journal.State) (Summary, error) {
	r, err := newRun(e, p, prior, modeSettle)
	if err != nil {
		return Summary{}, err
	}
	return r.run(ctx)
}

// Verify reads again what was applied but not confirmed (addresses that were
// pending, invalid or elsewhere, changes that landed and were not read back)
// and appends an outcome where it is another than before. Addresses are asked
// for once, not waited for; nothing is sent.
func (e *Executor) Verify(ctx context.Context, p *plan.Plan, prior journal.State) (Summary, error) {
	r, err := newRun(e, p, prior, modeVerify)
	if err != nil {
		return Summary{}, err
	}
	return r.run(ctx)
}

// Progress is the newest consistent picture of a run. It may be called from
// any goroutine.
func (e *Executor) Progress() Progress {
	if p := e.progress.Load(); p != nil {
		return p.now(time.Now())
	}
	return Progress{}
}
