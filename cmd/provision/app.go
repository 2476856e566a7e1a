package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"time"

	"filippo.io/age"
	"github.com/rs/zerolog"
	"github.com/spf13/cobra"

	"provision/cmd/provision/config"
	"provision/cmd/provision/notify"
	"provision/cmd/provision/telemetry"
	"provision/rcclient"
)

// app is what all commands share: streams, environment and clock, and what the
// global flags made of them.
type app struct {
	stdin  io.Reader
	stdout io.Writer
	screen *screen // stderr
	env    environ
	now    func() time.Time

	log      zerolog.Logger
	closeLog func() error
	quiet    bool
	stateDir string
	runsDir  string
	logFlags logOptions

	configFile  string // --config
	profileName string // --profile
	// sealTo are the recipients that runs are encrypted to when they end closed,
	// toSeal those that did; copies of an app share them.
	sealTo []age.Recipient
	toSeal *[]runFolder
	// stops is what catches signals for several commands in one; nil: each does
	// by itself.
	stops *interrupts
	// tokens are kept between the sessions of a command that has several; nil: each
	// has its own.
	tokens *rcclient.TokenJar
	// used tells the credentials last used from others; empty before any.
	used credentialsMark
	// last writes the process's last line, after errors; may be nil.
	last func(error)
	// profile is the one in use; nil without.
	profile *config.Profile
	// teller tells people; nil: nobody. told: how this command ended was told.
	teller *notify.Teller
	told   bool
	// metrics are left at the end; nil: none are wanted.
	metrics *metrics
	// tracer makes spans of runs, and span is that of the present one; nil: none
	// are wanted.
	tracer *telemetry.Tracer
	span   *telemetry.RunSpan
	// secretEnv are the variables that hooks do not get.
	secretEnv map[string]bool
	// broken is why the configuration can't be used, where a command goes on all
	// the same.
	broken error
	// origins are where flags have their values from that have another one than
	// the default.
	origins map[string]origin
}

// Main runs the program and returns its exit status. It never panics.
func Main(args []string, stdin io.Reader, stdout, stderr io.Writer, env []string) (code int) {
	if err := hideMemory(); err != nil {
		_, _ = fmt.Fprintln(stderr, "provision: core dumps can't be switched off:", err)
	}
	a := &app{
		stdin: stdin, stdout: stdout, screen: newScreen(stderr), env: parseEnviron(env), now: time.Now,
		log: zerolog.Nop(), closeLog: func() error { return nil }, origins: map[string]origin{},
		toSeal: &[]runFolder{},
	}
	defer func() {
		if r := recover(); r != nil {
			_, _ = fmt.Fprintln(stderr, panicLine(r))
			code = int(exitError)
		}
	}()
	root := newRootCmd(a)
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(context.Background())
	if err != nil {
		printError(a.screen, err)
	}
	a.tracer.Close(context.Background())
	a.leaveMetrics(context.Background(), a.endMetrics(codeOf(err)))
	a.sealEnded(context.Background())
	if a.last != nil {
		a.last(err)
	}
	if cerr := a.closeLog(); cerr != nil {
		err = errors.Join(err, fmt.Errorf("close log: %w", cerr))
	}
	return int(codeOf(err))
}

// say writes a line for people, unless they want quiet.
func (a *app) say(line string) {
	if !a.quiet {
		a.warn(line)
	}
}

// warn writes a line for people that --quiet does not hide.
func (a *app) warn(line string) {
	_, _ = fmt.Fprintln(a.screen, wrapText(line, widthOf(a.screen), "  "))
}

// color reports whether to use colors on a stream that is a terminal.
func (a *app) color() bool { return a.env["NO_COLOR"] == "" && a.env["TERM"] != "dumb" }

// panicLine says a panic in one line, with the place where it was raised, for
// whoever reports it.
func panicLine(r any) string {
	return "provision: internal error: " + oneLine(fmt.Sprint(r)) + " (" + panicPlace() + "); please report it"
}

func panicPlace() string {
	var pcs [32]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs[:])])
	raised := false
	for {
		f, more := frames.Next()
		if raised && !strings.HasPrefix(f.Function, "runtime.") {
			return fmt.Sprintf("%s:%d", f.File[strings.LastIndex(f.File, "/")+1:], f.Line)
		}
		raised = raised || f.Function == "runtime.gopanic"
		if !more {
			return "place unknown"
		}
	}
}

// recoverTo keeps a panic of a goroutine from ending the process with Go's own
// status 2, which would read as "changes are pending".
func recoverTo(log zerolog.Logger) {
	if r := recover(); r != nil {
		log.Error().Msg(panicLine(r))
	}
}

