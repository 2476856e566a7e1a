package jobs

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

// All are the ten jobs. Each call makes them anew.
func All() []Job {
	return []Job{
		starters(), movedOffice(), refresh(), rotation(), leavers(),
		stockedPhones(), merger(), lobby(), homeWorkers(), fourFloors(),
	}
}

func starters() Job {
	j := New(true)
	j.Location("L1", "Oakland", headOffice, plan.MainSite)
	j.Location("L2", "Reno", renoOffice, "7")
	sh := Sheet{File: "starters.csv", Header: []string{"extension", "user_name", "area_code", "device_name", "address"}}
	for i := range 300 {
		site, area, place := plan.MainSite, "510", "100 BROADWAY||Oakland|California|94607|USA"
		if i >= 150 {
			site, area, place = "7", "775", renoOfficeText
		}
		name := fmt.Sprintf("Starter %d", i)
		j.Person(2000+i, name, site)
		sh.Rows = append(sh.Rows, []string{strconv.Itoa(2000 + i), name, area, "Desk " + strconv.Itoa(i), place})
	}
	return Job{
		Name: "starters", About: "300 starters at two sites: a line, a name and the site's location each", Large: true,
		Account: j.Account, Sheets: []Sheet{sh}, Counts: map[plan.Kind]int{plan.KindAdd: 300, plan.KindUpdate: 300},
	}
}

func movedOffice() Job {
	j := New(true)
	j.Location("L1", "Oakland", headOffice, "")
	floor := func(n int) plan.Address {
		return plan.Address{Street: "500 New Plaza", Street2: fmt.Sprintf("Floor %d", n), City: "Oakland", State: "CA", Zip: "94612", Country: "US"}
	}
	for n := 1; n <= 4; n++ {
		j.Location(fmt.Sprintf("N%d", n), fmt.Sprintf("Plaza %d", n), floor(n), "")
	}
	sh := Sheet{File: "move.csv", Header: []string{"extension", "device_id", "emergency_location"}}
	for i := range 1230 {
		j.Person(10000+i, fmt.Sprintf("Mover %d", i), plan.MainSite)
		n := i%4 + 1
		em := At("L1", "Oakland", headOffice)
		if i >= 1200 {
			em = At(fmt.Sprintf("N%d", n), fmt.Sprintf("Plaza %d", n), floor(n)) // went ahead
		}
		id := fmt.Sprintf("d%d", i)
		j.Phone(id, 10000+i, "Desk", em)
		sh.Rows = append(sh.Rows, []string{strconv.Itoa(10000 + i), id, fmt.Sprintf("Plaza %d", n)})
	}
	return Job{
		Name: "moved-office", About: "1,200 lines of a moved office go to the locations of four floors; 30 went ahead", Large: true,
		Account: j.Account, Sheets: []Sheet{sh}, Counts: map[plan.Kind]int{plan.KindUpdateEmergency: 1200},
	}
}

func refresh() Job {
	j := New(true)
	j.Location("L1", "Oakland", headOffice, "")
	sh := Sheet{File: "refresh.csv", Header: []string{"action", "extension", "serial", "replace_with"}}
	for i := range 400 {
		j.Person(3000+i, fmt.Sprintf("User %d", i), plan.MainSite)
		old, mac := fmt.Sprintf("00aa%08x", i), fmt.Sprintf("00bb%08x", i)
		d := j.Phone(fmt.Sprintf("d%d", i), 3000+i, "Desk", At("L1", "Oakland", headOffice))
		d.Serial, d.Type = old, plan.TypeHardPhone
		sh.Rows = append(sh.Rows, []string{"swap", strconv.Itoa(3000 + i), old, "serial:" + mac})
	}
	for i := range 400 {
		j.Stock(fmt.Sprintf("h%d", i), plan.TypeHardPhone, fmt.Sprintf("00bb%08x", i))
	}
	return Job{
		Name: "refresh", About: "400 phones refreshed: each line gets the new phone with that MAC, number and address stay", Large: true,
		Account: j.Account, Sheets: []Sheet{sh}, Counts: map[plan.Kind]int{plan.KindSwap: 400},
	}
}

func rotation() Job {
	j := New(true)
	j.Location("L1", "Oakland", headOffice, "")
	j.Location("L2", "Reno", renoOffice, "")
	j.Person(101, "Ann", plan.MainSite)
	j.Person(102, "Bob", plan.MainSite)
	j.Person(103, "Cy", plan.MainSite)
	j.Phone("d1", 101, "Window", At("L1", "Oakland", headOffice))
	j.Phone("d2", 102, "Door", At("L1", "Oakland", headOffice))
	j.Phone("d3", 103, "Lab", At("L2", "Reno", renoOffice))
	a := Sheet{File: "desks.csv", Header: []string{"action", "extension", "device_id", "replace_with", "emergency_location"}, Rows: [][]string{
		{"swap", "101", "d1", "id:d2", "Oakland"}, {"swap", "102", "d2", "ext:103", "Reno"},
	}}
	b := Sheet{File: "more.csv", Header: a.Header, Rows: [][]string{{"swap", "103", "d3", "id:d1", "Oakland"}}}
	return Job{
		Name: "rotation", About: "three people rotate desks, in two sheets: two calls, and the places where they sit then",
		Account: j.Account, Sheets: []Sheet{a, b}, Counts: map[plan.Kind]int{plan.KindSwap: 2, plan.KindUpdateEmergency: 2},
	}
}

