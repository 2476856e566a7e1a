package plan_test

import (
	"fmt"
	"strconv"

	"provision/plan"
)

var (
	headOffice = plan.Address{Street: "100 Broadway", City: "Oakland", State: "CA", Zip: "94607", Country: "US"}
	renoOffice = plan.Address{Street: "9 Elm Ave", Street2: "Suite 200", City: "Reno", State: "NV", Zip: "89501", Country: "US"}
)

const (
	headOfficeText = "100 Broadway||Oakland|CA|94607|US"
	renoOfficeText = "9 Elm Ave|Suite 200|Reno|NV|89501|US"
)

func scenarios() []scenario {
	return []scenario{
		starters(), movedOffice(), refresh(), rotation(), leavers(),
		stockedPhones(), merger(), lobby(), homeWorkers(), fourFloors(),
	}
}

func starters() scenario {
	j := newJob(true)
	j.location("L1", "Oakland", headOffice, plan.MainSite)
	j.location("L2", "Reno", renoOffice, "7")
	sh := jobSheet{file: "starters.csv", header: []string{"extension", "user_name", "area_code", "device_name", "address"}}
	for i := range 300 {
		site, area, place := plan.MainSite, "510", "100 BROADWAY||Oakland|California|94607|USA"
		if i >= 150 {
			site, area, place = "7", "775", renoOfficeText
		}
		name := fmt.Sprintf("Starter %d", i)
		j.person(2000+i, name, site)
		sh.rows = append(sh.rows, []string{strconv.Itoa(2000 + i), name, area, "Desk " + strconv.Itoa(i), place})
	}
	return scenario{
		name: "starters", about: "300 starters at two sites: a line, a name and the site's location each", large: true,
		s: j.s, sheets: []jobSheet{sh}, counts: map[plan.Kind]int{plan.KindAdd: 300, plan.KindUpdate: 300},
	}
}

func movedOffice() scenario {
	j := newJob(true)
	j.location("L1", "Oakland", headOffice, "")
	floor := func(n int) plan.Address {
		return plan.Address{Street: "500 New Plaza", Street2: fmt.Sprintf("Floor %d", n), City: "Oakland", State: "CA", Zip: "94612", Country: "US"}
	}
	for n := 1; n <= 4; n++ {
		j.location(fmt.Sprintf("N%d", n), fmt.Sprintf("Plaza %d", n), floor(n), "")
	}
	sh := jobSheet{file: "move.csv", header: []string{"extension", "device_id", "emergency_location"}}
	for i := range 1230 {
		j.person(10000+i, fmt.Sprintf("Mover %d", i), plan.MainSite)
		n := i%4 + 1
		em := at("L1", "Oakland", headOffice)
		if i >= 1200 {
			em = at(fmt.Sprintf("N%d", n), fmt.Sprintf("Plaza %d", n), floor(n)) // went ahead
		}
		id := fmt.Sprintf("d%d", i)
		j.phone(id, 10000+i, "Desk", em)
		sh.rows = append(sh.rows, []string{strconv.Itoa(10000 + i), id, fmt.Sprintf("Plaza %d", n)})
	}
	return scenario{
		name: "moved-office", about: "1,200 lines of a moved office go to the locations of four floors; 30 went ahead", large: true,
		s: j.s, sheets: []jobSheet{sh}, counts: map[plan.Kind]int{plan.KindUpdateEmergency: 1200},
	}
}

