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

// drawRow draws a row of any action but stock and unstock, most of them with
// sense.
func (sc *scene) drawRow(t *rapid.T) [][2]string {
	e := &sc.s.Extensions[rapid.IntRange(0, 6).Draw(t, "extension")]
	cells := rapid.SampledFrom([][][2]string{
		{{"extension", e.Number}}, {{"extension", e.Number}}, {{"extension", strings.TrimLeft(e.Number, "0")}}, {{"email", strings.ToUpper(e.Email)}},
		{{"extension", e.Number}, {"user_name", e.Name}, {"site", string(e.Site)}}, {{"extension", e.Number}, {"email", "u1@example.com"}},
		{{"extension", e.Number}, {"site", "RN"}}, {{"extension", "999"}}, {{"email", "nobody@example.com"}},
	}).Draw(t, "person")
	own := sc.phonesOf(e)
	action := rapid.SampledFrom([]string{"", "", "", "update", "remove", "ignore"}).Draw(t, "action")
	if len(own) == 0 || rapid.IntRange(0, 4).Draw(t, "adds") == 0 {
		action = rapid.SampledFrom([]string{"", "add", "add"}).Draw(t, "add action")
	}
	if action != "" {
		cells = append(cells, [2]string{"action", action})
	}
	cells = append(cells, sc.drawKeys(t, own, action)...)
	if action != "remove" {
		cells = append(cells, sc.emergency(t)...)
	}
	cells = append(cells, sc.drawOptions(t, action)...)
	return once(cells)
}

// once keeps the first of cells of one column.
func once(cells [][2]string) [][2]string {
	var out [][2]string
	seen := map[string]bool{}
	for _, c := range cells {
		if !seen[c[0]] && c[1] != "" {
			out = append(out, c)
		}
		seen[c[0]] = true
	}
	return out
}

func (sc *scene) drawKeys(t *rapid.T, own []plan.Device, action string) [][2]string {
	pool := own
	if len(pool) == 0 || rapid.IntRange(0, 9).Draw(t, "of another") == 0 {
		pool = sc.s.Devices
	}
	if action == "add" || action == "" && len(own) == 0 {
		return rapid.SampledFrom([][][2]string{
			{{"area_code", "650"}}, {{"area_code", "650"}, {"device_name", "C"}}, {{"area_code", "415"}, {"device_name", "A"}}, {{"phone_number", "+15550201"}}, {{"phone_number", "+15550205"}, {"device_name", "D"}},
			{{"phone_number_id", "n1"}}, {{"toll_type", "TollFree"}, {"device_name", "E"}}, {{"phone_number", "+15550202"}}, {{"phone_number", "+15550203"}},
			{{"phone_number", "+15550204"}}, {{"phone_number", "+15550206"}}, {{"phone_number", "+15550999"}}, {{"phone_number_id", "n9"}}, {{"device_name", "C"}}, {{"area_code", "650"}, {"phone_number_id", "n1"}},
			{{"phone_number", "+1555010" + strconv.Itoa(rapid.IntRange(0, 3).Draw(t, "held"))}},
		}).Draw(t, "number")
	}
	if len(pool) == 0 || rapid.IntRange(0, 3).Draw(t, "keyless") == 0 {
		return nil
	}
	d := rapid.SampledFrom(pool).Draw(t, "device")
	number := ""
	if len(d.Lines) > 0 {
		number = rapid.SampledFrom(d.Lines).Draw(t, "line").Number
	}
	all := [][2]string{{"device_id", string(d.ID)}, {"serial", d.Serial}, {"phone_number", number}, {"device_name", d.Name}}
	out := [][2]string{rapid.SampledFrom(all).Draw(t, "key")}
	if rapid.IntRange(0, 3).Draw(t, "two keys") == 0 {
		out = append(out, rapid.SampledFrom(all).Draw(t, "second key"))
	}
	if d.Name != "" && rapid.IntRange(0, 7).Draw(t, "renamed before") == 0 {
		return [][2]string{{"device_name", "old"}, {"new_name", d.Name}}
	}
	if rapid.IntRange(0, 5).Draw(t, "mistyped") == 0 {
		out = append([][2]string{rapid.SampledFrom([][2]string{{"device_id", "zz"}, {"serial", "ffffffffffff"}, {"phone_number", "+15550998"}, {"device_name", "C"}}).Draw(t, "typo")}, out...)
	}
	return out
}

