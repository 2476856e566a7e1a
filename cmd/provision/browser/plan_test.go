package browser

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Expressions that look at the list of changes.
const (
	visible = `Array.from(document.querySelectorAll('[data-item]')).filter((e) => e.checkVisibility()).length`
	total   = `document.querySelectorAll('[data-item]').length`
	all     = `Number(document.querySelector('[data-list]').dataset.all)` // also those that are no elements yet
	said    = `document.querySelector('[data-count]').textContent`
)

// set gives a field of the form a value, as a person would.
func (b *tab) set(selector, value string) {
	b.t.Helper()
	eval[bool](b, `(() => { const f = document.querySelector('`+selector+`'); f.value = '`+value+`'; f.dispatchEvent(new Event('input', {bubbles: true})); return true; })()`)
}

// click presses an element wherever on the page it is.
func (b *tab) click(selector string) {
	b.t.Helper()
	eval[bool](b, `(() => { document.querySelector('`+selector+`').click(); return true; })()`)
}

func TestPlanPageFindsAndArranges(t *testing.T) {
	b := open(t, planPage(t, "onboarding.xlsx", "onboarding.json"), how{})
	all := eval[int](b, total)
	if all < 20 {
		t.Fatalf("got %d changes, want the sample's", all)
	}
	want(b, visible, all)

	b.set("[data-search]", "ZZZZ")
	want(b, visible, 0)
	want(b, `document.querySelector('[data-nothing]').checkVisibility()`, true)
	name := eval[string](b, `document.querySelector('[data-item][data-person]:not([data-person=""])').dataset.person`)
	b.set("[data-search]", strings.ToUpper(name))
	hits := eval[int](b, visible)
	if hits == 0 || hits == all {
		t.Errorf("the search for %q shows %d of %d changes", name, hits, all)
	}
	b.click(`button[type=reset]`)
	within(b, visible, all) // a reset tells before it is done

	b.set(`[data-filter="kind"]`, "add")
	adds := eval[int](b, `document.querySelectorAll('[data-kind="add"]').length`)
	want(b, visible, adds)
	if got := eval[string](b, said); !strings.HasPrefix(got, eval[string](b, `String(`+visible+`)`)+" of ") {
		t.Errorf("the page says %q", got)
	}

	// A link to a change that is filtered out shows it.
	other := eval[string](b, `document.querySelector('[data-item]:not([data-kind="add"])').id`)
	eval[string](b, `location.hash = '#`+other+`'`)
	within(b, `document.activeElement.id`, other)
	want(b, `document.getElementById('`+other+`').checkVisibility() && document.getElementById('`+other+`').querySelector('details').open`, true)
	want(b, visible, all)

	b.set("[data-sort]", "person")
	b.set("[data-group]", "")
	want(b, `(() => { const p = Array.from(document.querySelectorAll('[data-item]'), (e) => e.dataset.person); const c = new Intl.Collator('en', {numeric: true, sensitivity: 'base'}).compare; return p.every((v, i) => i === 0 || c(p[i - 1], v) <= 0); })()`, true)
	b.set("[data-group]", "kind")
	want(b, `Array.from(document.querySelectorAll('.group')).every((g) => new Set(Array.from(g.querySelectorAll('[data-item]'), (e) => e.dataset.kind)).size === 1)`, true)
	want(b, total, all)

	b.click(`[data-expand]`)
	want(b, `document.querySelectorAll('[data-item] details:not([open])').length`, 0)
	b.click(`[data-expand]`)
	want(b, `document.querySelectorAll('[data-item] details[open]').length`, 0)

	b.click(`[data-checklist] input[type=checkbox]`)
	if got := eval[string](b, `document.querySelector('[data-ticked]').textContent`); !strings.HasPrefix(got, "1 of ") {
		t.Errorf("after one tick the page says %q", got)
	}
}

func TestPlanPageByKeyboardAlone(t *testing.T) {
	b := open(t, planPage(t, "moves.csv", "moves.json"), how{})
	b.run(chromedp.KeyEvent(kb.Tab))
	want(b, `document.activeElement.className`, "skip")
	b.run(chromedp.KeyEvent(kb.Enter))
	want(b, `document.activeElement.id`, "main")
	reach := func(what, test string) {
		t.Helper()
		for range 400 {
			if eval[bool](b, `document.activeElement.matches('`+test+`')`) {
				return
			}
			b.run(chromedp.KeyEvent(kb.Tab))
		}
		t.Fatalf("no number of tabs reaches %s", what)
	}
	reach("a box to tick", "input[type=checkbox]")
	b.run(chromedp.KeyEvent(" "))
	want(b, `document.activeElement.checked`, true)
	reach("the search", "[data-search]")
	b.run(chromedp.KeyEvent("110"))
	if got := eval[int](b, visible); got == 0 || got == eval[int](b, total) {
		t.Errorf("typing shows %d changes", got)
	}
	b.run(chromedp.KeyEvent(kb.Tab))
	within(b, `document.activeElement.dataset.filter`, "kind") // what was typed may still be drawn
	reach("a change's details", "[data-item] summary")
	b.run(chromedp.KeyEvent(kb.Enter))
	want(b, `document.activeElement.parentElement.open`, true)
	want(b, `getComputedStyle(document.activeElement).outlineStyle`, "solid")
}

