package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"time"

	"github.com/spf13/cobra"

	"provision/rcclient"
	"provision/rcclient/rcsim"
)

// serviceFlags are the flags of every command that talks to the service.
type serviceFlags struct {
	server      string
	envFile     string
	timeScale   float64
	quotaShare  float64
	timeout     time.Duration
	lockTimeout time.Duration
	traceHTTP   string
}

func (f *serviceFlags) register(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.server, "server", "", "the service's URL, or sim:FILE[?time-scale=N] for a simulated account (default $RC_SERVER_URL, else "+defaultServer+")")
	flags.StringVar(&f.envFile, "env-file", "", "file with the credentials as NAME=value lines, mode 0600")
	flags.Float64Var(&f.timeScale, "time-scale", 0, "service seconds per second; for simulators on this machine only (default 1)")
	flags.Float64Var(&f.quotaShare, "quota-share", 1, "share of the rate limits to use; processes that share a client id work side by side only if each has one below 1")
	flags.DurationVar(&f.timeout, "timeout", 90*time.Second, "give a call up after this much service time")
	flags.DurationVar(&f.lockTimeout, "lock-timeout", 0, "wait this long for another process that works with the same service and client id (default 0s: do not wait)")
	flags.StringVar(&f.traceHTTP, "trace-http", "", "write redacted exchanges to this file (mode 0600; addresses and numbers are in it)")
}

func (f *serviceFlags) check() error {
	if !(f.quotaShare > 0 && f.quotaShare <= 1) {
		return usagef("--quota-share %g is not between 0 and 1", f.quotaShare)
	}
	if f.timeout <= 0 {
		return usagef("--timeout %s: want a duration above 0, as 90s", f.timeout)
	}
	if f.lockTimeout < 0 {
		return usagef("--lock-timeout %s is negative: want a duration, as 10m, or 0s not to wait", f.lockTimeout)
	}
	return nil
}

// session is the service as one command uses it: lock held, simulator running,
// client ready. Close it.
type session struct {
	client *rcclient.Client
	server server
	state  stateFolder
	lock   *lock
	// account is the lock of who works on a run; nil for others.
	account *lock
	share   int     // 0: the whole quota is this process's
	quota   float64 // --quota-share
	// waits gets what callers wait for, where somebody listens.
	waits   *waitRelay
	started time.Time
	closers []func(context.Context) error
}

// resolveServer turns the flags into a server; it opens nothing but --env-file.
func (f *serviceFlags) resolveServer(env environ, fallback string) (server, environ, error) {
	var file environ
	if f.envFile != "" {
		var err error
		if file, err = readEnvFile(f.envFile); err != nil {
			return server{}, nil, err
		}
	}
	text := f.server
	for _, next := range []string{fallback, file.first(envServer...), env.first(envServer...), defaultServer} {
		if text == "" {
			text = next
		}
	}
	srv, err := parseServer(text, f.timeScale)
	return srv, file, err
}

// resolve turns flags and profile into a server and credentials. Programs that
// print a credential are run here.
func (a *app) resolve(ctx context.Context, f *serviceFlags, fallback string) (server, rcclient.Credentials, error) {
	srv, file, err := f.resolveServer(a.env, fallback)
	if err != nil {
		return server{}, rcclient.Credentials{}, err
	}
	creds := credentialsFrom(file)
	if err := a.profileCredentials(ctx, &creds, srv.sim != ""); err != nil {
		return server{}, rcclient.Credentials{}, err
	}
	creds = orCredentials(creds, credentialsFrom(a.env))
	a.used = markOf(creds)
	if srv.sim != "" {
		creds = simCredentials(creds)
	}
	return srv, creds, missingCredentials(creds)
}

// simCredentials fills what a simulated account takes without looking.
func simCredentials(c rcclient.Credentials) rcclient.Credentials {
	fill := func(s *string) {
		if *s == "" {
			*s = "sim"
		}
	}
	fill(&c.ClientID)
	fill(&c.ClientSecret)
	fill(&c.JWT)
	return c
}

// connectOptions say who wants a session.
type connectOptions struct {
	command  string
	run      string // id of the run worked on
	fallback string // server of the run's folder, where no --server is given
	scale    float64
	readOnly bool
	toRevoke bool // only to end the token that was kept
}

// connect takes the lock and makes the client. It sends nothing yet, but where
// a profile says which account it is for, that is looked at.
func (a *app) connect(ctx context.Context, f serviceFlags, o connectOptions) (s *session, err error) {
	if f.server == "" && o.fallback != "" && f.timeScale == 0 {
		f.timeScale = o.scale
	}
	srv, creds, err := a.resolve(ctx, &f, o.fallback)
	if err != nil {
		return nil, err
	}
	if err := f.check(); err != nil {
		return nil, err
	}
	st, err := openState(a.stateDir, a.env)
	if err != nil {
		return nil, err
	}
	s = &session{server: srv, state: st, waits: &waitRelay{}, quota: f.quotaShare, started: a.now()}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close(ctx))
			s = nil
		}
	}()
	if err := s.claim(ctx, creds.ClientID, a.owner(o.command, o.run), f); err != nil {
		return s, err
	}
	if s.lock.dead != "" {
		a.say("took over from " + s.lock.dead + ", which ended without a word")
	}
	url := srv.url
	if srv.sim != "" {
		if url, err = s.embed(ctx, a, srv); err != nil {
			return s, err
		}
	}
	if s.client, err = s.newClient(ctx, a, url, creds, f, o); err != nil {
		return s, err
	}
	if o.toRevoke {
		return s, nil
	}
	return s, s.ownAccount(ctx, a.profile)
}