func (sc *scene) drawOptions(t *rapid.T, action string) [][2]string {
	if rapid.IntRange(0, 4).Draw(t, "hardware") == 0 && action != "ignore" {
		return rapid.SampledFrom([][][2]string{
			{{"new_serial", "0000000000f1"}}, {{"new_serial", "0000000000f2"}, {"new_model", "Polycom 500"}}, {{"new_model", "m2"}}, {{"new_model", "other"}}, {{"model", "yealink t46"}},
			{{"new_serial", "000000000010"}}, {{"serial", "0000000000f3"}}, {{"serial", "0000000000f1"}, {"new_name", "N"}}, {{"serial", "0000000000f4"}, {"new_serial", "000000000020"}},
		}).Draw(t, "what of it")
	}
	options := [][2]string{{"new_name", "N"}, {"new_name", "A"}, {"common_phone", "yes"}, {"common_phone", "no"}, {"customer_name", "ACME"}, {"device_type", "OtherPhone"}, {"device_type", "WebRTC"}, {"cost_center", "sales"}, {"cost_center", "dup"}, {"cost_center", "901"}}
	switch action {
	case "remove":
		options = [][2]string{{"keep_assets", "yes"}, {"keep_assets", "number"}, {"keep_assets", "no"}, {"device_type", "OtherPhone"}}
	case "add", "":
		options = append(options, [2]string{"replace_with", "inventory"}, [2]string{"replace_with", "id:s0"}, [2]string{"replace_with", "inventory@RN"}, [2]string{"replace_with", "name:Spare"}, [2]string{"replace_with", "new"})
	}
	var out [][2]string
	if action == "ignore" {
		return nil
	}
	for range rapid.IntRange(0, 2).Draw(t, "options") {
		out = append(out, rapid.SampledFrom(options).Draw(t, "option"))
	}
	return out
}

// swaps draws rows that pass phones around: rings, chains that begin in the
// inventory, and exchanges with a phone that no row gives up.
func (sc *scene) swaps(t *rapid.T) {
	var people []plan.Extension
	var phones []plan.Device
	for _, e := range sc.s.Extensions {
		for _, d := range sc.phonesOf(&e) {
			if (d.Type == plan.TypeOtherPhone || d.Type == plan.TypeHardPhone) && rapid.IntRange(0, 2).Draw(t, "takes part") == 0 {
				people, phones = append(people, e), append(phones, d)
				break
			}
		}
	}
	order := make([]int, len(people))
	for i := range order {
		order[i] = i
	}
	if len(order) > 0 {
		order = rapid.Permutation(order).Draw(t, "order")
	}
	for i, e := range people {
		j := order[i]
		targets := []string{"id:" + string(phones[j].ID), "id:" + string(phones[j].ID), "ext:" + people[j].Number}
		if phones[j].Serial != "" {
			targets = append(targets, "serial:"+phones[j].Serial)
		}
		if rapid.IntRange(0, 3).Draw(t, "pool") == 0 {
			targets = []string{"inventory", "new", "inventory@RN", "id:s0", "id:s3", "serial:aabbccddeeff", "name:Spare", "inventory@Nowhere"}
		}
		cells := [][2]string{{"extension", e.Number}, {"action", "swap"}, {"device_id", string(phones[i].ID)}, {"replace_with", rapid.SampledFrom(targets).Draw(t, "target")}}
		if phones[i].Serial != "" && rapid.IntRange(0, 2).Draw(t, "by serial") == 0 {
			cells[2] = [2]string{"serial", phones[i].Serial}
		}
		if rapid.IntRange(0, 5).Draw(t, "empty action") == 0 {
			cells = append(cells[:1], cells[2:]...)
		}
		cells = append(cells, rapid.SampledFrom([][][2]string{{}, {{"emergency_location", "keep"}}, {{"emergency_location", "keep"}}, {{"emergency_location", "HQ"}, {"address", textMain}}, {{"address", textLab}}, {{"emergency_location", "keep"}, {"new_name", "S"}}, {{"emergency_location", "keep"}, {"device_name", "S"}}}).Draw(t, "where")...)
		sc.add(t, cells)
	}
}

