package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"filippo.io/age"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"provision/cmd/provision/inbox"
	"provision/cmd/provision/retain"
	"provision/plan"
)

type sealOptions struct {
	runs       []string
	recipients []string
	file       string
	sealTo     []string
}

func newRunsSealCmd(a *app, run func(context.Context, *app, sealOptions) error) *cobra.Command {
	var o sealOptions
	cmd := &cobra.Command{
		Use:   "seal RUN...",
		Short: "encrypt closed runs where they lie",
		Long: `seal packs a closed run's folder into RUN.tar.age beside it, encrypted to age
recipients, and then removes the folder. Whoever has the identity of one of the recipients
opens it again with "runs unseal", or with the tool age and tar; nobody else can, so keep
the identity in a safe place away from this machine.

An open run is never sealed. With seal-to in a profile, or --seal-to of "run", "apply" and
the like, a run is sealed when it ends closed.` + exitHelp(exitOK, exitError, exitRefused),
		Example: `  provision runs seal 20261124T160501Z --recipient age1…
  provision runs seal 20261124T160501Z --recipients-file recipients.txt`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.runs = args
			return run(cmd.Context(), a, o)
		},
	}
	flags := cmd.Flags()
	flags.StringSliceVar(&o.recipients, "recipient", nil, "age recipient (age1…) who can open it; may be repeated")
	flags.StringVar(&o.file, "recipients-file", "", "file with one age recipient in a line")
	registerSealTo(flags, &o.sealTo)
	return cmd
}

func registerSealTo(flags *pflag.FlagSet, to *[]string) {
	flags.StringSliceVar(to, "seal-to", nil, "encrypt a run's folder to these age recipients when it is closed: age1…, or @FILE with one in a line")
}

func (o *sealOptions) to() ([]age.Recipient, error) {
	given := o.recipients
	if o.file != "" {
		given = append(given, "@"+o.file)
	}
	if len(given) == 0 {
		given = o.sealTo
	}
	if len(given) == 0 {
		return nil, usagef("say who can open it again: --recipient age1…, or --recipients-file FILE")
	}
	return recipientsOf(given)
}

func recipientsOf(given []string) ([]age.Recipient, error) {
	to, err := retain.Recipients(given)
	if errors.Is(err, retain.ErrRecipient) {
		return nil, usagef("%w", err)
	}
	return to, err
}

