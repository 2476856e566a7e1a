package plan

import (
	"slices"
	"testing"
)

func TestPostBox(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"PO Box 7|": true, "P.O. Box 7|": true, "P. O. BOX 7|": true, "p o box #7|": true, "POB 7|": true, "PO BOX|": true, "Post Office Box 7|": true, "Box 7|": true,
		"GPO Box 2890|": true, "Locked Bag 12|": true, "Private Bag X9|": true, "General Delivery|": true, "Case postale 123|": true, "Postfach 10 20|": true, "C.P. 7|": true,
		"1 Main St|PO Box 7": true, "1 Main St, P.O. Box 7|": true, "1 Main St PO Box 7|": true, "PMB 5, PO Box 7|": true,
		"1 Main St|": false, "12 Box Elder Rd|": false, "12 Post Office Box Canyon Rd|": false, "1 Post Rd|": false, "7 Box St|": false, "1 Poe Boxwood Ln|": false, "1 Main St|PMB 5": false, "1 Main St|Box Office": false,
	} {
		a := packed(t, text+"|Reno|NV|89501|US")
		if got := isPostBox(a); got != want {
			t.Errorf("%q: got %v, want %v", text, got, want)
		}
	}
}

// Country rules are checked before anything is sent, in both regimes.
func TestAddressRules(t *testing.T) {
	t.Parallel()
	for _, plain := range []bool{false, true} {
		runPlans(t, []planCase{
			{name: "incomplete", plain: plain, rows: []string{
				"extension=101; address=1 Main St||Oakland||94607|US", "extension=102; address=1 King St||Toronto||M5V 2T6|CA", "extension=103; address=1 High St||London||SW1A 1AA|UK",
				"extension=104; address=1 Main St||Oakland|CA||US", "extension=105; address=1 Main St||Oakland|CA|94607|"}, want: `
				error t.csv!AF2 address_incomplete
				error t.csv!AF3 address_incomplete
				error t.csv!AF4 address_incomplete
				error t.csv!AF5 address_incomplete
				error t.csv!AF6 address_incomplete`},
			{name: "state and postcode", plain: plain, rows: []string{
				"extension=101; address=1 Main St||Oakland|XX|94607|US", "extension=102; address=1 King St||Toronto|Ontaria|M5V 2T6|CA",
				"extension=103; address=1 Main St||Oakland|CA|9460|US", "extension=104; address=1 King St||Toronto|ON|M5V 2T|CA"}, want: `
				error t.csv!AF2 state_unknown
				error t.csv!AF3 state_unknown
				error t.csv!AF4 zip_malformed
				error t.csv!AF5 zip_malformed`},
			{name: "boxes", plain: plain, rows: []string{
				"extension=101; address=1 Main St|P.O. Box 7|Oakland|CA|94607|US", "extension=102; address=POB 7||Oakland|CA|94607|US"}, want: `
				error t.csv!AF2 address_po_box
				error t.csv!AF3 address_po_box`},
		})
	}
}

// What the account has and the sheet spells in its own way is met.
func TestMessySpellingsAreMet(t *testing.T) {
	t.Parallel()
	messy := []string{
		"1 MAIN ST|| oakland |California|94607-1234|USA", "1 Main Street||Oakland|CA|94607|United States", "1 main st.||OAKLAND|ca|94607|U.S.", "One Main St||Oakland|us-ca|946071234|US",
	}
	for _, plain := range []bool{false, true} {
		for _, text := range messy {
			runPlans(t, []planCase{{name: text, plain: plain, rows: []string{"extension=101; address=" + text}, want: "no_op 2 (only phone on 101) is as the row says"}})
		}
	}
}

// What one column of the address has wrong by itself is shown at that column.
func TestAddressPartCell(t *testing.T) {
	t.Parallel()
	for part, text := range map[string]string{"state": "Ontaria", "zip": "9460"} {
		d := sheetOf(t, "extension=101; street=1 Main St; city=Oakland; state=CA; zip=94607; country=US; "+part+"="+text)
		column := slices.Index(testColumns, part) + 1
		r := &d.Rows[0]
		r.Raw = make([]string, len(testColumns))
		r.Raw[column-1] = text
		p, err := Build(d, testAccount(true), Options{Now: testTime})
		if err != nil {
			t.Fatal(err)
		}
		if len(p.Errors) != 1 || p.Errors[0].Cell != r.At.In(column, part) || p.Errors[0].Value != text {
			t.Errorf("%s: got %+v", part, p.Errors)
		}
		d.Sheets = nil // rows of a caller that has no sheet
		if p, err = Build(d, testAccount(true), Options{Now: testTime}); err != nil || len(p.Errors) != 1 || p.Errors[0].Cell != r.AddressCell {
			t.Errorf("%s without a sheet: got %+v, %v", part, p.Errors, err)
		}
	}
}
