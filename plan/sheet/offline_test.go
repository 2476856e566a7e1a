package sheet

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestOffline: what can be told without the account is told, at its cell.
func TestOffline(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text          string
		region        string
		errs, warning []string
	}{
		"nobody's":                              {"extension,serial,email\n,000b82123456,\n101,,\n,,a@b.com\n", "", []string{"a.csv!2 extension_missing"}, []string{}},
		"no such column":                        {"serial,site\n000b82123456,\n000b82123457,\n", "", []string{"a.csv!1 extension_missing"}, []string{}},
		"stock":                                 {"action,extension,site,quantity,device_id\nstock,,HQ,5,\nunstock,,,,7\nignore,,,,8\n", "", []string{}, []string{}},
		"a bare swap":                           {"extension,action,replace_with\n101,swap,\n102,swap,new\n103,,new\n", "", []string{"a.csv!B2 swap_needs_replacement", "a.csv!B2 swap_needs_source", "a.csv!B3 swap_needs_source", "a.csv!C4 replace_with_new_on_add"}, []string{}},
		"of other actions":                      {"extension,action,replace_with,keep_assets,emergency_location\n101,remove,new,yes,HQ\n102,,,yes,keep\n", "", []string{"a.csv!C2 replace_with_not_here", "a.csv!E3 keep_needs_swap"}, []string{"a.csv!E2 column_not_used", "a.csv!D3 column_not_used"}},
		"bare stock":                            {"action,extension,site,quantity\nstock,,,\nstock,,HQ,\nunstock,,,\n", "", []string{"a.csv!A2 stock_needs_site", "a.csv!A3 stock_needs_quantity", "a.csv!A4 unstock_needs_key"}, []string{}},
		"no phone said, depends on the account": {"extension,new_name\n101,A\n101,B\n", "", []string{}, []string{}},
		"unreadable":                            {"extension,site\nabc,\n", "", []string{"a.csv!A2 extension_invalid"}, []string{}},
		"a phone twice":                         {"extension,serial\n101,000b82123456\n102,00:0B:82:12:34:56\n101,000b82123456\n", "", []string{"a.csv!2 same_phone", "a.csv!B3 phone_twice", "a.csv!4 same_phone"}, []string{}},
		"a phone that goes":                     {"action,extension,serial\nremove,101,000b82123456\nremove,102,00:0B:82:12:34:56\n", "", []string{}, []string{"a.csv!C3 phone_twice"}},
		"a number twice":                        {"extension,phone_number,action\n101,6502345678,\n102,+16502345678,ignore\n103,16502345678,\n", "", []string{"a.csv!B2 number_on_two_extensions", "a.csv!B4 number_on_two_extensions"}, []string{}},
		"a state":                               {"extension,street,city,state,zip,country\n101,1 Main St,Oakland,XX,94607,US\n102,1 Main St,Oakland,CA,94607,US\n", "", []string{"a.csv!D2 state_unknown"}, []string{}},
		"the same":                              {"extension,new_name,notes\n101,A,one\n102,A,\n101,A,two\n", "", []string{}, []string{"a.csv!4 row_twice"}},
		"area codes":                            {"extension,area_code\n101,65\n102,999\n103,611\n104,650\n", "", []string{}, []string{"a.csv!B2 area_code_unusual", "a.csv!B3 area_code_unusual", "a.csv!B4 area_code_unusual"}},
		"area codes, GB":                        {"extension,area_code\n101,20\n", "GB", []string{}, []string{}},
		"area code, zero":                       {"extension,area_code\n101,065\n", "", []string{"a.csv!B2 area_code_invalid"}, []string{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, _, err := Read(t.Context(), []string{save(t, "a.csv", []byte(c.text))}, Options{KeepNoRows: true, Region: c.region})
			must(t, err)
			if diff := cmp.Diff(c.errs, codes(d.Errors)); diff != "" {
				t.Errorf("errors (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(c.warning, codes(d.Warnings)); diff != "" {
				t.Errorf("warnings (-want +got):\n%s", diff)
			}
		})
	}
}

// Rows of several files are held against each other, and what is wrong of them
// stands among the rest, in the order of the files.
func TestOfflineAcrossFiles(t *testing.T) {
	t.Parallel()
	paths := []string{
		save(t, "b.csv", []byte("extension,serial,state\n101,000b82123456,\n102,xyz,\n103,,\n103,,\n")),
		save(t, "a.csv", []byte("serial,extension,phone_number\n000b82123456,104,\nxyz,105,\n,106,6505550100\n,106,6505550100\n")),
	}
	d, found, err := Read(t.Context(), paths, Options{KeepNoRows: true})
	must(t, err)
	want := []string{"b.csv!B3 serial_invalid", "a.csv!A2 phone_twice", "a.csv!A3 serial_invalid", "a.csv!4 same_phone", "a.csv!5 same_phone"}
	if diff := cmp.Diff(want, codes(d.Errors)); diff != "" {
		t.Errorf("errors (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"b.csv!5 row_twice"}, codes(d.Warnings)); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
	if len(found) != 2 || len(d.Sheets) != 2 || len(d.Rows) != 0 {
		t.Errorf("got %d files, %d sheets, %d rows, want two, two and none", len(found), len(d.Sheets), len(d.Rows))
	}
}

// A sheet whose rows all contradict each other gets no longer list than another.
func TestOfflineListEnds(t *testing.T) {
	t.Parallel()
	text := "extension,serial\n" + strings.Repeat("101,000b82123456\n", maxProblems+5)
	d, _, err := Read(t.Context(), []string{save(t, "a.csv", []byte(text))}, Options{KeepNoRows: true})
	must(t, err)
	if n := len(d.Errors); n != maxProblems+1 || d.Errors[n-1].Code != "too_many_problems" {
		t.Errorf("got %d errors, the last %v, want %d and one that says so", n, d.Errors[n-1], maxProblems)
	}
}
