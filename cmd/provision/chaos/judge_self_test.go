package chaos

import "testing"

// TestJudgeEffects shows that the judge sees what must not be.
func TestJudgeEffects(t *testing.T) {
	t.Parallel()
	p := &planFile{Changes: []change{
		{ID: "a", Kind: "add", Extension: "1"},
		{ID: "s", Kind: "stock", Stock: &stockSlot{Quantity: 2}},
	}}
	added, stocked := effect{Kind: "added", Extension: "1", Device: "77"}, effect{Kind: "stocked", Device: "78"}
	known := names{"1": true}.known
	tests := []struct {
		name       string
		add, stock string
		effects    []effect
		good       bool
	}{
		{"each once", "applied", "applied", []effect{added, stocked, stocked}, true},
		{"address open", "address_pending", "applied", []effect{added, stocked, stocked}, true},
		{"added twice", "applied", "applied", []effect{added, added, stocked, stocked}, false},
		{"a slot too many", "applied", "applied", []effect{added, stocked, stocked, stocked}, false},
		{"lost", "applied", "applied", []effect{stocked, stocked}, false},
		{"failed but done", "failed", "applied", []effect{added, stocked, stocked}, false},
		{"not needed but done", "no_op", "applied", []effect{added, stocked, stocked}, false},
		{"ambiguous, done in part", "applied", "ambiguous", []effect{added, stocked}, true},
		{"ambiguous, done twice", "ambiguous", "applied", []effect{added, added, stocked, stocked}, false},
		{"not of the plan", "applied", "applied", []effect{added, stocked, stocked, {Kind: "removed", Extension: "1", Device: "1"}}, false},
		{"no word of a change", "", "applied", []effect{added, stocked, stocked}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := &runReport{status: map[string]string{"a": tt.add, "s": tt.stock}}
			if err := judgeEffects(p, r, tt.effects, known); (err == nil) != tt.good {
				t.Errorf("judged %v, good is %t", err, tt.good)
			}
		})
	}
}