// A page that is told late that it was sent to a place of its own leaves a person alone who has gone on from there.
func TestPlanPageLeavesTheFocusWhereItIs(t *testing.T) {
	b := open(t, planPage(t, "onboarding.xlsx", "onboarding.json"), how{})
	for _, link := range []string{"a.skip", `a[href^="#c-"]`} {
		want(b, `new Promise((done) => {
			addEventListener('hashchange', () => setTimeout(() => done(document.activeElement.matches('[data-search]'))), {once: true});
			document.querySelector('`+link+`').click();
			document.querySelector('[data-search]').focus();
		})`, true)
		want(b, `new Promise((done) => {
			addEventListener('hashchange', () => setTimeout(() => done('#' + document.activeElement.id === location.hash)), {once: true});
			history.replaceState(null, '', '#');
			document.querySelector('`+link+`').click();
		})`, true)
	}
}

func TestPlanPageIsAccessible(t *testing.T) {
	for _, sample := range []struct{ sheet, account string }{
		{"onboarding.xlsx", "onboarding.json"}, {"broken.xlsx", "broken.json"}, {"offboarding.csv", "offboarding.json"}, {"moves.csv", "moves.json"},
	} {
		path := planPage(t, sample.sheet, sample.account)
		name, _, _ := strings.Cut(sample.sheet, ".")
		for theme, h := range map[string]how{"light": {}, "dark": {dark: true}, "narrow": {width: 320}} {
			t.Run(name+"/"+theme, func(t *testing.T) {
				b := open(t, path, h)
				b.axe()
				want(b, `document.documentElement.scrollWidth <= innerWidth`, true) // nothing is cut off at the side
				b.shot(name+"-"+theme, true)
			})
		}
	}
}

func TestPlanPageOnPaper(t *testing.T) {
	path := planPage(t, "onboarding.xlsx", "onboarding.json")
	b := open(t, path, how{})
	all := eval[int](b, total)
	b.set("[data-search]", "ZZZZ") // what is filtered out is printed too
	want(b, visible, 0)
	keep(t, "onboarding.pdf", do(b, chromedp.PrintToPDF(chromedp.PDFPreferCSSPageSize())))
	want(b, `document.querySelectorAll('details[open]').length > 0 && document.querySelector('[data-item] details').open`, false) // closed again

	paper := open(t, path, how{print: true})
	paper.set("[data-search]", "ZZZZ")
	want(paper, visible, all)
	want(paper, `document.querySelector('.tools').checkVisibility()`, false)
	want(paper, `Array.from(document.querySelectorAll('[data-item] dl')).every((e) => e.getBoundingClientRect().height > 0)`, true)
	paper.shot("onboarding-print", true)
}

func TestPlanPageWithoutJavaScript(t *testing.T) {
	path := planPage(t, "onboarding.xlsx", "onboarding.json")
	b := open(t, path, how{noScript: true})
	if found := eval[int](b, visible); found < 20 || found != eval[int](b, total) {
		t.Errorf("%d changes can be seen, want all of the sample's", found)
	}
	want(b, `document.querySelector('.tools').checkVisibility()`, false) // it does nothing without
	b.shot("onboarding-noscript", true)
}

// hostile is a sheet whose cells try what cells can try.
const hostile = `extension,device_name,email,notes
"<script>document.title='ran'</script>",x,,
101,"<img src=x onerror=""document.title='ran'"">",,
102,"=HYPERLINK(""http://example.com"",""click"")",,
103,"'""><svg/onload=document.title='ran'>",,
104,"` + "\u202e" + `desk` + "\u200b" + `",,
105,"javascript:document.title='ran'",,
106,"` + "\U0001F468\u200d\U0001F469\u200d\U0001F467" + ` desk",,
107,"</script></style></textarea></title>{{.}}${1}",,
108,"LONG",,
`

func TestHostileCellsDoNotRun(t *testing.T) {
	dir := t.TempDir()
	copyFile(t, filepath.Join(root, "samples", "moves.json"), filepath.Join(dir, "moves.json"))
	sheet := strings.ReplaceAll(hostile, "LONG", strings.Repeat("very long ", 1000))
	if err := os.WriteFile(filepath.Join(dir, "hostile.csv"), []byte(sheet), 0o600); err != nil {
		t.Fatal(err)
	}
	b := open(t, planIn(t, dir, "hostile.csv", "moves.json", "--max-changes", "none"), how{})
	want(b, `document.title.startsWith('Plan for')`, true)
	want(b, `document.querySelectorAll('script').length`, 1)
	want(b, `document.querySelectorAll('main img, main svg, main iframe, main a[href^="javascript"], main a[href^="http"]').length`, 0)
	want(b, `document.documentElement.scrollWidth <= innerWidth`, true)
	want(b, `document.body.textContent.includes('onerror=')`, true) // it is shown
	b.axe()
	b.shot("hostile", true)
}