func newRootCmd(a *app) *cobra.Command {
	root := &cobra.Command{
		Use:   "provision",
		Short: "bring the phones of a RingCentral account to what a spreadsheet says",
		Long: `provision reads a sheet of phone lines (CSV or XLSX), compares it with the live
account, shows the difference for review, and applies it as fast as the
account's rate limits allow.

A sheet states goals, not steps: one that was applied plans to nothing. Every
step is journaled, so that a run that was killed goes on where it stopped.

Every flag but secrets can be given as PROVISION_<FLAG>, as
PROVISION_LOCK_TIMEOUT=30s for --lock-timeout 30s, or in a profile of
~/.config/provision/config.yaml. Credentials come from the profile, from
RC_APP_CLIENT_ID, RC_APP_CLIENT_SECRET and RC_USER_JWT, or from --env-file.` +
			exitHelp(exitOK, exitError, exitChanges, exitSheet, exitRefused, exitStale, exitPartial, exitInterrupted),
		Example: `  provision plan onboarding.xlsx -o plan.json     look, change nothing
  provision apply plan.json                       do what was reviewed
  provision run onboarding.xlsx                   both, asking in between
  provision resume 20261124T160501Z               go on after a kill`,
		SilenceUsage: true, SilenceErrors: true,
		SuggestionsMinimumDistance: 2,
		CompletionOptions:          cobra.CompletionOptions{DisableDefaultCmd: true},
		Args:                       noSuchCommand,
		RunE:                       func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		PersistentPreRunE:          func(cmd *cobra.Command, _ []string) error { return a.prepare(cmd) },
	}
	root.SetFlagErrorFunc(flagError)
	flags := root.PersistentFlags()
	flags.StringVar(&a.logFlags.level, "log-level", "", "debug, info, warn or error (default warn; info for what works on a run if stderr is no terminal, and in --log-file)")
	flags.StringVar(&a.logFlags.file, "log-file", "", "write the log to this file; stderr gets warnings only")
	flags.BoolVarP(&a.quiet, "quiet", "q", false, "no progress and no texts beside results, warnings and errors")
	flags.StringVar(&a.stateDir, "state-dir", "", "state folder (default $XDG_STATE_HOME/provision)")
	flags.StringVar(&a.runsDir, "runs-dir", defaultRuns, "folder of the runs' folders")
	flags.StringVar(&a.configFile, "config", "", "configuration file (default $XDG_CONFIG_HOME/provision/config.yaml)")
	flags.StringVar(&a.profileName, "profile", "", "profile of the configuration file to use, or none (default: its default-profile)")
	root.Flags().Bool("version", false, "print the version") // cobra's own flag, without its shorthand
	root.Version = version
	root.SetVersionTemplate(versionText())
	root.SetHelpCommand(newHelpCmd())
	root.AddCommand(commands(a)...)
	for _, c := range root.Commands() {
		checkArgs(c)
	}
	return root
}

// worksOnRun reports whether a command may take hours: where there are no
// progress bars its log tells how it goes.
func worksOnRun(command string) bool {
	return slices.Contains([]string{"run", "inbox", "apply", "resume", "verify", "abandon"}, command)
}

// prepare is run before every command: variables become flags, flags become a
// logger.
func (a *app) prepare(cmd *cobra.Command) error {
	if err := refuseEmpty(cmd, a.env); err != nil {
		return err
	}
	if err := a.bindEnv(cmd); err != nil {
		return err
	}
	if f := cmd.Flags().Lookup("unattended"); f != nil && f.Value.String() == "true" || cmd.Name() == "inbox" {
		a.lastLine()
	}
	if takesProfile(cmd) {
		a.broken = a.useProfile(cmd)
		if a.broken != nil && cmd.Name() != "doctor" {
			return a.broken
		}
	}
	a.logFlags.quiet = a.quiet
	a.logFlags.busy = worksOnRun(cmd.Name())
	log, done, err := newLogger(a.logFlags, a.screen, a.color())
	if err != nil {
		return err
	}
	a.log, a.closeLog = log, done
	a.teller = a.newTeller()
	if a.metrics, err = newMetrics(cmd.Flags()); err != nil {
		return err
	}
	if worksOnRun(cmd.Name()) {
		a.startTracing(cmd.Context())
	}
	for _, name := range strangeEnv(cmd.Root(), a.env) {
		a.warn(fmt.Sprintf("warning: %s stands for no flag of any command and is ignored", name))
	}
	return nil
}
