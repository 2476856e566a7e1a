package plan

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func buildWith(t testing.TB, s Snapshot, o Options, rows ...string) *Plan {
	t.Helper()
	o.Now, o.Program = testTime, "test"
	p, err := Build(sheetOf(t, rows...), s, o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestProtectedObjects(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name       string
		exts, devs string
		rows       []string
		want       []string // rows in error, and notes
	}{
		{"a change on a protected extension", "100-103", "", []string{"extension=101; new_name=X", "extension=104; new_name=X"}, []string{"t.csv!2 extension 101 is protected (--protect-extensions 100-103): the row may not change it"}},
		{"nothing to change", "101", "", []string{"extension=101; new_name=Phone 1"}, nil},
		{"by person", "user 1", "", []string{"extension=101; action=remove"}, []string{"t.csv!2 extension 101 is protected (--protect-extensions user 1): the row may not change it"}},
		{"an add", "11?", "", []string{"extension=110; area_code=650; emergency_location=HQ"}, []string{"t.csv!2 extension 110 is protected (--protect-extensions 11?): the row may not change it"}},
		{"a device by id", "", "d1", []string{"extension=101; new_name=X"}, []string{"t.csv!2 device d1 (Phone 1, +15550101) is protected (--protect-devices d1): the row may not change it"}},
		{"by serial", "", "00:00:00:00:00:01", []string{"extension=101; new_name=X"}, []string{"t.csv!2 device d1 (Phone 1, +15550101) is protected (--protect-devices 00:00:00:00:00:01): the row may not change it"}},
		{"by name, and the other row goes on", "", "phone 7", []string{"extension=106; device_id=d7; action=remove", "extension=106; new_name=X"}, []string{"t.csv!2 device d7 (Phone 7, +15550107) is protected (--protect-devices phone 7): the row may not change it"}},
		{"a swap's other side", "102", "", []string{"action=swap; extension=101; device_id=d1; replace_with=id:d2", "action=swap; extension=102; device_id=d2; replace_with=id:d1"}, []string{
			"t.csv!2 extension 102 is protected (--protect-extensions 102): the row may not change it", "t.csv!3 extension 102 is protected (--protect-extensions 102): the row may not change it",
		}},
		{"the deletion of a slot", "", "s*", []string{"action=unstock; device_id=s1"}, []string{"t.csv!2 device s1 is protected (--protect-devices s*): the row may not change it"}},
		{"a list that protects nothing", "9999", "Lobby fone", []string{"extension=101; new_name=X"}, []string{
			"--protect-devices Lobby fone protects nothing: nothing that was read is called so", "--protect-extensions 9999 protects nothing: nothing that was read is called so",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var o Options
			if c.exts != "" {
				o.ProtectExtensions = []string{c.exts}
			}
			if c.devs != "" {
				o.ProtectDevices = []string{c.devs}
			}
			p := buildWith(t, testAccount(true), o, c.rows...)
			var got []string
			for _, e := range p.Errors {
				got = append(got, e.Cell.String()+" "+e.Message)
			}
			if diff := cmp.Diff(c.want, append(got, p.Notes...)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// The serial of a protected phone is not written.
func TestProtectedSerial(t *testing.T) {
	t.Parallel()
	p := buildWith(t, testAccount(true), Options{ProtectDevices: []string{"d1"}, UnlistedOperations: true}, "extension=101; device_id=d1; new_serial=aabbccddee01")
	if len(p.Errors) != 1 || p.Errors[0].Code != codeProtected || len(p.Changes) > 0 {
		t.Errorf("got %v\n%s", p.Errors, p)
	}
	free := buildWith(t, testAccount(true), Options{UnlistedOperations: true}, "extension=101; device_id=d1; new_serial=aabbccddee01")
	if found, err := free.CheckProtected(nil, []string{"d1"}); err != nil || len(found) != len(free.Changes) || len(found) == 0 {
		t.Errorf("afterwards: got %v, %v\n%s", found, err, free)
	}
}

// A free slot that is protected is not taken from the inventory.
func TestProtectedSlotIsNotTaken(t *testing.T) {
	t.Parallel()
	p := buildWith(t, testAccount(true), Options{ProtectDevices: []string{"s1", "s2"}}, "action=swap; extension=101; device_id=d1; replace_with=inventory")
	if len(p.Errors) > 0 || len(p.Changes) != 1 || p.Changes[0].Swap().Target.ID != "s3" {
		t.Errorf("got %s", p)
	}
}

// Whatever is protected shows the same after any plan, and CheckProtected
// finds in the plan that was made without the lists what Build refuses.
func TestProtectedStaysAsItIs(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		sc := drawScene(r)
		var o Options
		for range rapid.IntRange(1, 3).Draw(r, "entries") {
			o.ProtectExtensions = append(o.ProtectExtensions, rapid.SampledFrom([]string{"101", "102-104", "12?", "User 5"}).Draw(r, "extension"))
			o.ProtectDevices = append(o.ProtectDevices, rapid.SampledFrom([]string{"d0-*", "s0", "A", "d5-1"}).Draw(r, "device"))
		}
		p := buildWith(t, sc.s, o, sc.rows...)
		free, err := newProtection(&o, newIndex(&sc.s))
		if err != nil {
			r.Fatal(err)
		}
		for i := range p.Changes {
			if why := free.change(&p.Changes[i]); why != "" {
				r.Fatalf("change %s: %s\nrows:\n%s", p.Changes[i].ID, why, strings.Join(sc.rows, "\n"))
			}
		}
		again, err := p.CheckProtected(o.ProtectExtensions, o.ProtectDevices)
		if err != nil || len(again) > 0 {
			r.Fatalf("of the plan itself: got %v, %v", again, err)
		}
	})
}