func refresh() scenario {
	j := newJob(true)
	j.location("L1", "Oakland", headOffice, "")
	sh := jobSheet{file: "refresh.csv", header: []string{"action", "extension", "serial", "replace_with"}}
	for i := range 400 {
		j.person(3000+i, fmt.Sprintf("User %d", i), plan.MainSite)
		old, mac := fmt.Sprintf("00aa%08x", i), fmt.Sprintf("00bb%08x", i)
		d := j.phone(fmt.Sprintf("d%d", i), 3000+i, "Desk", at("L1", "Oakland", headOffice))
		d.Serial, d.Type = old, plan.TypeHardPhone
		sh.rows = append(sh.rows, []string{"swap", strconv.Itoa(3000 + i), old, "serial:" + mac})
	}
	for i := range 400 {
		j.stock(fmt.Sprintf("h%d", i), plan.TypeHardPhone, fmt.Sprintf("00bb%08x", i))
	}
	return scenario{
		name: "refresh", about: "400 phones refreshed: each line gets the new phone with that MAC, number and address stay", large: true,
		s: j.s, sheets: []jobSheet{sh}, counts: map[plan.Kind]int{plan.KindSwap: 400},
	}
}

func rotation() scenario {
	j := newJob(true)
	j.location("L1", "Oakland", headOffice, "")
	j.location("L2", "Reno", renoOffice, "")
	j.person(101, "Ann", plan.MainSite)
	j.person(102, "Bob", plan.MainSite)
	j.person(103, "Cy", plan.MainSite)
	j.phone("d1", 101, "Window", at("L1", "Oakland", headOffice))
	j.phone("d2", 102, "Door", at("L1", "Oakland", headOffice))
	j.phone("d3", 103, "Lab", at("L2", "Reno", renoOffice))
	a := jobSheet{file: "desks.csv", header: []string{"action", "extension", "device_id", "replace_with", "emergency_location"}, rows: [][]string{
		{"swap", "101", "d1", "id:d2", "Oakland"}, {"swap", "102", "d2", "ext:103", "Reno"},
	}}
	b := jobSheet{file: "more.csv", header: a.header, rows: [][]string{{"swap", "103", "d3", "id:d1", "Oakland"}}}
	return scenario{
		name: "rotation", about: "three people rotate desks, in two sheets: two calls, and the places where they sit then",
		s: j.s, sheets: []jobSheet{a, b}, counts: map[plan.Kind]int{plan.KindSwap: 2, plan.KindUpdateEmergency: 2},
	}
}

func leavers() scenario {
	j := newJob(true)
	j.location("L1", "Oakland", headOffice, "")
	sh := jobSheet{file: "leavers.csv", header: []string{"action", "extension", "user_name", "device_name", "keep_assets"}}
	for i := range 80 {
		name := fmt.Sprintf("Leaver %d", i)
		j.person(4000+i, name, plan.MainSite)
		row := []string{"remove", strconv.Itoa(4000 + i), name, "", ""}
		if i%8 == 7 {
			row[4] = "number"
		}
		if i == 79 {
			sh.rows = append(sh.rows, row) // has no phone any more
			continue
		}
		j.phone(fmt.Sprintf("d%d", i), 4000+i, "Desk", at("L1", "Oakland", headOffice))
		if i < 20 {
			j.phone(fmt.Sprintf("m%d", i), 4000+i, "Home", at("L1", "Oakland", headOffice))
			row[3] = "Desk"
			if i > 0 { // who keeps the phone at home is the first one's secret
				sh.rows = append(sh.rows, []string{"remove", strconv.Itoa(4000 + i), name, "Home", ""})
			}
		}
		sh.rows = append(sh.rows, row)
	}
	return scenario{
		name: "leavers", about: "80 leavers: twenty have two phones, of one of which no row says a word; one is gone already", large: true,
		s: j.s, o: plan.Options{Guards: plan.Guards{MaxRemovals: plan.Bound{Count: 200, HasCount: true}}},
		sheets: []jobSheet{sh}, counts: map[plan.Kind]int{plan.KindRemove: 79 + 19, plan.KindUnstock: 9},
	}
}

