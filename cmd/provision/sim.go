package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"time"

	"github.com/spf13/cobra"

	"provision/cmd/provision/wholefile"
	"provision/rcclient/rcsim"
)

// simOptions are the options of "provision sim".
type simOptions struct {
	account   string
	state     string
	listen    string
	addrFile  string
	window    string
	latency   time.Duration
	timeScale float64
	seed      uint64
	faults    string
}

// serving tells where the account is served, and what a command has to be
// given for it: a client does not see how fast the time of its server goes.
func (o simOptions) serving(url string) string {
	line := "simulated account " + o.account + " at " + url
	if o.timeScale != 1 {
		line += fmt.Sprintf(", %g times as fast as the service: give other commands --time-scale %[1]g too", o.timeScale)
	}
	return line
}

func newSimCmd(a *app, run func(context.Context, *app, simOptions) error) *cobra.Command {
	var o simOptions
	cmd := &cobra.Command{
		Use:   "sim --account FILE",
		Short: "serve, generate or reset a simulated account",
		Long: `sim serves a simulated RingCentral account over HTTP on this machine until it is
interrupted: the same interface, rate limits, penalties and slow address
validations. Point other commands at it with --server http://127.0.0.1:PORT, and
with the same --time-scale (or $PROVISION_TIME_SCALE) as here: else they wait
out the rate limits in real time. Any credentials are accepted unless the
account file names some.

Without --state all that happens is forgotten at the end. What was called and
what it did is told by GET /_sim/stats, /_sim/effects and /_sim/account.

"--server sim:FILE" needs no such process: each command runs the simulator
inside itself, and FILE.state carries the account from one to the next.` + exitHelp(exitOK, exitError),
		Example: `  provision sim --account samples/onboarding.json --listen 127.0.0.1:8080
  provision sim --account a.json --state a.state --addr-file addr --time-scale 30
  provision sim generate --extensions 1000 --erls 20 --seed 1 -o big.json --sheet big.xlsx
  provision sim reset samples/onboarding.json`,
		Args: noSuchCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return run(cmd.Context(), a, o) },
	}
	flags := cmd.Flags()
	flags.StringVar(&o.account, "account", "", "account file to begin from")
	flags.StringVar(&o.state, "state", "", "keep what happens in this file, and go on from it (default: nowhere)")
	flags.StringVar(&o.listen, "listen", "127.0.0.1:0", "loopback address and port; 0 takes a free one")
	flags.StringVar(&o.addrFile, "addr-file", "", "write the URL to this file once ready")
	flags.StringVar(&o.window, "window", "", "how calls are counted: sliding or fixed (default: as the account says, else sliding)")
	flags.DurationVar(&o.latency, "latency", 0, "service time of a call (default: as the account says)")
	flags.Float64Var(&o.timeScale, "time-scale", 1, "service seconds per second")
	flags.Uint64Var(&o.seed, "seed", 1, "seed of all that is made up")
	flags.StringVar(&o.faults, "faults", "", "JSON file that says what shall go wrong (docs/simulator-faults.md)")
	cmd.AddCommand(newSimGenerateCmd(a, runSimGenerate), newSimResetCmd(a, runSimReset))
	return cmd
}

func (o simOptions) check() error {
	if o.account == "" {
		return usagef("--account FILE is missing: the account to simulate")
	}
	if !(o.timeScale > 0) {
		return usagef("--time-scale %g is not a positive number", o.timeScale)
	}
	if o.latency < 0 {
		return usagef("--latency %s is negative", o.latency)
	}
	switch o.window {
	case "", "sliding", "fixed":
	default:
		return usagef("--window %q is neither sliding nor fixed", o.window)
	}
	host, _, err := net.SplitHostPort(o.listen)
	if err != nil {
		return usagef("--listen %q is not an address like 127.0.0.1:8080", o.listen)
	}
	if !loopback(host) {
		return usagef("--listen %s: the simulator serves this machine only; use 127.0.0.1 or [::1]", o.listen)
	}
	return nil
}

// readFaults reads the fault plan; nil if none was named.
func (o simOptions) readFaults() (*rcsim.Faults, error) {
	if o.faults == "" {
		return nil, nil
	}
	data, err := os.ReadFile(o.faults)
	if err != nil {
		return nil, withHint(fmt.Errorf("read fault plan: %w", err), "check the path given to --faults")
	}
	faults, err := rcsim.ParseFaults(data)
	if err != nil {
		return nil, withHint(fmt.Errorf("read fault plan %s: %w", o.faults, err), "docs/simulator-faults.md has the format")
	}
	return faults, nil
}

func runSim(ctx context.Context, a *app, o simOptions) (err error) {
	if err := o.check(); err != nil {
		return err
	}
	faults, err := o.readFaults()
	if err != nil {
		return err
	}
	sim, err := openSim(o.account, o.state, rcsim.Options{ //nolint:contextcheck // it opens files, which no context breaks off
		Window: o.window, Latency: o.latency, TimeScale: o.timeScale, Seed: o.seed, Faults: faults,
	})
	if err != nil {
		return err
	}
	stops := catchSignals(a.log, a.say, leave)
	defer stops.end()
	served, err := serveSim(ctx, sim, o.listen, a.log)
	if err != nil {
		return errors.Join(err, sim.Close())
	}
	defer func() { err = errors.Join(err, served.close(context.WithoutCancel(ctx))) }()
	if o.addrFile != "" {
		if err := wholefile.Write(o.addrFile, []byte(served.url+"\n"), 0o644); err != nil {
			return fmt.Errorf("write --addr-file: %w", err)
		}
	}
	a.say(o.serving(served.url))
	select {
	case <-stops.stop:
		return nil
	case err := <-served.done:
		served.done <- nil // close waits for it
		if err == nil {
			err = errors.New("the simulator stopped serving")
		}
		return err
	}
}
