package chaos

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
)

// scene is an account and a sheet for it, with what an undisturbed run makes of
// them.
type scene struct {
	name           string
	account, sheet []byte
	generate       []string // options of "sim generate"; nil: the files are in testdata

	plan  []byte
	final []string // the account after an undisturbed run, normal
	again []string // what planning the sheet again asks for after that run
}

// scenes are all that is tried. The one of testdata has the kinds of change that
// no generated sheet has: new locations, inventory slots, deletions.
func scenes() []*scene {
	return []*scene{
		{name: "locations", generate: []string{"--extensions", "90", "--erls", "6", "--seed", "11", "--rows", "90", "--mix", "add=40,emergency=25,swap=15,remove=20"}},
		{name: "addresses", generate: []string{"--extensions", "64", "--erl-regime=false", "--seed", "12", "--rows", "64", "--mix", "add=60,emergency=30,remove=10"}},
		{name: "inventory"},
	}
}

// load makes or reads the scene's files.
func (sc *scene) load(ctx context.Context, binary, dir string) (err error) {
	account, sheet := filepath.Join("testdata", sc.name+".json"), filepath.Join("testdata", sc.name+".csv")
	if sc.generate != nil {
		account, sheet = filepath.Join(dir, "account.json"), filepath.Join(dir, "sheet.csv")
		args := append([]string{"sim", "generate", "-o", account, "--sheet", sheet}, sc.generate...)
		if out, err := exec.CommandContext(ctx, binary, args...).CombinedOutput(); err != nil {
			return fmt.Errorf("generate scene: %w: %s", err, out)
		}
	}
	if sc.account, err = os.ReadFile(account); err != nil {
		return err
	}
	sc.sheet, err = os.ReadFile(sheet)
	return err
}

// rehearse plans the scene and carries the plan out in fair weather.
func (sc *scene) rehearse(ctx context.Context, binary, dir string) error {
	if err := sc.load(ctx, binary, dir); err != nil {
		return err
	}
	s, err := newSite(ctx, binary, dir, sc)
	if err != nil {
		return err
	}
	defer s.close()
	p, err := s.makePlan(ctx, "plan.json")
	if err != nil {
		return err
	}
	if sc.plan, err = os.ReadFile(s.path("plan.json")); err != nil {
		return err
	}
	if err := s.goOn(ctx, nil, 0); err != nil {
		return err
	}
	if !slices.Equal(s.codes, []int{exitOK}) {
		return fmt.Errorf("exit codes %v of the undisturbed run", s.codes)
	}
	v, err := s.look(ctx, sc)
	if err != nil {
		return err
	}
	sc.final = v.account
	again, err := s.makePlan(ctx, "again.json")
	if err != nil {
		return err
	}
	for i := range again.Changes {
		key, _ := again.Changes[i].key()
		sc.again = append(sc.again, key)
	}
	return v.judge(p)
}

// view is a site after its run.
type view struct {
	report     *runReport
	before     names
	effects    []effect
	account    []string // normal
	holder     map[string]string
	violations int
	limited    int
}

// look reads all that a judgement needs, past the proxy.
func (s *site) look(ctx context.Context, sc *scene) (*view, error) {
	v := &view{}
	var err error
	if v.before, err = namesOf(sc.account); err != nil {
		return nil, err
	}
	if v.report, err = s.report(); err != nil || v.report == nil {
		return nil, errors.Join(err, errors.New("the run has no report"))
	}
	lines, err := s.get(ctx, "effects")
	if err != nil {
		return nil, err
	}
	if v.effects, err = decodeLines[effect](lines); err != nil {
		return nil, err
	}
	account, err := s.get(ctx, "account")
	if err != nil {
		return nil, err
	}
	if v.holder, err = holders(account); err != nil {
		return nil, err
	}
	if v.account, err = v.before.normal(account); err != nil {
		return nil, err
	}
	stats, err := getJSON[struct {
		Violations int `json:"contract_violations"`
		Limited    int `json:"rate_limited"`
	}](ctx, s, "stats")
	v.violations, v.limited = stats.Violations, stats.Limited
	return v, err
}

// judge checks what needs no other run to compare with.
func (v *view) judge(p *planFile) error {
	errs := []error{judgeEffects(p, v.report, v.effects, v.before.known), v.judgeRows(p)}
	if v.violations > 0 {
		errs = append(errs, fmt.Errorf("%d calls were outside the contract", v.violations))
	}
	if !v.report.done() {
		errs = append(errs, fmt.Errorf("the report is not done: %v", v.report.count()))
	}
	return errors.Join(errs...)
}

// judgeRows compares the phones that the report names in rows that are done
// with where the account has them. A phone that was added must not stand in two
// rows.
func (v *view) judgeRows(p *planFile) error {
	changes := map[string]*change{}
	for i := range p.Changes {
		changes[p.Changes[i].ID] = &p.Changes[i]
	}
	taken := map[string]bool{}
	var errs []error
	for i, row := range v.report.rows {
		c := row.added()
		if c == nil {
			continue
		}
		want := changes[c.ID]
		if want == nil {
			errs = append(errs, fmt.Errorf("row %d names change %q, which the plan does not have", i+1, c.ID))
			continue
		}
		if on, ok := v.holder[row.DeviceID]; !ok || on != want.Extension {
			errs = append(errs, fmt.Errorf("row %d: the report has phone %q on extension %s, the account on %q", i+1, row.DeviceID, want.Extension, on))
		}
		if taken[row.DeviceID] {
			errs = append(errs, fmt.Errorf("row %d: phone %s stands in two rows", i+1, row.DeviceID))
		}
		taken[row.DeviceID] = true
	}
	return errors.Join(errs...)
}
