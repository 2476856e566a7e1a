package sheet

import (
	"strings"
	"testing"
)

// TestHints reads what people mail that can't be read as it stands, and looks for what is said to do about it.
func TestHints(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ text, hint string }{
		"turned over": {"Extension,101,102\nMAC Address,000b82123456,000b82123457\n", `"Extension" in A1 and "MAC Address" in A2; put them side by side`},
		"form":        {"New phone\n\nEmployee Name:,Ada\nExtension:,101\n", `"Employee Name:" in A3 and "Extension:" in A4`},
		"for a printer": {"Phones of HQ\n\nExtension  MAC Address   Device Name\n---------  ------------  -----------\n101        000b82123456  Ada\n",
			"set apart by spaces only"},
		"total":              {"extension,serial\n101,000b82123456\nTotal,\n", "delete the row if it is a title, a total or a note"},
		"note":               {"extension,serial\n101,000b82123456\n* call 555 0100 when done,\n", "delete the row if it is a title, a total or a note"},
		"note beside":        {"no,extension,serial\n1,101,000b82123456\nnote: ships on Monday,,\n", "delete the row if it is a title, a total or a note"},
		"letters in a row":   {"extension,serial\nx101,000b82123456\n", "format the column as text"},
		"extensions":         {"extension;serial\n101, 102;000b82123456\n", "give each a row of its own"},
		"extensions, slash":  {"extension;serial\n101/102;000b82123456\n", "give each a row of its own"},
		"thousands":          {"extension;serial\n1,001;000b82123456\n", "format the column as text"},
		"MAC addresses":      {"extension,serial\n101,\"000b82123456\n000b82123457\"\n", "give each a row of its own"},
		"type of a maker":    {"extension,Phone Type\n101,T54W\n", `--map "Phone Type=model"`},
		"type beside models": {"extension,Device Type,model\n101,Yealink,T54W\n", `--map "Device Type=-"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, _, err := Read(t.Context(), []string{save(t, "a.csv", []byte(tc.text))}, Options{KeepNoRows: true})
			var told []string
			if err != nil {
				told = append(told, err.Error())
			}
			for _, p := range d.Errors {
				told = append(told, p.Message)
			}
			if len(told) != 1 || !strings.Contains(told[0], tc.hint) {
				t.Errorf("got %q, want one with %q", told, tc.hint)
			}
		})
	}
}
