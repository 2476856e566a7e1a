package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"provision/cmd/provision/signkey"
	"provision/executor/approval"
	"provision/plan"
)

// Endings of the files that hold an approval: the statement beside the plan,
// its signature beside that, where ssh-keygen puts it.
const (
	approvalSuffix  = ".approval"
	signatureSuffix = ".sig"
)

// defaultExpiry is how long an approval counts: over a weekend.
const defaultExpiry = 72 * time.Hour

type approveOptions struct {
	plan    string
	by      string
	note    string
	expires time.Duration
	key     string
	out     string
	force   bool
	json    bool
}

func newApproveCmd(a *app, run func(context.Context, *app, approveOptions) error) *cobra.Command {
	var o approveOptions
	cmd := &cobra.Command{
		Use:   "approve PLAN",
		Short: "say yes to a saved plan",
		Long: `approve writes a file beside a saved plan that says who approves it, when and until
when. It holds for that plan only: one that is edited or made anew needs another.
"apply --require-approval" refuses a plan without.

With --key it is signed, into a file of its own beside it (.sig), in the format of
"ssh-keygen -Y sign -n ` + approval.Namespace + `"; "apply --approvers" then asks for the signature
of someone who is listed. The key is a private key in OpenSSH's format or PEM, or a
public key whose private one an SSH agent holds.` + exitHelp(exitOK, exitError),
		Example: `  provision approve plan.json --by ann@example.com --note "as agreed, CHG-1042"
  provision approve plan.json --by ann@example.com --key ~/.ssh/id_ed25519 --expires 24h`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.plan = args[0]
			return run(cmd.Context(), a, o)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.by, "by", "", "who approves; where approvers are listed, the name in that list")
	flags.StringVar(&o.note, "note", "", "a note that is kept with the approval and in the run's report")
	flags.DurationVar(&o.expires, "expires", defaultExpiry, "how long the approval counts; 0 means for ever")
	flags.StringVar(&o.key, "key", "", "sign with the SSH or PEM key in this file")
	flags.StringVarP(&o.out, "output", "o", "", "the approval's file (default PLAN"+approvalSuffix+")")
	flags.BoolVar(&o.force, "force", false, "write over an approval that is there already")
	flags.BoolVar(&o.json, "json", false, "write one JSON document to stdout instead of text")
	return cmd
}

func runApprove(ctx context.Context, a *app, o approveOptions) error {
	switch {
	case o.by == "":
		return usagef("--by NAME is needed: who approves the plan")
	case o.expires < 0:
		return usagef("--expires is a positive duration like 72h, or 0 for ever")
	}
	p, err := readPlan(o.plan)
	if err != nil {
		return err
	}
	if o.out == "" {
		o.out = o.plan + approvalSuffix
	}
	if err := refuseExisting(o.force, o.out, o.out+signatureSuffix); err != nil {
		return err
	}
	file, st, err := a.makeApproval(ctx, p, o)
	if err != nil {
		return err
	}
	if err := saveApproval(o.out, file); err != nil {
		return err
	}
	if o.json {
		return writeJSON(a.stdout, approvalDocument{Statement: st.Statement, File: o.out, Key: st.Key, Verified: st.How()})
	}
	return writeApproval(a.stdout, p, st, o.out)
}

// approvalDocument is the JSON document of approve.
type approvalDocument struct {
	approval.Statement
	File     string `json:"file"`
	Key      string `json:"key,omitempty"` // fingerprint; empty: not signed
	Verified string `json:"verified"`
}

// makeApproval writes the statement and signs it, if there is a key.
func (a *app) makeApproval(ctx context.Context, p *plan.Plan, o approveOptions) (approval.File, approval.Standing, error) {
	none := approval.Standing{}
	now := a.now()
	s := approval.Statement{PlanDigest: p.Digest, Account: p.Account.ID, By: o.by, Note: o.note, Changes: len(p.Changes), At: now}
	if o.expires > 0 {
		s.Expires = now.Add(max(o.expires, time.Second))
	}
	text, err := s.Encode()
	if err != nil {
		return approval.File{}, none, err
	}
	f := approval.File{Statement: text}
	if o.key != "" {
		key, done, err := a.keyFinder().Find(ctx, o.key)
		if err != nil {
			return f, none, err
		}
		f.Signature, err = approval.Sign(text, key)
		if err = errors.Join(err, done.Close()); err != nil {
			return f, none, err
		}
	}
	st, err := approval.Check(f, approval.Question{PlanDigest: p.Digest, Account: p.Account.ID, Now: now})
	return f, st, err
}

// keyFinder asks for a passphrase where there is a terminal.
func (a *app) keyFinder() signkey.Finder {
	f := signkey.Finder{Agent: a.env["SSH_AUTH_SOCK"]}
	if in, ok := a.stdin.(*os.File); ok && isTerminal(in) {
		f.Passphrase = func(path string) ([]byte, error) {
			_, _ = fmt.Fprintf(a.screen, "passphrase of %s: ", path)
			phrase, err := term.ReadPassword(int(in.Fd()))
			_, _ = fmt.Fprintln(a.screen)
			return phrase, err
		}
	}
	return f
}

// saveApproval writes the signature first: a statement that is there is whole.
func saveApproval(path string, f approval.File) error {
	if len(f.Signature) > 0 {
		if err := writePrivate(path+signatureSuffix, f.Signature); err != nil {
			return fmt.Errorf("save signature: %w", err)
		}
	} else if err := os.Remove(path + signatureSuffix); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("remove the signature of the approval before: %w", err)
	}
	if err := writePrivate(path, f.Statement); err != nil {
		return fmt.Errorf("save approval: %w", err)
	}
	return nil
}

func writeApproval(w io.Writer, p *plan.Plan, st approval.Standing, path string) error {
	until := "for ever"
	if !st.Expires.IsZero() {
		until = "until " + st.Expires.Format(time.RFC3339)
	}
	_, err := fmt.Fprintf(w, "approved %s of account %s (plan %s) by %s, %s\n%s: %s\n",
		count(len(p.Changes), "change"), p.Account.ID, short(p.Digest), st.By, until, path, st.How())
	if n := len(p.Errors); err == nil && n > 0 {
		_, err = fmt.Fprintf(w, "note: %s of its sheets have errors and are not part of it\n", count(n, "row"))
	}
	return err
}

// short is the beginning of a digest, for people.
func short(digest string) string { return digest[:min(12, len(digest))] }
