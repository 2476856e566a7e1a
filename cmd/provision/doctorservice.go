package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"provision/cmd/provision/doctor"
	"provision/rcclient"
)

// Differences of clocks, in wall time, that matter: a JWT or a token is refused
// for a clock that is minutes off.
const (
	skewWarning = 30 * time.Second
	skewFailed  = 5 * time.Minute
)

// service asks the service, a call in each group. Only an interrupt is an error.
func (p *patient) service(ctx context.Context, needs doctor.Needs) (err error) {
	stops, end := p.catchSignals()
	defer end()
	ctx, cancel := stops.context(ctx)
	defer cancel()
	s, err := p.connect(ctx, p.o.service, connectOptions{command: "doctor"})
	if err != nil {
		return p.unreached(err)
	}
	defer func() { err = errors.Join(err, s.close(ctx)) }()
	info, err := s.client.AccountInfo(ctx)
	if err != nil {
		return p.unreached(explainService(fmt.Errorf("read account: %w", err)))
	}
	p.report.Add("service", doctor.OK, "", "%s answers: account %s (%s), %s", s.server.key(), info.ID, info.MainNumber, cmp.Or(info.Status, "status not told"))
	p.clocks(s)
	scopes, told := s.client.Scopes()
	p.report.CheckScopes(needs, scopes, told)
	p.features(ctx, s, needs)
	p.deviceList(ctx, s, needs)
	if needs.Hardware {
		p.report.Add("serials", doctor.Warning, "see docs/serials.md", "rows write serials or models: an operation that the service does not publish, and --enable-unlisted-operations")
	}
	p.limits(s)
	return ctx.Err()
}

// unreached says why the service can't be asked.
func (p *patient) unreached(err error) error {
	switch code := codeOf(err); {
	case code == exitInterrupted:
		return err
	case p.heldLock(err):
		return nil
	case code == exitStale:
		p.worst = errors.Join(p.worst, silent(kindStale, "another account"))
		p.report.Add("account", doctor.Failed, strings.Join(hintsOf(err), "; "), "%s", errorText(err))
	default:
		p.report.Add("service", doctor.Failed, strings.Join(hintsOf(err), "; "), "%s", errorText(err))
	}
	return nil
}

func (p *patient) clocks(s *session) {
	ahead, told := s.client.Skew()
	off := ahead.Abs()
	which := "behind"
	if ahead < 0 {
		which = "ahead of"
	}
	switch {
	case !told:
		p.report.Add("clock", doctor.Warning, "", "the service's answers name no time")
	case off >= skewWarning:
		status := doctor.Warning
		if off >= skewFailed {
			status = doctor.Failed
		}
		p.report.Add("clock", status, "set this machine's clock (NTP)", "this machine is %s %s the service", off.Round(time.Second), which)
	default:
		p.report.Add("clock", doctor.OK, "", "within %s of the service's", max(off.Round(time.Second), time.Second))
	}
}

func (p *patient) features(ctx context.Context, s *session, needs doctor.Needs) {
	asked := append([]string{rcclient.FeatureNewEmergency}, needs.Features...)
	told, err := s.client.Features(ctx, asked...)
	if err != nil {
		p.report.Add("permissions", doctor.Failed, strings.Join(hintsOf(explainService(err)), "; "), "features can't be read: %v", err)
		return
	}
	p.report.CheckFeatures(needs, told)
	i := slices.IndexFunc(told, func(f rcclient.Feature) bool { return f.ID == rcclient.FeatureNewEmergency })
	switch {
	case i < 0:
		p.report.Add("emergency regime", doctor.Warning, "", "the service did not tell")
	case told[i].Available:
		p.report.Add("emergency regime", doctor.OK, "", "emergency response locations (ERLs): plain addresses are refused")
	default:
		p.report.Add("emergency regime", doctor.OK, "", "plain addresses, no ERLs")
	}
}

func (p *patient) deviceList(ctx context.Context, s *session, needs doctor.Needs) {
	err := s.client.AccountDevicesAnswer(ctx)
	switch {
	case err == nil:
		p.report.Add("device list", doctor.OK, "", "the account-wide list answers")
	case errors.Is(err, rcclient.ErrNotAvailable) && needs.List:
		p.report.Add("device list", doctor.Failed, "name the devices by id", "the account-wide list does not answer, and rows ask what only it can tell: %v", err)
	case errors.Is(err, rcclient.ErrNotAvailable):
		p.report.Add("device list", doctor.Warning, "", "the account-wide list does not answer: devices are read by extension, and rows about unassigned devices need their ids")
	default:
		p.report.Add("device list", doctor.Warning, "", "%v", err)
	}
}

// limits tells the limit of each group, and warns of what is being punished.
func (p *patient) limits(s *session) {
	usage := s.client.Usage()
	var texts []string
	for _, g := range []rcclient.Group{rcclient.GroupLight, rcclient.GroupMedium, rcclient.GroupHeavy, rcclient.GroupAuth} {
		u := usage[g]
		text := fmt.Sprintf("%s %d in %s", g, u.Limit.Calls, u.Limit.Window)
		if !u.Told {
			text += " (not told)"
		}
		texts = append(texts, text)
		p.report.Limits = append(p.report.Limits, doctor.Limit{Group: string(g), Calls: u.Limit.Calls, WindowSeconds: u.Limit.Window.Seconds(), Told: u.Told})
	}
	limited := s.client.Stats().RateLimited
	if limited > 0 {
		p.report.Add("limits", doctor.Warning, "leave other programs of this app and user their part: --quota-share 0.5", "%s were refused just now; %s", count(limited, "call"), strings.Join(texts, ", "))
		return
	}
	p.report.Add("limits", doctor.OK, "", "%s; share %g", strings.Join(texts, ", "), p.o.service.quotaShare)
}
