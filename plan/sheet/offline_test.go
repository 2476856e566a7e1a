package sheet

import (
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
		"a phone twice":                         {"extension,serial\n101,000b82123456\n102,00:0B:82:12:34:56\n101,000b82123456\n", "", []string{}, []string{"a.csv!B3 phone_twice"}},
		"a number twice":                        {"extension,phone_number,action\n101,6502345678,\n102,+16502345678,ignore\n103,16502345678,\n", "", []string{}, []string{"a.csv!B4 phone_twice"}},
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

// Extension numbers come out of their packed form as they went in.
func TestDigits(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"0", "00", "101", "0101", "99999999", "1234567890123456"} {
		if d, ok := packDigits(text); !ok || d.String() != text {
			t.Errorf("%q came back as %q, %v", text, d, ok)
		}
	}
	for _, text := range []string{"", "1a", "12345678901234567", "\u0661"} {
		if d, ok := packDigits(text); ok {
			t.Errorf("%q was packed as %d", text, d)
		}
	}
}
