package executor

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"provision/executor/journal"
	"provision/plan"
	"provision/rcclient"
)

// mode says how much a run may do.
type mode int

const (
	modeRun    mode = iota
	modeSettle      // settle and read back, send nothing
	modeVerify      // read again once, send nothing
)

// run is one run of the loop. All fields but those said otherwise belong to
// the loop's goroutine.
type run struct {
	api   API
	jnl   Journal
	obs   Observer
	exec  *Executor
	opts  Options
	mode  mode
	plan  *plan.Plan
	nodes []*node
	byID  map[string]*node
	view  *view

	queues map[rcclient.Group]*queue
	locks  map[string]bool
	open   []*node // landed or in doubt: to be read
	asked  map[plan.DeviceID]bool
	named  map[plan.DeviceID]bool // devices that the plan names by id
	moved  map[plan.DeviceID]move // phones that the run's swaps took away

	ctx      context.Context // of calls; ends when the caller's does
	events   chan func()
	workers  sync.WaitGroup
	active   int                    // goroutines that will send an event
	inflight map[rcclient.Group]int // calls in flight, by group
	listing  int                    // list calls of extensions among them
	listed   time.Time              // when the last of these was begun
	room     map[rcclient.Group]rcclient.GroupUsage

	batch       []entry // outcomes to be written
	writing     bool
	wake        time.Time // when the loop must look again; zero: on an event
	stopping    bool      // no new work
	paused      bool      // no new work until it is continued
	failure     error     // why the run can't go on; then nothing new is sent or written
	aborted     error     // why nothing new may be sent, though outcomes still can be written
	kindOff     map[plan.Kind]journal.Outcome
	troubles    map[rcclient.Group]*trouble
	noList      bool // the account-wide list does not answer
	bulk        int  // records per bulk-add call now
	unreached   int  // calls in a row that did not reach the service
	addsWait    time.Time
	deletesWait time.Time
	serials     int // records per device bulk-update call now
	serialsWait time.Time

	began time.Time
	stats rcclient.Stats // of the client at the begin
	count counts
	fore  *forecast
}

func newRun(e *Executor, p *plan.Plan, prior journal.State, m mode) (*run, error) {
	nodes, byID, err := graph(p)
	if err != nil {
		return nil, err
	}
	r := &run{
		api: e.api, jnl: e.journal, obs: e.obs, exec: e, opts: e.opts, mode: m, plan: p, nodes: nodes, byID: byID,
		view: newView(e.opts.Scale.Wall(e.opts.Settle)), locks: map[string]bool{}, asked: map[plan.DeviceID]bool{}, moved: map[plan.DeviceID]move{}, named: namedDevices(p),
		queues: map[rcclient.Group]*queue{
			rcclient.GroupMedium: {}, rcclient.GroupHeavy: {},
		},
		events:   make(chan func()),
		inflight: map[rcclient.Group]int{},
		kindOff:  map[plan.Kind]journal.Outcome{},
		troubles: map[rcclient.Group]*trouble{},
		fore:     newForecast(),
		bulk:     e.opts.BulkSize, serials: plan.MaxSetSerialPerCall, began: time.Now(), stats: e.api.Stats(),
	}
	r.takeUp(prior)
	return r, nil
}

// run prepares and then turns the loop until nothing is left to do.
func (r *run) run(ctx context.Context) (Summary, error) {
	r.ctx = ctx
	err := r.prepare()
	if err == nil {
		r.start()
		r.loop()
		err = errors.Join(r.failure, r.aborted)
	}
	r.publish()
	return r.summary(), err
}

// loop turns until nothing is under way and nothing may be begun.
func (r *run) loop() {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	defer r.workers.Wait()
	stop, done := r.opts.Stop, r.ctx.Done()
	for {
		r.heed()
		r.wake = time.Time{}
		r.pump(time.Now())
		r.publish()
		if r.active == 0 && r.wake.IsZero() {
			r.checkFinished()
			return
		}
		timer.Reset(r.sleep())
		select {
		case event := <-r.events:
			r.handle(event)
			r.drain()
		case wish := <-r.exec.controls:
			wish(r)
		case <-timer.C:
		case <-stop:
			stop = nil // heeded next
		case <-done:
			done = nil
		}
	}
}

