package plan_test

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"pgregory.net/rapid"

	"provision/plan"
)

// scene is an account, sheets for it, and how they are planned.
type scene struct {
	s    plan.Snapshot
	o    plan.Options
	rows []refLine
	part plan.Selection // a part of it that is planned too
}

// refLine is a row as its cells: column and text.
type refLine struct {
	file  string
	cells [][2]string
}

func (l refLine) String() string {
	parts := []string{l.file}
	for _, c := range l.cells {
		parts = append(parts, c[0]+"="+c[1])
	}
	return strings.Join(parts, "; ")
}

// desired makes the sheets' rows.
func (sc *scene) desired() plan.Desired {
	d := plan.Desired{}
	for i, l := range sc.rows {
		r := plan.Row{At: plan.RowCell(l.file, "", i+2)}
		for j, c := range l.cells {
			setCell(&r, c[0], c[1], r.At.In(j+1, c[0]))
		}
		d.Rows = append(d.Rows, r)
	}
	return d
}

func setCell(r *plan.Row, name, text string, at plan.Cell) {
	v := plan.Value{Text: text, Cell: at}
	to := map[string]*plan.Value{
		"extension": &r.Extension, "email": &r.Email, "user_name": &r.UserName, "site": &r.Site, "device_id": &r.DeviceID,
		"phone_number": &r.PhoneNumber, "serial": &r.Serial, "device_name": &r.DeviceName, "new_name": &r.NewName, "device_type": &r.DeviceType,
		"phone_number_id": &r.PhoneNumberID, "area_code": &r.AreaCode, "toll_type": &r.TollType, "cost_center": &r.CostCenter,
		"new_serial": &r.NewSerial, "model": &r.Model, "new_model": &r.NewModel, "emergency_location": &r.Location, "customer_name": &r.CustomerName, "common_phone": &r.CommonPhone,
	}
	switch name {
	case "action":
		r.Action, r.ActionCell = plan.Action(text), at
	case "address":
		p := strings.Split(text, "|")
		r.Address, r.AddressCell = plan.Address{Street: p[0], Street2: p[1], City: p[2], State: p[3], Zip: p[4], Country: p[5]}, at
	case "replace_with":
		form, arg, _ := strings.Cut(text, ":")
		if before, site, ok := strings.Cut(text, "@"); ok {
			form, arg = before, site
		}
		r.ReplaceWith = plan.Replacement{Form: plan.ReplaceForm(form), Arg: arg, Cell: at}
	case "keep_assets":
		r.KeepAssets, r.KeepCell = plan.Keep(text), at
	case "quantity":
		r.Quantity, _ = strconv.Atoi(text)
		r.QtyCell = at
	default:
		*to[name] = v
	}
}

// The places of the scenes' accounts, and a spelling of each that is another
// text.
var (
	placeMain  = plan.Address{Street: "1 Main St", City: "Oakland", State: "CA", Zip: "94607", Country: "US"}
	placeLab   = plan.Address{Street: "9 Elm Ave", City: "Reno", State: "NV", Zip: "89501", Country: "US"}
	placeTower = plan.Address{Street: "5 Tower Rd", City: "Salem", State: "OR", Zip: "97301", Country: "US"}
)

const (
	textMain  = "1 MAIN ST.||Oakland|California|94607|USA"
	textLab   = "9 elm ave||RENO|NV|89501|US"
	textTower = "5 Tower Rd||Salem|OR|97301|US"
	textNew   = "7 New St|Suite 2|Bend|OR|97701|US"
	textHalf  = "7 New St||Bend|||US"
	textFar   = "12 King St||Toronto|ON|M5V 2T6|CA"
)

func drawScene(t *rapid.T) *scene {
	prune := rapid.SampledFrom([]string{"", "", "", plan.PruneListed, "site:Main", "site:RN", "site:Nowhere"}).Draw(t, "prune")
	if prune == "site:Nowhere" {
		prune = "" // an error of the options
	}
	sc := &scene{o: plan.Options{Prune: prune, Now: time.Unix(0, 0), OrderNumbers: rapid.Bool().Draw(t, "order"), UnlistedOperations: rapid.Bool().Draw(t, "unlisted"), DeferMissing: rapid.Bool().Draw(t, "defer")}}
	sc.account(t)
	sc.swaps(t)
	for range rapid.IntRange(0, 7).Draw(t, "rows") {
		sc.add(t, sc.drawRow(t))
	}
	if rapid.IntRange(0, 3).Draw(t, "lines") == 0 {
		sc.lines(t)
	}
	if rapid.IntRange(0, 2).Draw(t, "inventory") == 0 {
		sc.add(t, sc.drawStock(t))
	}
	sc.disturb(t)
	sc.part = sc.drawPart(t)
	if rapid.IntRange(0, 3).Draw(t, "no account list") == 0 {
		sc.withoutAccountList()
	}
	return sc
}