func leavers() Job {
	j := New(true)
	j.Location("L1", "Oakland", headOffice, "")
	sh := Sheet{File: "leavers.csv", Header: []string{"action", "extension", "user_name", "device_name", "keep_assets"}}
	for i := range 80 {
		name := fmt.Sprintf("Leaver %d", i)
		j.Person(4000+i, name, plan.MainSite)
		row := []string{"remove", strconv.Itoa(4000 + i), name, "", ""}
		if i%8 == 7 {
			row[4] = "number"
		}
		if i == 79 {
			sh.Rows = append(sh.Rows, row) // has no phone any more
			continue
		}
		j.Phone(fmt.Sprintf("d%d", i), 4000+i, "Desk", At("L1", "Oakland", headOffice))
		if i < 20 {
			j.Phone(fmt.Sprintf("m%d", i), 4000+i, "Home", At("L1", "Oakland", headOffice))
			row[3] = "Desk"
			if i > 0 { // who keeps the phone at home is the first one's secret
				sh.Rows = append(sh.Rows, []string{"remove", strconv.Itoa(4000 + i), name, "Home", ""})
			}
		}
		sh.Rows = append(sh.Rows, row)
	}
	return Job{
		Name: "leavers", About: "80 leavers: twenty have two phones, of one of which no row says a word; one is gone already", Large: true,
		Account: j.Account, Options: plan.Options{Guards: plan.Guards{MaxRemovals: plan.Bound{Count: 200, HasCount: true}}},
		Sheets: []Sheet{sh}, Counts: map[plan.Kind]int{plan.KindRemove: 79 + 19, plan.KindUnstock: 9},
	}
}

func stockedPhones() Job {
	j := New(true)
	j.Location("L1", "Oakland", headOffice, "")
	sh := Sheet{File: "starters.csv", Header: []string{"action", "extension", "area_code", "emergency_location", "device_name", "replace_with"}}
	level := Sheet{File: "stock.csv", Header: []string{"action", "site", "quantity"}, Rows: [][]string{{"stock", "Main Site", "75"}}}
	for i := range 60 {
		j.Person(5000+i, fmt.Sprintf("Starter %d", i), plan.MainSite)
		row := []string{"add", strconv.Itoa(5000 + i), "510", "Oakland", "", "inventory"}
		if i < 40 {
			mac := fmt.Sprintf("00cc%08x", i)
			j.Stock(fmt.Sprintf("h%d", i), plan.TypeHardPhone, mac)
			row[4], row[5] = "Desk "+strconv.Itoa(i), "serial:"+mac
		} else {
			j.Stock(fmt.Sprintf("s%d", i), plan.TypeOtherPhone, "")
		}
		sh.Rows = append(sh.Rows, row)
	}
	return Job{
		Name: "stocked-phones", About: "60 starters get stocked phones, 40 by MAC and 20 from the slots, and the stock is filled up", Large: true,
		Account: j.Account, Sheets: []Sheet{sh, level},
		Counts: map[plan.Kind]int{plan.KindAdd: 60, plan.KindSwap: 60, plan.KindUnstock: 60, plan.KindUpdate: 40, plan.KindStock: 2},
	}
}

func merger() Job {
	j := New(true)
	j.Location("L1", "Oakland", headOffice, "")
	sh := Sheet{File: "merger.csv", Header: []string{"extension", "email", "phone_number", "emergency_location"}}
	for i := range 3000 {
		name := fmt.Sprintf("Merged %d", i)
		j.Person(20000+i, name, plan.MainSite)
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
		j.Account.Numbers = append(j.Account.Numbers, n)
		sh.Rows = append(sh.Rows, []string{ext, fmt.Sprintf("merged.%d@example.com", i), n.Number, "Oakland"})
	}
	return Job{
		Name: "merger", About: "3,000 merged users with ported numbers: 60 ports are not through, 40 extensions collide", Large: true,
		Account: j.Account, Options: plan.Options{Guards: plan.Guards{MaxAdds: plan.Bound{None: true}}},
		Sheets: []Sheet{sh}, Counts: map[plan.Kind]int{plan.KindAdd: 2900}, Errors: 100,
	}
}

