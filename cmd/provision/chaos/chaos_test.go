package chaos

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"
)

// How many runs are tried, how many of them at a time (they mostly wait), and
// with how many processes each at most. PROVISION_CHAOS_RUNS and
// PROVISION_CHAOS_SEED set other runs.
const (
	defaultRuns = 30
	together    = 9
	maxRounds   = 14
	// stormyRounds is after how many processes the sky clears for good: a run
	// has to end then.
	stormyRounds = 8
)

func TestMain(m *testing.M) {
	zerolog.SetGlobalLevel(zerolog.Disabled) // the proxy's
	os.Exit(m.Run())
}

// buildBinary builds the program; PROVISION_BINARY names one that is there.
func buildBinary(t *testing.T) string {
	t.Helper()
	if path := os.Getenv("PROVISION_BINARY"); path != "" {
		abs, err := filepath.Abs(path)
		if err != nil {
			t.Fatal(err)
		}
		return abs
	}
	path := filepath.Join(t.TempDir(), "provision")
	cmd := exec.CommandContext(t.Context(), "go", "build", "-o", path, "./cmd/provision")
	cmd.Dir = filepath.Join("..", "..", "..")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build the program: %v: %s", err, out)
	}
	return path
}

func setting(t *testing.T, name string, fallback int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return fallback
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		t.Fatalf("%s=%q is not a number", name, text)
	}
	return n
}

// totals are what all runs together met with.
type totals struct {
	mu        sync.Mutex
	processes int
	codes     map[int]int
	toxics    map[string]int
	status    map[string]int
	doubts    int
	limited   int
	stuck     int
}

func (n *totals) String() string {
	return fmt.Sprintf("%d processes, exit codes %v, toxics %v, %d answers in doubt, %d refused by the limiter, %d proxies stuck, changes %v",
		n.processes, n.codes, n.toxics, n.doubts, n.limited, n.stuck, n.status)
}

// TestChaos carries plans out through the proxy while its toxics come and go,
// each kind alone first and then mixed, goes on with the runs until they are
// done, and judges account and report.
func TestChaos(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	binary := buildBinary(t)
	all := scenes()
	rehearse(ctx, t, binary, all)
	keep, err := os.MkdirTemp("", "provision-chaos-") //nolint:usetesting // what failed is left there to look at
	if err != nil {
		t.Fatal(err)
	}
	runs, seed := setting(t, "PROVISION_CHAOS_RUNS", defaultRuns), setting(t, "PROVISION_CHAOS_SEED", 1)
	begun := time.Now()
	n := &totals{codes: map[int]int{}, toxics: map[string]int{}, status: map[string]int{}}
	slots := make(chan struct{}, together)
	var workers sync.WaitGroup
	for i := range runs {
		workers.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			r := &round{number: i, seed: seed, scene: all[i%len(all)], totals: n, binary: binary}
			dir := filepath.Join(keep, strconv.Itoa(i))
			err := r.play(ctx, dir)
			for _, line := range r.last {
				t.Logf("run %d: %s", i, line)
			}
			if err != nil {
				t.Errorf("run %d of seed %d, scene %s, files in %s\nprocesses ended with %v, weather: %s\n%v", i, seed, r.scene.name, dir, r.codes, r.weather, err)
			}
		})
	}
	workers.Wait()
	t.Logf("chaos: %d runs in %s: %s", runs, time.Since(begun).Round(time.Second), n)
	if !t.Failed() {
		if err := os.RemoveAll(keep); err != nil {
			t.Error(err)
		}
	}
	if n.doubts == 0 && runs >= defaultRuns {
		t.Error("no answer was lost: the weather was too fair to show anything")
	}
}

// rehearse carries each scene out undisturbed.
func rehearse(ctx context.Context, t *testing.T, binary string, all []*scene) {
	t.Helper()
	var workers sync.WaitGroup
	for _, sc := range all {
		dir := t.TempDir()
		workers.Go(func() {
			begun := time.Now()
			if err := sc.rehearse(ctx, binary, dir); err != nil {
				t.Errorf("undisturbed run of scene %s: %v", sc.name, err)
				return
			}
			t.Logf("scene %s: undisturbed in %s, planned again: %d changes", sc.name, time.Since(begun).Round(time.Millisecond), len(sc.again))
		})
	}
	workers.Wait()
	if t.Failed() {
		t.FailNow()
	}
}

// round is one run of a scene's plan in bad weather.
type round struct {
	number, seed int
	scene        *scene
	totals       *totals
	binary       string

	codes   []int
	last    []string
	weather *weather
	stuck   int // proxies that had to be replaced
}

// kinds are what the weather of the round is made of: first each kind alone.
func (r *round) kinds() []string {
	if pass := r.number / 3; pass < len(weathers) {
		return weathers[pass : pass+1]
	}
	return weathers
}

