package plan_test

import (
	"fmt"
	"testing"

	"provision/plan"
)

// BenchmarkRowsCheck judges rows as a sheet of 16 columns has them, of which
// none are alike.
func BenchmarkRowsCheck(b *testing.B) {
	rows := make([]plan.Row, 1000)
	for i := range rows {
		at := plan.RowCell("a.csv", "", i+2)
		v := func(column int, text string) plan.Value { return plan.Value{Text: text, Cell: at.In(column, "x")} }
		rows[i] = plan.Row{
			At: at, Extension: v(1, fmt.Sprint(100000+i)), Email: v(2, fmt.Sprintf("u%d@example.com", i)), UserName: v(3, fmt.Sprint("User ", i)),
			Serial: v(4, fmt.Sprintf("%012x", i+1)), AreaCode: v(5, "650"),
			Address:     plan.Address{Street: fmt.Sprint(i, " Main Street"), Street2: "Floor 3", City: "Oakland", State: "CA", Zip: "94607", Country: "US"},
			AddressCell: at.In(6, "street"),
		}
	}
	b.ReportAllocs()
	b.ResetTimer()
	for i := 0; i < b.N; {
		c := plan.NewRowsCheck("")
		c.Sheet(0, plan.SheetInfo{File: "a.csv"})
		for j := range rows {
			if e, _ := c.Row(&rows[j]); len(e) > 0 {
				b.Fatal(e)
			}
			i++
		}
		if c.Again() {
			b.Fatal("no rows are alike")
		}
	}
}
