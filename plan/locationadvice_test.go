package plan

import (
	"strings"
	"testing"
)

func TestLocationAdvice(t *testing.T) {
	t.Parallel()
	phones := func(n int) (rows []string) {
		for i := range n {
			rows = append(rows, "extension=10"+string(rune('1'+i))+"; "+newText)
		}
		return rows
	}
	toLab := []string{"extension=101; emergency_location=Lab", "extension=102; emergency_location=Lab", "extension=103; emergency_location=Lab", "extension=104; emergency_location=Lab", "extension=105; emergency_location=Lab"}
	atHQ := func(ids ...DeviceID) func(*Snapshot) {
		return func(s *Snapshot) {
			for i := range s.Devices {
				s.Devices[i].Emergency = Emergency{}
			}
			for _, id := range ids {
				dev(s, id).Emergency = Emergency{LocationID: "L1", LocationName: "HQ", Address: hq, AddressStatus: "Valid"}
			}
		}
	}
	for name, c := range map[string]struct {
		rows  []string
		alter func(*Snapshot)
		want  string // part of the advice; empty: none
	}{
		"all":                  {phones(3), atHQ("d1", "d2", "d3"), "all 3 phones that rows have at HQ go to 5 Oak Rd, Suite 2, Salem, OR 97301, US: editing this ERL is one call; no other line is there"},
		"most":                 {phones(3), atHQ("d1", "d2", "d3", "d5", "d6"), "it also moves these 2 lines: "},
		"one other":            {phones(3), atHQ("d1", "d2", "d3", "d5"), "it also moves this line: "},
		"few":                  {phones(2), atHQ("d1", "d2", "d3", "d4"), ""},
		"one phone":            {phones(1), atHQ("d1"), ""},
		"one stays":            {append(phones(3), "extension=104; emergency_location=HQ"), atHQ("d1", "d2", "d3", "d4"), ""},
		"to two places":        {append(phones(3), "extension=104; emergency_location=Lab"), atHQ("d1", "d2", "d3", "d4"), ""},
		"to one that is there": {toLab, atHQ("d1", "d2", "d3", "d4", "d5"), "Lab is at that place already, so there would be two"},
		"one that is removed":  {append(phones(3), "action=remove; extension=104"), atHQ("d1", "d2", "d3", "d4"), "no other line is there"},
		"lists that are not read": {phones(3), func(s *Snapshot) {
			atHQ("d1", "d2", "d3")(s)
			s.DevicesComplete = false
			s.Listed = []ExtensionID{"1001", "1002", "1003"}
		}, "it also moves the lines of other extensions there, which were not read"},
	} {
		s := testAccount(true)
		c.alter(&s)
		p, err := Build(sheetOf(t, c.rows...), s, Options{Now: testTime})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, w := range p.Warnings {
			if w.Code == "location_edit" {
				got = append(got, w.Message)
			}
		}
		if len(p.Errors) > 0 {
			t.Errorf("%s: %v", name, p.Errors)
		}
		if c.want == "" && len(got) > 0 || c.want != "" && (len(got) != 1 || !strings.Contains(got[0], c.want)) {
			t.Errorf("%s: got %q, want one with %q", name, got, c.want)
		}
	}
}
