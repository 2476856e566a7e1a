package plan

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestParseBound(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, want string }{
		{"10", "10"}, {"2%", "2%"}, {" 10 , 2.5% ", "10,2.5%"}, {"2%,10", "10,2%"}, {"none", "none"}, {"0", "0"}, {"100%", "100%"},
		{"", ""}, {"x", ""}, {"-1", ""}, {"101%", ""}, {"1,2", ""}, {"1%,2%", ""}, {"NaN%", ""}, {"10,", ""}, {"1.5", ""},
	} {
		b, err := ParseBound(c.in)
		if c.want == "" {
			if err == nil {
				t.Errorf("ParseBound(%q): got %v, want an error", c.in, b)
			}
			continue
		}
		if err != nil || b.String() != c.want {
			t.Errorf("ParseBound(%q): got %q, %v, want %q", c.in, b, err, c.want)
		}
	}
}

func TestBoundLimit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		bound    string
		assigned int
		want     int
		ok       bool
	}{
		{"10", 5, 10, true}, {"0", 5000, 0, true}, {"2%", 1000, 20, true}, {"2%", 1049, 20, true}, {"2%", 100, 3, true}, {"2%", 0, 3, true},
		{"10,2%", 1000, 10, true}, {"10,2%", 300, 6, true}, {"10,2%", 10, 3, true}, {"1,2%", 10, 1, true}, {"29%", 100, 29, true}, {"none", 100, 0, false},
	} {
		b, err := ParseBound(c.bound)
		if err != nil {
			t.Fatal(err)
		}
		if n, ok := b.Limit(c.assigned); n != c.want || ok != c.ok {
			t.Errorf("%s of %d: got %d, %v, want %d, %v", c.bound, c.assigned, n, ok, c.want, c.ok)
		}
	}
}

