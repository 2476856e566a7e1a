package notify

import (
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"text/template"
)

// errInternal stands for a panic.
var errInternal = errors.New("internal error; please report it")

// Bounds of templates, in bytes.
const (
	maxTemplate = 64 << 10
	maxText     = 16 << 10
)

// place is where a template fails, as its errors name it.
var place = regexp.MustCompile(`message:[0-9:]+`)

// fill makes the text of a message by the template in a file.
func fill(path string, d *Document) (string, error) {
	t, err := parse(path)
	if err != nil {
		return "", err
	}
	var out bounded
	if err := t.Execute(&out, d); err != nil {
		// The error may show what it was filled with.
		return "", fmt.Errorf("fill template %s: it fails at %s", path, place.FindString(err.Error()))
	}
	text := strings.TrimSpace(out.String())
	if text == "" {
		return "", fmt.Errorf("fill template: %s gave an empty text", path)
	}
	return text, nil
}

func parse(path string) (*template.Template, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read template: %w", err)
	}
	defer func() { _ = f.Close() }() // nothing was written
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, errors.Join(fmt.Errorf("read template: %s is no file", path), err)
	}
	data, err := io.ReadAll(io.LimitReader(f, maxTemplate+1))
	if err == nil && len(data) > maxTemplate {
		err = fmt.Errorf("%s is longer than 64 KiB", path)
	}
	if err != nil {
		return nil, fmt.Errorf("read template: %w", err)
	}
	t, err := template.New("message").Funcs(template.FuncMap{"counts": counts, "join": strings.Join}).Parse(string(data))
	if err != nil {
		return nil, fmt.Errorf("parse template %s: %w", path, err)
	}
	return t, nil
}

// bounded takes no more than a text may have.
type bounded struct{ strings.Builder }

func (b *bounded) Write(p []byte) (int, error) {
	if b.Len()+len(p) > maxText {
		return 0, errors.New("the text is longer than 16 KiB")
	}
	return b.Builder.Write(p)
}
