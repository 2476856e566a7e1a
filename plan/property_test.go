package plan

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// scene is a random account and sheet.
type scene struct {
	s    Snapshot
	rows []string
}

// drawAccount makes an account of up to a dozen extensions with none to two
// phones of several types, named or not, at three places.
func drawAccount(t *rapid.T) Snapshot {
	s := testAccount(rapid.Bool().Draw(t, "erl"))
	s.Devices = nil
	for i := range s.Extensions {
		e := &s.Extensions[i]
		for j := range rapid.IntRange(0, 2).Draw(t, "phones") {
			d := phone(fmt.Sprintf("d%d-%d", i, j), string(e.ID), "", fmt.Sprintf("+1555%03d%02d", i, j), s.Account.ERLRegime)
			d.Type = rapid.SampledFrom([]string{TypeOtherPhone, TypeOtherPhone, TypeHardPhone, TypeWebRTC, "SoftPhone"}).Draw(t, "type")
			d.Name = rapid.SampledFrom([]string{"", "A", "B", e.Name}).Draw(t, "name")
			if rapid.Bool().Draw(t, "has serial") {
				d.Serial = fmt.Sprintf("%012x", i*10+j)
			}
			switch rapid.IntRange(0, 3).Draw(t, "place") {
			case 0:
				d.Emergency = Emergency{}
			case 1:
				d.Emergency.Address, d.Emergency.LocationID, d.Emergency.LocationName = lab, "L2", "Lab"
			}
			if !s.Account.ERLRegime {
				d.Emergency.LocationID, d.Emergency.LocationName = "", ""
			}
			s.Devices = append(s.Devices, d)
		}
	}
	for i := range rapid.IntRange(0, 6).Draw(t, "slots") {
		s.Devices = append(s.Devices, Device{ID: DeviceID(fmt.Sprintf("s%d", i)), Type: TypeOtherPhone, Site: MainSite})
	}
	return s
}

// drawRow makes one row of whatever sense.
func drawRow(t *rapid.T, s *Snapshot) string {
	e := rapid.SampledFrom(s.Extensions).Draw(t, "extension")
	var own []Device
	for _, d := range s.Devices {
		if d.Extension == e.ID {
			own = append(own, d)
		}
	}
	parts := []string{"extension=" + e.Number}
	action := rapid.SampledFrom([]string{"", "", "add", "update", "remove", "ignore"}).Draw(t, "action")
	if action != "" {
		parts = append(parts, "action="+action)
	}
	if len(own) > 0 && rapid.IntRange(0, 2).Draw(t, "keyed") > 0 {
		d := rapid.SampledFrom(own).Draw(t, "device")
		parts = append(parts, rapid.SampledFrom([]string{"device_id=" + string(d.ID), "serial=" + d.Serial, "phone_number=" + d.Lines[0].Number, "device_name=" + d.Name}).Draw(t, "key"))
	}
	optional := []string{"new_name=N", "device_name=A", "device_name=C", "phone_number=+15550201", "common_phone=yes", "common_phone=no", "area_code=650", "area_code=415", "customer_name=ACME", "serial=0000aa000001", "new_serial=0000aa000002", "new_model=VVX", "model=VVX", "keep_assets=number", "keep_assets=no", "replace_with=inventory", "replace_with=id:s0"}
	for range rapid.IntRange(0, 3).Draw(t, "options") {
		parts = append(parts, rapid.SampledFrom(optional).Draw(t, "option"))
	}
	parts = append(parts, rapid.SampledFrom([]string{"", hqText, labText, newText, "emergency_location=HQ", "emergency_location=Lab; " + labText, "emergency_location=New; " + newText}).Draw(t, "emergency"))
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" || strings.HasSuffix(p, "=") }), "; ")
}

