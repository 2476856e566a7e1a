package rcsim

import (
	"fmt"
	"time"
)

// Settings are the switches of a simulated account. A field left out has the
// default that its comment names. All times are service seconds.
type Settings struct {
	// ERLRegime: emergency addresses are given as ERLs (default), or plainly.
	ERLRegime *bool `json:"erl_regime,omitempty"`
	// DeviceList: the account-wide device list, which is not in the public
	// contract, answers (default); else 403.
	DeviceList *bool `json:"device_list,omitempty"`
	// UnlistedOperations: device bulk-update answers; else (default) 404.
	UnlistedOperations bool `json:"unlisted_operations,omitempty"`
	// BatchCost: what a call with n comma-separated ids takes from its window:
	// "request" one slot (default), "ids" n slots. Unstated by the service.
	BatchCost string `json:"batch_cost,omitempty"`
	// Latency is the service time of one call in seconds (default 0).
	Latency float64 `json:"latency,omitempty"`
	// Window is "sliding" (default) or "fixed".
	Window string `json:"window,omitempty"`
	// Limits by group: light, medium, heavy, auth. Defaults 50, 40, 10, 5 calls
	// in 60 s, penalty 60 s (developer guide).
	Limits map[string]Limit `json:"limits,omitempty"`
	// Validation of emergency addresses.
	Validation Validation `json:"validation,omitzero"`
	// DefaultDeviceName is what bulk-add calls a new phone (default: no name).
	DefaultDeviceName string `json:"default_device_name,omitempty"`
	// SerialMakesHardphone: a bulk-update with a serial turns an OtherPhone into
	// a HardPhone (default no; what the service does is unknown).
	SerialMakesHardphone bool `json:"serial_makes_hardphone,omitempty"`
	// BulkMax is the most records of one bulk-add or bulk-update (default 50;
	// the service's own number is unknown).
	BulkMax int `json:"bulk_max,omitempty"`
	// NumberPool is what the service can still sell.
	NumberPool Pool `json:"number_pool,omitzero"`
	// OrderNumbers: bulk-add may name a phone number that is not on the account
	// (default no).
	OrderNumbers bool `json:"order_numbers,omitempty"`
	// RefreshTokens: token answers carry a refresh token (default no, as with
	// new apps).
	RefreshTokens bool `json:"refresh_tokens,omitempty"`
	// FailedPartBodies: in a multipart/mixed 207, failed parts have a body too
	// (default; the guide does not show, the service's own JavaScript SDK counts
	// on it), or only the others.
	FailedPartBodies *bool `json:"failed_part_bodies,omitempty"`
	// Scopes are what the app's tokens allow (default "ReadAccounts
	// EditAccounts"). They are told, and not enforced.
	Scopes string `json:"scopes,omitempty"`
	// FeaturesOff are features that the user's permissions do not allow, as
	// "AddRemoveDevices". They are told, and not enforced.
	FeaturesOff []string `json:"features_off,omitempty"`
}

// Limit is one throttling group's: calls per window, window and penalty in
// service seconds. Absent fields have the group's default.
type Limit struct {
	Limit   int      `json:"limit,omitempty"`
	Window  float64  `json:"window,omitempty"`
	Penalty *float64 `json:"penalty,omitempty"`
}

// Validation says how emergency addresses are judged.
type Validation struct {
	// Seconds from acceptance to the verdict (default 30).
	Seconds *float64 `json:"seconds,omitempty"`
	// Invalid: a street that contains this text, in any case, ends Invalid
	// (default "invalid").
	Invalid *string `json:"invalid,omitempty"`
	// Respell: texts that the service replaces in an address it stores.
	Respell map[string]string `json:"respell,omitempty"`
}

// Pool is what the service can still sell.
type Pool struct {
	// Size is how many numbers there are (absent: no end).
	Size *int `json:"size,omitempty"`
	// AreaCodes that have numbers (empty: all). A wish for another one is
	// answered with a number of the first.
	AreaCodes []string `json:"area_codes,omitempty"`
}