// A plan at the limit passes, one change more does not, and the breach names
// the flag that allows it.
func TestCheckGuards(t *testing.T) {
	t.Parallel()
	p := build(t, sheetOf(t,
		"action=remove; extension=101", "action=remove; extension=102; keep_assets=number", "action=remove; extension=103; keep_assets=no", "action=unstock; device_id=s1", "action=unstock; device_id=s2",
		"extension=104; "+newText, "extension=105; new_name=X; emergency_location=Lab", "action=add; extension=110; area_code=650; emergency_location=HQ; replace_with=inventory",
		"action=swap; extension=106; device_id=d6; replace_with=id:h1; emergency_location=Lab",
	), testAccount(true))
	if len(p.Errors) > 0 {
		t.Fatal(p.Errors)
	}
	all := Guards{
		MaxRemovals: Bound{Count: 5, HasCount: true}, MaxSwaps: Bound{Count: 2, HasCount: true}, MaxAddressChanges: Bound{Count: 3, HasCount: true}, MaxAdds: Bound{Count: 1, HasCount: true},
		MaxChanges: Bound{Count: len(p.Changes), HasCount: true}, MaxNewLocations: 1, LeaveWithoutPhone: 3, ReleaseNumbers: true,
	}
	if got := p.CheckGuards(all); len(got) > 0 {
		t.Errorf("at the limits: got %v", got)
	}
	less := func(b Bound) Bound { b.Count--; return b }
	tight := Guards{
		MaxRemovals: less(all.MaxRemovals), MaxSwaps: less(all.MaxSwaps), MaxAddressChanges: less(all.MaxAddressChanges), MaxAdds: less(all.MaxAdds),
		MaxChanges: less(all.MaxChanges), LeaveWithoutPhone: 2,
	}
	var got []string
	for _, b := range p.CheckGuards(tight) {
		got = append(got, fmt.Sprintf("%s %s %d %s", b.Guard, b.Limit, b.Count, b.Flag))
	}
	want := []string{
		"max-removals 4 5 --max-removals 5", "max-swaps 1 2 --max-swaps 2", "max-address-changes 2 3 --max-address-changes 3", "max-adds 0 1 --max-adds 1",
		fmt.Sprintf("max-changes %d %d --max-changes %d", len(p.Changes)-1, len(p.Changes), len(p.Changes)), "max-new-locations 0 1 --max-new-locations 1",
		"leave-without-phone 2 3 --leave-without-phone 3", "release-numbers off 1 --release-numbers",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if got := p.CheckGuards(Guards{Off: true}); len(got) > 0 {
		t.Errorf("guards off: got %v", got)
	}
	if diff := cmp.Diff(p.CheckGuards(DefaultGuards()), p.CheckGuards(Guards{})); diff != "" {
		t.Errorf("zero guards are not the default ones:\n%s", diff)
	}
}

// A breach says in whole words what is too much, what is allowed and why.
func TestBreachMessages(t *testing.T) {
	t.Parallel()
	removals := func(n int) *Plan {
		p := &Plan{AssignedPhones: 160}
		for range n {
			p.Changes = append(p.Changes, Change{Kind: KindRemove, Effect: &RemoveLine{KeepAssets: true}})
		}
		return p
	}
	few := removals(4)
	few.AssignedPhones = 40
	for _, c := range []struct {
		p    *Plan
		g    Guards
		want string
	}{
		{removals(10), Guards{}, "10 removals; allowed are 3 (the lower of 10 and 2% of 160 phones); --max-removals 10 allows them"},
		{few, Guards{}, "4 removals; allowed are 3 (the lower of 10 and 2% of 40 phones, but at least 3); --max-removals 4 allows them"},
		{removals(5), Guards{MaxRemovals: Bound{Percent: 2.5, HasPercent: true}}, "5 removals; allowed are 4 (2.5% of 160 phones); --max-removals 5 allows them"},
		{removals(2), Guards{MaxRemovals: Bound{Count: 1, HasCount: true}}, "2 removals; allowed is 1; --max-removals 2 allows them"},
		{removals(1), Guards{MaxRemovals: Bound{HasCount: true}}, "1 removal; none is allowed; --max-removals 1 allows it"},
		{&Plan{NumbersGivenUp: []string{"+16505550101"}}, Guards{}, "1 number given up for good; none is allowed; --release-numbers allows it"},
		{&Plan{LeftWithout: make([]PersonRef, 1)}, Guards{}, "1 person left with no phone; none is allowed; --leave-without-phone 1 allows it"},
		{&Plan{LeftWithout: make([]PersonRef, 2)}, Guards{}, "2 people left with no phone; none is allowed; --leave-without-phone 2 allows them"},
	} {
		got := c.p.CheckGuards(c.g)
		if len(got) != 1 || got[0].Message != c.want {
			t.Errorf("got  %+v\nwant %s", got, c.want)
		}
	}
}

func TestEstimate(t *testing.T) {
	t.Parallel()
	p := &Plan{}
	add := func(k Kind, n int, ext string) {
		for range n {
			p.Changes = append(p.Changes, Change{Kind: k, On: &Extension{ID: ExtensionID(ext)}})
		}
	}
	for i := range 25 {
		add(KindAdd, 1, fmt.Sprint(i))
	}
	add(KindUpdate, 30, "x")
	add(KindSwap, 40, "x")
	add(KindRemove, 10, "x")
	add(KindCreateLocation, 1, "")
	add(KindUnstock, 11, "")
	add(KindStock, 2, "")
	want := Estimate{Medium: 81, Heavy: 3 + 2 + 2, LeastSeconds: 120}
	if got := p.CallsAndTime(Limits{}, 0); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	// Of one extension a call carries one record only. A plan has its adds side by
	// side: the first one is of this extension already.
	p.Changes = append(slices.Repeat(p.Changes[:1], 19), p.Changes...)
	want.Heavy, want.LeastSeconds = 20+2+2, 300
	l := Limits{Heavy: GroupLimit{Calls: 4, WindowSeconds: 60}, Medium: GroupLimit{Calls: 100, WindowSeconds: 60}}
	if got := p.CallsAndTime(l, 10); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestBuildRefusesOptions(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]Options{
		"pattern": {DefaultNames: "("}, "country": {Country: "Atlantis"}, "bulk": {BulkSize: -1}, "guard": {Guards: Guards{MaxNewLocations: -1}}, "percent": {Guards: Guards{MaxSwaps: Bound{HasPercent: true, Percent: 300}}},
	} {
		if _, err := Build(Desired{}, Snapshot{}, o); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

// A guard that was set to something else than its default says what that is.
func TestGuardStatesNameDefaults(t *testing.T) {
	t.Parallel()
	bound := func(s string) Bound {
		b, err := ParseBound(s)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	for _, c := range []struct {
		name string
		g    Guards
		want map[string]string
	}{
		{"the defaults", DefaultGuards(), nil},
		{"none stated", Guards{}, nil},
		{"a default that was stated", Guards{MaxSwaps: bound("5%,50")}, nil},
		{"people and numbers", Guards{LeaveWithoutPhone: 2, ReleaseNumbers: true, MaxNewLocations: 3}, map[string]string{"leave-without-phone": "0", "release-numbers": "off", "max-new-locations": "0"}},
		{"bounds", Guards{MaxSwaps: bound("none"), MaxRemovals: bound("10"), MaxChanges: bound("7")}, map[string]string{"max-swaps": "50,5%", "max-removals": "10,2%", "max-changes": "none"}},
	} {
		got := map[string]string{}
		for _, s := range (&Plan{}).GuardStates(c.g) {
			if s.Default != "" {
				got[s.Guard] = s.Default
			}
		}
		if diff := cmp.Diff(c.want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}
