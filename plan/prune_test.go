package plan

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestPruneListedExtensions(t *testing.T) {
	t.Parallel()
	s := testAccount(true)
	soft := phone("d60", "1006", "Soft", "+15550160", true)
	soft.Type = "SoftPhone"
	shared := phone("d61", "1006", "Shared", "+15550161", true)
	shared.LinePooling = "Host"
	hot := phone("d62", "1006", "Hot", "+15550162", true)
	hot.HotDesk = true
	s.Devices = append(s.Devices, soft, shared, hot)
	p := buildWith(t, s, Options{Prune: PruneListed}, "extension=106; device_id=d6; new_name=X", "extension=101; action=ignore; device_id=d1")
	want := `update 106 d6 name="X"
remove 106 d7
unmanaged 106 d61
unmanaged 106 d62
`
	if diff := cmp.Diff(want, onlyLines(p.String(), "update", "remove", "unmanaged")); diff != "" {
		t.Errorf("(-want +got)\n%s\n%s", diff, p)
	}
	if diff := cmp.Diff([]string{
		"not pruned: phone d61 (Shared, +15550161) of 106: it is shared or a hot-desk phone", "not pruned: phone d62 (Hot, +15550162) of 106: it is shared or a hot-desk phone",
	}, p.Notes); diff != "" {
		t.Errorf("notes (-want +got)\n%s", diff)
	}
	c := p.Changes[len(p.Changes)-1]
	if c.Reason != "no row mentions it; --prune=listed-extensions" || !c.Remove().KeepAssets || len(c.Rows) != 0 || c.ExtensionNumber() != "106" || c.Before().Number != "+15550107" {
		t.Errorf("got %+v", c)
	}
}

// onlyLines keeps the lines that begin with one of the words, and of a change
// its head only.
func onlyLines(text string, words ...string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(line, w) }) {
			b.WriteString(line)
		}
	}
	return b.String()
}

func TestPruneSite(t *testing.T) {
	t.Parallel()
	s := testAccount(true)
	s.Devices = append(s.Devices, phone("d30", "1023", "Reno phone", "+15550130", true), Device{ID: "s9", Type: TypeOtherPhone, Site: "7"})
	p := buildWith(t, s, Options{Prune: "site:reno"}, "extension=106; device_id=d6; new_name=X")
	if got := onlyLines(p.String(), "remove", "unmanaged", "left"); got != "remove 123 d30\nunmanaged 106 d7\nleft without phone 123\n" {
		t.Errorf("got\n%s", got)
	}
	if _, err := Build(sheetOf(t, "extension=101"), s, Options{Prune: "site:Nowhere"}); err == nil {
		t.Error("an unknown site: got no error")
	}
	if _, err := Build(sheetOf(t, "extension=101"), s, Options{Prune: "all"}); err == nil {
		t.Error("an unknown scope: got no error")
	}
	s.DevicesComplete = false
	for _, e := range s.Extensions {
		s.Listed = append(s.Listed, e.ID)
	}
	if p := buildWith(t, s, Options{Prune: "site:7"}, "extension=106; device_id=d6; new_name=X"); len(p.Errors) != 1 || p.Errors[0].Code != "prune_refused" || p.Counts()[KindRemove] > 0 {
		t.Errorf("without the account's list: got %v\n%s", p.Errors, p)
	}
}

// While a row is in error or was left out, nothing is pruned; what is pruned
// counts for the guards.
func TestPruneIsRefused(t *testing.T) {
	t.Parallel()
	for _, rows := range [][]string{
		{"extension=106; device_id=d6; new_name=X", "extension=999"},
		{"extension=106; device_id=d6; new_name=X", "action=unstock; device_id=d1"},
	} {
		p := buildWith(t, testAccount(true), Options{Prune: PruneListed}, rows...)
		if p.Counts()[KindRemove] > 0 || !slices.Contains(codes(p.Errors), "prune_refused") {
			t.Errorf("rows %q: got %v\n%s", rows, p.Errors, p)
		}
	}
	ignored := buildWith(t, testAccount(true), Options{Prune: PruneListed}, "action=ignore; extension=106")
	if len(ignored.Changes) > 0 || len(ignored.Errors) > 0 {
		t.Errorf("an ignored extension: got %v\n%s", ignored.Errors, ignored)
	}
	// An ignore row spares what it names, wherever that is.
	far := buildWith(t, testAccount(true), Options{Prune: "site:main-site"}, "action=ignore; extension=110; phone_number=+15550101")
	for _, c := range far.Changes {
		if c.Remove() != nil && c.Remove().Device == "d1" {
			t.Errorf("a phone that an ignore row names by its number is pruned:\n%s", far)
		}
	}
	later := buildWith(t, testAccount(true), Options{Prune: PruneListed, DeferMissing: true}, "extension=106; device_id=d6; new_name=X", "extension=999")
	if later.Counts()[KindRemove] > 0 || !slices.Contains(codes(later.Errors), "prune_refused") {
		t.Errorf("a deferred row: got %v\n%s", later.Errors, later)
	}
	d := sheetOf(t, "extension=106; device_id=d6; new_name=X")
	d.HiddenSkipped = 2
	p, err := Build(d, testAccount(true), Options{Prune: PruneListed})
	if err != nil || p.Counts()[KindRemove] > 0 || len(p.Errors) != 1 {
		t.Errorf("hidden rows: got %v, %v\n%s", err, p.Errors, p)
	}
	p = buildWith(t, testAccount(true), Options{Prune: "site:main-site"}, "extension=106; device_id=d6; new_name=X")
	var guards []string
	for _, b := range p.CheckGuards(Guards{}) {
		guards = append(guards, b.Guard)
	}
	if diff := cmp.Diff([]string{"max-removals", "leave-without-phone"}, guards); diff != "" {
		t.Errorf("guards (-want +got)\n%s", diff)
	}
}

