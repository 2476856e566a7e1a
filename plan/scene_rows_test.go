package plan_test

import (
	"strconv"
	"strings"

	"pgregory.net/rapid"

	"provision/plan"
)

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
