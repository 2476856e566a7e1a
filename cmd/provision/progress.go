package main

import (
	"sync/atomic"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"provision/executor"
	"provision/executor/journal"
	"provision/executor/watch"
	"provision/plan"
	"provision/rcclient"
)

// progressEvery is how often progress is told where there is no terminal, and
// how often bars are redrawn. Wall time: it is for people and for logs.
const (
	progressEvery = 10 * time.Second
	redrawEvery   = 200 * time.Millisecond
)

// progress shows how a run goes: bars on a terminal, a log line every ten
// seconds elsewhere, nothing with --quiet.
type progress struct {
	watcher
	exec atomic.Pointer[executor.Executor]
	// far is the status of another process's run, where that is shown.
	far atomic.Pointer[watch.Status]
	// over is set when the run has ended: what it waits for, and how long, is no
	// news then.
	over atomic.Bool
	end  func()
}

var _ executor.Observer = (*progress)(nil)

// startProgress begins to show a run. Its end must be called.
func (a *app) startProgress(p *plan.Plan, prior journal.State) *progress {
	show := &progress{watcher: watcher{app: a, tally: newTally(p, prior)}, end: func() {}}
	switch {
	case a.quiet || len(p.Changes) == 0:
	case a.screen.tty && widthOf(a.screen) > 0: // no bar fits into a width that is not known
		show.bars()
	default:
		show.lines()
	}
	return show
}

// startFollowing begins to show another process's run: bars on a terminal, else
// a line at once and every ten seconds.
func (a *app) startFollowing(p *plan.Plan, now watch.Status) *progress {
	show := &progress{watcher: watcher{app: a, tally: newTally(p, journal.State{})}, end: func() {}}
	show.far.Store(&now)
	switch {
	case a.quiet:
	case a.screen.tty && widthOf(a.screen) > 0:
		show.bars()
	default:
		a.say(now.Words())
		show.end = show.every(progressEvery, func() { a.say(show.far.Load().Words()) })
	}
	return show
}

// every calls f at once per interval until the function it returns is called,
// and then no more.
func (p *progress) every(interval time.Duration, f func()) (stop func()) {
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		defer recoverTo(p.app.log)
		tick := time.NewTicker(interval)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
				f()
			}
		}
	}()
	return func() {
		close(done)
		<-ended
	}
}

// follow names the executor whose picture is shown.
func (p *progress) follow(e *executor.Executor) { p.exec.Store(e) }

func (p *progress) picture() executor.Progress {
	if s := p.far.Load(); s != nil {
		return farPicture(*s)
	}
	if e := p.exec.Load(); e != nil {
		return e.Progress()
	}
	return executor.Progress{}
}

func (p *progress) lines() {
	p.end = p.every(progressEvery, func() {
		all, now := p.all(), p.picture()
		if p.app.screen.tty {
			p.app.say(all.words() + toGo(now.ETA))
			return
		}
		p.app.log.Info().Int("done", all.done).Int("failed", all.failed).Int("left", all.left()).
			Int("addresses_awaited", now.Addresses).Float64("eta_seconds", now.ETA.Seconds()).
			Msg("progress: " + all.words() + toGo(now.ETA))
	})
}

// toGo says how much service time the rest takes at least.
func toGo(eta time.Duration) string {
	if eta <= 0 {
		return ""
	}
	return ", about " + eta.Round(time.Second).String() + " to go"
}

// bars shows a bar for each group that has changes.
func (p *progress) bars() {
	wide := barWidth(widthOf(p.app.screen))
	container := mpb.New(mpb.WithOutput(p.app.screen.out), mpb.WithAutoRefresh(), mpb.WithRefreshRate(redrawEvery))
	all := map[rcclient.Group]*mpb.Bar{}
	for _, g := range barGroups() {
		if total := p.of(g).total; total > 0 {
			all[g] = container.New(0, mpb.BarStyle().Tip("="), mpb.BarWidth(wide),
				mpb.PrependDecorators(decor.Name(string(g), decor.WCSyncSpaceR)),
				mpb.AppendDecorators(decor.Any(func(decor.Statistics) string {
					return fitting(p.barTexts(g), widthOf(p.app.screen)-wide-besideBar)
				})))
			all[g].SetTotal(int64(total), false) // one that is full would not be drawn again in the end
		}
	}
	update := func() {
		for g, bar := range all {
			t := p.of(g)
			bar.SetCurrent(int64(t.done + t.failed))
		}
	}
	p.app.screen.writeAbove(container)
	stop := p.every(redrawEvery, update)
	p.end = func() {
		stop()
		p.over.Store(true)
		update()
		for _, bar := range all {
			bar.Abort(false)
		}
		container.Wait()
		p.app.screen.writeAbove(nil)
	}
}
