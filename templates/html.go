package templates

import (
	"embed"
	"fmt"
)

//go:embed html
var html embed.FS

// HTML reads an embedded file that HTML pages are made of, by its name:
// "layout.html" (the frame of every page), "page.css" and "page.js" (how every
// page looks and what it does), and one file for each kind of page. An error
// means that there is no such file.
func HTML(name string) (string, error) {
	b, err := html.ReadFile("html/" + name)
	if err != nil {
		return "", fmt.Errorf("read embedded %s: %w", name, err)
	}
	return string(b), nil
}
