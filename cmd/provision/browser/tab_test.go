package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// limit is how long one test may take in the browser, on a busy machine too.
const limit = 3 * time.Minute

var (
	browserOnce sync.Once
	browserCtx  context.Context
	errBrowser  error
)

// browser starts the one Chromium that all tests share; it ends with the
// process.
func browser(t *testing.T) context.Context {
	t.Helper()
	browserOnce.Do(func() {
		path, err := chromium()
		if err != nil {
			errBrowser = err
			return
		}
		options := append(chromedp.DefaultExecAllocatorOptions[:],
			chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
			chromedp.Flag("disable-dev-shm-usage", true), chromedp.Flag("disable-background-networking", true),
			// No name is resolved: what a page asks for is not there.
			chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND"),
			chromedp.WindowSize(1200, 900), chromedp.WSURLReadTimeout(limit),
		)
		alloc, _ := chromedp.NewExecAllocator(context.Background(), options...)
		browserCtx, _ = chromedp.NewContext(alloc)
		errBrowser = chromedp.Do(browserCtx)
	})
	if errBrowser != nil {
		t.Fatalf("start Chromium: %v", errBrowser)
	}
	return browserCtx
}

// chromium finds the browser.
func chromium() (string, error) {
	for _, name := range []string{os.Getenv("CHROMIUM"), "chromium", "chromium-browser", "google-chrome"} {
		if name == "" {
			continue
		}
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("no chromium found: install it (Debian: apt install chromium) or name it in CHROMIUM")
}

// tab is one page in the browser. Whatever it complains of, asks a server for,
// or asks the user, fails the test.
type tab struct {
	t   *testing.T
	ctx context.Context
	how how
}

// how a page is opened.
type how struct {
	dark, print, noScript bool
	width                 int64 // 0: 1200
}

func open(t *testing.T, path string, h how) *tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(browser(t))
	ctx, stop := context.WithTimeout(ctx, limit)
	t.Cleanup(func() { stop(); cancel() })
	b := &tab{t, ctx, h}
	b.listen()
	if h.width == 0 {
		h.width = 1200
	}
	scheme := "light"
	if h.dark {
		scheme = "dark"
	}
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}
	if h.print {
		media.Media = "print"
	}
	call(b, network.Enable, network.EnableParams{})
	call(b, log.Enable, cdp.Empty{})
	call(b, network.OverrideNetworkState, network.OverrideNetworkStateParams{Offline: true})
	call(b, emulation.SetEmulatedMedia, media)
	call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: h.noScript})
	b.run(chromedp.EmulateViewport(h.width, 900), chromedp.Navigate("file://"+path))
	return b
}

// call sends the browser a command.
func call[P, R any](b *tab, command cdp.Command[P, R], params P) {
	b.t.Helper()
	if _, err := chromedp.Call(b.ctx, command, params); err != nil {
		b.t.Fatalf("in the browser: %s: %v", command.Method, err)
	}
}

func (b *tab) listen() {
	err := chromedp.Listen(b.ctx, func(event any) {
		switch e := event.(type) {
		case *runtime.EventConsoleAPICalled:
			if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning {
				b.t.Errorf("the page wrote a %s to the console: %s", e.Type, e.Args[0].Value)
			}
		case *runtime.EventExceptionThrown:
			b.t.Errorf("the page threw: %s", e.ExceptionDetails.Text)
		case *log.EventEntryAdded:
			if e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning {
				b.t.Errorf("the browser complains: %s", e.Entry.Text)
			}
		case *network.EventRequestWillBeSent:
			if !strings.HasPrefix(e.Request.URL, "file:") && !strings.HasPrefix(e.Request.URL, "data:") {
				b.t.Errorf("the page asks for %s", e.Request.URL)
			}
		case *page.EventJavascriptDialogOpening:
			b.t.Errorf("the page opened a dialog: %s", e.Message)
		}
	})
	if err != nil {
		b.t.Fatalf("listen to the browser: %v", err)
	}
}

func (b *tab) run(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, actions...); err != nil {
		b.t.Fatalf("in the browser: %v", err)
	}
}

// eval is the value of an expression in the page, promises awaited.
func eval[T any](b *tab, expression string) T {
	b.t.Helper()
	return do(b, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
}

// do runs an action that has a result.
func do[T any](b *tab, action chromedp.Action[T]) T {
	b.t.Helper()
	out, err := chromedp.Run(b.ctx, action)
	if err != nil {
		b.t.Fatalf("in the browser: %v", err)
	}
	return out
}

// want fails unless an expression has a value.
func want[T comparable](b *tab, expression string, value T) {
	b.t.Helper()
	if got := eval[T](b, expression); got != value {
		b.t.Errorf("%s\ngot  %v\nwant %v", expression, got, value)
	}
}

// within fails unless an expression has a value soon; a minute and more is only for a page that never gets there.
func within[T comparable](b *tab, expression string, value T) {
	b.t.Helper()
	eval[bool](b, `new Promise((done) => { let n = 0; const look = () => (`+expression+`) === `+literal(b.t, value)+` || ++n > 1500 ? done(true) : setTimeout(look, 50); look(); })`)
	want(b, expression, value)
}

// literal is a value as a script writes it.
func literal(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// before runs a script in every document that is opened from now on, before the document's own.
func (b *tab) before(script string) {
	b.t.Helper()
	call(b, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script})
}

// settle waits until what is under way is drawn.
func (b *tab) settle() {
	b.t.Helper()
	eval[bool](b, `new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))`)
}

// whole makes the screen as high as the page, which then grows or shrinks: what
// is far from the screen is not laid out, and the bar at its top lies over what
// is scrolled below it.
func (b *tab) whole() {
	b.t.Helper()
	for range 2 {
		b.run(chromedp.EmulateViewport(eval[int64](b, `innerWidth`), min(eval[int64](b, `document.documentElement.scrollHeight`), 15000)))
		if !b.how.noScript { // no callback comes to such a page
			b.settle()
		}
	}
}

// shot keeps a picture of the page, to be looked at; whole: all of it.
func (b *tab) shot(name string, whole bool) {
	b.t.Helper()
	if whole {
		b.whole()
	}
	keep(b.t, name+".png", do(b, chromedp.CaptureScreenshot()))
}

func keep(t *testing.T, name string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(".shots", 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(".shots", name), data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// axe runs axe-core over the page as it is and reports what it finds wrong.
func (b *tab) axe() {
	b.t.Helper()
	b.whole() // all of the page is judged, and nothing for what lies over it at that moment
	source, err := os.ReadFile(os.Getenv("AXE"))
	if err != nil {
		b.t.Fatalf("read axe-core, whose file AXE names (make browser fetches it): %v", err)
	}
	eval[bool](b, string(source)+";true")
	type violation struct {
		ID    string `json:"id"`
		Help  string `json:"help"`
		Nodes []struct {
			HTML    string `json:"html"`
			Summary string `json:"failureSummary"`
		} `json:"nodes"`
	}
	found := eval[[]violation](b, `axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations']})
		.then((r) => r.violations.map(({id, help, nodes}) => ({id, help, nodes: nodes.slice(0, 3).map(({html, failureSummary}) => ({html, failureSummary}))})))`)
	for _, v := range found {
		text, _ := json.MarshalIndent(v.Nodes, "", "  ")
		b.t.Errorf("axe: %s: %s\n%s", v.ID, v.Help, text)
	}
}
