package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"provision/plan"
)

// stage is a scene that was planned, and carried out once without disturbance.
type stage struct {
	scene
	plan    []byte
	judge   *judge
	records int           // of the journal of the undisturbed run
	took    time.Duration // the undisturbed run, as wall time
}

// rehearse plans a scene and carries it out in peace.
func rehearse(ctx context.Context, dir string, sc scene) (*stage, error) {
	st := &stage{scene: sc}
	s, err := newSite(ctx, dir, sc.account)
	if err != nil {
		return nil, err
	}
	defer s.close()
	if err := os.WriteFile(s.path("sheet.csv"), []byte(sc.sheet), 0o600); err != nil {
		return nil, err
	}
	if _, err := s.must(ctx, 0, s.served("plan", s.path("sheet.csv"), "-o", s.plan, "--guards=off", "--enable-unlisted-operations", "--max-new-locations", "1")...); err != nil {
		return nil, err
	}
	if st.plan, err = os.ReadFile(s.plan); err != nil {
		return nil, err
	}
	p, err := readPlan(s.plan)
	if err != nil {
		return nil, err
	}
	before, err := s.get(ctx, "account")
	if err != nil {
		return nil, err
	}
	if st.judge, err = newJudge(before, p); err != nil {
		return nil, err
	}
	begun := time.Now()
	if _, err := s.must(ctx, 0, s.apply()...); err != nil {
		return nil, err
	}
	st.took, st.records = time.Since(begun), s.journalLines()
	return st, st.settle(ctx, s)
}

// settle takes the site's account as that of an undisturbed run.
func (st *stage) settle(ctx context.Context, s *site) error {
	account, err := s.get(ctx, "account")
	if err != nil {
		return err
	}
	if st.judge.final, err = st.judge.normal(account); err != nil {
		return err
	}
	return st.judge.look(ctx, s)
}

// kinds are the kinds of change in the plan.
func (st *stage) kinds(dir string) (map[plan.Kind]int, error) {
	path := filepath.Join(dir, "kinds.json")
	if err := os.WriteFile(path, st.plan, 0o600); err != nil {
		return nil, err
	}
	p, err := readPlan(path)
	if err != nil {
		return nil, err
	}
	n := map[plan.Kind]int{}
	for _, c := range p.Changes {
		n[c.Kind]++
	}
	return n, nil
}

// open is a fresh account for the stage's plan.
func (st *stage) open(ctx context.Context, dir string, simFlags ...string) (*site, error) {
	s, err := newSite(ctx, dir, st.account, simFlags...)
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(s.plan, st.plan, 0o600); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// goOn starts the next process of a site's run: "apply" while there is no run
// yet, else "resume".
func (s *site) goOn(ctx context.Context) (*process, error) {
	folder, err := s.run()
	if err != nil {
		return nil, err
	}
	s.rounds++
	if folder == "" {
		return s.start(ctx, s.apply()...)
	}
	return s.start(ctx, s.resume(folder)...)
}

// finish goes on until the run is done, and judges.
func (st *stage) finish(ctx context.Context, s *site) error {
	p, err := s.goOn(ctx)
	if err != nil {
		return err
	}
	if err := p.wait(); err != nil {
		return err
	}
	if err := p.want(int(exitOK)); err != nil {
		return err
	}
	return st.judge.look(ctx, s)
}

// killAtRecord lets the next process die when the journal has n more records,
// and reports whether it lived that long.
func (s *site) killAtRecord(ctx context.Context, n int) (bool, error) {
	w := s.watchKilled()
	defer w.close()
	before := w.lines()
	p, err := s.goOn(ctx)
	if err != nil {
		return false, err
	}
	err = p.until(func() bool { return w.lines() >= before+n })
	return p.die(err)
}

// killAfter lets the next process die after some time.
func (s *site) killAfter(ctx context.Context, d time.Duration) (bool, error) {
	p, err := s.goOn(ctx)
	if err != nil {
		return false, err
	}
	return p.die(p.after(d))
}

// die kills a process unless it has ended, which only one that was done may.
func (p *process) die(err error) (killed bool, _ error) {
	p.kill()
	switch {
	case p.code() == -1:
		return true, nil
	case err != nil && !errors.Is(err, errEnded):
		return false, err
	}
	if err := p.want(int(exitOK)); err != nil {
		return false, fmt.Errorf("a process that was to be killed failed before: %w", err)
	}
	return false, nil
}
