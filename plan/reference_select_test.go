package plan_test

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"provision/plan"
)

// hanging is a set of rows that are done together or not at all, in the order
// of the sheets.
type hanging struct {
	rows  []*refRow
	steps map[string]bool // what they come to, each step once
}

// selectRows deselects rows. All were compared before: a part does what it
// would do within the whole. It reports whether the selection means anything.
func (f *reference) selectRows() bool {
	sel := f.o.Select
	if sel.IsZero() {
		return true
	}
	fits := map[string]int{}
	left := 0
	for i, r := range f.rows {
		r.off = f.flag(r, i, fits)
		if r.off == "" {
			left++
		}
	}
	for _, need := range f.needed() {
		if fits[need] == 0 {
			return false
		}
	}
	if left == 0 && len(f.rows) > 0 && len(f.needed()) > 0 {
		return false
	}
	room, done := sel.Limit, false
	var tooLarge []*hanging
	for _, h := range f.hangTogether() {
		out := slices.ContainsFunc(h.rows, func(r *refRow) bool { return r.off != "" || !f.wanted(r) })
		if !out && sel.Limit > 0 && len(h.steps) > room {
			out = true
			tooLarge = append(tooLarge, h)
		} else if !out {
			room -= len(h.steps)
			done = true
		}
		if out {
			for _, r := range h.rows {
				r.off = "hangs together"
			}
		}
	}
	// A canary that is smaller than the first row is that row.
	for _, h := range tooLarge {
		if !done && len(h.rows) == 1 {
			h.rows[0].off, done = "", true
		}
	}
	return true
}

// needed are the parts of a selection that some row must fit, each with a
// letter for its flag. Of a list of extensions one must.
func (f *reference) needed() []string {
	var out []string
	if len(f.o.Select.Extensions) > 0 {
		out = append(out, "extension")
	}
	for _, r := range f.o.Select.Rows {
		out = append(out, "rows "+r)
	}
	if f.o.Select.Site != "" {
		out = append(out, "site")
	}
	return out
}

// flag is why a row is deselected by what it is; empty: it is not. It counts
// what fits.
func (f *reference) flag(r *refRow, i int, fits map[string]int) string {
	sel, off := f.o.Select, ""
	number := r.Extension.Text
	if r.ext != nil {
		number = r.ext.Number
	}
	if len(sel.Extensions) > 0 {
		if slices.ContainsFunc(sel.Extensions, func(e string) bool { return listed(e, number) }) {
			fits["extension"]++
		} else {
			off = "--extensions"
		}
	}
	inRows := false
	for _, text := range sel.Rows {
		file, span, ok := strings.Cut(text, "!")
		if !ok {
			file, span = r.At.File(), text
		}
		low, high, ok := strings.Cut(span, "-")
		if !ok {
			high = low
		}
		from, _ := strconv.Atoi(low)
		to, _ := strconv.Atoi(high)
		if file == r.At.File() && from <= i+2 && i+2 <= to {
			fits["rows "+text]++
			inRows = true
		}
	}
	if len(sel.Rows) > 0 && !inRows {
		off = "--rows"
	}
	if sel.Site != "" {
		site := plan.SiteID("")
		switch {
		case r.ext != nil:
			site = r.ext.Site
		case r.Action == plan.ActionStock:
			site = f.siteCalled(r.Site.Text)
		case r.Action == plan.ActionUnstock && r.dev != nil:
			site = r.dev.Site
		}
		if site == f.siteCalled(sel.Site) {
			fits["site"]++
		} else {
			off = "--site"
		}
	}
	return off
}

// listed reports whether a number is an entry of a list: itself, in a range, or
// of a pattern.
func listed(entry, number string) bool {
	low, high, isRange := strings.Cut(entry, "-")
	if !isRange {
		ok, _ := path.Match(entry, number)
		return ok && number != ""
	}
	from, _ := strconv.Atoi(low)
	to, _ := strconv.Atoi(high)
	n, err := strconv.Atoi(number)
	return err == nil && len(number) == len(low) && from <= n && n <= to
}

