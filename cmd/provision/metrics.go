package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"syscall"
	"time"

	"github.com/spf13/pflag"

	"provision/cmd/provision/config"
	"provision/cmd/provision/inbox"
	"provision/cmd/provision/telemetry"
	"provision/cmd/provision/wholefile"
	"provision/executor/report"
)

// metrics are what a command leaves for who watches.
type metrics struct {
	file string          // --metrics-file; may be empty
	push *telemetry.Push // --metrics-push, yet without credentials; nil: none
	page *telemetry.Page // what --metrics-listen serves; nil: nothing
	last telemetry.Metrics
}

// metricsFileMode lets the collector read it, which runs as another user. No
// person and no number is in it.
const metricsFileMode = 0o644

// Variables of what a Pushgateway is shown, where no profile says it.
const (
	envPushUser     = "PROVISION_METRICS_PUSH_USER"
	envPushPassword = "PROVISION_METRICS_PUSH_PASSWORD"
	envPushToken    = "PROVISION_METRICS_PUSH_TOKEN"
)

// newMetrics reads the flags; nil: no metrics are wanted.
func newMetrics(flags *pflag.FlagSet) (*metrics, error) {
	if flags.Lookup(metricsFlag) == nil {
		return nil, nil //nolint:nilnil // the command has none
	}
	m := &metrics{}
	m.file, _ = flags.GetString(metricsFlag)
	target, _ := flags.GetString(metricsPushFlag)
	job, _ := flags.GetString(metricsPushJobFlag)
	list, _ := flags.GetStringArray(metricsPushLabelFlag)
	labels, err := telemetry.ParseLabels(list)
	if err != nil {
		return nil, usagef("--%s: %w", metricsPushLabelFlag, err)
	}
	if target != "" {
		u, err := telemetry.ParsePushURL(target)
		if err != nil {
			return nil, usagef("--%s: %w", metricsPushFlag, err)
		}
		m.push = &telemetry.Push{URL: u, Job: job, Labels: labels, UserAgent: userAgent()}
	}
	if m.file == "" && m.push == nil {
		return nil, nil //nolint:nilnil // none are wanted
	}
	return m, nil
}

// serveMetrics makes the page of a process that watches and serves it, until the
// function that it gives. An inbox that was not looked into for stuck is not alive.
func (a *app) serveMetrics(ctx context.Context, listen string, stuck time.Duration) (end func(context.Context), err error) {
	addr, err := telemetry.ParseListen(listen)
	if err != nil {
		return nil, usagef("--%s %q: %w", metricsListenFlag, listen, err)
	}
	profile := ""
	if a.profile != nil {
		profile = a.profile.Name
	}
	page := telemetry.NewPage(profile, version, a.now(), string(inbox.Done), string(inbox.Held), string(inbox.Partial), string(inbox.Stay))
	s, err := telemetry.Serve(ctx, addr, page.Text, func() bool { return page.Alive(a.now(), stuck) })
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, withHint(fmt.Errorf("serve metrics on %s: the port is in use", addr), "name another one with --metrics-listen, or look who listens there")
	}
	if err != nil {
		return nil, fmt.Errorf("serve metrics: %w", err)
	}
	if a.metrics == nil {
		a.metrics = &metrics{}
	}
	a.metrics.page = page
	a.say("metrics at http://" + s.Addr() + "/metrics")
	return s.Close, nil
}

// page is what is served; nil: nothing.
func (a *app) page() *telemetry.Page {
	if a.metrics == nil {
		return nil
	}
	return a.metrics.page
}

// measure keeps how a run ended.
func (a *app) measure(rep *report.Report, left int) {
	if a.metrics == nil {
		return
	}
	m := &a.metrics.last
	m.Begun, m.Left, m.Unconfirmed = true, left, len(rep.Concerns())
	m.Changes, m.Rows = countsOf(rep)
}

// endMetrics are those of a command, or of an inbox's sheet, that ended now; the
// page shows them from now on. nil: none are wanted.
func (a *app) endMetrics(code exitCode) *telemetry.Metrics {
	if a.metrics == nil {
		return nil
	}
	m := a.metrics.last
	m.Ended, m.ExitCode = a.now(), int(code)
	_, m.SpansLost = a.tracer.Spans()
	m.Traced = a.tracer != nil
	if a.profile != nil {
		m.Profile = a.profile.Name
	}
	if code == exitOK {
		a.metrics.last.Success = m.Ended // for the next sheet of an inbox
	}
	if p := a.metrics.page; p != nil {
		shown := m
		p.Last(&shown)
	}
	return &m
}

// leaveMetrics writes the file and pushes. That it can't is said and changes
// nothing.
func (a *app) leaveMetrics(ctx context.Context, m *telemetry.Metrics) {
	if m == nil {
		return
	}
	if file := a.metrics.file; file != "" {
		if err := writeMetrics(file, m); err != nil {
			a.warn("warning: metrics are not written: " + oneLine(err.Error()))
		}
	}
	if a.metrics.push != nil {
		if err := a.pushMetrics(ctx, m); err != nil {
			a.warn("warning: metrics are not pushed: " + oneLine(err.Error()))
		}
	}
}

// pushMetrics pushes once, under the profile's name too: two profiles on one
// gateway do not write over each other.
func (a *app) pushMetrics(ctx context.Context, m *telemetry.Metrics) error {
	p := *a.metrics.push
	p.Labels = map[string]string{"profile": m.Profile}
	maps.Copy(p.Labels, a.metrics.push.Labels)
	ctx, cancel := telling(ctx, true)
	defer cancel()
	if err := a.pushCredentials(ctx, &p); err != nil {
		return err
	}
	return p.Send(ctx, m.Text())
}

// pushCredentials fills what the gateway is shown: the profile's, else that of
// the variables.
func (a *app) pushCredentials(ctx context.Context, p *telemetry.Push) error {
	p.User, p.Password, p.Token = a.env[envPushUser], a.env[envPushPassword], a.env[envPushToken]
	if a.profile == nil {
		return nil
	}
	resolver := config.Resolver{Env: a.getenv, Keyring: config.SystemKeyring}
	from := a.profile.MetricsPush
	if from != (config.PushCredentials{}) {
		p.User, p.Password, p.Token = "", "", ""
	}
	for _, one := range []struct {
		from *config.Secret
		to   *string
	}{{from.User, &p.User}, {from.Password, &p.Password}, {from.Token, &p.Token}} {
		if one.from == nil {
			continue
		}
		text, err := resolver.Resolve(ctx, one.from)
		if err != nil {
			return err
		}
		*one.to = text
	}
	return nil
}

// writeMetrics writes over the metrics of an earlier command, and over nothing
// else.
func writeMetrics(file string, m *telemetry.Metrics) error {
	if err := refuseOther(file, "metrics file", metricsBegins); err != nil {
		return err
	}
	if err := wholefile.Check(file); err != nil {
		return err // a pipe would be waited for
	}
	if before, err := os.ReadFile(file); err == nil {
		m.Keep(before)
	}
	f, err := wholefile.New(file, metricsFileMode) // whatever the umask: the job's units have 0077
	if err != nil {
		return err
	}
	defer func() { _ = f.Discard() }() // does nothing once it has its name
	if _, err := f.Write(m.Text()); err != nil {
		return err
	}
	return f.Commit()
}
