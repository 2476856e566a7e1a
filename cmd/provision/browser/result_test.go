package browser

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// troubles is a sheet of which a part does not go well: an address that the
// service refuses, removals, and cells that try what cells can try.
const troubles = `extension,action,new_name,street,street2,city,state,zip,country,notes
101,update,"<img src=x onerror=""document.title='ran'"">",1 invalid Way,Floor 2,Belmont,CA,94002,US,"=HYPERLINK(""http://example.com"",""click"")"
102,update,"` + "\u202e" + `desk <script>document.title='ran'</script>",,,,,,,
103,remove,,,,,,,,
104,update,javascript:alert(1),,,,,,,
9999,update,"<img src=x onerror=""document.title='ran'"">",,,,,,,
`

// resultOf runs a sheet and returns the folder of its run; codes are how it may end.
func resultOf(t *testing.T, dir, sheet, account string, codes []int) string {
	t.Helper()
	provision(t, dir, codes, "run", sheet, "--server", "sim:"+account+"?time-scale=300", "--auto-approve", "--guards=off", "--max-new-locations", "5", "--skip-bad-rows")
	runs, err := filepath.Glob(filepath.Join(dir, "provision-runs", "*"))
	if err != nil || len(runs) != 1 {
		t.Fatalf("got runs %v, %v", runs, err)
	}
	return runs[0]
}

func troubled(t *testing.T) (dir, run string) {
	t.Helper()
	dir = t.TempDir()
	copyFile(t, filepath.Join(root, "samples", "moves-addresses.json"), filepath.Join(dir, "account.json"))
	if err := os.WriteFile(filepath.Join(dir, "troubles.csv"), []byte(troubles), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir, resultOf(t, dir, "troubles.csv", "account.json", []int{6})
}

func TestResultPageIsAccessible(t *testing.T) {
	dir, run := troubled(t)
	onboarding := t.TempDir()
	for _, f := range []string{"onboarding.xlsx", "onboarding.json"} {
		copyFile(t, filepath.Join(root, "samples", f), filepath.Join(onboarding, f))
	}
	pages := map[string]string{
		"troubles": filepath.Join(run, "report.html"),
		"good":     filepath.Join(resultOf(t, onboarding, "onboarding.xlsx", "onboarding.json", []int{0}), "report.html"),
	}
	provision(t, dir, []int{0}, "report", run, "--redact", "--html", "redacted.html")
	pages["redacted"] = filepath.Join(dir, "redacted.html")
	for _, kind := range []string{"installer", "auditor", "helpdesk"} {
		provision(t, dir, []int{0}, "report", run, "--handout", kind, "-o", kind+".html")
		pages[kind] = filepath.Join(dir, kind+".html")
	}
	for name, path := range pages {
		for theme, h := range map[string]how{"light": {}, "dark": {dark: true}, "narrow": {width: 320}, "print": {print: true}} {
			t.Run(name+"/"+theme, func(t *testing.T) {
				b := open(t, path, h)
				b.axe()
				want(b, `document.documentElement.scrollWidth <= innerWidth`, true)
				want(b, `document.querySelectorAll('script').length`, 1)
				want(b, `document.title !== 'ran' && document.querySelectorAll('main img, main iframe, main a[href^="javascript"], main a[href^="http"]').length === 0`, true)
				b.shot("result-"+name+"-"+theme, true)
			})
		}
	}
}

func TestResultPageFinds(t *testing.T) {
	_, run := troubled(t)
	b := open(t, filepath.Join(run, "report.html"), how{})
	all := eval[int](b, total)
	if all != strings.Count(troubles, "\n")-1 {
		t.Fatalf("got %d rows", all)
	}
	want(b, `document.querySelector('main h2').textContent.startsWith('Emergency addresses that are not confirmed: 1')`, true)
	want(b, visible, all)
	b.set("[data-search]", "ZZZZ")
	want(b, visible, 0)
	want(b, `document.querySelector('[data-nothing]').checkVisibility()`, true)
	b.click(`button[type=reset]`)
	within(b, visible, all)
	b.set(`[data-filter="status"]`, "address_invalid")
	want(b, visible, 1)
	keep(t, "result.pdf", do(b, chromedp.PrintToPDF(chromedp.PDFPreferCSSPageSize())))
	paper := open(t, filepath.Join(run, "report.html"), how{print: true})
	paper.set("[data-search]", "ZZZZ")
	want(paper, visible, all)
	want(paper, `document.querySelectorAll('figure.chart svg rect').length > 0`, true)
}
