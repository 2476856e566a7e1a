package page

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"strconv"

	"provision/templates"
)

// Page is a page to be written.
type Page struct {
	Title string // of the window
	// Body names a file of package templates, such as "plan.html".
	Body string
	Data any // what the body is filled with
	// Funcs are what the body calls beside the functions that every body has:
	// "n" renders a number with thousands.
	Funcs template.FuncMap
}

// frame is what the shared layout is filled with.
type frame struct {
	Title, Policy string
	Style         template.CSS
	Script        template.JS
	Data          any
}

// Write writes the page. The same page gives the same bytes.
func Write(w io.Writer, p Page) error {
	body, err := templates.HTML(p.Body)
	if err == nil {
		err = write(w, p, body)
	}
	if err != nil {
		return fmt.Errorf("write page %q: %w", p.Title, err)
	}
	return nil
}

func write(w io.Writer, p Page, body string) error {
	layout, err := templates.HTML("layout.html")
	if err != nil {
		return err
	}
	style, err := templates.HTML("page.css")
	if err != nil {
		return err
	}
	script, err := templates.HTML("page.js")
	if err != nil {
		return err
	}
	t := template.New("page").Funcs(template.FuncMap{"n": thousands}).Funcs(p.Funcs)
	for _, text := range []string{layout, body} {
		if t, err = t.Parse(text); err != nil {
			return err
		}
	}
	return t.ExecuteTemplate(w, "layout", frame{
		Title: p.Title, Policy: policy(style, script), Data: p.Data,
		Style:  template.CSS(style), //nolint:gosec // an embedded file of ours, not data
		Script: template.JS(script), //nolint:gosec // an embedded file of ours, not data
	})
}

// policy allows the page its own style and script and nothing else: no
// network, no frames, no forms. The empty icon keeps browsers from asking a
// server for one.
func policy(style, script string) string {
	return "default-src 'none'; style-src '" + digest(style) + "'; script-src '" + digest(script) +
		"'; img-src data:; base-uri 'none'; form-action 'none'"
}

// digest is the hash by which a policy names a text.
func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// thousands renders a number with a comma at every third digit.
func thousands(n int) string {
	t := strconv.Itoa(n)
	for i := len(t) - 3; i > 0 && t[i-1] != '-'; i -= 3 {
		t = t[:i] + "," + t[i:]
	}
	return t
}