// heed takes in what is asked of the run. It comes before anything new is begun:
// a stop or a pause that is there counts, whatever else has come with it.
func (r *run) heed() {
	select {
	case <-r.opts.Stop:
		r.stop("stopped on request")
	default:
	}
	r.fail(r.ctx.Err())
	for {
		select {
		case wish := <-r.exec.controls:
			wish(r)
		default:
			return
		}
	}
}

// sleep is how long the loop may sleep without an event.
func (r *run) sleep() time.Duration {
	if r.wake.IsZero() {
		return time.Hour
	}
	return max(time.Until(r.wake), 0)
}

// drain takes the events that are waiting, without waiting for more.
func (r *run) drain() {
	for range 64 {
		select {
		case event := <-r.events:
			r.handle(event)
		default:
			return
		}
	}
}

func (r *run) handle(event func()) {
	r.active--
	event()
}

// spawn does work in a goroutine of its own; what it returns is run by the
// loop. Work that panics ends the run: what it was about is not known then, and
// an intent that is open stays open for the next process to settle.
func (r *run) spawn(work func() func()) {
	r.active++
	r.workers.Go(func() {
		var event func()
		defer func() {
			if p := recover(); p != nil {
				event = func() { r.fail(fmt.Errorf("internal error: %v", p)) }
			}
			r.events <- event
		}()
		event = work()
	})
}

// wakeAt asks the loop to look again at that time, if not earlier.
func (r *run) wakeAt(t time.Time) {
	if r.wake.IsZero() || t.Before(r.wake) {
		r.wake = t
	}
}

// wall turns service time into wall time.
func (r *run) wall(d time.Duration) time.Duration { return r.opts.Scale.Wall(d) }

// pump starts all that may start now.
func (r *run) pump(now time.Time) {
	if r.failure != nil {
		return
	}
	r.checkClock(now)
	r.room = r.api.Usage()
	r.write()
	r.settleDoubts(now)
	if r.mode == modeRun {
		r.dispatchHeavy(now)
		r.dispatchMedium(now)
	}
	r.write()
	r.read(now)
	r.holdOn(now)
}

// fail ends the run: what is in flight comes back, nothing new is begun.
func (r *run) fail(err error) {
	if r.failure == nil && err != nil {
		r.failure = err
		r.obs.Note("failed", err.Error())
	}
}

// checkFinished guards against a loop that stands still with work left.
func (r *run) checkFinished() {
	if r.failure != nil || r.stopping || r.mode != modeRun {
		return
	}
	for _, n := range r.nodes {
		if n.phase != final {
			r.fail(fmt.Errorf("change %s (%s) could not be brought to an end; resume the run", n.c.ID, n.c.Kind))
			return
		}
	}
}

// hasRoom reports whether a call of the group would go out at once. If not,
// the loop is woken when it would. So no call waits at the gate, where others
// that are more urgent could not pass it, and a stop would have to wait for it.
func (r *run) hasRoom(g rcclient.Group, parallel int, now time.Time) bool {
	if r.inflight[g] >= parallel || r.resting(g, now) {
		return false
	}
	u, ok := r.room[g]
	if !ok {
		return true
	}
	if u.NextIn > 0 {
		r.wakeAt(now.Add(r.wall(u.NextIn)))
		return false
	}
	begun := r.begun(g)
	alone := !u.Single || begun+u.InFlight == 0
	if alone && roomOf(u)-begun > 0 {
		return true
	}
	// All slots are in flight; an answer will tell. Calls of others of this
	// client end without an event here, so look again in any case.
	r.wakeAt(now.Add(r.wall(time.Second)))
	return false
}

// begun is how many calls of the group were begun and have no slot yet, as an
// intent is being written: they will take one. What was answered and is not
// handled yet counts twice; it is handled at once.
func (r *run) begun(g rcclient.Group) int {
	return max(0, r.inflight[g]-r.room[g].InFlight)
}

// roomOf is how many calls the window has left for this client: of its own
// share, and of what others leave of the limit.
func roomOf(u rcclient.GroupUsage) int {
	return min(u.Allowed, u.Limit.Calls-u.Others) - u.InWindow
}