func runSeal(ctx context.Context, a *app, o sealOptions) error {
	to, err := o.to()
	if err != nil {
		return err
	}
	st, err := openState(a.stateDir, a.env)
	if err != nil {
		return err
	}
	var errs []error
	for _, arg := range o.runs {
		r, err := a.openRunFolder(a.runsDir, st, arg)
		if err == nil {
			a.clearTrash(st, r)
			err = a.sealRun(ctx, st, r, to)
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// clearTrash removes what a killed sealing or removal left in clear beside a run.
// That it can't, as what is another user's, is said and keeps this run neither in
// clear nor locked up.
func (a *app) clearTrash(st stateFolder, r runFolder) {
	if _, err := a.finishTrash(st, []runFolder{r}); err != nil {
		a.warn("warning: what is left in clear of removed runs is not removed: " + oneLine(err.Error()))
	}
}

// sealRun seals a closed run.
func (a *app) sealRun(ctx context.Context, st stateFolder, r runFolder, to []age.Recipient) error {
	info, p, _ := inspectRun(st, r)
	if err := refuseSealing(r, info, p); err != nil {
		return err
	}
	err := a.holdRun(ctx, st, info, "runs seal", func() error {
		info, p, _ := inspectRun(st, r) // it may have changed until the lock was ours
		if err := refuseSealing(r, info, p); err != nil {
			return err
		}
		if err := st.closeFor(r, a.now()); err != nil {
			return err
		}
		return retain.Sealer{FS: retain.OS{}}.Seal(r.place(), to)
	})
	if err != nil {
		return err
	}
	a.say("sealed: " + r.place().Archive())
	return nil
}

// undelivered is a sheet of a plan that lies in an inbox's working folder still;
// empty if there is none. Where the run of such a sheet is sealed, redacted or
// removed, the inbox can't find out any more that it was carried out.
func undelivered(p *plan.Plan) string {
	if p == nil {
		return ""
	}
	for i := range p.Sheets {
		if inbox.Undelivered(p.Sheets[i].Path) {
			return p.Sheets[i].Path
		}
	}
	return ""
}

func notDelivered(path string) string {
	return "its inbox has not put the sheet in its place yet: " + path
}

// refuseSealing refuses runs that are not to be sealed.
func refuseSealing(r runFolder, info runInfo, p *plan.Plan) error {
	path := undelivered(p)
	switch {
	case path != "" && info.Status != statusOpen:
		return refusedf("let \"provision inbox\" come to its end first", "run %s is not sealed: %s", r.id, notDelivered(path))
	case info.Status == statusOpen:
		return refusedf(r.resumeHint()+", or close it with \"provision abandon "+r.arg()+"\"", "run %s is open (%s): only closed runs are sealed", r.id, info.Why)
	case info.Status == statusRedacted:
		return refusedf("", "run %s is redacted: there is nothing to be sealed", r.id)
	case info.Status != statusDone && info.Status != statusClosed:
		return refusedf("", "run %s is not sealed, as nobody knows whether it is closed: %s", r.id, info.status())
	}
	return nil
}

type unsealOptions struct {
	run      string
	identity string
}

func newRunsUnsealCmd(a *app, run func(context.Context, *app, unsealOptions) error) *cobra.Command {
	var o unsealOptions
	cmd := &cobra.Command{
		Use:   "unseal RUN",
		Short: "decrypt a sealed run",
		Long: `unseal decrypts RUN.tar.age into the run's folder and removes the archive: the run is
what it was before it was sealed. RUN is its id, its beginning, or the archive.` + exitHelp(exitOK, exitError, exitRefused),
		Example: `  provision runs unseal 20261124T160501Z --identity key.txt`,
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.run = args[0]
			return run(cmd.Context(), a, o)
		},
	}
	cmd.Flags().StringVar(&o.identity, "identity", "", "file with the age identity of a recipient, as age-keygen writes it")
	return cmd
}

func runUnseal(ctx context.Context, a *app, o unsealOptions) error {
	if o.identity == "" {
		return usagef("name the file of an age identity with --identity")
	}
	with, err := retain.Identities(o.identity)
	if err != nil {
		return err
	}
	st, err := openState(a.stateDir, a.env)
	if err != nil {
		return err
	}
	r, err := a.lookForRun(a.runsDir, st, o.run)
	if err != nil {
		return err
	}
	if !r.place().Sealed() {
		hint := ""
		if fileExists(r.dir) && fileExists(r.place().Archive()) {
			hint = fmt.Sprintf("%s beside it is no newer: delete it, or seal the run again", r.place().Archive())
		}
		return refusedf(hint, "run %s is not sealed", r.id)
	}
	a.clearTrash(st, r)
	info, _, _ := inspectRun(st, r)
	err = a.holdRun(ctx, st, info, "runs unseal", func() error { return retain.Sealer{FS: retain.OS{}}.Unseal(r.place(), with) })
	if _, ok := errors.AsType[*age.NoIdentityMatchError](err); ok {
		return withHint(fmt.Errorf("unseal run %s: it was sealed to others than the identities of %s", r.id, o.identity), "name the file of another identity with --identity")
	}
	if err != nil {
		return err
	}
	a.say("unsealed: " + r.dir)
	return nil
}

// sealLater notes a run to be sealed when the process ends and nobody reads its
// folder any more. While addresses are not confirmed it stays as it is: "verify"
// needs it, and seals it.
func (a *app) sealLater(r runFolder, unconfirmed int) {
	switch {
	case len(a.sealTo) == 0 || a.toSeal == nil:
	case unconfirmed > 0:
		a.warn(fmt.Sprintf("run %s stays unencrypted until its addresses are confirmed: \"provision verify %s\" seals it then", r.id, r.arg()))
	case !slices.Contains(*a.toSeal, r):
		*a.toSeal = append(*a.toSeal, r)
	}
}

// sealEnded seals the runs that ended closed in this process. What can't be
// sealed is told and stays as it is: the run itself went as it went. What a
// killed sealing left in clear goes first.
func (a *app) sealEnded(ctx context.Context) {
	runs := *a.toSeal
	*a.toSeal = nil
	for _, r := range runs {
		st, err := openState(a.stateDir, a.env)
		if err == nil {
			a.clearTrash(st, r)
			err = a.sealRun(ctx, st, r, a.sealTo)
		}
		if err != nil {
			a.warn(fmt.Sprintf("warning: run %s stays unencrypted: %s; seal it with \"provision runs seal %s\"", r.id, oneLine(err.Error()), r.arg()))
		}
	}
}
