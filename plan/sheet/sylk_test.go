package sheet

import "testing"

// Only a file whose records are all SYLK's is taken for one: a table may begin
// with ID, and have rows that look like the records of a SYLK file.
func TestSYLKIsTold(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		want bool
	}{
		"with a cell":         {"ID;PCALC3\r\nP;Pcurrency\r\nC;Y1;X1;K\"ext\"\r\n", true},
		"without formats":     {"ID;PGEN\nB;Y2;X3;D0 0 1 2\nC;X1;Y1;K101\nC;X2;K\"a;;b; c\"\n", true},
		"formats and widths":  {"ID;PX;N;E\nP;PGeneral\nP;FArial;M200;SB\nF;P0;DG0G8;M255\nF;W1 1 11\nB;Y2;X2\nO;L;D;V0;K47;G100 0.001\nC;Y1;X1;K\"ext\"\nE\n", true},
		"empty":               {"ID;PX\nP;PGeneral\nE\n", true},
		"cut in a record":     {"ID;PX\nB;Y2;X2\nC;Y1;X1;K1\nC;X", true},
		"a row like a record": {"ID;Phone Number;Ext\nB;x;101\n", false},
		"two such rows":       {"ID;Phone Number;Ext\nB;X1;101\nC;Y1;102\n", false},
		"one record":          {"ID;Phone\nB;X1\n", false},
		"no place":            {"ID;Phone\nP;Paul\nP;Peter\nP;Pat\n", false},
		"a later row is none": {"ID;PX\nB;Y2;X2\nC;Y1;X1;K1\n104;x\n", false},
		"small letters":       {"id;phone\nb;y1\nc;x1\n", false},
		"the first line only": {"ID;PX", false},
		"nothing":             {"", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := isSYLK([]byte(c.text)); got != c.want {
				t.Errorf("got %t, want %t", got, c.want)
			}
		})
	}
	text := "ID;Phone Number;Ext\nB;x;101\nC;;102\n"
	if d, _, err := Read(t.Context(), []string{save(t, "id.csv", []byte(text))}, Options{}); err != nil || len(d.Rows) != 2 {
		t.Errorf("a table whose first row looks like a record: got %d rows, %v", len(d.Rows), err)
	}
}