func (sc *scene) add(t *rapid.T, cells [][2]string) {
	file := rapid.SampledFrom([]string{"a.csv", "b.csv"}).Draw(t, "file")
	sc.rows = append(sc.rows, refLine{file, cells})
}

// account draws seven people with none to three phones of all kinds, two
// sites, an inventory, locations and numbers of all kinds.
func (sc *scene) account(t *rapid.T) {
	erl := rapid.Bool().Draw(t, "erl")
	s := &sc.s
	*s = plan.Snapshot{
		Account:         plan.Account{ID: "1", Country: "US", ERLRegime: erl},
		DevicesComplete: true, NumbersRead: true, CostCentersRead: true, LocationsRead: true,
		Sites:       []plan.Site{{ID: "main-site", Name: "Main"}, {ID: "7", Name: "Reno", Code: "RN"}},
		CostCenters: []plan.CostCenter{{ID: "900", Name: "Sales", Code: "S"}, {ID: "901", Name: "Dup"}, {ID: "902", Name: "dup"}},
		Numbers: []plan.Number{
			{ID: "n1", Number: "+15550201", Usage: "Inventory", Status: "Normal"},
			{ID: "n2", Number: "+15550202", Usage: "Inventory", Status: "Pending"},
			{ID: "n3", Number: "+15550203", Usage: "MainCompanyNumber", Status: "Normal"},
			{ID: "n4", Number: "+15550204", Usage: "Inventory", Status: "Normal", Type: "FaxOnly"},
			{ID: "n5", Number: "+15550205", Usage: "Inventory", Status: "Normal"},
			{ID: "n6", Number: "+15550206", Usage: "DirectNumber", Status: "Normal", Extension: "1001"},
		},
	}
	if erl {
		at := func(id, name string, a plan.Address) plan.Location {
			return plan.Location{ID: plan.LocationID(id), Name: name, Address: a, AddressStatus: "Valid", UsageStatus: "Active", FormatStatus: "Actual", Visibility: "Public"}
		}
		s.Locations = []plan.Location{at("L1", "HQ", placeMain), at("L2", "Lab", placeLab), at("L3", "Tower 1", placeTower), at("L4", "Tower 2", placeTower), at("L5", "Old", plan.Address{Street: "3 Old Rd", City: "Reno", State: "NV", Zip: "89501", Country: "US"}), at("L6", "Lab", placeLab)}
		s.Locations[4].AddressStatus = "Invalid"
		s.Locations[5].Site = "7"
		if rapid.Bool().Draw(t, "lab at a site") {
			s.Locations[1].Site = "main-site"
		}
	}
	for i := range 7 {
		e := plan.Extension{ID: plan.ExtensionID(strconv.Itoa(1000 + i)), Number: strconv.Itoa(100 + i), Name: fmt.Sprintf("User %d", i), Email: fmt.Sprintf("u%d@example.com", i), Type: "User", Status: "Enabled", Site: "main-site"}
		switch i {
		case 3:
			e.Number = rapid.SampledFrom([]string{"103", "0103", "00103"}).Draw(t, "number")
		case 4:
			e.Site = "7"
		case 5:
			e.Type = "Limited"
		case 6:
			e.Status = rapid.SampledFrom([]string{"Enabled", "Disabled", "Frozen", "NotActivated"}).Draw(t, "status")
		}
		s.Extensions = append(s.Extensions, e)
		for j := range rapid.SampledFrom([]int{0, 1, 1, 1, 2, 3}).Draw(t, "phones") {
			s.Devices = append(s.Devices, drawPhone(t, e, i, j, erl))
		}
	}
	for i := range rapid.IntRange(0, 5).Draw(t, "free") {
		d := plan.Device{ID: plan.DeviceID(fmt.Sprintf("s%d", i)), Type: plan.TypeOtherPhone, Site: "main-site"}
		switch i {
		case 1:
			d.Type = plan.TypeHardPhone
		case 2:
			d.Site = "7"
		case 3:
			d.Type, d.Serial, d.Name = plan.TypeHardPhone, "aabbccddeeff", "Spare"
		}
		s.Devices = append(s.Devices, d)
	}
}

