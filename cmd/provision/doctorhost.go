package main

import (
	"context"
	"errors"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"provision/cmd/provision/config"
	"provision/cmd/provision/doctor"
	"provision/cmd/provision/unattended"
)

// jwtEndsSoon is how long before a JWT's end it is a warning.
const jwtEndsSoon = 14 * 24 * time.Hour

// configAdvice is what an error of the configuration says itself, else where all
// that is wrong with it is listed.
func (p *patient) configAdvice(err error) string {
	if hints := hintsOf(err); len(hints) > 0 {
		return strings.Join(hints, "; ")
	}
	check := "provision config check"
	if p.configFile != "" {
		check += " --config " + p.configFile
	}
	return `see "` + check + `"`
}

// configuration checks the file and the profile; false if no profile could be
// taken, so that nothing can be said of the service.
func (p *patient) configuration(ctx context.Context) bool {
	if p.broken != nil {
		p.report.Add("configuration", doctor.Failed, p.configAdvice(p.broken), "%s", errorText(p.broken))
		return false
	}
	if p.profile == nil {
		p.report.Add("configuration", doctor.OK, "", "no profile is used")
		return true
	}
	if err := p.tryProfile(ctx, p.profile); err != nil {
		p.report.Add("configuration", doctor.Failed, p.configAdvice(err), "%s", errorText(err))
		return false
	}
	p.report.Add("configuration", doctor.OK, "", "profile %s of %s", p.profile.Name, p.profile.File)
	if p.profile.Account.Value == "" {
		p.report.Add("configuration", doctor.Warning, "name the account in the profile, so that no other one is touched", "profile %s names no account", p.profile.Name)
	}
	p.notifications(ctx)
	p.pushCredentials(ctx)
	return true
}

// pushCredentials checks that what a Pushgateway is shown is there; nothing is
// pushed.
func (p *patient) pushCredentials(ctx context.Context) {
	from, bad, all := p.profile.MetricsPush, 0, 0
	resolver := config.Resolver{Env: p.getenv, Keyring: config.SystemKeyring}
	for _, s := range []*config.Secret{from.User, from.Password, from.Token} {
		if s == nil {
			continue
		}
		all++
		if _, err := resolver.Resolve(ctx, s); err != nil {
			p.report.Add("metrics", doctor.Failed, "mend it, or a Pushgateway that asks for it refuses metrics", "metrics-push-credentials: %v", err)
			bad++
		}
	}
	if all > 0 && bad == 0 {
		p.report.Add("metrics", doctor.OK, "", "what a Pushgateway is shown is there, nothing was pushed")
	}
}

// notifications checks that secrets and programs of notifications are there; it
// tells nobody anything.
func (p *patient) notifications(ctx context.Context) {
	n := p.profile.Notifications
	resolver := config.Resolver{Env: p.getenv, Keyring: config.SystemKeyring}
	bad := 0
	for i := range n.Webhooks {
		for _, s := range []*config.Secret{n.Webhooks[i].URL, n.Webhooks[i].Secret} {
			if s == nil {
				continue
			}
			if _, err := resolver.Resolve(ctx, s); err != nil {
				p.report.Add("notifications", doctor.Failed, "mend it, or nobody is told", "webhook %s: %v", n.Webhooks[i].Name, err)
				bad++
			}
		}
	}
	for i := range n.Hooks {
		if _, err := exec.LookPath(n.Hooks[i].Command[0]); err != nil {
			p.report.Add("notifications", doctor.Failed, "mend it, or nobody is told", "hook %s: %v", n.Hooks[i].Name, err)
			bad++
		}
	}
	if all := len(n.Webhooks) + len(n.Hooks); bad == 0 && all > 0 {
		p.report.Add("notifications", doctor.OK, "", "%s, nothing was sent", count(all, "receiver"))
	}
}

// folders checks that state and runs can be written, and what is open there.
func (p *patient) folders() {
	st, err := openState(p.stateDir, p.env)
	if err != nil {
		p.report.Add("state folder", doctor.Failed, strings.Join(hintsOf(err), "; "), "%s", errorText(err))
		return
	}
	p.report.CheckFolder("state folder", string(st), "--state-dir")
	runs, err := filepath.Abs(p.runsDir)
	if err != nil {
		runs = p.runsDir
	}
	p.report.CheckFolder("runs folder", runs, "--runs-dir")
	p.listOpenRuns(st)
}

// listOpenRuns names the runs that are not finished.
func (p *patient) listOpenRuns(st stateFolder) {
	all, err := listRuns(p.runsDir, st)
	if err != nil {
		p.report.Add("open runs", doctor.Failed, strings.Join(hintsOf(err), "; "), "%s", errorText(err))
		return
	}
	open := 0
	for _, r := range all {
		info, _, _ := inspectRun(st, r)
		if info.Status == statusDone || info.Status == statusClosed || info.Status == statusSealed || info.Status == statusRedacted || info.Status == statusGone && info.Why == "" {
			continue
		}
		open++
		p.report.Add("open runs", doctor.Warning, r.resumeHint()+"; \"run --unattended\" does it by itself", "run %s of account %s: %s", info.Run, info.Account, info.status())
	}
	if open == 0 {
		p.report.Add("open runs", doctor.OK, "", "none, of %s", count(len(all), "run"))
	}
}

// credentials checks that all three can be had, and how long the JWT lives.
func (p *patient) credentials(ctx context.Context) bool {
	srv, creds, err := p.resolve(ctx, &p.o.service, "")
	if err != nil {
		p.report.Add("credentials", doctor.Failed, strings.Join(hintsOf(err), "; "), "%s", errorText(err))
		return false
	}
	ends, told := unattended.Expiry(creds.JWT)
	left := ends.Sub(p.now())
	switch {
	case srv.sim != "":
		p.report.Add("credentials", doctor.OK, "", "a simulated account takes any")
	case !told:
		p.report.Add("credentials", doctor.OK, "", "client id, secret and JWT are there; the JWT does not say when it ends")
	case left <= 0:
		p.report.Add("credentials", doctor.Failed, "make a new JWT", "the JWT ended %s", ends.UTC().Format(time.DateOnly))
	case left < jwtEndsSoon:
		p.report.Add("credentials", doctor.Warning, "make a new JWT in time", "the JWT ends %s", ends.UTC().Format(time.RFC3339))
	default:
		p.report.Add("credentials", doctor.OK, "", "client id, secret and JWT are there; the JWT ends %s", ends.UTC().Format(time.DateOnly))
	}
	return true
}

// heldLock says that a lock is another's, in a check.
func (p *patient) heldLock(err error) bool {
	if !errors.Is(err, errLockHeld) {
		return false
	}
	p.report.Add("lock", doctor.Warning, "wait for it with --lock-timeout 10m", "%s; so the service was not asked", errorText(err))
	return true
}
