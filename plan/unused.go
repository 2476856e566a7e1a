package plan

// unusedColumns warns of cells that belong to another action than the row's:
// who filled them expects something of them.
func (b *builder) unusedColumns(w *work) {
	r := w.row
	if !r.QtyCell.IsZero() && r.Action != ActionStock {
		b.warn(w, r.QtyCell, "", "column_not_used", "quantity belongs to stock rows and is not used here")
	}
	if r.KeepAssets != "" && r.Action != ActionRemove {
		b.warn(w, r.KeepCell, string(r.KeepAssets), "column_not_used", "keep_assets belongs to removals and is not used here")
	}
	if r.Action != ActionRemove {
		return
	}
	for _, c := range []struct {
		v    Value
		name string
	}{
		{r.NewName, "new_name"}, {r.NewSerial, "new_serial"}, {r.NewModel, "new_model"}, {r.PhoneNumberID, "phone_number_id"},
		{r.AreaCode, "area_code"}, {r.TollType, "toll_type"}, {r.CostCenter, "cost_center"}, {r.Location, "emergency_location"},
		{Value{Text: r.Address.Street, Cell: r.AddressCell}, "the address"}, {r.CommonPhone, "common_phone"},
	} {
		if c.v.IsSet() {
			b.warn(w, c.v.Cell, c.v.Text, "column_not_used", c.name+" is not used on a removal")
		}
	}
}
