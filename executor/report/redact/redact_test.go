package redact

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"provision/plan"
)

func key(t *testing.T, seed byte) Key {
	t.Helper()
	k, err := NewKey(bytes.NewReader(bytes.Repeat([]byte{seed}, keySize)))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestOneValueHasOneToken(t *testing.T) {
	t.Parallel()
	tk := New(key(t, 1))
	main := plan.Address{Street: "100 Main Street", Street2: "Suite 5", City: "Belmont", State: "CA", Zip: "94002", Country: "US"}
	abbreviated := plan.Address{Street: "100 Main St., Ste 5", City: "BELMONT", State: "California", Zip: "94002-1234", Country: "United States"}
	for name, pair := range map[string][2]string{
		"person":  {tk.Person("Ada  Wells"), tk.Person("ada wells")},
		"number":  {tk.Number("+1 (650) 555-0101"), tk.Number("+16505550101")},
		"mac":     {tk.Serial("00:00:5E:00:53:0C"), tk.Serial("00005e00530c")},
		"address": {tk.Address(main), tk.Address(abbreviated)},
		"erl":     {tk.Location("Belmont Floor 1"), tk.Location("belmont floor 1")},
	} {
		if pair[0] != pair[1] || !strings.HasPrefix(pair[0], name+"-") {
			t.Errorf("%s: got %q and %q, want one token of that kind", name, pair[0], pair[1])
		}
	}
	if a, b := tk.Extension("0101"), tk.Extension("101"); a == b {
		t.Error("two extensions have one token")
	}
	if a, b := tk.Person("101"), tk.Extension("101"); a[len("person-"):] == b[len("ext-"):] {
		t.Error("a person and an extension have one hash")
	}
	if tk.Person("") != "" || tk.Number("") != "" || tk.Address(plan.Address{}) != "" || tk.Text("") != "" {
		t.Error("what is empty has a token")
	}
}

func TestTokensDifferByKey(t *testing.T) {
	t.Parallel()
	if New(key(t, 1)).Person("Ada Wells") == New(key(t, 2)).Person("Ada Wells") {
		t.Error("two runs give one person one token")
	}
}

func TestNilRedactsNothing(t *testing.T) {
	t.Parallel()
	var tk *Tokens
	at := plan.RowCell("a.xlsx", "S", 2)
	if tk.On() || tk.Person("Ada") != "Ada" || tk.Source(at) != at.String() || tk.Text("x") != "x" {
		t.Error("nil tokens change values")
	}
}

func TestKeySurvivesItsFile(t *testing.T) {
	t.Parallel()
	k := key(t, 7)
	got, err := ParseKey(k.Encode())
	if err != nil || got != k {
		t.Fatalf("got %v, want the key back", err)
	}
	for _, bad := range []string{"", "00", strings.Repeat("z", 64), strings.Repeat("0", 66)} {
		if _, err := ParseKey([]byte(bad)); err == nil {
			t.Errorf("%q: got no error", bad)
		}
	}
	if s := fmt.Sprintf("%v %+v %#v", k, k, k); strings.Contains(s, "07") || strings.Contains(s, "7, 7") {
		t.Errorf("the key shows itself: %s", s)
	}
}

func TestSourceNamesNobody(t *testing.T) {
	t.Parallel()
	tk := New(key(t, 1))
	a, b := tk.Source(plan.RowCell("ada-wells.csv", "", 2)), tk.Source(plan.RowCell("ada-wells.csv", "", 3))
	if strings.Contains(a, "ada") || !strings.HasSuffix(a, "!2") || a[:len(a)-1] != b[:len(b)-1] {
		t.Errorf("got %q and %q, want one token for the file, and the rows", a, b)
	}
}
