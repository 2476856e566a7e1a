package rcclient

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// tracer writes redacted exchanges. A nil tracer writes nothing.
type tracer struct {
	mu      sync.Mutex
	w       io.Writer
	secrets []string // literal texts that must not appear
}

// minSecret is the shortest text that is masked wherever it stands: a shorter
// one would be found everywhere. Fields and headers are masked at any length.
const minSecret = 4

func newTracer(w io.Writer, secrets ...string) *tracer {
	if w == nil {
		return nil
	}
	t := &tracer{w: w}
	for _, s := range secrets {
		t.hide(s)
	}
	return t
}

// hide adds a text that is masked wherever it stands.
func (t *tracer) hide(secret string) {
	if t == nil || len(secret) < minSecret {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, form := range []string{secret, url.QueryEscape(secret)} {
		if !slices.Contains(t.secrets, form) {
			t.secrets = append(t.secrets, form)
		}
	}
}

// secretHeader tells whether a header's value is not shown.
func secretHeader(name string) bool {
	switch http.CanonicalHeaderKey(name) {
	case "Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie":
		return true
	}
	return false
}

// secretName tells whether a JSON or form field holds a secret.
func secretName(name string) bool {
	name = strings.ToLower(name)
	for _, part := range []string{"token", "secret", "assertion", "password", "authorizationid", "jwt"} {
		if strings.Contains(name, part) && name != "token_type" {
			return true
		}
	}
	return false
}

// exchange writes one exchange. That the writing fails stops nothing.
func (t *tracer) exchange(op *operation, req *http.Request, body []byte, a *answer, err error, took time.Duration) {
	if t == nil {
		return
	}
	var b strings.Builder
	fmt.Fprintf(&b, "# %s %s took %s\n", time.Now().UTC().Format(time.RFC3339Nano), op.id, took.Round(time.Millisecond))
	fmt.Fprintf(&b, "> %s %s\n", req.Method, req.URL.RequestURI())
	traceHeader(&b, ">", req.Header)
	traceBody(&b, op, req.Header.Get("Content-Type"), body)
	if a != nil {
		fmt.Fprintf(&b, "< %d\n", a.status)
		traceHeader(&b, "<", a.header)
		traceBody(&b, op, a.header.Get("Content-Type"), a.body)
	}
	if err != nil {
		fmt.Fprintf(&b, "! %v\n", err)
	}
	b.WriteByte('\n')
	t.mu.Lock()
	defer t.mu.Unlock()
	text := b.String()
	for _, s := range t.secrets {
		text = strings.ReplaceAll(text, s, redacted)
	}
	_, _ = io.WriteString(t.w, text) // a trace that can't be written is no reason to stop
}

func traceHeader(b *strings.Builder, mark string, h http.Header) {
	names := make([]string, 0, len(h))
	for name := range h {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		for _, v := range h[name] {
			if secretHeader(name) {
				v = redacted
			}
			fmt.Fprintf(b, "%s %s: %s\n", mark, name, v)
		}
	}
}

func traceBody(b *strings.Builder, op *operation, contentType string, body []byte) {
	if len(body) == 0 {
		return
	}
	b.WriteString(redactBody(op, contentType, body))
	b.WriteByte('\n')
}

// secretField finds secret fields in text that can't be parsed, also one that
// was cut in the middle of its value.
var secretField = regexp.MustCompile(`(?i)("[^"]*(?:token|secret|assertion|password|authorizationid|jwt)[^"]*"\s*:\s*)("(?:[^"\\]|\\.)*"?|[^\s,}\]]+)`)

// redactBody masks the secret fields of a body. A body of a secret operation
// that can't be parsed is not shown at all.
func redactBody(op *operation, contentType string, body []byte) string {
	if strings.HasPrefix(contentType, "application/x-www-form-urlencoded") {
		return redactForm(body)
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	var v any
	if dec.Decode(&v) == nil && !dec.More() {
		if out, err := json.Marshal(redactValue(v)); err == nil {
			return string(out)
		}
	}
	if op.secret {
		return fmt.Sprintf("%s %d bytes", redacted, len(body))
	}
	return secretField.ReplaceAllString(string(body), `$1"`+redacted+`"`)
}

func redactForm(body []byte) string {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return redacted
	}
	for name := range form {
		if secretName(name) {
			form.Set(name, redacted)
		}
	}
	return form.Encode()
}

func redactValue(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name, field := range v {
			switch field.(type) {
			case map[string]any, []any:
				v[name] = redactValue(field)
			default:
				if secretName(name) {
					v[name] = redacted
				}
			}
		}
	case []any:
		for i := range v {
			v[i] = redactValue(v[i])
		}
	}
	return v
}