// lines draws a row for each line of a phone that has two.
func (sc *scene) lines(t *rapid.T) {
	for _, e := range sc.s.Extensions {
		for _, d := range sc.phonesOf(&e) {
			if len(d.Lines) != 2 {
				continue
			}
			for _, l := range d.Lines {
				cells := [][2]string{{"extension", e.Number}, {"phone_number", l.Number}}
				if rapid.Bool().Draw(t, "with id") {
					cells = append(cells, [2]string{"device_id", string(d.ID)})
				}
				if rapid.IntRange(0, 5).Draw(t, "removes") == 0 {
					cells = append(cells, [2]string{"action", "remove"})
				}
				cells = append(cells, rapid.SampledFrom([][][2]string{{}, {{"new_name", "N"}}, {{"address", textLab}}, {{"emergency_location", "Lab"}, {"address", textLab}}, {{"customer_name", "ACME"}}, {{"common_phone", "no"}}}).Draw(t, "of the phone")...)
				sc.add(t, cells)
			}
			return
		}
	}
}

// disturb exchanges phones behind the sheets' back, as a run that was killed
// or a person might have done.
func (sc *scene) disturb(t *rapid.T) {
	var at []int
	for i, d := range sc.s.Devices {
		if len(d.Lines) == 1 && (d.Type == plan.TypeOtherPhone || d.Type == plan.TypeHardPhone) {
			at = append(at, i)
		}
	}
	for range rapid.SampledFrom([]int{0, 0, 0, 1, 1, 2}).Draw(t, "disturbances") {
		if len(at) < 2 {
			return
		}
		x := &sc.s.Devices[rapid.SampledFrom(at).Draw(t, "one")]
		y := &sc.s.Devices[rapid.SampledFrom(at).Draw(t, "other")]
		x.Extension, y.Extension = y.Extension, x.Extension
		x.Lines, y.Lines = y.Lines, x.Lines
		x.Emergency, y.Emergency = y.Emergency, x.Emergency
		x.Site, y.Site = y.Site, x.Site
	}
}

// drawStock draws a row that concerns the inventory.
func (sc *scene) drawStock(t *rapid.T) [][2]string {
	return rapid.SampledFrom([][][2]string{
		{{"action", "stock"}, {"site", "Main"}, {"quantity", "3"}}, {{"action", "stock"}, {"site", "RN"}, {"quantity", "120"}}, {{"action", "stock"}, {"site", "7"}, {"quantity", "0"}},
		{{"action", "stock"}, {"site", "Nowhere"}, {"quantity", "1"}}, {{"action", "stock"}, {"site", "Main"}},
		{{"action", "unstock"}, {"device_id", "s0"}}, {{"action", "unstock"}, {"device_id", "s1"}}, {{"action", "unstock"}, {"serial", "aabbccddeeff"}}, {{"action", "unstock"}, {"device_id", "zz"}}, {{"action", "unstock"}, {"device_id", "d10"}}, {{"action", "unstock"}},
	}).Draw(t, "stock")
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

// drawPart draws a selection of the scene's rows.
func (sc *scene) drawPart(t *rapid.T) plan.Selection {
	var s plan.Selection
	if len(sc.rows) == 0 || rapid.IntRange(0, 1).Draw(t, "a part") == 0 {
		return s
	}
	switch rapid.IntRange(0, 7).Draw(t, "by") {
	case 0, 1:
		s.Only = rapid.SampledFrom([][]string{{"add"}, {"swap"}, {"update"}, {"update_emergency"}, {"remove", "unstock"}, {"add", "swap", "stock"}}).Draw(t, "only")
	case 2:
		s.Extensions = rapid.SampledFrom([][]string{{"100-102"}, {"10[3-6]"}, {"101", "104"}, {"0103"}, {"1*"}, {"999"}}).Draw(t, "extensions")
	case 3:
		s.Rows = rapid.SampledFrom([][]string{{"2"}, {"2-4"}, {"3-40"}, {"a.csv!2-5"}, {"b.csv!2-40", "2"}}).Draw(t, "some rows")
	case 4:
		s.Site = rapid.SampledFrom([]string{"Main", "rn", "7"}).Draw(t, "a site")
	}
	if s.IsZero() || rapid.IntRange(0, 3).Draw(t, "and") == 0 {
		s.Limit = rapid.IntRange(1, 5).Draw(t, "limit")
	}
	return s
}
