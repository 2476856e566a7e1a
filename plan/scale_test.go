package plan

import (
	"fmt"
	"strings"
	"testing"
)

// Sheets that are all wrong in one place are planned in reasonable time and
// with messages of reasonable length.
func TestManyRowsOfOneKind(t *testing.T) {
	t.Parallel()
	const n = 20_000
	for name, row := range map[string]func(i int) string{
		"one extension, no keys": func(int) string { return "extension=110; area_code=650; emergency_location=HQ" },
		"one extension, one name": func(int) string {
			return "action=add; extension=110; device_name=A; area_code=650; emergency_location=HQ"
		},
		"one extension, many names": func(i int) string {
			return fmt.Sprintf("action=add; extension=106; device_name=N%d; area_code=650; emergency_location=HQ", i)
		},
		"one number": func(i int) string {
			return fmt.Sprintf("action=add; extension=%d; phone_number=+15550201; emergency_location=HQ", 101+i%10)
		},
		"one target": func(i int) string {
			return fmt.Sprintf("action=swap; extension=101; device_id=x%d; replace_with=id:s1", i)
		},
		"one place, one extension each": func(i int) string { return fmt.Sprintf("extension=%d; %s", 101+i%10, newText) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			lines := make([]string, n)
			for i := range lines {
				lines[i] = row(i)
			}
			p := build(t, sheetOf(t, lines...), testAccount(true))
			if len(p.Errors) < n/2 || len(p.Changes) > 1 {
				t.Fatalf("got %d errors and %d changes", len(p.Errors), len(p.Changes))
			}
			for _, e := range p.Errors {
				if len(e.Message) > 600 {
					t.Fatalf("message of %d bytes: %.200s…", len(e.Message), e.Message)
				}
			}
		})
	}
}

// A ring of many phones is planned with a number of words that grows with it,
// not with its square.
func TestLargeRing(t *testing.T) {
	t.Parallel()
	const n = 3000
	s := Snapshot{Account: Account{ID: "1"}, DevicesComplete: true}
	lines := make([]string, n)
	for i := range n {
		id := fmt.Sprint(5000 + i)
		s.Extensions = append(s.Extensions, Extension{ID: ExtensionID("e" + id), Number: id, Type: "User", Status: "Enabled"})
		s.Devices = append(s.Devices, phone("d"+id, "e"+id, "P", "+1555"+id, false))
		lines[i] = fmt.Sprintf("action=swap; extension=%s; device_id=d%s; replace_with=id:d%d; %s", id, id, 5000+(i+1)%n, labText)
	}
	d := sheetOf(t, lines...)
	p := build(t, d, s)
	if got := p.Counts(); got[KindSwap] != n-1 || got[KindUpdateEmergency] != n {
		t.Fatalf("got %v, errors %v", got, p.Errors)
	}
	if size := len(p.String()); size > n*300 {
		t.Errorf("the plan's text has %d bytes", size)
	}
	if strings.Contains(p.String(), "tainted") {
		t.Error("tainted without an error")
	}
}