// drawSwaps makes rows that permute the phones of some extensions, and tells
// the number of calls that this needs at least.
func drawSwaps(t *rapid.T, s *Snapshot) (rows []string, calls int) {
	single := map[ExtensionID][]Device{}
	for _, d := range s.Devices {
		if d.Extension != "" {
			single[d.Extension] = append(single[d.Extension], d)
		}
	}
	var exts []Extension
	var phones []DeviceID
	for _, e := range s.Extensions {
		if ds := single[e.ID]; len(ds) == 1 && swappable(ds[0].Type) && (e.Type == "User" || e.Type == "Limited") && e.Status == "Enabled" && rapid.Bool().Draw(t, "takes part") {
			exts, phones = append(exts, e), append(phones, ds[0].ID)
		}
	}
	if len(exts) == 0 {
		return nil, 0
	}
	to := rapid.Permutation(indexes(len(exts))).Draw(t, "permutation")
	seen := make([]bool, len(to))
	for i := range to {
		n := 0
		for j := i; !seen[j]; j = to[j] {
			seen[j] = true
			n++
		}
		if n > 0 {
			calls += n - 1
		}
	}
	for i, e := range exts {
		target := "id:" + string(phones[to[i]])
		if rapid.Bool().Draw(t, "by extension") {
			target = "ext:" + exts[to[i]].Number
		}
		em := rapid.SampledFrom([]string{"keep", "HQ; " + hqText, "Lab; " + labText}).Draw(t, "place")
		rows = append(rows, "action=swap; extension="+e.Number+"; device_id="+string(phones[i])+"; replace_with="+target+"; emergency_location="+em)
	}
	return rows, calls
}

func indexes(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

func drawScene(t *rapid.T) scene {
	sc := scene{s: drawAccount(t)}
	sc.rows, _ = drawSwaps(t, &sc.s)
	for range rapid.IntRange(0, 12).Draw(t, "rows") {
		sc.rows = append(sc.rows, drawRow(t, &sc.s))
	}
	for range rapid.IntRange(0, 2).Draw(t, "stock") {
		sc.rows = append(sc.rows, rapid.SampledFrom([]string{"action=stock; site=main-site; quantity=4", "action=stock; site=RN; quantity=2", "action=unstock; device_id=s1", "action=unstock; device_id=s2"}).Draw(t, "stock row"))
	}
	return sc
}

func build(t testing.TB, d Desired, s Snapshot) *Plan {
	t.Helper()
	p, err := Build(d, s, Options{Now: testTime, Program: "test", UnlistedOperations: true})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// good drops rows in error until none is left.
func good(t testing.TB, rows []string, s Snapshot) ([]string, *Plan) {
	t.Helper()
	for {
		p := build(t, sheetOf(t, rows...), s)
		if len(p.Errors) == 0 {
			return rows, p
		}
		var left []string
		for i, r := range p.Rows {
			if r.Status != RowInvalid {
				left = append(left, rows[i])
			}
		}
		if len(left) == len(rows) {
			t.Fatalf("errors without a row in error: %v", p.Errors)
		}
		rows = left
	}
}

// A sheet that was applied plans to nothing.
func TestAppliedPlansToNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		sc := drawScene(r)
		rows, p := good(t, sc.rows, sc.s)
		after := apply(t, sc.s, p)
		again := build(t, sheetOf(t, rows...), after)
		if len(again.Changes) > 0 || len(again.Errors) > 0 {
			r.Fatalf("rows:\n%s\nfirst plan:\n%s\nsecond plan:\n%s\nerrors: %v", strings.Join(rows, "\n"), p, again, again.Errors)
		}
	})
}

// The order of rows and of the snapshot's lists changes no change, and the
// same input gives the same bytes.
func TestOrderDoesNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		sc := drawScene(r)
		d := sheetOf(t, sc.rows...)
		p := build(t, d, sc.s)
		first, err := Encode(p)
		if err != nil {
			r.Fatal(err)
		}
		second, err := Encode(build(t, d, sc.s))
		if err != nil {
			r.Fatal(err)
		}
		if !bytes.Equal(first, second) {
			r.Fatalf("same input, other bytes:\n%s", cmp.Diff(string(first), string(second)))
		}
		shuffled := d
		shuffled.Rows = rapid.Permutation(d.Rows).Draw(r, "order")
		q := build(t, shuffled, sc.s)
		if diff := cmp.Diff(bare(p.Changes), bare(q.Changes), cmpopts.IgnoreUnexported(UpdateDevice{})); diff != "" {
			r.Fatalf("rows:\n%s\nother order, other changes:\n%s", strings.Join(sc.rows, "\n"), diff)
		}
		if diff := cmp.Diff(codes(p.Errors), codes(q.Errors)); diff != "" {
			r.Fatalf("rows:\n%s\nother order, other errors:\n%s", strings.Join(sc.rows, "\n"), diff)
		}
	})
}

