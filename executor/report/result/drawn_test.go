package result_test

import (
	"strconv"

	"pgregory.net/rapid"

	"provision/executor/journal"
	"provision/plan"
)

// drawRun makes a run up: rows with changes of any kind, each with any outcome,
// and hostile or private texts everywhere.
func drawRun(t *rapid.T) run {
	odd := func(name string) string { return rapid.SampledFrom(hostile).Draw(t, name) }
	p := &plan.Plan{Account: plan.Account{ID: "1", Name: "Quillfeather Inc" + odd("company")}, Sheets: []plan.SheetInfo{{File: "Quillfeather.csv", Header: []string{"extension", odd("header")}}}}
	st := journal.State{Outcomes: map[string]journal.Outcome{}, Open: map[string]journal.OpenIntent{}, Begun: begun}
	statuses := []journal.Status{
		journal.Applied, journal.NoOp, journal.Failed, journal.Stale, journal.Blocked, journal.Ambiguous, journal.Pending, journal.AddressPending,
		journal.AddressInvalid, journal.AddressDiffers, journal.Sent, journal.InDoubt, journal.AddressUnchecked,
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "rows") {
		id, n := "c"+strconv.Itoa(i), strconv.Itoa(i)
		dev := plan.DeviceID("80" + n)
		where := plan.Address{Street: n + " Secretstreet " + odd("street"), Street2: "Floor " + n, City: "X"}
		row := plan.RowResult{
			At: plan.RowCell("Quillfeather.csv", "", i+2), Raw: []string{n, "hunter2 Secretstreet " + odd("cell")}, Status: plan.RowChanged,
			On: &plan.Extension{Number: "7770199" + n, Name: "Quillfeather " + odd("person"), SiteName: odd("site")}, Phone: &plan.RowPhone{Device: dev, Number: "+1650777019900" + n}, Changes: []string{id},
			MatchedBy: "Quillfeather", Message: odd("message"),
		}
		p.Phones = append(p.Phones, plan.Phone{Device: dev, Serial: "7770199" + n, Model: odd("model"), Emergency: &plan.Emergency{LocationName: "Secretstreet " + n, Address: where}}.Named())
		kind := rapid.SampledFrom(plan.Kinds()).Draw(t, "kind")
		if rapid.IntRange(0, 5).Draw(t, "no change") == 0 {
			row.Status, row.Changes = rapid.SampledFrom([]plan.RowStatus{plan.RowNoOp, plan.RowIgnored, plan.RowInvalid, plan.RowDeferred, plan.RowDeselected}).Draw(t, "row status"), nil
		} else {
			p.Changes = append(p.Changes, drawChange(t, id, kind, i, row, where))
			if rapid.Bool().Draw(t, "outcome") {
				st.Outcomes[id] = journal.Outcome{
					Status: rapid.SampledFrom(statuses).Draw(t, "status"), DeviceID: "90" + n, Number: "+1650777019911" + n, Code: "CMN-101", Ended: begun,
					Message: "Quillfeather at Secretstreet " + odd("answer"), Emergency: rapid.SampledFrom([]string{"", "Valid", "Invalid"}).Draw(t, "emergency"),
				}
			}
		}
		p.Rows = append(p.Rows, row)
	}
	return run{p, st}
}

func drawChange(t *rapid.T, id string, kind plan.Kind, i int, row plan.RowResult, where plan.Address) plan.Change {
	c := plan.Change{ID: id, Kind: kind, Rows: []int{i}, On: row.On, Was: &plan.Facts{Device: row.Phone.Device, Number: row.Phone.Number}}
	if rapid.IntRange(0, 7).Draw(t, "no row") == 0 {
		c.Rows = nil
	}
	ref := plan.DeviceRef{ID: row.Phone.Device}
	target := &plan.EmergencyTarget{Address: &where, Place: where}
	switch kind {
	case plan.KindAdd:
		c.Effect = &plan.AddLine{Emergency: target}
	case plan.KindSwap:
		c.Effect = &plan.SwapDevice{Source: ref, Target: plan.DeviceRef{ID: "8099"}}
	case plan.KindRemove:
		c.Effect = &plan.RemoveLine{Device: row.Phone.Device, KeepAssets: rapid.Bool().Draw(t, "keep")}
	case plan.KindUpdate, plan.KindUpdateEmergency:
		c.Effect = &plan.UpdateDevice{Device: ref, Emergency: target}
	case plan.KindSetSerial:
		c.Effect = &plan.SetSerial{Device: ref, Serial: "77701990"}
	case plan.KindUnstock:
		c.Effect = &plan.DeleteDevice{Device: ref}
	case plan.KindStock:
		c.Effect = &plan.StockSlots{Quantity: 1}
	case plan.KindCreateLocation:
		c.Effect = &plan.NewLocation{Name: "Secretstreet", Address: where}
	}
	return c
}
