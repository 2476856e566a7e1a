package rcsim_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"provision/rcclient/rcsim"
)

func TestGenerateIsDeterministic(t *testing.T) {
	t.Parallel()
	options := rcsim.GenerateOptions{Extensions: 300, DevicesPerExtension: 2, ERLs: 20, ERLRegime: true, Seed: 7}
	one, rowsOne := generate(t, options)
	two, rowsTwo := generate(t, options)
	if !bytes.Equal(one, two) || !cmp.Equal(rowsOne, rowsTwo) {
		t.Error("the same options gave two different results")
	}
	options.Seed = 8
	if _, other := generate(t, options); cmp.Equal(rowsOne, other) {
		t.Error("another seed gave the same rows")
	}
	again, err := rcsim.ParseAccount(one)
	if err != nil {
		t.Fatal(err)
	}
	if encoded, err := again.Encode(); err != nil || !bytes.Equal(encoded, one) {
		t.Errorf("parsed and encoded again the account differs (%v)", err)
	}
}

func generate(t *testing.T, options rcsim.GenerateOptions) ([]byte, []rcsim.SheetRow) {
	t.Helper()
	account, rows, err := rcsim.Generate(options)
	if err != nil {
		t.Fatal(err)
	}
	data, err := account.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return data, rows
}

// TestGeneratedSheetFitsItsAccount checks what the sheet promises row by row.
func TestGeneratedSheetFitsItsAccount(t *testing.T) {
	t.Parallel()
	for _, regime := range []bool{true, false} {
		account, rows, err := rcsim.Generate(rcsim.GenerateOptions{Extensions: 500, DevicesPerExtension: 2, ERLs: 10, ERLRegime: regime, Rows: 400, Seed: 3})
		if err != nil {
			t.Fatal(err)
		}
		owners, free := map[string]string{}, map[string]bool{}
		phones := map[string]int{}
		for _, device := range account.Devices {
			if device.Extension == nil {
				free[string(device.ID)] = true
				continue
			}
			owners[string(device.ID)] = device.Extension.ExtensionNumber
			phones[device.Extension.ExtensionNumber]++
		}
		counts, seen, partners := map[string]int{}, map[string]bool{}, map[string]string{}
		header := rows[0]
		for _, cells := range rows[1:] {
			row := map[string]string{}
			for i, column := range header {
				row[column] = cells[i]
			}
			extension := row["extension"]
			if seen[extension] {
				t.Errorf("extension %s stands in two rows", extension)
			}
			seen[extension] = true
			counts[row["action"]]++
			if row["action"] == "add" {
				if phones[extension] != 0 || row["area_code"] == "" || (row["emergency_location"] == "") == regime || (row["street"] == "") != regime {
					t.Errorf("add row %q with %d phones", cells, phones[extension])
				}
				continue
			}
			if owners[row["device_id"]] != extension || phones[extension] != 2 {
				t.Errorf("row %q: the device is on %q", cells, owners[row["device_id"]])
			}
			if target, isID := strings.CutPrefix(row["replace_with"], "id:"); isID && !free[target] {
				t.Errorf("row %q: the target is not free", cells)
			}
			if partner, isPartner := strings.CutPrefix(row["replace_with"], "ext:"); isPartner {
				partners[extension] = partner
			}
		}
		if diff := cmp.Diff(map[string]int{"add": 280, "update": 80, "swap": 20, "remove": 20}, counts); diff != "" {
			t.Error(diff)
		}
		if len(partners) != 10 {
			t.Errorf("got %d rows with a partner, want 10", len(partners))
		}
		for one, other := range partners {
			if partners[other] != one {
				t.Errorf("%s trades with %s, which trades with %q", one, other, partners[other])
			}
		}
	}
}

func TestGenerateRefuses(t *testing.T) {
	t.Parallel()
	good := rcsim.GenerateOptions{Extensions: 10, DevicesPerExtension: 1, ERLs: 2, ERLRegime: true}
	for name, spoil := range map[string]func(*rcsim.GenerateOptions){
		"no extensions":  func(o *rcsim.GenerateOptions) { o.Extensions = 0 },
		"too many rows":  func(o *rcsim.GenerateOptions) { o.Rows = 11 },
		"mix":            func(o *rcsim.GenerateOptions) { o.Mix = rcsim.Mix{Add: 50} },
		"no phones":      func(o *rcsim.GenerateOptions) { o.DevicesPerExtension = 0 },
		"no ERL":         func(o *rcsim.GenerateOptions) { o.ERLs = 0 },
		"one ERL":        func(o *rcsim.GenerateOptions) { o.ERLs = 1 },
		"negative rows":  func(o *rcsim.GenerateOptions) { o.Rows = -1 },
		"too many a day": func(o *rcsim.GenerateOptions) { o.Extensions = 1_000_000 },
	} {
		options := good
		spoil(&options)
		if _, _, err := rcsim.Generate(options); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, _, err := rcsim.Generate(good); err != nil {
		t.Error(err)
	}
}

func TestParseMix(t *testing.T) {
	t.Parallel()
	got, err := rcsim.ParseMix("add=70, emergency=20,swap=5,remove=5")
	if err != nil || got != rcsim.DefaultMix {
		t.Errorf("got %v, %v", got, err)
	}
	for _, bad := range []string{"", "add=70", "add=x", "added=100", "add=-1,swap=101", "add"} {
		if _, err := rcsim.ParseMix(bad); err == nil {
			t.Errorf("%q: no error", bad)
		}
	}
}