func stockedPhones() scenario {
	j := newJob(true)
	j.location("L1", "Oakland", headOffice, "")
	sh := jobSheet{file: "starters.csv", header: []string{"action", "extension", "area_code", "emergency_location", "device_name", "replace_with"}}
	level := jobSheet{file: "stock.csv", header: []string{"action", "site", "quantity"}, rows: [][]string{{"stock", "Main Site", "75"}}}
	for i := range 60 {
		j.person(5000+i, fmt.Sprintf("Starter %d", i), plan.MainSite)
		row := []string{"add", strconv.Itoa(5000 + i), "510", "Oakland", "", "inventory"}
		if i < 40 {
			mac := fmt.Sprintf("00cc%08x", i)
			j.stock(fmt.Sprintf("h%d", i), plan.TypeHardPhone, mac)
			row[4], row[5] = "Desk "+strconv.Itoa(i), "serial:"+mac
		} else {
			j.stock(fmt.Sprintf("s%d", i), plan.TypeOtherPhone, "")
		}
		sh.rows = append(sh.rows, row)
	}
	return scenario{
		name: "stocked-phones", about: "60 starters get stocked phones, 40 by MAC and 20 from the slots, and the stock is filled up", large: true,
		s: j.s, sheets: []jobSheet{sh, level},
		counts: map[plan.Kind]int{plan.KindAdd: 60, plan.KindSwap: 60, plan.KindUnstock: 60, plan.KindUpdate: 40, plan.KindStock: 2},
	}
}

func merger() scenario {
	j := newJob(true)
	j.location("L1", "Oakland", headOffice, "")
	sh := jobSheet{file: "merger.csv", header: []string{"extension", "email", "phone_number", "emergency_location"}}
	for i := range 3000 {
		name := fmt.Sprintf("Merged %d", i)
		j.person(20000+i, name, plan.MainSite)
		n := plan.Number{ID: plan.NumberID(fmt.Sprintf("p%d", i)), Number: fmt.Sprintf("+1775555%04d", i), Usage: "Inventory", Status: "Normal"}
		ext := strconv.Itoa(20000 + i)
		switch {
		case i < 60:
			n.Status = "Pending" // the port is not through
		case i < 100:
			ext = strconv.Itoa(20000 + i - 60) // the number of the old system is somebody else's here
		case i < 1500:
			ext = "" // by e-mail only
		}
		j.s.Numbers = append(j.s.Numbers, n)
		sh.rows = append(sh.rows, []string{ext, fmt.Sprintf("merged.%d@example.com", i), n.Number, "Oakland"})
	}
	return scenario{
		name: "merger", about: "3,000 merged users with ported numbers: 60 ports are not through, 40 extensions collide", large: true,
		s: j.s, o: plan.Options{Guards: plan.Guards{MaxAdds: plan.Bound{None: true}}},
		sheets: []jobSheet{sh}, counts: map[plan.Kind]int{plan.KindAdd: 2900}, errors: 100,
	}
}

func lobby() scenario {
	j := newJob(true)
	j.location("L1", "Oakland", headOffice, "")
	for i := range 4 {
		j.person(600+i, fmt.Sprintf("Lobby %d", i), plan.MainSite)
		j.s.Extensions[i].Type = "Limited"
	}
	j.person(610, "Hot desk", plan.MainSite)
	j.person(611, "Reception", plan.MainSite)
	j.phone("d1", 600, "Old lobby", at("L1", "Oakland", headOffice))
	j.phone("d2", 601, "Lobby 1", at("L1", "Oakland", headOffice)).CommonPhone = true
	j.phone("d3", 610, "Hot", at("L1", "Oakland", headOffice)).HotDesk = true
	j.phone("d4", 611, "Shared", at("L1", "Oakland", headOffice)).Lines[0].Type = "BlaPrimary"
	j.stock("h1", plan.TypeHardPhone, "00dd00000001")
	j.stock("s1", plan.TypeOtherPhone, "")
	sh := jobSheet{
		file: "lobby.csv", header: []string{"action", "extension", "device_id", "device_name", "new_name", "common_phone", "area_code", "emergency_location", "replace_with"},
		rows: [][]string{
			{"", "600", "", "Old lobby", "Lobby 0", "yes", "", "", ""},
			{"", "601", "", "", "", "yes", "", "Oakland", ""},
			{"add", "602", "", "Lobby 2", "", "yes", "510", "Oakland", ""},
			{"add", "603", "", "Lobby 3", "", "yes", "510", "Oakland", "serial:00dd00000001"},
			{"swap", "610", "d3", "", "", "", "", "", "inventory"},
			{"remove", "611", "", "Shared", "", "", "", "", ""},
		},
	}
	return scenario{
		name: "lobby", about: "lobby and hot-desk phones: common phones of limited extensions; a shared phone is removed by its id only",
		s: j.s, sheets: []jobSheet{sh}, errors: 1,
		counts: map[plan.Kind]int{plan.KindAdd: 2, plan.KindUpdate: 3, plan.KindSwap: 2, plan.KindUnstock: 1},
	}
}

