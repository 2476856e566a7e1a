package browser

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// longPlan is the page of a plan of which not all is elements from the beginning.
func longPlan(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	provision(t, dir, []int{0}, "sim", "generate", "--extensions", "300", "--devices-per-extension", "1", "--erls", "9", "--seed", "5",
		"-o", "long.json", "--sheet", "long.csv", "--rows", "280", "--mix", "add=40,emergency=40,swap=10,remove=10")
	return planIn(t, dir, "long.csv", "long.json")
}

// idle is asked before anything else of a page that shall find no time to make
// elements by itself: what is under test has to.
const idle = `window.requestIdleCallback = () => 0; window.IntersectionObserver = class { observe() {} unobserve() {} };`

// busy opens a page that finds no time.
func busy(t *testing.T, path string) *tab {
	t.Helper()
	b := open(t, path, how{})
	b.before(idle)
	b.run(chromedp.Navigate("about:blank"), chromedp.Navigate("file://"+path))
	if got := eval[int](b, total); got == 0 || got >= eval[int](b, all) {
		t.Fatalf("%d of %d changes are elements at the beginning, want a part", got, eval[int](b, all))
	}
	want(b, said, eval[string](b, `new Intl.NumberFormat('en').format(`+all+`) + ' ' + document.querySelector('[data-list]').dataset.list`))
	return b
}

func TestLongPlanPage(t *testing.T) {
	path := longPlan(t)
	b := open(t, path, how{})
	n := eval[int](b, all)
	if n < 250 {
		t.Fatalf("got %d changes, want a long list", n)
	}
	within(b, total, n)
	within(b, `document.querySelectorAll('[data-later] > noscript, .chunk > noscript').length`, 0)
	want(b, `Array.from(document.querySelectorAll('.group')).reduce((sum, g) => sum + g.querySelectorAll('[data-item]').length, 0)`, n)
	want(b, `new Set(Array.from(document.querySelectorAll('[data-item]'), (e) => e.id)).size`, n)
	made := eval[string](b, shownText)

	plain := open(t, path, how{noScript: true})
	want(plain, `document.querySelectorAll('[data-item]').length`, n)
	if got := eval[string](plain, shownText); got != made {
		t.Error("without scripts the page has other changes, or in another order")
	}
	want(plain, `Array.from(document.querySelectorAll('details.more:not([open])')).every((d) => { d.open = true; return d.checkVisibility() && d.textContent.length > 40; })`, true)
	plain.shot("long-noscript", false)
}

const shownText = `Array.from(document.querySelectorAll('[data-item], details.more li'), (e) => e.textContent).join('|')`

// What is text yet becomes elements when it is asked for.
func TestLongPlanPageAtOnce(t *testing.T) {
	path := longPlan(t)
	b := busy(t, path)
	b.set(`[data-filter="kind"]`, "remove")
	removes := eval[string](b, said)
	if strings.HasPrefix(removes, "0 ") {
		t.Fatal("the plan removes nothing")
	}
	b.click(`[data-expand]`) // takes all elements
	want(b, total, eval[int](b, all))
	want(b, said, removes)
	want(b, `String(`+visible+`)`, strings.Fields(removes)[0])
	want(b, `document.querySelectorAll('[data-kind="remove"]').length === `+visible, true)

	b = busy(t, path)
	b.set("[data-sort]", "person")
	want(b, total, eval[int](b, all))

	b = busy(t, path)
	texts := eval[string](b, `Array.from(document.querySelectorAll('.chunk > noscript'), (e) => e.textContent).join('')`)
	ids := regexp.MustCompile(` id="(c-[^"]+)"`).FindAllStringSubmatch(texts, -1)
	if len(ids) == 0 {
		t.Fatal("no change is text yet")
	}
	last := ids[len(ids)-1][1]
	eval[string](b, `location.hash = '#`+last+`'`)
	within(b, `document.activeElement.id`, last)
	want(b, `document.getElementById('`+last+`').querySelector('details').open`, true)

	b = busy(t, path)
	b.click("[data-expand]")
	want(b, `document.querySelectorAll('[data-item] details[open]').length`, eval[int](b, all))

	b = busy(t, path)
	b.click("details.more:has([data-later]) summary")
	within(b, `document.querySelectorAll('details.more[open] [data-later] li').length > 40`, true)

	b = busy(t, path)
	keep(t, "long.pdf", do(b, chromedp.PrintToPDF(chromedp.PDFPreferCSSPageSize())))
	want(b, total, eval[int](b, all))
	want(b, `document.querySelectorAll('[data-later] > noscript').length`, 0)
}

