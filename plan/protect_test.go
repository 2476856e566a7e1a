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
		{"by serial, with spaces", "", "00 00 00 00 00 01", []string{"extension=101; new_name=X"}, []string{"t.csv!2 device d1 (Phone 1, +15550101) is protected (--protect-devices 00 00 00 00 00 01): the row may not change it"}},
		{"by serial", "", "00:00:00:00:00:01", []string{"extension=101; new_name=X"}, []string{"t.csv!2 device d1 (Phone 1, +15550101) is protected (--protect-devices 00:00:00:00:00:01): the row may not change it"}},
		{"by name, and the other row goes on", "", "phone 7", []string{"extension=106; device_id=d7; action=remove", "extension=106; new_name=X"}, []string{"t.csv!2 device d7 (Phone 7, +15550107) is protected (--protect-devices phone 7): the row may not change it"}},
		{"a swap's other side", "102", "", []string{"action=swap; extension=101; device_id=d1; replace_with=id:d2", "action=swap; extension=102; device_id=d2; replace_with=id:d1"}, []string{
			"t.csv!2 extension 102 is protected (--protect-extensions 102): the row may not change it", "t.csv!3 extension 102 is protected (--protect-extensions 102): the row may not change it",
		}},
		{"a swap's phone", "", "d1", []string{"action=swap; extension=101; device_id=d1; replace_with=id:h1"}, []string{"t.csv!2 device d1 (Phone 1, +15550101) is protected (--protect-devices d1): the row may not change it"}},
		{"the phone that a swap brings", "", "Spare", []string{"action=swap; extension=101; device_id=d1; replace_with=id:h1"}, []string{"t.csv!2 device h1 (Spare, aabbccddeeff) is protected (--protect-devices Spare): the row may not change it"}},
		{"a swap's other phone", "", "Phone 2", []string{"action=swap; extension=101; device_id=d1; replace_with=id:d2", "action=swap; extension=102; device_id=d2; replace_with=id:d1"}, []string{
			"t.csv!2 device d2 (Phone 2, +15550102) is protected (--protect-devices Phone 2): the row may not change it", "t.csv!3 device d2 (Phone 2, +15550102) is protected (--protect-devices Phone 2): the row may not change it",
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

// Lists that are given when a plan is applied are held against all that the
// plan tells of its phones and extensions, also of a swap's other side.
func TestCheckProtectedKnowsWhatThePlanTells(t *testing.T) {
	t.Parallel()
	swap := []string{"action=swap; extension=101; device_id=d1; replace_with=id:d2", "action=swap; extension=102; device_id=d2; replace_with=id:d1"}
	for _, c := range []struct {
		name, exts, devs string
		rows             []string
	}{
		{"a swap's phone by name", "", "Phone 1", swap},
		{"a swap's other phone by name", "", "phone 2", swap},
		{"a swap's other phone by serial", "", "00:00:00:00:00:02", swap},
		{"a swap's other phone by pattern", "", "*02", swap},
		{"a swap's other extension by number", "102", "", swap},
		{"a swap's other extension by range", "102-109", "", swap},
		{"a swap's other person", "user 2", "", swap},
		{"a stocked phone that comes", "", "spare", []string{"action=swap; extension=101; device_id=d1; replace_with=id:h1"}},
		{"an address, by the phone's name", "", "Phone 3", []string{"extension=103; emergency_location=Lab"}},
		{"an address, by the phone's serial", "", "000000000003", []string{"extension=103; emergency_location=Lab"}},
		{"an address after a swap, by the name of a phone that may carry it", "", "Spare", []string{"action=swap; extension=101; device_id=d1; replace_with=id:h1; emergency_location=Lab"}},
		{"a removal by name", "", "Phone 7", []string{"action=remove; extension=106; device_id=d7"}},
		{"an add by person", "user 10", "", []string{"extension=110; area_code=650; emergency_location=HQ"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			split := func(s string) []string {
				if s == "" {
					return nil
				}
				return []string{s}
			}
			p := buildWith(t, testAccount(true), Options{}, c.rows...)
			found, err := p.CheckProtected(split(c.exts), split(c.devs))
			if err != nil || len(p.Errors) > 0 || len(found) == 0 {
				t.Errorf("got %v, %v, errors %v\n%s", found, err, p.Errors, p)
			}
			if other, err := p.CheckProtected([]string{"109"}, []string{"Phone 4"}); err != nil || len(other) > 0 {
				t.Errorf("what the plan leaves alone: got %v, %v", other, err)
			}
		})
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

// An undo leaves what is protected, and what goes back together with it, as
// the run left it, lists it, and takes the rest back.
func TestUndoLeavesProtected(t *testing.T) {
	t.Parallel()
	rows := []string{
		"action=swap; extension=101; device_id=d1; replace_with=id:d2; new_name=Moved", "action=swap; extension=102; device_id=d2; replace_with=id:d1",
		"extension=103; new_name=X", "extension=104; emergency_location=Lab", "action=remove; extension=105; device_id=d5",
	}
	for _, c := range []struct {
		name, exts, devs string
		left             []string // of the run's changes: kind, extension, reason
	}{
		{"nothing", "", "", nil},
		{"a swap's other side", "102", "", []string{
			"swap 101: extension 102 is protected (--protect-extensions 102)", "update 101: extension 102 is protected (--protect-extensions 102)",
		}},
		{"a phone of the swap", "", "d2", []string{
			"swap 101: device d2 (Moved, +15550101) is protected (--protect-devices d2)", "update 101: device d2 (Moved, +15550101) is protected (--protect-devices d2)",
		}},
		{"an address", "104", "", []string{"update_emergency 104: extension 104 is protected (--protect-extensions 104)"}},
		{"a removed line", "105", "", []string{"remove 105: extension 105 is protected (--protect-extensions 105)"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := testAccount(true)
			withNumbers(&s)
			p := buildWith(t, s, Options{}, rows...)
			if len(p.Errors) > 0 {
				t.Fatal(p.Errors)
			}
			live, results := carryOut(t, s, p)
			var o Options
			if c.exts != "" {
				o.ProtectExtensions = []string{c.exts}
			}
			if c.devs != "" {
				o.ProtectDevices = []string{c.devs}
			}
			whole, u := undo(t, p, results, live, Options{}), undo(t, p, results, live, o)
			var left []string
			for _, n := range u.NotUndone {
				left = append(left, n.Kind.String()+" "+n.Extension+": "+n.Reason)
			}
			if diff := cmp.Diff(c.left, left); diff != "" {
				t.Errorf("left as it is (-want +got):\n%s", diff)
			}
			if found, err := u.CheckProtected(o.ProtectExtensions, o.ProtectDevices); err != nil || len(found) > 0 {
				t.Errorf("the undo touches %v, %v", found, err)
			}
			if c.left != nil && (len(u.Changes) == 0 || len(u.Changes) >= len(whole.Changes)) {
				t.Errorf("got %d changes of %d\n%s", len(u.Changes), len(whole.Changes), u)
			}
			apply(t, live, u) // it hangs together
		})
	}
}
