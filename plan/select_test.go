package plan

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// selected lists the changes and the rows that are deselected.
func selected(p *Plan) string {
	var b strings.Builder
	for _, c := range p.Changes {
		b.WriteString(c.Kind.String() + " " + c.ExtensionNumber() + "; ")
	}
	for _, r := range p.Rows {
		if r.Status == RowDeselected {
			b.WriteString(strconv.Itoa(r.At.Row()) + " ")
		}
	}
	return strings.TrimSpace(b.String())
}

// One update that two rows of a phone ask for is one change of a limit,
// whichever of them comes first in the sheet.
func TestLimitCountsAChangeOnce(t *testing.T) {
	t.Parallel()
	s := testAccount(false)
	dev(&s, "d1").Lines = append(dev(&s, "d1").Lines, Line{ID: "l2", Type: "Standalone", Number: "+15550301"})
	rows := []string{
		"extension=102; new_name=X", "extension=101; phone_number=+15550301; " + labText, "extension=101; phone_number=+15550101; device_id=d1; " + labText,
	}
	for range 2 {
		rows[1], rows[2] = rows[2], rows[1]
		p := buildWith(t, s, Options{Select: Selection{Limit: 2}}, rows...)
		if got, want := selected(p), "update_emergency 101; update 102;"; got != want {
			t.Errorf("rows %q: got %q, want %q", rows, got, want)
		}
	}
}

func TestSelect(t *testing.T) {
	t.Parallel()
	rows := []string{
		"extension=101; new_name=X",                                                     // 2
		"extension=102; " + labText,                                                     // 3
		"action=remove; extension=103",                                                  // 4
		"action=swap; extension=104; device_id=d4; replace_with=ext:105",                // 5
		"action=swap; extension=105; device_id=d5; replace_with=ext:104",                // 6
		"action=add; extension=110; device_name=New; area_code=650; " + newText,         // 7
		"action=stock; site=RN; quantity=2",                                             // 8
		"extension=106; device_id=d6; new_name=Phone 6",                                 // 9: nothing to do
		"action=swap; extension=120; device_id=d20; replace_with=new; new_name=Lobby 2", // 10
	}
	for _, c := range []struct {
		name string
		sel  Selection
		want string
	}{
		{"only updates", Selection{Only: []string{"update"}}, "update_emergency 102; update 101; 4 5 6 7 8 10"},
		{"only address updates", Selection{Only: []string{"update_emergency"}}, "update_emergency 102; 2 4 5 6 7 8 10"},
		{"only adds and swaps, with what they need", Selection{Only: []string{"add", "swap"}}, "create_location ; stock ; add 110; swap 104; swap 120; update 110; update 120; 2 3 4 8"},
		{"only stock", Selection{Only: []string{"stock", "remove"}}, "stock ; remove 103; 2 3 5 6 7 10"},
		{"extensions", Selection{Extensions: []string{"101-103"}}, "update_emergency 102; update 101; remove 103; 5 6 7 8 9 10"},
		{"half a swap", Selection{Extensions: []string{"101", "104"}}, "update 101; 3 4 5 6 7 8 9 10"},
		{"rows", Selection{Rows: []string{"2-3", "t.csv!5-6"}}, "swap 104; update_emergency 102; update 101; 4 7 8 9 10"},
		{"site", Selection{Site: "rn"}, "stock ; 2 3 4 5 6 7 9 10"},
		{"limit", Selection{Limit: 3}, "update_emergency 102; update 101; remove 103; 5 6 7 8 10"},
		{"limit, and what does not fit is passed by", Selection{Rows: []string{"4-10"}, Limit: 2}, "swap 104; remove 103; 2 3 7 8 10"},
		{"the first row is done whole", Selection{Only: []string{"add"}, Limit: 1}, "create_location ; add 110; update 110; 2 3 4 5 6 8 10"},
		{"both", Selection{Extensions: []string{"10*"}, Only: []string{"remove"}}, "remove 103; 2 3 5 6 7 8 10"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := buildWith(t, testAccount(true), Options{Select: c.sel}, rows...)
			if diff := cmp.Diff(c.want, selected(p)); diff != "" || len(p.Errors) > 0 {
				t.Errorf("(-want +got)\n%s\nerrors %v", diff, p.Errors)
			}
		})
	}
	p := buildWith(t, testAccount(true), Options{Select: Selection{Extensions: []string{"101", "104"}}}, rows...)
	if len(p.Warnings) != 1 || p.Warnings[0].Code != "needs_deselected" || !strings.Contains(p.Warnings[0].Message, "t.csv!6 or not at all, and that one is deselected by --extensions") {
		t.Errorf("half a swap: got warnings %v", p.Warnings)
	}
	p = buildWith(t, testAccount(true), Options{Select: Selection{Extensions: []string{"101", "2222", "10*", "100-103", "3?"}}}, rows...)
	if !slices.Equal(p.Notes, []string{"no row is of extension 2222, 3? (--extensions)"}) || len(p.Changes) == 0 {
		t.Errorf("entries that no row is of: got notes %q\n%s", p.Notes, p)
	}
	for _, c := range []struct {
		sel  Selection
		want string
	}{
		{Selection{Extensions: []string{"2222", "30*", "400-499"}}, "no row is of extension 2222, 30*, 400-499 (--extensions)"},
		{Selection{Extensions: []string{"100-199", "101"}, Rows: []string{"99"}}, "no row has number 99 (--rows)"},
		{Selection{Rows: []string{"1", "2"}}, "no row has number 1 (--rows)"},
		{Selection{Rows: []string{"other.csv!2-9"}}, "no row has number other.csv!2-9 (--rows)"},
		{Selection{Rows: []string{"2"}, Extensions: []string{"102"}}, "no row is selected by --extensions and --rows together"},
		{Selection{Extensions: []string{"abc-def"}}, `extensions "abc-def": want a number, a range (100-199) or a pattern (1*)`},
	} {
		if _, err := Build(sheetOf(t, rows...), testAccount(true), Options{Select: c.sel}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: got %v, want %s", c.sel, err, c.want)
		}
	}
	for _, bad := range []Selection{{Only: []string{"delete"}}, {Rows: []string{"9-2"}}, {Rows: []string{"x"}}, {Limit: -1}, {Extensions: []string{"9-2"}}, {Site: "Nowhere"}} {
		if _, err := Build(sheetOf(t, rows...), testAccount(true), Options{Select: bad}); err == nil {
			t.Errorf("%+v: got no error", bad)
		}
	}
}

