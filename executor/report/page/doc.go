// Package page writes HTML pages that are one file each: style and script are
// inside, nothing is fetched, and what a page may do is fixed by a
// Content-Security-Policy that names style and script by their SHA-256. A page
// opens from a mail attachment as well as from a server.
//
// # Words
//
//   - Page: what is to be written ([Page]): a title, the template of its body
//     and the data that fills it.
//   - Body: a file of package templates that defines the template "body". It is
//     put into the frame that all pages share (templates/html/layout.html).
//
// # How a list gets search, filters and sorting
//
// The script that every page has looks for elements with data-list (the noun
// of what is listed). In it are a form of class "tools", with any of
// data-search, data-filter="NAME", data-sort, data-group and data-count, and an
// element data-entries, whose children are groups of chunks (class "chunk") of
// entries (data-item). What entries are filtered, sorted and grouped by are
// their data attributes. Without the script all entries are there, and on paper
// too.
//
// What a chunk, or an element data-later in a folded list, has in <noscript> is
// one text to a browser that runs scripts, and costs nothing until the script
// makes elements of it: a page of 10,000 entries opens as one of a hundred.
//
// # What it never does
//
// It never puts a text into a page unescaped: bodies are html/template. A body
// has no style attributes and no handlers, as the policy forbids both.
package page
