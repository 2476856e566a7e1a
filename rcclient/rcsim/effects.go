package rcsim

// Effect is one thing done to the account: one slot, line, device or ERL. A
// swap that changes two devices is one effect.
type Effect struct {
	N         int        `json:"n"`         // from 1, in order
	Time      string     `json:"time"`      // service time
	Operation string     `json:"operation"` // operationId, or admin for another administrator's
	Kind      EffectKind `json:"kind"`
	Extension ID         `json:"extension"` // "" where there is none, as below
	Device    ID         `json:"device"`
	Target    ID         `json:"target"` // the other device of a swap
	Number    string     `json:"number"` // E.164, several with commas
	Location  ID         `json:"location"`
	RequestID string     `json:"request_id"`
}

// EffectKind is what an effect counts as. The words are those of the counts.
type EffectKind string

const (
	// EffectAdded means: bulk-add made a device with a line.
	EffectAdded EffectKind = "added"
	// EffectRemoved means: a line was removed, whether or not its assets stayed.
	EffectRemoved EffectKind = "removed"
	// EffectUpdated means: a PUT or bulk-update changed a device in anything but the
	// emergency address alone.
	EffectUpdated EffectKind = "updated"
	// EffectEmergency means: a PUT changed a device's emergency address and nothing else.
	EffectEmergency EffectKind = "emergency"
	// EffectSwapped means: two devices traded places, or one went to the inventory.
	EffectSwapped EffectKind = "swapped"
	// EffectStocked means: one anonymous slot was made.
	EffectStocked EffectKind = "stocked"
	// EffectUnstocked means: one unassigned device was deleted.
	EffectUnstocked EffectKind = "unstocked"
	// EffectLocation means: one ERL was made.
	EffectLocation EffectKind = "location"
)

// EffectCounts count effects by kind. A PUT that changes nothing is no effect.
type EffectCounts struct {
	Added            int `json:"added"`
	Removed          int `json:"removed"`
	Updated          int `json:"updated"`
	Emergency        int `json:"emergency"`
	Swapped          int `json:"swapped"`
	Stocked          int `json:"stocked"`
	Unstocked        int `json:"unstocked"`
	LocationsCreated int `json:"locations_created"`
	// NumbersTaken: numbers that a line got, from the pool or the inventory.
	NumbersTaken int `json:"numbers_taken"`
	// NumbersReleased: numbers that left the account. One that goes back to the
	// inventory is not released.
	NumbersReleased int `json:"numbers_released"`
}

func (n *EffectCounts) add(kind EffectKind) {
	switch kind {
	case EffectAdded:
		n.Added++
	case EffectRemoved:
		n.Removed++
	case EffectUpdated:
		n.Updated++
	case EffectEmergency:
		n.Emergency++
	case EffectSwapped:
		n.Swapped++
	case EffectStocked:
		n.Stocked++
	case EffectUnstocked:
		n.Unstocked++
	case EffectLocation:
		n.LocationsCreated++
	}
}

// Stats are the counts since the account began.
type Stats struct {
	Calls Calls `json:"calls"`
	// RateLimited calls were over a limit and answered with 429; they are in no
	// other count. Those that a fault answers with 429 are not among them.
	RateLimited        int `json:"rate_limited"`
	ContractViolations int `json:"contract_violations"`
	// Effects of calls, without those of another administrator.
	Effects EffectCounts `json:"effects"`
	// AdminEffects are those of another administrator, whom a fault plan brought.
	AdminEffects int `json:"admin_effects,omitempty"`
	// Faults that hit, by kind. Each call of a 429 storm counts.
	Faults map[FaultKind]int `json:"faults,omitempty"`
	// ServiceSeconds since the account began.
	ServiceSeconds float64 `json:"service_seconds"`
}

// Calls counts the calls that took a slot, whatever was answered.
type Calls struct {
	ByOperation map[string]int `json:"by_operation"`
	ByGroup     map[string]int `json:"by_group"`
}

func newCalls() Calls {
	return Calls{ByOperation: map[string]int{}, ByGroup: map[string]int{groupLight: 0, groupMedium: 0, groupHeavy: 0, groupAuth: 0}}
}