// What guards look at is counted of the selected rows, and errors of the
// deselected ones are not the plan's, unless a selected row shares something
// with one.
func TestSelectCountsTheSelectedOnly(t *testing.T) {
	t.Parallel()
	rows := []string{"action=remove; extension=101; keep_assets=no", "action=remove; extension=102", "extension=999", "extension=106; device_id=d6; new_name=X", "extension=106; device_id=d7; phone_number=+15550106"}
	p := buildWith(t, testAccount(true), Options{Select: Selection{Rows: []string{"3"}}}, rows...)
	if len(p.Errors) > 0 || len(p.NumbersGivenUp) > 0 || len(p.LeftWithout) != 1 || p.LeftWithout[0].Extension != "102" || p.Estimate.Medium != 1 {
		t.Errorf("got errors %v, given up %v, left %v, %+v", p.Errors, p.NumbersGivenUp, p.LeftWithout, p.Estimate)
	}
	if !slices.Contains(p.Notes, "2 of the deselected rows are in error") {
		t.Errorf("got notes %q", p.Notes)
	}
	p = buildWith(t, testAccount(true), Options{Select: Selection{Rows: []string{"5"}}}, rows...)
	if len(p.Errors) != 1 || p.Errors[0].Code != "neighbour_in_error" || !p.Changes[0].Tainted {
		t.Errorf("beside a row in error: got %v\n%s", p.Errors, p)
	}
}

// A part, then the rest, is the whole: but for rows that hang together with
// rows of the other part, nothing is left, and the plan of a part is part of
// the plan of the whole.
func TestSelectedPartsMakeTheWhole(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		sc := drawScene(r)
		rows, whole := good(t, sc.rows, sc.s)
		var part, rest []string
		for i := range rows {
			n := strconv.Itoa(i + 2)
			if rapid.Bool().Draw(r, "selected") {
				part = append(part, n)
			} else {
				rest = append(rest, n)
			}
		}
		if len(part) == 0 || len(rest) == 0 {
			return
		}
		in := map[string]bool{}
		for _, c := range whole.Changes {
			in[c.ID] = true
		}
		p := buildWith(t, sc.s, Options{UnlistedOperations: true, Select: Selection{Rows: part}}, rows...)
		for _, c := range p.Changes {
			if !in[c.ID] {
				r.Fatalf("change %s is not of the whole plan\nrows:\n%s", c.ID, strings.Join(rows, "\n"))
			}
		}
		after := apply(t, sc.s, p)
		q := buildWith(t, after, Options{UnlistedOperations: true, Select: Selection{Rows: rest}}, rows...)
		after = apply(t, after, q)
		last := buildWith(t, after, Options{UnlistedOperations: true}, rows...)
		torn := map[Cell]bool{}
		for _, w := range append(p.Warnings, q.Warnings...) {
			torn[w.Cell] = torn[w.Cell] || w.Code == "needs_deselected"
		}
		for _, c := range last.Changes {
			if !slices.ContainsFunc(c.Rows, func(i int) bool { return torn[last.Rows[i].At] }) {
				r.Fatalf("rows:\n%s\npart %v\nfirst:\n%s\nsecond:\n%s\nleft:\n%s", strings.Join(rows, "\n"), part, p, q, last)
			}
		}
		if len(last.Errors) > 0 {
			r.Fatalf("rows:\n%s\npart %v\nfirst:\n%s\nsecond:\n%s\nerrors: %v", strings.Join(rows, "\n"), part, p, q, last.Errors)
		}
	})
}

// A limit is kept, also for swaps, and canary after canary does all.
func TestLimitIsKept(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		sc := drawScene(r)
		rows, _ := good(t, sc.rows, sc.s)
		limit := rapid.IntRange(1, 8).Draw(r, "limit")
		s := sc.s
		for range 3 * (len(rows) + 1) {
			p := buildWith(t, s, Options{UnlistedOperations: true, Select: Selection{Limit: limit}}, rows...)
			if len(p.Changes) == 0 {
				if left := buildWith(t, s, Options{UnlistedOperations: true}, rows...); len(left.Changes) > 0 && (left.Counts()[KindSwap] == 0 || len(left.Changes) <= limit) {
					r.Fatalf("limit %d stops with this left:\n%s", limit, left)
				}
				return
			}
			if n := len(p.Changes) - p.Counts()[KindCreateLocation] - p.Counts()[KindStock]; n > limit && len(p.Notes) == 0 {
				r.Fatalf("limit %d: got %d changes\n%s", limit, n, p)
			}
			s = apply(t, s, p)
		}
		r.Fatalf("limit %d never ends\nrows:\n%s", limit, strings.Join(rows, "\n"))
	})
}
