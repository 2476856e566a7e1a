package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/pflag"

	"provision/executor/approval"
	"provision/executor/journal"
	"provision/executor/report"
	"provision/plan"
)

// approvalFlags are the flags of the commands that may ask for an approval.
type approvalFlags struct {
	require   bool
	file      string
	approvers string
}

func (f *approvalFlags) register(flags *pflag.FlagSet) {
	flags.BoolVar(&f.require, "require-approval", false, "refuse a plan that nobody approved (see approve)")
	flags.StringVar(&f.approvers, "approvers", "", "require an approval signed by someone in this list (OpenSSH's format of allowed signers)")
}

// required reports whether nothing may be done without an approval.
func (f *approvalFlags) required() bool { return f.require || f.approvers != "" || f.file != "" }

// list reads the approvers; nil where none are given.
func (f *approvalFlags) list() (*approval.Approvers, error) {
	if f.approvers == "" {
		return nil, nil
	}
	data, err := os.ReadFile(f.approvers)
	if err != nil {
		return nil, fmt.Errorf("read approvers: %w", err)
	}
	list, err := approval.ParseApprovers(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.approvers, err)
	}
	return list, nil
}

// approved is an approval that counts, and its files.
type approved struct {
	approval.Standing
	file approval.File
}

// of finds the approval of a plan's file and holds it against the plan. One
// that is not required and does not count is passed over with a warning; nil
// where there is none.
func (f *approvalFlags) of(a *app, path string, p *plan.Plan) (*approved, error) {
	list, err := f.list()
	if err != nil {
		return nil, err
	}
	at := f.file
	if at == "" {
		at = path + approvalSuffix
	}
	file, err := readApproval(at)
	if errors.Is(err, os.ErrNotExist) {
		if !f.required() {
			return nil, nil
		}
		return nil, refusedf("let someone run \""+f.approve(path)+"\"", "the plan is not approved: there is no file %s", at)
	}
	if err != nil {
		return nil, err
	}
	st, err := approval.Check(file, approval.Question{PlanDigest: p.Digest, Account: p.Account.ID, Now: a.now(), Approvers: list})
	switch {
	case err == nil:
		return &approved{Standing: st, file: file}, nil
	case f.required():
		return nil, refusedf("let someone approve the plan as it is now: "+f.approve(path)+" --force", "%w (%s)", err, at)
	}
	a.warn(fmt.Sprintf("warning: %s does not count, and none is required: %v", at, err))
	return nil, nil
}

// approve is the command whose approval will count: signed, where a list says by
// whom.
func (f *approvalFlags) approve(path string) string {
	command := "provision approve " + path + " --by NAME"
	if f.approvers != "" {
		command += " --key KEY"
	}
	return command
}

// readApproval reads an approval and its signature.
func readApproval(path string) (approval.File, error) {
	statement, err := readAtMost(path)
	if err != nil {
		return approval.File{}, fmt.Errorf("read approval: %w", err)
	}
	signature, err := readAtMost(path + signatureSuffix)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return approval.File{}, fmt.Errorf("read approval: %w", err)
	}
	return approval.File{Statement: statement, Signature: signature}, nil
}

// readAtMost reads a file that is small if it is what it should be; of a larger
// one it reads enough to be refused.
func readAtMost(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	return io.ReadAll(io.LimitReader(file, 1<<20))
}

// reported is the approval as journal and report have it; nil if there is none.
func (ap *approved) reported() *report.Approval {
	if ap == nil {
		return nil
	}
	return &report.Approval{By: ap.By, At: ap.At, Expires: ap.Expires, Note: ap.Note, Key: ap.Key, Verified: ap.How()}
}

// keep puts the approval into the run's folder, so that it can be checked
// again, and journals it.
func (ap *approved) keep(r runFolder, j *journal.Journal) error {
	if ap == nil {
		return nil
	}
	note := ap.reported().Journal()
	return errors.Join(saveApproval(r.plan()+approvalSuffix, ap.file), j.Append(journal.Record{Type: journal.TypeNote, Note: &note}))
}

// refuseRun is for "run", which plans and applies in one: nobody can have
// approved that plan.
func (f *approvalFlags) refuseRun(p *plan.Plan) error {
	if !f.required() || len(p.Changes) == 0 {
		return nil
	}
	return refusedf("plan, approve and apply in three steps: provision plan -o plan.json, provision approve plan.json, provision apply plan.json",
		"an approval is required, and this plan was made just now: %s", count(len(p.Changes), "change"))
}

// refuseUnapproved is for going on with a run: an approval counts from the
// run's beginning to its end, also if it expires in between, as half a job is
// worse than all of it. Where one is required it must have been there then.
func (f *approvalFlags) refuseUnapproved(r runFolder, p *plan.Plan, state journal.State) error {
	if !f.required() {
		return nil
	}
	list, err := f.list()
	if err != nil {
		return err
	}
	hint := fmt.Sprintf("go on without that requirement, or close the run with \"provision abandon %s\" and have a new plan approved", r.arg())
	file, err := readApproval(r.plan() + approvalSuffix)
	if errors.Is(err, os.ErrNotExist) {
		return refusedf(hint, "run %s was begun without an approval", r.id)
	}
	if err != nil {
		return err
	}
	_, err = approval.Check(file, approval.Question{PlanDigest: p.Digest, Account: p.Account.ID, Now: state.Begun, Approvers: list})
	if err != nil {
		return refusedf(hint, "run %s: %w", r.id, err)
	}
	return nil
}

// showApproval says whether an approval lies beside a plan's file.
func (a *app) showApproval(path string, p *plan.Plan) error {
	line := a.approvalLine(path, p)
	if line == "" {
		return nil
	}
	_, err := fmt.Fprintf(a.stdout, "\n%s\n", wrapText(line, widthOf(a.stdout), "  "))
	return err
}

func (a *app) approvalLine(path string, p *plan.Plan) string {
	file, err := readApproval(path + approvalSuffix)
	if errors.Is(err, os.ErrNotExist) {
		return ""
	}
	if err == nil {
		var st approval.Standing
		st, err = approval.Check(file, approval.Question{PlanDigest: p.Digest, Account: p.Account.ID, Now: a.now()})
		if err == nil {
			until := ""
			if !st.Expires.IsZero() {
				until = ", until " + st.Expires.Format(time.RFC3339)
			}
			return fmt.Sprintf("approved by %s on %s%s (%s)", st.By, st.At.Format(time.RFC3339), until, st.How())
		}
	}
	return fmt.Sprintf("%s does not count: %v", path+approvalSuffix, err)
}