// mixed is the number among the rounds in mixed weather, from 0; negative before.
func (r *round) mixed() int { return r.number - 3*len(weathers) }

// storm: in every second of the mixed rounds, and in one scene of each kind of
// toxic, the weather is so bad that processes have to give up.
func (r *round) storm() bool {
	if n := r.mixed(); n >= 0 {
		return n%2 == 0
	}
	return r.number%3 == (r.number/3)%3
}

// kill is when process k is killed: some of the first ones in two of three mixed
// rounds, so that calls of a dead process arrive while the next one looks.
func (r *round) kill(k int) time.Duration {
	rnd := rand.New(rand.NewPCG(uint64(r.seed), uint64(1000*r.number+k)))
	if n := r.mixed(); n < 0 || n%3 == 2 || k >= 3 {
		return 0
	}
	return between(rnd, 300, 5000)
}

func (r *round) play(ctx context.Context, dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	s, err := newSite(ctx, r.binary, dir, r.scene)
	if err != nil {
		return err
	}
	defer s.close()
	if err := s.write("plan.json", r.scene.plan); err != nil {
		return err
	}
	r.weather = newWeather(r.kinds(), r.storm(), rand.New(rand.NewPCG(uint64(r.seed), uint64(r.number))))
	err = r.carryOut(ctx, s)
	r.codes, r.last = s.codes, s.last
	if err != nil {
		return err
	}
	if err := r.judge(ctx, s); err != nil {
		return err
	}
	return os.RemoveAll(dir)
}

// carryOut goes on with the run until it is done. After some processes the sky
// is clear for good.
func (r *round) carryOut(ctx context.Context, s *site) error {
	for k := range maxRounds {
		rep, err := s.report()
		if err != nil {
			return err
		}
		if rep != nil && rep.settled() {
			return nil
		}
		stormy, clear := context.WithCancel(ctx)
		if k >= stormyRounds {
			clear()
		}
		blown := make(chan error, 1)
		go func() { blown <- r.weather.blow(stormy, s.proxy) }()
		err = s.goOn(ctx, rep, r.kill(k))
		clear()
		if err := errors.Join(err, r.relieve(s, <-blown)); err != nil {
			return err
		}
	}
	rep, err := s.report()
	if err == nil && (rep == nil || !rep.done()) {
		err = fmt.Errorf("the run is not done after %d processes", maxRounds)
	}
	return err
}

// relieve puts another proxy in the place of one that is stuck.
func (r *round) relieve(s *site, err error) error {
	if !errors.Is(err, errStuck) {
		return err
	}
	r.stuck++
	s.moved = true
	s.proxy, err = newProxy(s.url)
	return err
}

// judge checks the site in fair weather.
func (r *round) judge(ctx context.Context, s *site) error {
	p, err := readPlan(s.path("plan.json"))
	if err != nil {
		return err
	}
	v, err := s.look(ctx, r.scene)
	if err != nil {
		return err
	}
	doubts, err := s.doubts()
	if err != nil {
		return err
	}
	r.count(s, v, doubts)
	errs := []error{v.judge(p)}
	left := v.report.left()
	if len(left) == 0 {
		if diff := difference(r.scene.final, v.account); diff != "" {
			errs = append(errs, fmt.Errorf("all is done, but the account differs from an undisturbed run's (-undisturbed +this):\n%s", diff))
		}
	}
	return errors.Join(append(errs, r.judgeAgain(ctx, s, p, v.report))...)
}

// judgeAgain plans the sheet again: it may ask for what an undisturbed run
// leaves to be asked for, as inventory slots that a sheet orders each time, and
// for what the report leaves open.
func (r *round) judgeAgain(ctx context.Context, s *site, p *planFile, rep *runReport) error {
	again, err := s.makePlan(ctx, "again.json")
	if err != nil {
		return err
	}
	open := map[string]bool{}
	for i := range p.Changes {
		if slices.Contains(rep.left(), p.Changes[i].ID) {
			open[p.Changes[i].ID] = true
			key, _ := p.Changes[i].key()
			open[key] = true
		}
	}
	var errs []error
	for i := range again.Changes {
		c := &again.Changes[i]
		key, _ := c.key()
		if !open[key] && !open[c.ID] && !slices.Contains(r.scene.again, key) {
			errs = append(errs, fmt.Errorf("planned again: change %s (%s) is asked for, which the report calls %q", c.ID, key, rep.status[c.ID]))
		}
	}
	return errors.Join(errs...)
}

func (r *round) count(s *site, v *view, doubts int) {
	n := r.totals
	n.mu.Lock()
	defer n.mu.Unlock()
	n.processes += len(s.codes)
	for _, code := range s.codes {
		n.codes[code]++
	}
	for kind, k := range r.weather.n {
		n.toxics[kind] += k
	}
	for status, k := range v.report.count() {
		n.status[status] += k
	}
	n.doubts += doubts
	n.limited += v.limited
	n.stuck += r.stuck
}