func drawPhone(t *rapid.T, e plan.Extension, i, j int, erl bool) plan.Device {
	d := plan.Device{
		ID: plan.DeviceID(fmt.Sprintf("d%d%d", i, j)), Extension: e.ID, Site: e.Site,
		Type:      rapid.SampledFrom([]string{plan.TypeOtherPhone, plan.TypeOtherPhone, plan.TypeOtherPhone, plan.TypeHardPhone, plan.TypeWebRTC, "SoftPhone"}).Draw(t, "type"),
		Name:      rapid.SampledFrom([]string{"", "A", "B", fmt.Sprintf("P%d%d", i, j), e.Name}).Draw(t, "name"),
		Emergency: plan.Emergency{Address: placeMain, AddressStatus: "Valid", Visibility: "Public", LocationID: "L1", LocationName: "HQ"},
	}
	if rapid.Bool().Draw(t, "serial") {
		d.Serial = fmt.Sprintf("0000000000%d%d", i, j)
	}
	d.Lines = []plan.Line{{ID: "l" + string(d.ID), Type: "Standalone", Number: fmt.Sprintf("+155501%d%d", i, j), NumberID: plan.NumberID(fmt.Sprintf("m%d%d", i, j))}}
	if d.Type != plan.TypeWebRTC {
		model := rapid.SampledFrom([][2]string{{}, {}, {"m1", "Polycom 500"}, {"m2", "Yealink T46"}}).Draw(t, "model")
		d.ModelID, d.Model = plan.ModelID(model[0]), model[1]
	}
	switch rapid.IntRange(0, 11).Draw(t, "special") {
	case 0:
		d.Lines[0].Type = "BlaPrimary"
	case 1:
		d.HotDesk = true
	case 2:
		d.LinePooling = "Host"
	case 3, 4:
		d.Lines = append(d.Lines, plan.Line{ID: "k" + string(d.ID), Type: "Standalone", Number: fmt.Sprintf("+155502%d%d", i, j)})
	}
	switch em := &d.Emergency; rapid.IntRange(0, 6).Draw(t, "place") {
	case 0:
		*em = plan.Emergency{}
	case 1, 2:
		em.Address, em.LocationID, em.LocationName = placeLab, "L2", "Lab"
	case 3:
		em.LocationID, em.LocationName, em.Visibility = "P1", "Home", "Private"
	case 4:
		em.AddressStatus = "Invalid"
	}
	switch rapid.IntRange(0, 9).Draw(t, "bound") {
	case 0:
		d.Emergency.Editable = "MainDevice"
		if rapid.Bool().Draw(t, "not the main device") {
			d.LinePooling = "Guest"
		}
	case 1, 2:
		d.Lines[0].LocalOnly = true
	}
	if !erl {
		d.Emergency.LocationID, d.Emergency.LocationName = "", ""
		if d.Emergency.Address.Street != "" && rapid.IntRange(0, 3).Draw(t, "customer") == 0 {
			d.Emergency.Address.CustomerName = "ACME"
		}
	}
	d.CommonPhone = e.Type == "Limited" && rapid.Bool().Draw(t, "common")
	return d
}

// phonesOf lists the positions of an extension's devices.
func (sc *scene) phonesOf(e *plan.Extension) []plan.Device {
	var out []plan.Device
	for _, d := range sc.s.Devices {
		if d.Extension == e.ID {
			out = append(out, d)
		}
	}
	return out
}

func (sc *scene) emergency(t *rapid.T) [][2]string {
	return rapid.SampledFrom([][][2]string{
		{}, {}, {{"emergency_location", "HQ"}}, {{"address", textMain}}, {{"address", textLab}}, {{"emergency_location", "Lab"}},
		{{"emergency_location", "Lab"}, {"address", textLab}}, {{"emergency_location", "HQ"}, {"address", textMain}}, {{"address", textNew}},
		{{"emergency_location", "New"}, {"address", textNew}}, {{"address", textTower}}, {{"emergency_location", "Tower 1"}, {"address", textTower}},
		{{"emergency_location", "Old"}}, {{"emergency_location", "Nowhere"}}, {{"emergency_location", "HQ"}, {"address", textLab}}, {{"address", textHalf}},
		{{"address", textFar}}, {{"emergency_location", "Far"}, {"address", textFar}},
		{{"emergency_location", "id:L2"}}, {{"emergency_location", "id:L6"}, {"address", textLab}}, {{"emergency_location", "id:L1"}, {"address", textLab}}, {{"emergency_location", "id:L5"}}, {{"emergency_location", "id:L9"}},
	}).Draw(t, "emergency")
}

// withoutAccountList leaves what is read where the account-wide list does not
// answer: the phones of the extensions, and unassigned devices by their ids.
func (sc *scene) withoutAccountList() {
	s := &sc.s
	s.DevicesComplete = false
	for _, e := range s.Extensions {
		s.Listed = append(s.Listed, e.ID)
	}
	s.Asked = plan.NeedsOf(sc.desired()).UnassignedDevices
	var left []plan.Device
	for _, d := range s.Devices {
		asked := d.Extension != ""
		for _, id := range s.Asked {
			asked = asked || id == d.ID
		}
		if asked {
			left = append(left, d)
		}
	}
	s.Devices = left
}
