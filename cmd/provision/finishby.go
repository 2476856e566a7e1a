package main

import (
	"fmt"
	"math"
	"time"

	"provision/executor/report"
	"provision/plan"
	"provision/rcclient"
)

// parseFinishBy reads a time of day, HH:MM, which is the next such minute
// after now in the machine's time zone (TZ); a date and a time in that zone; or
// a time with a zone of its own, as 2006-01-02T06:00:00Z. A time that the zone
// leaves out, when clocks go forward, is the one that clocks then show.
func parseFinishBy(text string, now time.Time) (time.Time, error) {
	if at, err := parseStopAt(text, now); err == nil {
		return at, nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		at, err = time.ParseInLocation("2006-01-02 15:04", text, now.Location())
	}
	switch {
	case err != nil:
		return time.Time{}, usagef("--finish-by %q is neither a time of day like 06:00 nor like \"2006-01-02 06:00\" or 2006-01-02T06:00:00Z", text)
	case !at.After(now):
		return time.Time{}, usagef("--finish-by %s is over", text)
	}
	return at, nil
}

// checkFinish warns if the least time that the calls take, from now on, does
// not fit, and returns what it found; nil if nobody asked. It is no guard: the
// limits are the least, and what a run waits for beside them is not known.
func (a *app) checkFinish(p *plan.Plan, text string, scale float64) *report.FinishByJSON {
	if text == "" {
		return nil
	}
	now := a.now()
	by, err := parseFinishBy(text, now)
	if err != nil {
		return nil // it was read before; the time is over by now
	}
	takes := rcclient.Scale(scale).Wall(time.Duration(p.Estimate.LeastSeconds) * time.Second)
	ends := now.Add(takes)
	const form = "2006-01-02 15:04 MST"
	if ends.After(by) {
		p.Notes = append(p.Notes, fmt.Sprintf("--finish-by %s can't be kept: the calls take at least %s, until %s if they begin now", by.Format(form), plan.Age(takes), ends.In(by.Location()).Format(form)))
		a.warn("warning: " + p.Notes[len(p.Notes)-1])
		short := int(math.Ceil(ends.Sub(by).Seconds()))
		return &report.FinishByJSON{Time: by.Format(time.RFC3339), SecondsShort: short}
	}
	p.Notes = append(p.Notes, fmt.Sprintf("--finish-by %s fits: the calls take at least %s; begin before %s", by.Format(form), plan.Age(takes), by.Add(-takes).Format(form)))
	return &report.FinishByJSON{Time: by.Format(time.RFC3339), Fits: true}
}
