package plan

import "testing"

// Serials and models in rows of all kinds, as the reference planner found them
// wanting.
func TestSerialsOfRows(t *testing.T) {
	t.Parallel()
	unlisted := func(o *Options) { o.UnlistedOperations = true }
	models := func(s *Snapshot) {
		dev(s, "d6").ModelID, dev(s, "d6").Model = "m1", "Polycom 500"
		dev(s, "d7").ModelID, dev(s, "d7").Model = "m2", "Yealink T46"
	}
	runPlans(t, []planCase{
		{name: "new_serial shown already, beside a name that finds nothing", opts: unlisted, rows: []string{"extension=101; serial=0000000000ff; device_name=Was; new_name=Phone 1; new_serial=000000000001"}, want: `
			no_op 2 (new_serial) is as the row says`},
		{name: "new_serial shown already, beside a name that two phones have", opts: unlisted, alter: func(s *Snapshot) { dev(s, "d6").Name = "Phone 7" },
			rows: []string{"extension=106; serial=0000000000ff; device_name=Phone 7; new_serial=000000000006"}, want: `
			no_op 2 (new_serial) is as the row says
			unmanaged 106 d7`},
		{name: "a row without key means the phone that shows the model", alter: models, opts: unlisted, rows: []string{"extension=106; new_model=yealink t46"}, want: `
			no_op 2 (shows all that the row states) is as the row says
			unmanaged 106 d6`},
		{name: "one line's row states the serial, the other's the model", opts: unlisted, alter: func(s *Snapshot) {
			models(s)
			d := dev(s, "d1")
			d.Lines = append(d.Lines, Line{ID: "l2", Type: "Standalone", Number: "+15550301"})
		}, rows: []string{"extension=101; phone_number=+15550101; new_serial=0000000000f1", "extension=101; phone_number=+15550301; new_model=m2"}, want: `
			set_serial 101 d1 serial=0000000000f1 model=m2`},
		{name: "one line's row knows the phone by the serial that the other's gives away", opts: unlisted, alter: func(s *Snapshot) {
			d := dev(s, "d1")
			d.Lines = append(d.Lines, Line{ID: "l2", Type: "Standalone", Number: "+15550301"})
		}, rows: []string{"extension=101; phone_number=+15550101; serial=000000000001", "extension=101; phone_number=+15550301; serial=0000000000f1"}, want: `
			error t.csv!2 device_values_disagree
			error t.csv!3 device_values_disagree`},
		{name: "a removal would find the phone that gets the serial", opts: unlisted, rows: []string{"action=remove; extension=102; serial=0000000000f1", "extension=101; device_id=d1; new_serial=0000000000f1"}, want: `
			set_serial 101 d1 serial=0000000000f1 model=
			error t.csv!H2 serial_wanted_twice
			warning t.csv!2 already_gone`},
		{name: "a swap knows its source, which has left, by the serial that it loses", opts: unlisted,
			rows: []string{"action=swap; extension=102; serial=000000000001; replace_with=inventory", "extension=101; device_id=d1; new_serial=0000000000f1"}, want: `
			set_serial 101 d1 serial=0000000000f1 model= tainted
			error t.csv!H2 source_serial_changes`},
		{name: "a phone that has left comes back by another row",
			rows: []string{"action=swap; extension=102; device_id=d1; replace_with=inventory", "action=swap; extension=102; device_id=d2; replace_with=ext:101; emergency_location=keep", "action=swap; extension=101; device_id=d1; replace_with=ext:102; emergency_location=keep"}, want: `
			error t.csv!2 source_returns
			error t.csv!3 source_returns
			error t.csv!AA4 replacement_ambiguous`},
		{name: "a swap is told by the name that its source, which has left, loses",
			rows: []string{"action=swap; extension=102; device_id=d1; device_name=Phone 1; replace_with=inventory", "extension=101; device_id=d1; new_name=X"}, want: `
			update 101 d1 name="X" tainted
			error t.csv!I2 source_name_changes`},
		{name: "two added lines of one name, which one's serial tells apart", opts: unlisted,
			rows: []string{"action=add; extension=110; serial=0000000000f1; device_name=C; new_name=N; area_code=650; emergency_location=HQ", "action=add; extension=110; device_name=C; area_code=415; emergency_location=HQ"}, want: `
			add 110 OtherPhone area=650 erl=L1 beside <add 110> after[add 110]
			add 110 OtherPhone area=415 erl=L1
			update 110 <add 110> name="C" needs[add 110]
			update 110 <add 110> name="N" needs[add 110]
			set_serial 110 <add 110> serial=0000000000f1 model= needs[add 110]`},
	})
}
