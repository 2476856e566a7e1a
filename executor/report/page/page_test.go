package page

import (
	"regexp"
	"strings"
	"testing"
)

const testBody = `{{define "body"}}<main id="main"><p title="{{.}}">{{.}}</p><b>{{n 1234567}}</b></main>{{end}}`

func render(t *testing.T, data string) string {
	t.Helper()
	var b strings.Builder
	if err := write(&b, Page{Title: data, Data: data}, testBody); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// between is what stands between the first start and the end behind it.
func between(t *testing.T, text, start, end string) string {
	t.Helper()
	_, rest, ok := strings.Cut(text, start)
	inner, _, closed := strings.Cut(rest, end)
	if !ok || !closed {
		t.Fatalf("no %s…%s in the page", start, end)
	}
	return inner
}

// What the policy allows is exactly what stands in the page; anything else that a text could bring would not run.
func TestPolicyNamesStyleAndScriptByTheirBytes(t *testing.T) {
	t.Parallel()
	got := render(t, "x")
	policy := strings.ReplaceAll(between(t, got, `Content-Security-Policy" content="`, `"`), "&#39;", "'")
	policy = strings.ReplaceAll(policy, "&#43;", "+")
	for _, want := range []string{
		"default-src 'none'",
		"style-src '" + digest(between(t, got, "<style>", "</style>")) + "'",
		"script-src '" + digest(between(t, got, "<script>", "</script>")) + "'",
	} {
		if !strings.Contains(policy, want) {
			t.Errorf("got policy %s, want in it %s", policy, want)
		}
	}
	if strings.Contains(policy, "unsafe") {
		t.Errorf("the policy %s allows what is unsafe", policy)
	}
}

func TestNothingIsFetched(t *testing.T) {
	t.Parallel()
	if m := regexp.MustCompile(`https?://|@import|url\(|\ssrc=|fetch\(|XMLHttp|WebSocket|sendBeacon`).FindString(render(t, "x")); m != "" {
		t.Errorf("the page has %q, want nothing that asks for something", m)
	}
}

func TestTextsAreEscaped(t *testing.T) {
	t.Parallel()
	got := render(t, `</title><script>alert(1)</script>"onload="x`)
	if n := strings.Count(got, "<script"); n != 1 || strings.Contains(got, `"onload=`) || strings.Contains(got, "</title><script") {
		t.Errorf("got %d scripts, want the page's own alone:\n%s", n, got)
	}
}

func TestUnknownBodyIsAnError(t *testing.T) {
	t.Parallel()
	if err := Write(&strings.Builder{}, Page{Body: "none.html"}); err == nil {
		t.Error("got no error for a body that is not there")
	}
}

func TestNumbersHaveThousands(t *testing.T) {
	t.Parallel()
	if got := render(t, "x"); !strings.Contains(got, "<b>1,234,567</b>") {
		t.Error("got no 1,234,567")
	}
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", -1000: "-1,000", -100: "-100"} {
		if got := thousands(n); got != want {
			t.Errorf("%d: got %s, want %s", n, got, want)
		}
	}
}
