package browser

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/performance"
	"github.com/chromedp/chromedp"
)

// What a reviewer should wait at most for a plan of 10,000 changes. Figures are
// printed beside it: what passed on the clock, and what the page's thread worked,
// which on an idle machine is nearly the same. Only work of ten times as much
// fails, as a busy machine slows that too.
const (
	opensWithin   = 2 * time.Second
	filtersWithin = 100 * time.Millisecond
)

// TestTenThousandChanges times the page of a big plan.
func TestTenThousandChanges(t *testing.T) {
	dir := t.TempDir()
	provision(t, dir, []int{0}, "sim", "generate", "--extensions", "10000", "--devices-per-extension", "1", "--erls", "40", "--seed", "3",
		"-o", "big.json", "--sheet", "big.csv", "--rows", "9000", "--mix", "add=40,emergency=40,swap=10,remove=10")
	path := planIn(t, dir, "big.csv", "big.json")
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	b := open(t, path, how{}) // once before, so that neither the disk nor the browser's start is timed
	changes := eval[int](b, all)
	call(b, performance.Enable, performance.EnableParams{TimeDomain: performance.EnableTimeDomainThreadTicks})
	b.run(chromedp.Navigate("about:blank")) // that the old page is taken down is not timed
	figures := []figure{b.timed("opens", opensWithin, func() { b.run(chromedp.Navigate("file://" + path)) })}
	figures = append(figures, b.timed("searches at once", filtersWithin, func() { b.arrange("[data-search]", "desk") }))
	b.run(chromedp.Navigate("about:blank"), chromedp.Navigate("file://"+path))
	figures = append(figures, b.timed("filters at once", filtersWithin, func() { b.arrange(`[data-filter="kind"]`, "swap") }))
	b.run(chromedp.Navigate("about:blank"), chromedp.Navigate("file://"+path))
	// The page makes and reads its elements while nothing else is to be done; a person takes longer to begin. On a busy
	// machine it takes longer too.
	figures = append(figures, b.timed("prepares meanwhile", 2*opensWithin, func() {
		within(b, total, changes)
		eval[bool](b, `new Promise((done) => setTimeout(() => done(true), 500))`)
	}))
	for _, act := range []struct{ what, selector, value string }{
		{"searches for a word", "[data-search]", "desk"}, {"searches for another", "[data-search]", "1999"}, {"shows all again", "[data-search]", ""},
		{"filters by kind", `[data-filter="kind"]`, "swap"}, {"shows all kinds again", `[data-filter="kind"]`, ""},
		{"sorts by person", "[data-sort]", "person"}, {"groups by kind", "[data-group]", "kind"},
	} {
		within := filtersWithin
		if strings.HasPrefix(act.what, "sorts") || strings.HasPrefix(act.what, "groups") {
			within = time.Second
		}
		figures = append(figures, b.timed(act.what, within, func() {
			b.arrange(act.selector, act.value)
		}))
	}
	fmt.Printf("plan page of %d changes, %.1f MB\n", changes, float64(info.Size())/1e6)
	for _, f := range figures {
		verdict := "within"
		if f.work > f.within {
			verdict = "OVER"
		}
		fmt.Printf("  %-24s work %6d ms, on the clock %6d ms; %s %d ms\n", f.what, f.work.Milliseconds(), f.clock.Milliseconds(), verdict, f.within.Milliseconds())
		if f.work > 10*f.within {
			t.Errorf("%s takes %s of work, want %s", f.what, f.work, f.within)
		}
	}
	b.shot("big", false)
}

// arrange sets a field of the form and waits until the page is laid out anew.
func (b *tab) arrange(selector, value string) {
	b.t.Helper()
	b.set(selector, value)
	eval[float64](b, `document.body.getBoundingClientRect().height`)
}

// figure is what something took.
type figure struct {
	what                string
	work, clock, within time.Duration
}

// timed does something and tells what it took until the page was laid out anew.
func (b *tab) timed(what string, within time.Duration, act func()) figure {
	b.t.Helper()
	work, begin := b.work(), time.Now()
	act()
	clock, after := time.Since(begin), b.work()
	if after < work { // another process has the page now
		work = 0
	}
	return figure{what, after - work, clock, within}
}

// work is how long the page's thread has worked so far.
func (b *tab) work() time.Duration {
	b.t.Helper()
	got, err := chromedp.Call(b.ctx, performance.GetMetrics, cdp.Empty{})
	if err != nil {
		b.t.Fatalf("ask for the page's work: %v", err)
	}
	for _, m := range got.Metrics {
		if m.Name == "ThreadTime" {
			return time.Duration(m.Value * float64(time.Second))
		}
	}
	b.t.Fatalf("the browser does not tell the thread's time: %v", got.Metrics)
	return 0
}
