package plan

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// CheckRows gives some rows of sheets to a RowsCheck, as reading does.
func CheckRows(d Desired, rows []Row) (errors, warnings []Problem) {
	c := NewRowsCheck("")
	pass := func() (errors, warnings []Problem) {
		for i := range d.Sheets {
			c.Sheet(i, d.Sheets[i])
		}
		for _, r := range rows {
			e, w := c.Row(&r)
			errors, warnings = append(errors, e...), append(warnings, w...)
		}
		return errors, warnings
	}
	errors, warnings = pass()
	if !c.Again() {
		return errors, warnings
	}
	pass()
	e, w := c.Finish()
	return append(errors, e...), append(warnings, w...)
}

// The check says what planning says, at the same cells. A line that begins with
// "=" is the plan's word for word; with "~" the plan has the code, and says more;
// with "-" the plan says something else of the rows, as it knows the account.
func TestCheckSaysWhatThePlanSays(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		rows []string
		want string
	}{
		"state":                    {[]string{"extension=101; street=1 Main St; city=Oakland; state=XX; zip=94607; country=US", "extension=102; address=1 King St||Toronto|Ontaria|M5V 2T6|CA"}, "= t.csv!W2 state_unknown\n= t.csv!W3 state_unknown"},
		"postcode":                 {[]string{"extension=101; address=1 Main St||Oakland|CA|9460|US", "extension=102; address=1 King St||Toronto|ON|M5V 2T|CA"}, "= t.csv!AF2 zip_malformed\n= t.csv!AF3 zip_malformed"},
		"box":                      {[]string{"extension=101; address=Locked Bag 7||Oakland|CA|94607|US"}, "= t.csv!AF2 address_po_box"},
		"lacks":                    {[]string{"extension=101; address=1 Main St||Oakland||94607|US"}, "= t.csv!AF2 address_incomplete"},
		"country":                  {[]string{"extension=101; address=1 Main St||Oakland||94607|Atlantis"}, "= t.csv!AF2 country_unknown"},
		"not heeded":               {[]string{"action=remove; extension=101; address=1 Main St||Oakland|XX|94607|US", "action=ignore; extension=102; address=1 Main St||Oakland|XX|94607|US"}, "warning t.csv!AF2 column_not_used"},
		"keep":                     {[]string{"action=swap; extension=101; device_id=d1; replace_with=id:h1; emergency_location=keep; " + hqText}, "= t.csv!AF2 keep_with_address"},
		"one phone by id":          {[]string{"extension=101; device_id=d1; new_name=A", "extension=101; device_id=d1; new_name=A", "extension=102; device_id=d2"}, "= t.csv!2 same_phone\n= t.csv!3 same_phone"},
		"by serial, three":         {[]string{"extension=101; serial=000000000001", "extension=101; serial=000000000001; device_name=A", "action=remove; extension=101; serial=000000000001"}, "= t.csv!2 same_phone\n= t.csv!3 same_phone\n= t.csv!4 same_phone"},
		"by number":                {[]string{"extension=101; phone_number=+15550101", "extension=101; phone_number=+15550101"}, "= t.csv!2 same_phone\n= t.csv!3 same_phone"},
		"by name":                  {[]string{"extension=101; device_name=Phone 1", "extension=101; device_name=phone 1; new_name=B", "extension=101; device_name=X; new_name=PHONE 1"}, "= t.csv!2 same_phone\n= t.csv!3 same_phone\n= t.csv!4 same_phone"},
		"names of two":             {[]string{"extension=101; device_name=Phone 1", "extension=102; device_name=Phone 1"}, ""},
		"two lines":                {[]string{"extension=101; device_id=d1; phone_number=+15550101", "extension=101; device_id=d1; phone_number=+15550111"}, ""},
		"ignored and heeded":       {[]string{"action=ignore; extension=101; device_id=d1", "extension=101; device_id=d1"}, "= t.csv!2 same_phone\n= t.csv!3 same_phone"},
		"ignored twice":            {[]string{"action=ignore; extension=999; device_id=d1", "action=ignore; extension=999; device_id=d1"}, ""},
		"beside an unreadable row": {[]string{"extension=101; device_id=d1; invalid=yes", "extension=101; device_id=d1"}, "= t.csv!2 same_phone\n= t.csv!3 same_phone"},
		"unreadable alone":         {[]string{"extension=101; device_id=d1; invalid=yes", "extension=101; device_id=d1; invalid=yes"}, ""},
		"number of two": {[]string{"extension=101; phone_number=+15550101", "extension=102; phone_number=+15550101", "extension=102; device_id=d2; phone_number=+15550101", "action=ignore; extension=103; phone_number=+15550101"},
			"- t.csv!3 same_phone\n- t.csv!4 same_phone\n= t.csv!G2 number_on_two_extensions"},
		"a zero was lost":               {[]string{"extension=0101; device_id=d1; phone_number=+15550101", "extension=101; device_id=d1; phone_number=+15550111"}, ""},
		"by e-mail and number":          {[]string{"extension=101; device_id=d1; phone_number=+15550101", "email=u1@example.com; device_id=d1; phone_number=+15550111"}, ""},
		"phone of two":                  {[]string{"extension=101; device_id=d1", "action=update; extension=102; device_id=d1"}, "- t.csv!F3 phone_twice"},
		"serial of two":                 {[]string{"extension=101; serial=000000000001", "extension=102; serial=000000000001"}, "- t.csv!H3 phone_twice"},
		"moved or gone, which may be":   {[]string{"action=remove; extension=101; device_id=d9", "action=remove; extension=102; device_id=d9"}, "warning t.csv!F3 phone_twice"},
		"one serial for two":            {[]string{"extension=101; new_serial=aaaaaaaaaaaa", "extension=102; new_serial=aaaaaaaaaaaa"}, "= t.csv!K2 serial_wanted_twice\n= t.csv!K3 serial_wanted_twice"},
		"found by another's new serial": {[]string{"extension=101; new_serial=aaaaaaaaaaaa", "action=remove; extension=102; serial=aaaaaaaaaaaa"}, "~ t.csv!H3 serial_wanted_twice"},
		"serials in turn":               {[]string{"extension=101; serial=000000000001; new_serial=aaaaaaaaaaaa", "extension=102; serial=000000000002; new_serial=000000000001; replace_with=id:h1"}, ""},
		"a phone for two":               {[]string{"action=swap; extension=101; device_id=d1; replace_with=id:h1", "action=swap; extension=102; device_id=d2; replace_with=id:h1"}, "~ t.csv!AA2 replacement_wanted_twice\n~ t.csv!AA3 replacement_wanted_twice"},
		"nobody gives it":               {[]string{"action=swap; extension=101; device_id=d1; replace_with=ext:102"}, "~ t.csv!AA2 partner_missing"},
		"somebody gives it":             {[]string{"action=swap; extension=101; device_id=d1; replace_with=ext:102", "action=swap; extension=102; device_id=d2; replace_with=inventory"}, ""},
		"who gives it is not known":     {[]string{"action=swap; extension=101; device_id=d1; replace_with=ext:102", "action=swap; email=u2@example.com; device_id=d2; replace_with=inventory"}, ""},
		"perhaps a zero was lost":       {[]string{"action=swap; extension=101; device_id=d1; replace_with=ext:102", "action=swap; extension=0102; device_id=d2; replace_with=inventory"}, ""},
		"removed and kept":              {[]string{"action=remove; extension=101", "extension=101; new_name=A"}, "= t.csv!2 same_phone\n= t.csv!3 same_phone"},
		"ignored and kept":              {[]string{"action=ignore; extension=101", "extension=101; new_name=A"}, "= t.csv!3 phone_ignored"},
		"the same twice":                {[]string{"extension=101; new_name=A", "extension=101; new_name=A", "extension=101; new_name=B"}, "warning t.csv!3 row_twice"},
		"stocked twice":                 {[]string{"action=stock; site=Reno; quantity=1", "action=stock; site=RENO; quantity=2"}, "= t.csv!2 same_phone\n= t.csv!3 same_phone"},
		"unstocked twice":               {[]string{"action=unstock; device_id=s1", "action=unstock; device_id=s1"}, "warning t.csv!3 row_twice"},
		"a number's id twice":           {[]string{"action=add; extension=107; phone_number_id=n1", "action=add; extension=108; phone_number_id=n1"}, "warning t.csv!O3 number_wanted_twice"},
		"two people": {[]string{"extension=101; email=u1@example.com; user_name=user 1", "extension=101; device_id=d1; email=U1@example.com", "extension=101; device_id=d9; email=x@example.com; user_name=X"},
			"~ t.csv!C4 email_mismatch\n~ t.csv!D4 user_name_mismatch"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := sheetOf(t, c.rows...)
			for i, r := range d.Rows { // as reading gives them
				d.Rows[i].Raw = make([]string, len(testColumns))
				d.Rows[i].Raw[slices.Index(testColumns, "state")] = r.Address.State
			}
			p, err := Build(d, testAccount(true), Options{UnlistedOperations: true})
			if err != nil {
				t.Fatal(err)
			}
			errs, warnings := CheckRows(d, d.Rows)
			var got []string
			for _, e := range sortProblems(errs) {
				sign := "-"
				switch {
				case slices.Contains(p.Errors, e):
					sign = "="
				case slices.ContainsFunc(p.Errors, func(o Problem) bool { return o.Cell == e.Cell && o.Code == e.Code }):
					sign = "~"
				}
				got = append(got, sign+" "+e.Cell.String()+" "+e.Code)
			}
			for _, w := range warnings {
				got = append(got, "warning "+w.Cell.String()+" "+w.Code)
			}
			slices.Sort(got)
			want := strings.Fields(strings.ReplaceAll(c.want, " ", "\x00"))
			for i := range want {
				want[i] = strings.ReplaceAll(want[i], "\x00", " ")
			}
			if diff := cmp.Diff(want, got); diff != "" && len(want)+len(got) > 0 {
				t.Errorf("rows %q (-want +got):\n%s\nthe check: %v\nthe plan: %v", c.rows, diff, errs, p.Errors)
			}
		})
	}
}

// What rows of two lines of one person share in all that they say of the person
// is no reason to read a sheet twice.
func TestCheckKeepsNothingOfRowsThatAgree(t *testing.T) {
	t.Parallel()
	d := sheetOf(t, "extension=101; email=u1@example.com; user_name=User 1; phone_number=+15550101", "extension=101; email=U1@example.com; user_name=user 1; phone_number=+15550111",
		"extension=102; email=u2@example.com; phone_number=+15550102", "action=swap; extension=103; device_id=d3; replace_with=ext:104", "action=swap; extension=104; device_id=d4; replace_with=ext:103")
	c := NewRowsCheck("")
	c.Sheet(0, d.Sheets[0])
	for i := range d.Rows {
		if errs, warnings := c.Row(&d.Rows[i]); len(errs)+len(warnings) > 0 {
			t.Errorf("row %d: got %v, %v", i+2, errs, warnings)
		}
	}
	if c.Again() {
		t.Errorf("got %d keys that rows share, want none", len(c.shared))
	}
}