func homeWorkers() scenario {
	j := newJob(true)
	j.location("L1", "Oakland", headOffice, "")
	sh := jobSheet{file: "home.csv", header: []string{"action", "extension", "address"}}
	for i := range 150 {
		j.person(7000+i, fmt.Sprintf("Home %d", i), plan.MainSite)
		home := plan.Address{Street: fmt.Sprintf("%d Oak Street", i+1), City: "Oakland", State: "CA", Zip: "94610", Country: "US"}
		em := at(fmt.Sprintf("P%d", i), "Home", home)
		em.Visibility = "Private"
		j.phone(fmt.Sprintf("d%d", i), 7000+i, "Home", em)
		row := []string{"", strconv.Itoa(7000 + i), fmt.Sprintf("%d OAK ST.||Oakland|CA|94610-1234|US", i+1)}
		switch {
		case i < 10: // back in the office
			row[0], row[2] = "update", headOfficeText
		case i < 15: // moved, and said so
			row[0], row[2] = "update", fmt.Sprintf("%d Pine St||Oakland|CA|94611|US", i)
		case i < 20: // the sheet is older than what the user set
			row[2] = fmt.Sprintf("%d Pine St||Oakland|CA|94611|US", i)
		}
		sh.rows = append(sh.rows, row)
	}
	return scenario{
		name: "home-workers", about: "150 home workers with private locations: what the user set is at the place, or is replaced only by action update", large: true,
		s: j.s, o: plan.Options{Guards: plan.Guards{MaxNewLocations: 5}}, sheets: []jobSheet{sh}, errors: 5,
		counts: map[plan.Kind]int{plan.KindCreateLocation: 5, plan.KindUpdateEmergency: 15},
	}
}

func fourFloors() scenario {
	j := newJob(true)
	floor := func(n int) plan.Address {
		a := headOffice
		a.Street2 = fmt.Sprintf("Floor %d", n)
		return a
	}
	for n := 1; n <= 4; n++ {
		j.location(fmt.Sprintf("F%d", n), fmt.Sprintf("Floor %d", n), floor(n), "")
	}
	j.location("F5", "Floor 4 West", floor(4), "")
	sh := jobSheet{file: "floors.csv", header: []string{"extension", "emergency_location", "address"}}
	for i := range 10 {
		j.person(800+i, fmt.Sprintf("User %d", i), plan.MainSite)
		j.phone(fmt.Sprintf("d%d", i), 800+i, "Desk", at("F1", "Floor 1", floor(1)))
		n := i%4 + 1
		sh.rows = append(sh.rows, []string{strconv.Itoa(800 + i), "", fmt.Sprintf("100 broadway|FL %d|Oakland|CA|94607|US", n)})
	}
	sh.rows[7][1] = "Floor 4 West" // the other one of the fourth floor does not say which
	sh.rows[8][2] = headOfficeText // no floor: another place, and nobody allowed a new one
	return scenario{
		name: "four-floors", about: "plain addresses on four floors of an account with locations: each floor is a place of its own",
		s: j.s, sheets: []jobSheet{sh}, errors: 1,
		counts: map[plan.Kind]int{plan.KindUpdateEmergency: 7, plan.KindCreateLocation: 1},
	}
}
