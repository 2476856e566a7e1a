package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"provision/rcclient/rcsim"
)

type simResetOptions struct {
	file        string
	lockTimeout time.Duration
}

func newSimResetCmd(a *app, run func(context.Context, *app, simResetOptions) error) *cobra.Command {
	var o simResetOptions
	cmd := &cobra.Command{
		Use:   "reset FILE",
		Short: "begin a simulated account anew",
		Long: `reset removes FILE.state, so that the next command with "--server sim:FILE"
begins from FILE again, and what the state folder knows of that account: its
open runs, the last calls of its throttling groups and the places that it
knows. The runs' folders stay.` + exitHelp(exitOK, exitError),
		Example: `  provision sim reset samples/onboarding.json`,
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.file = args[0]
			return run(cmd.Context(), a, o)
		},
	}
	cmd.Flags().DurationVar(&o.lockTimeout, "lock-timeout", 0, "wait this long for another process that works with this account (default 0s: do not wait)")
	return cmd
}

func runSimReset(ctx context.Context, a *app, o simResetOptions) (err error) {
	abs, err := filepath.Abs(o.file)
	if err != nil {
		return fmt.Errorf("find account file: %w", err)
	}
	if err := refuseNoAccount(o.file, abs); err != nil {
		return err
	}
	key := server{sim: abs}.key()
	st, err := openState(a.stateDir, a.env)
	if err != nil {
		return err
	}
	l, err := st.acquire(ctx, lockClient+lockName(key, simCredentials(credentialsFrom(a.env)).ClientID), a.owner("sim reset", ""), o.lockTimeout)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.release()) }()
	if err := rcsim.Reset(abs + stateSuffix); err != nil {
		return err
	}
	if err := st.forget(key); err != nil {
		return err
	}
	a.say(o.file + " begins anew: its state, its open runs, its last calls and its known places are forgotten")
	return nil
}

// refuseNoAccount refuses a name behind which there is neither an account's
// file nor the state of one.
func refuseNoAccount(name, path string) error {
	if !fileExists(path) {
		if !fileExists(path + stateSuffix) {
			return usagef("there is neither %s nor %s", name, name+stateSuffix)
		}
		return nil
	}
	if _, err := rcsim.LoadAccount(path); err != nil {
		return withHint(usagef("%s is no account of the simulator: %w", name, err), "name the file that --server sim:FILE has")
	}
	return nil
}

// forget removes what the state folder knows of a server: slots, places and
// runs.
func (s stateFolder) forget(serverKey string) error {
	slots, err := filepath.Glob(filepath.Join(s.locks(), "*.slots*"))
	if err != nil {
		return fmt.Errorf("list slots: %w", err)
	}
	var errs []error
	for _, path := range slots {
		if strings.HasPrefix(filepath.Base(path), lockClient+serverName(serverKey)+"-") {
			errs = append(errs, os.Remove(path))
		}
	}
	places, err := filepath.Glob(filepath.Join(string(s), "places", serverName(serverKey)+"-*.json"))
	errs = append(errs, err)
	for _, path := range places {
		errs = append(errs, os.Remove(path))
	}
	all, err := s.index()
	errs = append(errs, err)
	for _, e := range all {
		if e.Server == serverKey {
			errs = append(errs, os.Remove(s.entryPath(e.Run)))
		}
	}
	return errors.Join(errs...)
}