// Pruning takes off exactly the phones of the scope that no row claims, each
// once, never one that is shared, protected, unassigned or of a type that rows
// do not match; applied, it plans to nothing.
func TestPruneIsExact(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		sc := drawScene(r)
		for i := range sc.s.Devices {
			if sc.s.Devices[i].Extension != "" && rapid.IntRange(0, 9).Draw(r, "shared") == 0 {
				sc.s.Devices[i].HotDesk = true
			}
		}
		rows, plain := good(t, sc.rows, sc.s)
		o := Options{UnlistedOperations: true, Prune: rapid.SampledFrom([]string{PruneListed, "site:main-site"}).Draw(r, "scope"), ProtectExtensions: []string{"121"}}
		p := buildWith(t, sc.s, o, rows...)
		if len(p.Errors) > 0 {
			r.Fatalf("errors: %v", p.Errors)
		}
		pruned := map[DeviceID]int{}
		for _, c := range p.Changes {
			if c.Remove() != nil && len(c.Rows) == 0 {
				pruned[c.Remove().Device]++
			}
		}
		for _, u := range plain.Unmanaged {
			d := dev(&sc.s, u.Device)
			e := p.extensionOf(&sc.s, d)
			named := strings.Contains(strings.Join(rows, ";")+";", "id="+string(d.ID)+";")
			want := 0
			if !special(d) && len(d.Lines) == 1 && e.Number != "121" && e.Number != "122" && (o.Prune == PruneListed || e.Site == MainSite) && !named {
				want = 1
			}
			if pruned[d.ID] != want && d.Serial == "" {
				r.Fatalf("phone %s of %s: pruned %d times, want %d\nrows:\n%s\n%s", d.ID, e.Number, pruned[d.ID], want, strings.Join(rows, "\n"), p)
			}
			delete(pruned, d.ID)
		}
		for id := range pruned {
			d := dev(&sc.s, id)
			if e := p.extensionOf(&sc.s, d); o.Prune == PruneListed || e.Site != MainSite || !handled(d.Type) || special(d) {
				r.Fatalf("phone %s, which is out of the scope, is pruned\nrows:\n%s\n%s", id, strings.Join(rows, "\n"), p)
			}
		}
		after := apply(t, sc.s, p)
		again := buildWith(t, after, o, rows...)
		if len(again.Changes) > 0 || len(again.Errors) > 0 {
			r.Fatalf("rows:\n%s\nfirst:\n%s\nagain:\n%s%v", strings.Join(rows, "\n"), p, again, again.Errors)
		}
	})
}

func (p *Plan) extensionOf(s *Snapshot, d *Device) *Extension {
	for i := range s.Extensions {
		if s.Extensions[i].ID == d.Extension {
			return &s.Extensions[i]
		}
	}
	return &Extension{}
}

// The phone that a swap brought from the inventory is named by no row: the next
// pruning leaves it, also beside a phone that stays for another reason.
func TestPruneLeavesWhatASwapBrought(t *testing.T) {
	t.Parallel()
	for _, with := range []string{"inventory", "new"} {
		s := testAccount(true)
		dev(&s, "d7").Lines = append(dev(&s, "d7").Lines, Line{ID: "second", Type: "Standalone", Number: "+15550177"})
		rows := "action=swap; extension=106; device_id=d6; replace_with=" + with
		o := Options{Prune: PruneListed}
		p := buildWith(t, s, o, rows)
		again := buildWith(t, apply(t, s, p), o, rows)
		if len(p.Errors) > 0 || p.Counts()[KindSwap] != 1 || len(again.Errors) > 0 || len(again.Changes) > 0 {
			t.Errorf("%s: got\n%s\nthen %v\n%s", with, p, again.Errors, again)
		}
	}
}
