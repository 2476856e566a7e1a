package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"provision/cmd/provision/config"
)

func newConfigCmd(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "config",
		Short: "check, show or begin the configuration file",
		Long: `config looks after the configuration file, ~/.config/provision/config.yaml or the
one of --config: "check" finds everything that is wrong with it, "show" says what a
run would be told and from where, "init" writes a commented example.` + exitHelp(exitOK, exitError),
		Example: "  provision config check\n  provision config show --profile nightly",
		Args:    noSuchCommand,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newConfigCheckCmd(a), newConfigShowCmd(a, runConfigShow), newConfigInitCmd(a, runConfigInit))
	return cmd
}

func newConfigCheckCmd(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "check",
		Short: "find everything that is wrong with the configuration file",
		Long: `check reads the file strictly and tries each profile's values, without asking for
any secret and without any network.` + exitHelp(exitOK, exitError),
		Example: "  provision config check\n  provision config check --config /etc/provision/config.yaml",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return runConfigCheck(cmd.Context(), cmd.Root(), a) },
	}
}

func runConfigCheck(ctx context.Context, root *cobra.Command, a *app) error {
	file, wrong := a.readConfig(root)
	if file == nil {
		if wrong != nil {
			return wrong
		}
		return withHint(usagef("there is no configuration file %s", config.DefaultPath(a.getenv)), `write one with "provision config init"`)
	}
	problems := []error{wrong}
	for _, p := range file.Profiles {
		problems = append(problems, a.tryProfile(ctx, p))
	}
	if err := errors.Join(problems...); err != nil {
		return configError(err)
	}
	_, err := fmt.Fprintf(a.stdout, "%s: %s, nothing wrong\n", file.Path, count(len(file.Profiles), "profile"))
	return err
}

// tryProfile sets the flags of "run" and of the settings of other commands from
// a profile and checks them, as these commands would.
func (a *app) tryProfile(ctx context.Context, p *config.Profile) error {
	trial := &app{screen: a.screen, env: environ{}, now: a.now, origins: map[string]origin{}}
	root := newRootCmd(trial) //nolint:contextcheck // its commands are asked for their flags and never run
	var o runOptions
	probe := newRunCmd(trial, func(_ context.Context, _ *app, got runOptions) error { o = got; return nil }) //nolint:contextcheck // the same
	root.AddCommand(probe)
	probe.InheritedFlags() // merges the global ones in
	probe.SetContext(ctx)
	bad := errors.Join(trial.bindProfile(probe, p), trial.tryOthers(root, probe, p))
	err := probe.RunE(probe, nil)
	if err == nil {
		_, _, err = o.service.resolveServer(environ{}, "")
	}
	if err == nil {
		err = o.check(a.now())
	}
	var problems []error
	for _, one := range leaves(errors.Join(bad, err)) {
		problems = append(problems, fmt.Errorf("profile %s: %w", p.Name, one))
	}
	return errors.Join(problems...)
}

// tryOthers sets the settings that "run" has no flag for in the first command
// that has one.
func (a *app) tryOthers(root, run *cobra.Command, p *config.Profile) error {
	var errs []error
	for _, s := range p.Settings {
		if run.Flags().Lookup(s.Key) != nil {
			continue
		}
		for _, c := range root.Commands() {
			if f := c.Flags().Lookup(s.Key); f != nil && takesProfile(c) {
				one := &config.Profile{Name: p.Name, File: p.File, Settings: []config.Setting{s}}
				errs = append(errs, a.bindProfile(c, one))
				break
			}
		}
	}
	return errors.Join(errs...)
}

type configInitOptions struct {
	out   string
	force bool
}

func newConfigInitCmd(a *app, run func(*app, configInitOptions) error) *cobra.Command {
	var o configInitOptions
	cmd := &cobra.Command{
		Use:   "init",
		Short: "write a commented example of a configuration file",
		Long: `init writes an example with every part of a profile explained, mode 0600, to the
place where the file is sought, or to -o FILE. What is there is kept but with --force.` + exitHelp(exitOK, exitError),
		Example: "  provision config init\n  provision config init -o provision.yaml",
		Args:    cobra.NoArgs,
		RunE:    func(*cobra.Command, []string) error { return run(a, o) },
	}
	cmd.Flags().StringVarP(&o.out, "output", "o", "", "write to this file (default: that of --config, else the usual place)")
	cmd.Flags().BoolVar(&o.force, "force", false, "write over a file that is there")
	return cmd
}

func runConfigInit(a *app, o configInitOptions) error {
	path := o.out
	if path == "" {
		path = a.configFile
	}
	if path == "" {
		path = config.DefaultPath(a.getenv)
	}
	if path == "" {
		return withHint(usagef("there is no place for the file: neither XDG_CONFIG_HOME nor HOME is set"), "name one with -o")
	}
	if fileExists(path) && !o.force {
		return withHint(usagef("%s is there already", path), "write over it with --force, or name another file with -o")
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("write configuration: %w", err)
	}
	if err := writePrivate(path, []byte(config.Sample)); err != nil {
		return fmt.Errorf("write configuration: %w", err)
	}
	a.say("wrote " + path + `; change it to your account and try it with "provision config check"`)
	return nil
}