// What is text yet is escaped as the rest is: it can't end early, and nothing in it runs when it becomes elements.
func TestHostileNamesInALongPage(t *testing.T) {
	const evil = `"</noscript></p><img src=x onerror=\"document.title='ran'\"><script>document.title='ran'</script>&lt;b&gt; `
	page := longPageOf(t, `"Person `, evil)
	b := open(t, page, how{})
	within(b, total, eval[int](b, all))
	within(b, `document.querySelectorAll('noscript').length`, 0)
	for _, p := range []*tab{b, open(t, page, how{noScript: true})} {
		want(p, `document.title.startsWith('Plan for')`, true)
		want(p, `document.querySelectorAll('script').length`, 1)
		want(p, `document.querySelectorAll('main img').length`, 0)
		want(p, `document.querySelectorAll('[data-item]').length`, eval[int](b, all))
		want(p, `Array.from(document.querySelectorAll('[data-item]')).at(-1).textContent.includes('</noscript></p><img src=x onerror=')`, true)
		want(p, `Array.from(document.querySelectorAll('[data-item]')).at(-1).textContent.includes('&lt;b&gt;')`, true)
	}
}

// A search finds the same while entries are text as when they are elements, also what is escaped there.
func TestLongPlanPageSearchesText(t *testing.T) {
	page := longPageOf(t, `"Person 10`, `"Zoë <b>&amp; O'Neil + \"Söhne\" 10`)
	whole, early := open(t, page, how{}), busy(t, page)
	within(whole, total, eval[int](whole, all))
	for _, words := range []string{"zoe", "<b>", "&amp;", "&", `o\'neil`, `"sohne"`, "+1650", "desk 12", "new line", "removed → inventory", "b2", "article", "nothing such"} {
		for _, b := range []*tab{whole, early} {
			b.set("[data-search]", words)
		}
		want(early, said, eval[string](whole, said))
	}
	for _, filter := range []string{"kind", "status"} {
		for _, b := range []*tab{whole, early} {
			b.click(`button[type=reset]`)
			eval[bool](b, `new Promise((done) => setTimeout(() => done(true), 50))`)
			eval[bool](b, `(() => { const f = document.querySelector('[data-filter="`+filter+`"]'); f.selectedIndex = 1; f.dispatchEvent(new Event('input', {bubbles: true})); return true; })()`)
		}
		want(early, said, eval[string](whole, said))
	}
	want(early, `document.querySelectorAll('.chunk > noscript').length > 0`, true) // it was text all the while
	early.click(`[data-expand]`)
	want(early, visible, eval[int](whole, visible))
}

// The result's list of rows is read in the same way.
func TestLongResultPage(t *testing.T) {
	dir := t.TempDir()
	provision(t, dir, []int{0}, "sim", "generate", "--extensions", "200", "--devices-per-extension", "1", "--erls", "9", "--seed", "5",
		"-o", "account.json", "--sheet", "rows.csv", "--rows", "190", "--mix", "add=10,emergency=80,swap=5,remove=5")
	path := filepath.Join(resultOf(t, dir, "rows.csv", "account.json", []int{0, 6}), "report.html")
	b := open(t, path, how{})
	want(b, all, 190)
	within(b, total, 190)
	plain := open(t, path, how{noScript: true})
	want(plain, total, 190)
	want(plain, visible, 190)
	b = busy(t, path)
	b.set(`[data-filter="status"]`, "applied")
	if got := eval[string](b, said); !strings.HasSuffix(got, " rows") && !strings.HasSuffix(got, " of 190 rows shown") {
		t.Errorf("the page says %q", got)
	}
	b.click(`button[type=reset]`)
	within(b, said, "190 rows")
}

// longPageOf is the page of a long plan on an account in whose file a text stands for another one.
func longPageOf(t *testing.T, text, by string) (page string) {
	t.Helper()
	dir := t.TempDir()
	provision(t, dir, []int{0}, "sim", "generate", "--extensions", "300", "--devices-per-extension", "1", "--erls", "9", "--seed", "5",
		"-o", "long.json", "--sheet", "long.csv", "--rows", "280", "--mix", "add=40,emergency=40,swap=10,remove=10")
	path := filepath.Join(dir, "long.json")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(strings.ReplaceAll(string(data), text, by)), 0o600); err != nil {
		t.Fatal(err)
	}
	return planIn(t, dir, "long.csv", "long.json")
}