func lobby() Job {
	j := New(true)
	j.Location("L1", "Oakland", headOffice, "")
	for i := range 4 {
		j.Person(600+i, fmt.Sprintf("Lobby %d", i), plan.MainSite)
		j.Account.Extensions[i].Type = "Limited"
	}
	j.Person(610, "Hot desk", plan.MainSite)
	j.Person(611, "Reception", plan.MainSite)
	j.Phone("d1", 600, "Old lobby", At("L1", "Oakland", headOffice))
	j.Phone("d2", 601, "Lobby 1", At("L1", "Oakland", headOffice)).CommonPhone = true
	j.Phone("d3", 610, "Hot", At("L1", "Oakland", headOffice)).HotDesk = true
	j.Phone("d4", 611, "Shared", At("L1", "Oakland", headOffice)).Lines[0].Type = "BlaPrimary"
	j.Stock("h1", plan.TypeHardPhone, "00dd00000001")
	j.Stock("s1", plan.TypeOtherPhone, "")
	sh := Sheet{
		File: "lobby.csv", Header: []string{"action", "extension", "device_id", "device_name", "new_name", "common_phone", "area_code", "emergency_location", "replace_with"},
		Rows: [][]string{
			{"", "600", "", "Old lobby", "Lobby 0", "yes", "", "", ""},
			{"", "601", "", "", "", "yes", "", "Oakland", ""},
			{"add", "602", "", "Lobby 2", "", "yes", "510", "Oakland", ""},
			{"add", "603", "", "Lobby 3", "", "yes", "510", "Oakland", "serial:00dd00000001"},
			{"swap", "610", "d3", "", "", "", "", "", "inventory"},
			{"remove", "611", "", "Shared", "", "", "", "", ""},
		},
	}
	return Job{
		Name: "lobby", About: "lobby and hot-desk phones: common phones of limited extensions; a shared phone is removed by its id only",
		Account: j.Account, Sheets: []Sheet{sh}, Errors: 1,
		Counts: map[plan.Kind]int{plan.KindAdd: 2, plan.KindUpdate: 3, plan.KindSwap: 2, plan.KindUnstock: 1},
	}
}

func homeWorkers() Job {
	j := New(true)
	j.Location("L1", "Oakland", headOffice, "")
	sh := Sheet{File: "home.csv", Header: []string{"action", "extension", "address"}}
	for i := range 150 {
		j.Person(7000+i, fmt.Sprintf("Home %d", i), plan.MainSite)
		home := plan.Address{Street: fmt.Sprintf("%d Oak Street", i+1), City: "Oakland", State: "CA", Zip: "94610", Country: "US"}
		em := At(fmt.Sprintf("P%d", i), "Home", home)
		em.Visibility = "Private"
		j.Phone(fmt.Sprintf("d%d", i), 7000+i, "Home", em)
		row := []string{"", strconv.Itoa(7000 + i), fmt.Sprintf("%d OAK ST.||Oakland|CA|94610-1234|US", i+1)}
		switch {
		case i < 10: // back in the office
			row[0], row[2] = "update", headOfficeText
		case i < 15: // moved, and said so
			row[0], row[2] = "update", fmt.Sprintf("%d Pine St||Oakland|CA|94611|US", i)
		case i < 20: // the sheet is older than what the user set
			row[2] = fmt.Sprintf("%d Pine St||Oakland|CA|94611|US", i)
		}
		sh.Rows = append(sh.Rows, row)
	}
	return Job{
		Name: "home-workers", About: "150 home workers with private locations: what the user set is at the place, or is replaced only by action update", Large: true,
		Account: j.Account, Options: plan.Options{Guards: plan.Guards{MaxNewLocations: 5}}, Sheets: []Sheet{sh}, Errors: 5,
		Counts: map[plan.Kind]int{plan.KindCreateLocation: 5, plan.KindUpdateEmergency: 15},
	}
}

func fourFloors() Job {
	j := New(true)
	floor := func(n int) plan.Address {
		a := headOffice
		a.Street2 = fmt.Sprintf("Floor %d", n)
		return a
	}
	for n := 1; n <= 4; n++ {
		j.Location(fmt.Sprintf("F%d", n), fmt.Sprintf("Floor %d", n), floor(n), "")
	}
	j.Location("F5", "Floor 4 West", floor(4), "")
	sh := Sheet{File: "floors.csv", Header: []string{"extension", "emergency_location", "address"}}
	for i := range 10 {
		j.Person(800+i, fmt.Sprintf("User %d", i), plan.MainSite)
		j.Phone(fmt.Sprintf("d%d", i), 800+i, "Desk", At("F1", "Floor 1", floor(1)))
		n := i%4 + 1
		sh.Rows = append(sh.Rows, []string{strconv.Itoa(800 + i), "", fmt.Sprintf("100 broadway|FL %d|Oakland|CA|94607|US", n)})
	}
	sh.Rows[7][1] = "Floor 4 West" // the other one of the fourth floor does not say which
	sh.Rows[8][2] = headOfficeText // no floor: another place, and nobody allowed a new one
	return Job{
		Name: "four-floors", About: "plain addresses on four floors of an account with locations: each floor is a place of its own",
		Account: j.Account, Sheets: []Sheet{sh}, Errors: 1,
		Counts: map[plan.Kind]int{plan.KindUpdateEmergency: 7, plan.KindCreateLocation: 1},
	}
}