// codes lists the codes of problems. Which one of rows that say the same is in
// error may depend on their order.
func codes(ps []Problem) []string {
	var out []string
	for _, p := range ps {
		out = append(out, p.Code)
	}
	slices.Sort(out)
	return out
}

// bare leaves out of changes where in the sheet they come from, and says in full
// what they were before.
func bare(cs []Change) []Change {
	out := slices.Clone(cs)
	for i := range out {
		out[i].Rows, out[i].Cells, out[i].Was = nil, Cells{}, out[i].Before()
	}
	return out
}

// Nothing but the phones of named extensions, named devices and free slots is
// touched.
func TestNothingElseIsTouched(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		sc := drawScene(r)
		rows, p := good(t, sc.rows, sc.s)
		after := apply(t, sc.s, p)
		text := strings.Join(rows, ";") + ";"
		for _, was := range sc.s.Devices {
			claimed := strings.HasPrefix(string(was.ID), "s") || strings.Contains(text, string(was.ID))
			for _, e := range sc.s.Extensions {
				claimed = claimed || e.ID == was.Extension && handled(was.Type) && strings.Contains(text, "extension="+e.Number+";")
			}
			if claimed {
				continue
			}
			if diff := cmp.Diff(&was, dev(&after, was.ID)); diff != "" {
				r.Fatalf("rows:\n%s\nplan:\n%s\ndevice %s was touched:\n%s", strings.Join(rows, "\n"), p, was.ID, diff)
			}
		}
		for _, u := range p.Unmanaged {
			if diff := cmp.Diff(dev(&sc.s, u.Device), dev(&after, u.Device)); diff != "" {
				r.Fatalf("unmanaged device %s was touched:\n%s", u.Device, diff)
			}
		}
	})
}

// A permutation of n phones in c cycles takes n - c calls, also when it was
// left half done.
func TestSwapsAreFewest(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		s := drawAccount(r)
		rows, calls := drawSwaps(r, &s)
		d := sheetOf(t, rows...)
		p := build(t, d, s)
		if got := p.Counts()[KindSwap]; got != calls || len(p.Errors) > 0 {
			r.Fatalf("rows:\n%s\ngot %d swaps, want %d; errors %v\n%s", strings.Join(rows, "\n"), got, calls, p.Errors, p)
		}
		half, made := applySome(t, s, p, rapid.IntRange(0, calls).Draw(r, "made"))
		again := build(t, d, half)
		if got := again.Counts()[KindSwap]; got != calls-made || len(again.Errors) > 0 {
			r.Fatalf("after %d of %d swaps: got %d more, want %d; errors %v\n%s\nfirst plan:\n%s", made, calls, got, calls-made, again.Errors, again, p)
		}
		againIsEmpty(t, d, half, again, Options{Now: testTime, UnlistedOperations: true})
	})
}

// applySome makes the first swaps only, in the order of their dependencies.
func applySome(t testing.TB, s Snapshot, p *Plan, n int) (Snapshot, int) {
	t.Helper()
	m := &model{t: t, s: cloneSnapshot(s), made: map[string][]DeviceID{}, erls: map[string]LocationID{}}
	done := map[string]bool{}
	made := 0
	for again := true; again; {
		again = false
		for i := range p.Changes {
			c := &p.Changes[i]
			if made < n && c.Kind == KindSwap && !done[c.ID] && all(done, c.DependsOn()) {
				m.change(c)
				done[c.ID], again = true, true
				made++
			}
		}
	}
	return m.s, made
}