// claim takes the lock of server and client id: all of it, or a share for who
// uses a part of the quota only.
func (s *session) claim(ctx context.Context, clientID string, who owner, f serviceFlags) (err error) {
	name := lockClient + lockName(s.server.key(), clientID)
	if f.quotaShare < 1 {
		s.lock, s.share, err = s.state.acquireShare(ctx, name, who, f.lockTimeout)
	} else {
		s.lock, err = s.state.acquire(ctx, name, who, f.lockTimeout)
	}
	if err != nil {
		return err
	}
	s.onClose(func(context.Context) error { return s.lock.release() })
	return nil
}

// embed starts the simulator inside this process.
func (s *session) embed(ctx context.Context, a *app, srv server) (string, error) {
	sim, err := openSim(srv.sim, srv.sim+stateSuffix, rcsim.Options{TimeScale: srv.scale}) //nolint:contextcheck // it opens files, which no context breaks off
	if err != nil {
		return "", err
	}
	served, err := serveSim(ctx, sim, "127.0.0.1:0", a.log)
	if err != nil {
		return "", errors.Join(err, sim.Close())
	}
	s.onClose(served.close)
	return served.url, nil
}

func (s *session) newClient(ctx context.Context, a *app, url string, creds rcclient.Credentials, f serviceFlags, o connectOptions) (*rcclient.Client, error) {
	slots, err := s.state.openSlots(ctx, s.server.key(), creds.ClientID, s.share, a.owner(o.command, o.run))
	if err != nil {
		return nil, err
	}
	s.onClose(func(context.Context) error { return slots.Close() })
	limits := s.state.limitsPath(s.server.key(), creds.ClientID)
	opts := []rcclient.Option{
		rcclient.WithLimits(loadLimits(limits)),
		rcclient.WithLogger(a.log), rcclient.WithUserAgent(userAgent()), rcclient.WithTimeout(f.timeout),
		rcclient.WithScale(rcclient.Scale(s.server.scale)), rcclient.WithQuotaShare(f.quotaShare),
		rcclient.WithSlotStore(slots), rcclient.WithWaitObserver(s.waits.tell), rcclient.WithReadOnlyScope(o.readOnly),
	}
	opts = append(opts, a.observing().options()...)
	if s.server.sim == "" { // a simulator in this process ends with its session, and knows no token of before
		opts = append(opts, rcclient.WithTokenJar(a.tokens))
	}
	if f.traceHTTP != "" && !o.toRevoke {
		trace, err := openTrace(f.traceHTTP)
		if err != nil {
			return nil, fmt.Errorf("open --trace-http: %w", err)
		}
		s.onClose(func(context.Context) error { return trace.Close() })
		opts = append(opts, rcclient.WithTrace(trace))
	}
	c, err := rcclient.New(url, creds, opts...)
	if err != nil {
		return nil, err
	}
	s.onClose(func(ctx context.Context) error { return errors.Join(c.Close(ctx), saveLimits(limits, c.Limits())) })
	s.started = a.now()
	return c, nil
}

func (s *session) onClose(f func(context.Context) error) { s.closers = append(s.closers, f) }

// close ends all in the reverse order of its opening. It does not care whether
// the context was cancelled: the token is revoked also after an interrupt.
func (s *session) close(ctx context.Context) error {
	if s == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownGrace)
	defer cancel()
	var errs []error
	for i := len(s.closers) - 1; i >= 0; i-- {
		errs = append(errs, s.closers[i](ctx))
	}
	s.closers = nil
	return errors.Join(errs...)
}

// serviceSeconds is how much service time has passed since the session began.
func (s *session) serviceSeconds(now time.Time) float64 {
	return rcclient.Scale(s.server.scale).Service(now.Sub(s.started)).Seconds()
}

// aside takes what was done between two instants out of the session's service
// time: this machine worked or waited for another process, not for the service.
func (s *session) aside(since, until time.Time) { s.started = s.started.Add(until.Sub(since)) }

// owner is this process, as a lock names it.
func (a *app) owner(command, run string) owner {
	host, err := os.Hostname()
	if err != nil {
		host = "an unnamed host"
	}
	return owner{PID: os.Getpid(), Host: host, Command: command, Run: run, Since: a.now().UTC().Truncate(time.Second)}
}

func userAgent() string {
	return fmt.Sprintf("provision/%s (%s %s)", version, runtime.GOOS, runtime.GOARCH)
}

// openTrace opens a file that only its owner may read, also where it was there
// before with another mode. A device or a pipe keeps the mode that all others on
// the machine need.
func openTrace(path string) (io.WriteCloser, error) {
	if err := refuseOther(path, "trace", traceBegins); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && info.Mode().IsRegular() {
		err = f.Chmod(0o600)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}
