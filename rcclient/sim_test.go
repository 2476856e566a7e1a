package rcclient

import (
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"provision/rcclient/rcsim"
)

// simulated starts a generated account in a bubble.
func simulated(t *testing.T, o rcsim.GenerateOptions, opts ...Option) (*Client, *rcsim.Server, func()) {
	t.Helper()
	account, _, err := rcsim.Generate(o)
	if err != nil {
		t.Fatal(err)
	}
	sim, err := rcsim.New(rcsim.Options{Account: account, Latency: 300 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	c, end := (&service{Handler: sim}).virtual(t, opts...)
	return c, sim, func() {
		end()
		stats := sim.Stats()
		if stats.ContractViolations > 0 || stats.RateLimited > 0 {
			t.Errorf("got %d contract violations and %d calls answered 429, want none: %v", stats.ContractViolations, stats.RateLimited, sim.Violations())
		}
		if err := sim.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestSimulatorTakesAllCalls drives every call against the simulated account,
// which checks each against the interface's contract.
func TestSimulatorTakesAllCalls(t *testing.T) {
	t.Parallel()
	for _, regime := range []bool{true, false} {
		t.Run(fmt.Sprintf("ERL regime %v", regime), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				store := openSlots(t, filepath.Join(t.TempDir(), "slots"))
				c, sim, end := simulated(t, rcsim.GenerateOptions{Extensions: 60, DevicesPerExtension: 1, ERLs: 5, ERLRegime: regime, Seed: 1}, WithSlotStore(store))
				defer end()
				extensions, devices := readAll(t, c, regime)
				writeAll(t, c, regime, extensions, devices)
				if e := sim.Stats().Effects; e.Added != 2 || e.Removed != 2 || e.Swapped != 1 || e.Stocked != 3 || e.Unstocked != 1 {
					t.Errorf("got effects %+v", e)
				}
			})
		})
	}
}

func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// readAll makes all reads; it gives extensions that have no phone and devices
// that have an extension.
func readAll(t *testing.T, c *Client, regime bool) (bare []Extension, phones []DeviceResource) {
	t.Helper()
	ctx := t.Context()
	must[*Account](t)(c.AccountInfo(ctx))
	if got := must[bool](t)(c.NewEmergencyFramework(ctx)); got != regime {
		t.Errorf("got regime %v, want %v", got, regime)
	}
	extensions := must[[]Extension](t)(c.Extensions(ctx, ExtensionFilter{Type: []string{"User", "Limited"}}))
	must[[]Site](t)(c.Sites(ctx))
	must[[]CostCenter](t)(c.CostCenters(ctx))
	must[[]PhoneNumber](t)(c.PhoneNumbers(ctx, PhoneNumberFilter{UsageType: []string{"Inventory"}}))
	locations, err := c.EmergencyLocations(ctx, EmergencyLocationFilter{})
	var api *APIError
	switch {
	case regime && (err != nil || len(locations) != 5):
		t.Errorf("got %d locations, %v, want 5", len(locations), err)
	case !regime && (!errors.As(err, &api) || api.Class != ClassFeatureOff):
		t.Errorf("got %v, want feature off", err)
	}
	if regime {
		must[*EmergencyLocation](t)(c.EmergencyLocation(ctx, locations[0].ID, true))
	}
	var ids []ID
	for _, e := range extensions {
		ids = append(ids, e.ID)
	}
	all := must[[]DeviceResource](t)(c.AccountDevices(ctx))
	listed := 0
	for i, r := range must[[]ExtensionDevicesResult](t)(c.ExtensionDevices(ctx, ids)) {
		if r.Err != nil {
			t.Fatal(r.Err)
		}
		listed += len(r.Devices)
		if len(r.Devices) == 0 {
			bare = append(bare, extensions[i])
		}
		phones = append(phones, r.Devices...)
	}
	if listed == 0 || listed > len(all) {
		t.Errorf("got %d devices by extension, %d of the account", listed, len(all))
	}
	must[*SIPInfo](t)(c.SIPInfo(ctx, phones[0].ID))
	must[*DeviceResource](t)(c.Device(ctx, phones[0].ID, true))
	return bare, phones
}

// writeAll makes every mutating call once or twice.
func writeAll(t *testing.T, c *Client, regime bool, bare []Extension, phones []DeviceResource) {
	t.Helper()
	ctx := t.Context()
	address := PostalAddress{Street: "10 Market St", City: "San Francisco", State: "CA", Zip: "94105", Country: "US"}
	emergency := BulkAddEmergency{Address: &address}
	update := &EmergencyUpdate{Address: &AddressRequest{Street: "11 Market St", Street2: ptr(""), City: "San Francisco", State: "CA", Zip: "94105", Country: "US"}}
	if regime {
		erl, _, err := c.CreateEmergencyLocation(ctx, EmergencyLocationRequest{Name: "Annex", Address: update.Address, Visibility: "Public"})
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute) // until it is Valid
		emergency = BulkAddEmergency{Location: &IDRef{erl.ID}}
		update = &EmergencyUpdate{Location: &IDRef{erl.ID}}
	}
	var records []BulkAddRecord
	for _, e := range bare[:2] {
		records = append(records, BulkAddRecord{Extension: IDRef{e.ID}, Type: OtherPhone, Emergency: emergency, PhoneInfo: BulkAddPhoneInfo{TollType: "Toll"}})
	}
	added, _, err := c.BulkAdd(ctx, records)
	if err != nil || !added[0].Successful || !added[1].Successful {
		t.Fatalf("bulk add: %+v, %v", added, err)
	}
	if _, _, err := c.UpdateDevice(ctx, added[0].ID, DeviceUpdate{Name: ptr("Desk"), Emergency: update}); err != nil {
		t.Error(err)
	}
	if _, _, err := c.UpdateDeviceEmergency(ctx, added[0].ID, DeviceUpdate{Emergency: update}); err != nil {
		t.Error(err)
	}
	slots, _, err := c.AddInventory(ctx, 3, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.ReplaceDevice(ctx, added[0].Extension.ID, added[0].ID, slots.Devices[0]); err != nil {
		t.Error(err)
	}
	gone, _, err := c.DeleteInventory(ctx, []ID{slots.Devices[1], phones[0].ID})
	if err != nil || !gone[0].Successful || gone[1].Successful {
		t.Errorf("delete inventory: %+v, %v, want one done and one refused", gone, err)
	}
	kept, _, err := c.RemoveLine(ctx, phones[1].ID, true)
	if err != nil || !kept.Kept {
		t.Errorf("remove: %+v, %v", kept, err)
	}
	lost, meta, err := c.RemoveLine(ctx, phones[2].ID, false)
	if err != nil || lost.Kept || meta.RequestID == "" {
		t.Errorf("remove: %+v %+v, %v", lost, meta, err)
	}
}

// TestSimulatorAtFullRate makes an hour of updates through eight workers: no
// 429, and the rate that the limit allows.
func TestSimulatorAtFullRate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, _, end := simulated(t, rcsim.GenerateOptions{Extensions: 40, DevicesPerExtension: 1, ERLs: 5, ERLRegime: true, Seed: 2})
		defer end()
		devices, err := c.AccountDevices(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		const calls = 2400
		jobs := make(chan int)
		start := time.Now()
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				for i := range jobs {
					d := devices[i%len(devices)]
					if _, _, err := c.UpdateDevice(t.Context(), d.ID, DeviceUpdate{Name: ptr(fmt.Sprint("n", i))}); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		for i := range calls {
			jobs <- i
		}
		close(jobs)
		wg.Wait()
		took := time.Since(start)
		least := (calls/40 - 1) * time.Minute
		t.Logf("%d calls in %s, %.4f of the least time", calls, took, float64(took)/float64(least))
		if took > least*102/100 {
			t.Errorf("took %s, want at most 1.02 × %s", took, least)
		}
	})
}
