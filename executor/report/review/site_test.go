package review_test

import (
	"testing"

	"provision/executor/report/review"
	"provision/plan"
)

// A device that is on no extension stands under the site where it is, or of the change that makes it.
func TestSitesOfUnassignedDevices(t *testing.T) {
	t.Parallel()
	on := &plan.Extension{ID: "1", Number: "101", Site: "7", SiteName: "Belmont"}
	before := &plan.Facts{Device: "8", Rare: &plan.RareFacts{Site: "7"}}
	p := &plan.Plan{Changes: []plan.Change{
		{ID: "add", Kind: plan.KindAdd, On: on, Effect: &plan.AddLine{DeviceType: "OtherPhone"}},
		{ID: "placeholder", Kind: plan.KindUnstock, Effect: &plan.DeleteDevice{Device: plan.DeviceRef{Change: "add"}}},
		{ID: "known", Kind: plan.KindUnstock, Was: before, Effect: &plan.DeleteDevice{Device: plan.DeviceRef{ID: "8"}}},
		{ID: "stock", Kind: plan.KindStock, Effect: &plan.StockSlots{Quantity: 1, Site: "7"}},
		{ID: "elsewhere", Kind: plan.KindStock, Effect: &plan.StockSlots{Quantity: 1, Site: "9"}},
		{ID: "unknown", Kind: plan.KindUnstock, Effect: &plan.DeleteDevice{Device: plan.DeviceRef{ID: "9"}}},
		{ID: "itself", Kind: plan.KindUnstock, Effect: &plan.DeleteDevice{Device: plan.DeviceRef{Change: "itself"}}},
	}}
	r := review.Of(p, review.Options{})
	for i, want := range []string{"Belmont", "Belmont", "Belmont", "Belmont", "", "", ""} {
		if got := r.Changes[i].Site; got != want {
			t.Errorf("change %s is at %q, want %q", r.Changes[i].ID, got, want)
		}
	}
}