// stepsOf are the steps of one row; none: there is nothing to do.
func (f *reference) stepsOf(r *refRow) map[string]bool {
	steps := map[string]bool{}
	me := r.At.String() + string(r.Action) + r.Extension.Text
	if r.does == "add" || r.does == "remove" || r.does == "unstock" || r.does == "stocked" {
		steps[r.does+me] = true
	}
	if r.does == "remove" && r.KeepAssets == plan.KeepNumber || r.exchange && r.placeholder {
		steps["unstock"+me] = true
	}
	if r.exchange {
		steps["swap"+me] = true
	}
	puts := map[string]map[string]string{}
	if r.does == "add" || r.does == "keep" {
		f.put(r, puts)
	}
	for phone := range puts {
		steps["put"+phone] = true
	}
	if serial, model := f.sets(r); serial != "" || model != "" {
		steps["set"+f.phoneOf(r)] = true
	}
	return steps
}

// hangTogether splits the rows that have something to do: the rows of a swap,
// the adds of one extension (and the removals of all its phones, which wait for
// them), and the rows of one phone.
func (f *reference) hangTogether() []*hanging {
	var rows []*refRow
	f.each(func(r *refRow) {
		if len(f.stepsOf(r)) > 0 {
			rows = append(rows, r)
		}
	})
	var out []*hanging
	placed := map[*refRow]bool{}
	for _, first := range rows {
		if placed[first] {
			continue
		}
		placed[first] = true
		in := []*refRow{first}
		for i := 0; i < len(in); i++ {
			for _, o := range rows {
				if !placed[o] && (f.together(in[i], o) || f.together(o, in[i])) {
					placed[o] = true
					in = append(in, o)
				}
			}
		}
		h := &hanging{rows: in, steps: map[string]bool{}}
		for _, r := range in {
			for s := range f.stepsOf(r) {
				h.steps[s] = true
			}
		}
		if f.isRing(first) {
			delete(h.steps, "swap"+first.At.String()+string(first.Action)+first.Extension.Text)
		}
		out = append(out, h)
	}
	return out
}

func (f *reference) together(a, b *refRow) bool {
	switch {
	case a.exchange && b.exchange && a.target != nil && a.target == b.dev:
		return true
	case a.ext == nil || a.ext != b.ext:
		return false
	case a.does == "add" && b.does == "add":
		return true
	case a.does == "add" && b.does == "remove":
		removed := 0
		for _, o := range f.of(a.ext) {
			if o.does == "remove" {
				removed++
			}
		}
		return removed == len(f.phones(a.ext))
	case a.does == "keep" && b.does == "keep" && a.dev == b.dev:
		steps := f.stepsOf(b)
		for s := range f.stepsOf(a) {
			if steps[s] {
				return true
			}
		}
	}
	return false
}

// isRing reports whether the row's phone comes back to it by way of others.
func (f *reference) isRing(r *refRow) bool {
	at := r
	for range f.rows {
		var next *refRow
		for _, o := range f.rows {
			if at.exchange && at.target != nil && o.exchange && o.dev == at.target && o.bad == "" {
				next = o
			}
		}
		if next == nil || next == r {
			return next == r
		}
		at = next
	}
	return false
}

// wanted reports whether --only takes the row in: a row's kind is its action,
// or what it comes to.
func (f *reference) wanted(r *refRow) bool {
	only := f.o.Select.Only
	kind := string(r.Action)
	if r.Action == plan.ActionEnsure {
		switch {
		case r.does == "add", r.exchange && r.placeholder:
			kind = "add"
		case r.trades:
			kind = "swap"
		default:
			kind = "update"
		}
	}
	if len(only) == 0 || slices.Contains(only, kind) {
		return true
	}
	if kind != "update" || !slices.Contains(only, "update_emergency") {
		return false
	}
	for s := range f.stepsOf(r) {
		if !strings.HasPrefix(s, "put") {
			return false
		}
	}
	// The call of a phone that has several rows does what all of them say.
	puts := map[string]map[string]string{}
	f.each(func(o *refRow) {
		if o.ext == r.ext && (o.does == "add" || o.does == "keep") {
			f.put(o, puts)
		}
	})
	mine := map[string]map[string]string{}
	f.put(r, mine)
	for phone := range mine {
		if puts[phone]["name"] != "" || puts[phone]["common"] != "" {
			return false
		}
	}
	return true
}