// defaultLimits are the developer guide's defaults per minute.
var defaultLimits = map[string]int{groupLight: 50, groupMedium: 40, groupHeavy: 10, groupAuth: 5}

const (
	defaultWindow     = 60 * time.Second // developer guide
	defaultPenalty    = 60 * time.Second // developer guide
	defaultValidation = 30 * time.Second // assumed
	defaultBulkMax    = 50               // assumed: the service states none
)

// Window kinds.
const (
	windowSliding = "sliding"
	windowFixed   = "fixed"
)

func (s *Settings) check() error {
	switch s.BatchCost {
	case "", "request", "ids":
	default:
		return fmt.Errorf("parse account: settings.batch_cost is %q, want request or ids", s.BatchCost)
	}
	if err := checkWindow(s.Window); err != nil {
		return fmt.Errorf("parse account: settings.window: %w", err)
	}
	if s.Latency < 0 || s.Latency > 3600 {
		return fmt.Errorf("parse account: settings.latency is %v, want 0 to 3600 seconds", s.Latency)
	}
	if v := s.Validation.Seconds; v != nil && (*v < 0 || *v > 1e6) {
		return fmt.Errorf("parse account: settings.validation.seconds is %v, want 0 to 1000000", *v)
	}
	if s.BulkMax < 0 {
		return fmt.Errorf("parse account: settings.bulk_max is %d, want 1 or more", s.BulkMax)
	}
	for group, limit := range s.Limits {
		if err := limit.check(group); err != nil {
			return fmt.Errorf("parse account: settings.limits: %w", err)
		}
	}
	return s.NumberPool.check()
}

func (l Limit) check(group string) error {
	if _, known := defaultLimits[group]; !known {
		return fmt.Errorf("unknown group %q, want light, medium, heavy or auth", group)
	}
	if l.Limit < 0 || l.Window < 0 || l.Window > 1e6 || l.Penalty != nil && (*l.Penalty < 0 || *l.Penalty > 1e6) {
		return fmt.Errorf("group %s: limit, window and penalty want 0 to 1000000", group)
	}
	return nil
}

func (p Pool) check() error {
	for _, code := range p.AreaCodes {
		if len(code) != 3 || code[0] < '2' || code[0] > '9' || !digits(code) {
			return fmt.Errorf("parse account: settings.number_pool.area_codes: %q is not three digits of the North American plan", code)
		}
	}
	return nil
}

func checkWindow(kind string) error {
	switch kind {
	case "", windowSliding, windowFixed:
		return nil
	}
	return fmt.Errorf("unknown window %q, want sliding or fixed", kind)
}

func (s *Settings) erlRegime() bool  { return s.ERLRegime == nil || *s.ERLRegime }
func (s *Settings) deviceList() bool { return s.DeviceList == nil || *s.DeviceList }

func (s *Settings) failedPartBodies() bool { return s.FailedPartBodies == nil || *s.FailedPartBodies }

func (s *Settings) bulkMax() int {
	if s.BulkMax == 0 {
		return defaultBulkMax
	}
	return s.BulkMax
}

func (s *Settings) validationTime() time.Duration {
	if s.Validation.Seconds == nil {
		return defaultValidation
	}
	return seconds(*s.Validation.Seconds)
}

func (s *Settings) invalidText() string {
	if s.Validation.Invalid == nil {
		return "invalid"
	}
	return *s.Validation.Invalid
}

func (s *Settings) limit(group string) quota {
	q := quota{limit: defaultLimits[group], window: defaultWindow, penalty: defaultPenalty}
	own := s.Limits[group]
	if own.Limit > 0 {
		q.limit = own.Limit
	}
	if own.Window > 0 {
		q.window = seconds(own.Window)
	}
	if own.Penalty != nil {
		q.penalty = seconds(*own.Penalty)
	}
	return q
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

func digits(text string) bool {
	for _, c := range text {
		if c < '0' || c > '9' {
			return false
		}
	}
	return text != ""
}
