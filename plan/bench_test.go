package plan

import (
	"cmp"
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"
	"testing"
	"time"
)

// benchInput is n rows of the usual mixture (adds 70, addresses 20, swaps 5,
// removals 5 in a hundred) and the account they are for.
func benchInput(n int) (Desired, Snapshot) {
	s := Snapshot{Account: Account{ID: "1", ERLRegime: true, Country: "US"}, DevicesComplete: true, LocationsRead: true, NumbersRead: true, CostCentersRead: true, TakenAt: testTime}
	for i := range 40 {
		s.Locations = append(s.Locations, location(fmt.Sprintf("L%d", i), fmt.Sprintf("Floor %d", i), Address{Street: fmt.Sprintf("%d Main St", i), City: "Oakland", State: "CA", Zip: "94607", Country: "US"}))
	}
	d := Desired{Sheets: []SheetInfo{{File: "b.csv"}}, Rows: make([]Row, 0, n)}
	s.Extensions, s.Devices = make([]Extension, 0, n), make([]Device, 0, n)
	for i := range n {
		number, id := fmt.Sprint(10000+i), ExtensionID(fmt.Sprint(700000+i))
		s.Extensions = append(s.Extensions, Extension{ID: id, Number: number, Name: fmt.Sprintf("User %d", i), Email: fmt.Sprintf("u%d@example.com", i), Type: "User", Status: "Enabled", Site: MainSite})
		at := RowCell("b.csv", "", i+2)
		v := func(col int, text string) Value { return Value{Text: text, Cell: at.In(col, "")} }
		r := Row{At: at, Raw: []string{number, "x", "y"}, Extension: v(1, number)}
		dev := fmt.Sprintf("%d", 900000+i)
		if i%100 >= 70 {
			l := s.Locations[i%len(s.Locations)]
			s.Devices = append(s.Devices, Device{
				ID: DeviceID(dev), Type: TypeOtherPhone, Name: fmt.Sprintf("Phone %d", i), Serial: fmt.Sprintf("%012x", i), Extension: id, Site: MainSite,
				Lines: []Line{{ID: "l" + dev, Type: "Standalone", Number: fmt.Sprintf("+1650%07d", i)}}, Emergency: Emergency{LocationID: l.ID, LocationName: l.Name, Address: l.Address, AddressStatus: "Valid"},
			})
			r.DeviceID = v(2, dev)
		}
		switch k := i % 100; {
		case k < 70:
			r.Action, r.AreaCode, r.Location = ActionAdd, v(3, "650"), v(4, fmt.Sprintf("Floor %d", i%40))
			if k%2 == 0 {
				r.DeviceName = v(5, fmt.Sprintf("Desk %d", i))
			}
		case k < 90:
			r.Location = v(4, fmt.Sprintf("Floor %d", (i+1)%40))
		case k < 95:
			slot := DeviceID(fmt.Sprintf("s%d", i))
			s.Devices = append(s.Devices, Device{ID: slot, Type: TypeOtherPhone, Site: MainSite})
			r.Action, r.ReplaceWith = ActionSwap, Replacement{Form: ReplaceID, Arg: string(slot), Cell: at}
		default:
			r.Action = ActionRemove
		}
		d.Rows = append(d.Rows, r)
	}
	slices.SortFunc(s.Devices, func(x, y Device) int { return cmp.Compare(x.ID, y.ID) }) // as a snapshot's are
	return d, s
}

// benchHomes is n rows of people at home and the account they are for: each has
// a plain address that no other has, half of them on a new line and half on a
// phone that shows another one.
func benchHomes(n int) (Desired, Snapshot) {
	d, s := benchInput(n)
	s.Account.ERLRegime, s.Locations = false, nil
	home := func(i int) Address {
		return Address{Street: fmt.Sprintf("%d Elm Street", 100+i), City: fmt.Sprintf("Springfield %d", i%97), State: "CA", Zip: fmt.Sprintf("%05d", 90000+i%900), Country: "US"}
	}
	s.Devices = s.Devices[:0]
	for i := range d.Rows {
		r := &d.Rows[i]
		*r = Row{At: r.At, Raw: r.Raw, Extension: r.Extension, Address: home(i), AddressCell: r.At.In(10, "")}
		if i%2 == 0 {
			r.Action, r.AreaCode = ActionAdd, Value{Text: "650", Cell: r.At.In(3, "")}
			continue
		}
		s.Devices = append(s.Devices, Device{
			ID: DeviceID(fmt.Sprint(900000 + i)), Type: TypeOtherPhone, Extension: s.Extensions[i].ID, Site: MainSite,
			Lines: []Line{{ID: fmt.Sprint("l", i), Type: "Standalone", Number: fmt.Sprintf("+1650%07d", i)}}, Emergency: Emergency{Address: home(i + n), AddressStatus: "Valid"},
		})
	}
	slices.SortFunc(s.Devices, func(x, y Device) int { return cmp.Compare(x.ID, y.ID) })
	return d, s
}

// BenchmarkBuild plans rows on accounts of the same size: of the usual mixture,
// and of people at home. Its metric is the processor time.
func BenchmarkBuild(b *testing.B) {
	for _, n := range []int{10_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprintf("%dk", n/1000), func(b *testing.B) { benchBuild(b, n, benchInput) })
	}
	for _, n := range []int{10_000, 100_000} {
		b.Run(fmt.Sprintf("homes/%dk", n/1000), func(b *testing.B) { benchBuild(b, n, benchHomes) })
	}
}

func benchBuild(b *testing.B, n int, input func(n int) (Desired, Snapshot)) {
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // as the command line plans
	d, s := input(n)
	b.ReportAllocs()
	var took time.Duration
	for b.Loop() {
		runtime.GC()
		start := ProcessorTime(b)
		p, err := Build(d, s, Options{Now: testTime})
		took += ProcessorTime(b) - start
		if err != nil || len(p.Errors) > 0 {
			b.Fatal(err, p.Errors[:min(3, len(p.Errors))])
		}
	}
	b.ReportMetric(float64(took.Nanoseconds())/float64(b.N)/float64(n), "plan-ns/row")
}

// BenchmarkPlaceKey is the reading of one address, which planning does once for
// each distinct text.
func BenchmarkPlaceKey(b *testing.B) {
	a := Address{Street: "1450 N. Foundry Street, Suite 5-B", Street2: "2nd Floor", City: "St. Louis", State: "Missouri", Zip: "63101-1234", Country: "United States"}
	b.ReportAllocs()
	for b.Loop() {
		if placeKey(a) == "" {
			b.Fatal("no key")
		}
	}
}
