package rcsim

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// Faults is a fault plan: what goes wrong, where and when. The same plan and the
// same sequence of calls of an operation give the same faults.
type Faults struct {
	// Seed of everything random in the plan.
	Seed uint64 `json:"seed,omitempty"`
	// MaxLate bounds the delays and lags that a rule leaves open, in service
	// seconds; 0 stands for Options.MaxLate.
	MaxLate float64 `json:"max_late,omitempty"`
	// Rules are asked in order. A call has at most one fault of each class (how
	// it ends, how its items fare, and so on), of the first rule that hits.
	Rules []FaultRule `json:"rules"`
}

// FaultRule is one kind of fault and the calls that it hits: those for which all
// conditions that are given hold. A rule counts for each of its operations by
// itself. Fields that the kind does not take are refused.
type FaultRule struct {
	On   FaultScope `json:"on"`
	Kind FaultKind  `json:"kind"`
	// When is before or after the effect: drop, reset, status and admin need it.
	When string `json:"when,omitempty"`

	// Calls are the calls that are hit, counted from 1 when the plan came.
	Calls []int `json:"calls,omitempty"`
	// Every hits each n-th call, From lets the first calls pass.
	Every int `json:"every,omitempty"`
	From  int `json:"from,omitempty"`
	// Probability of a hit; absent: 1.
	Probability *float64 `json:"probability,omitempty"`
	// Times is how often the rule hits at most, 0: without end.
	Times int `json:"times,omitempty"`

	// Seconds of service time: the delay of slow and late, the age of lag, how
	// long a rate_limit storm lasts. Absent: late and lag draw up to MaxLate.
	Seconds *float64 `json:"seconds,omitempty"`
	// Status of the answer (status), or one given at once (late).
	Status int `json:"status,omitempty"`
	// Code is the errorCode of the answer or of the items.
	Code string `json:"code,omitempty"`
	// Body replaces the answer's (status, late, wrong_type); it goes as text/html.
	Body string `json:"body,omitempty"`
	// RetryAfter is the header's value in seconds, 0: no header.
	RetryAfter int `json:"retry_after,omitempty"`
	// LimitHeaders: a rate_limit has the X-Rate-Limit headers of the group.
	LimitHeaders bool `json:"limit_headers,omitempty"`
	// Bytes of the body that a cut_body lets pass; absent: half.
	Bytes *int `json:"bytes,omitempty"`
	// Drop: a late call's connection is closed at once.
	Drop bool `json:"drop,omitempty"`
	// Items of a bulk call, counted from 1; absent: one by chance.
	Items []int `json:"items,omitempty"`

	// Edit is what the administrator does: rename, move, remove, add, address,
	// stock or location.
	Edit string `json:"edit,omitempty"`
	// Device and Extension are the edit's; absent: the call's own.
	Device    ID     `json:"device,omitempty"`
	Extension ID     `json:"extension,omitempty"`
	Name      string `json:"name,omitempty"` // of rename
	// KeepAssets: a removed line's assets go to the inventory (default).
	KeepAssets *bool `json:"keep_assets,omitempty"`
}

// FaultKind is what goes wrong. docs/simulator-faults.md describes each.
type FaultKind string

// The kinds of faults.
const (
	FaultDrop         FaultKind = "drop"         // connection closed without an answer
	FaultReset        FaultKind = "reset"        // the same by a reset
	FaultStatus       FaultKind = "status"       // another status
	FaultCutBody      FaultKind = "cut_body"     // connection closed within the body
	FaultUnparsable   FaultKind = "unparsable"   // half of the body, as if it were all
	FaultWrongType    FaultKind = "wrong_type"   // Content-Type text/html
	FaultSlow         FaultKind = "slow"         // effect at once, answer later
	FaultLate         FaultKind = "late"         // effect later, answer no sooner
	FaultRateLimit    FaultKind = "rate_limit"   // 429, one or a storm
	FaultUnauthorized FaultKind = "unauthorized" // 401, the token is dropped
	FaultBulkFail     FaultKind = "bulk_fail"    // items fail
	FaultBulkReorder  FaultKind = "bulk_reorder" // results in another order
	FaultBulkShort    FaultKind = "bulk_short"   // one result too few
	FaultBulkLong     FaultKind = "bulk_long"    // one result twice
	FaultLag          FaultKind = "lag"          // a read shows the past
	FaultAdmin        FaultKind = "admin"        // another administrator's edit
	FaultNoInventory  FaultKind = "no_inventory" // no slots or licences are left
	FaultNoNumbers    FaultKind = "no_numbers"   // the number pool is empty
)

// Values of FaultRule.When.
const (
	FaultBefore = "before"
	FaultAfter  = "after"
)

// FaultScope names operations: by operationId or throttling group, as "reads" or
// "writes", or as "*". The last three leave the operations of the auth group
// out. In JSON it is a string or a list of strings.
type FaultScope []string

// UnmarshalJSON accepts a string or a list of strings.
func (f *FaultScope) UnmarshalJSON(data []byte) error {
	var one string
	if json.Unmarshal(data, &one) == nil {
		*f = FaultScope{one}
		return nil
	}
	var many []string
	if err := json.Unmarshal(data, &many); err != nil {
		return fmt.Errorf("on is %s, want an operation or a list of them", data)
	}
	*f = many
	return nil
}

// ParseFaults reads a fault plan. Unknown keys, kinds and operations, and what
// does not go with a rule's kind, are refused by name.
func ParseFaults(data []byte) (*Faults, error) {
	var top struct {
		Seed    uint64            `json:"seed"`
		MaxLate float64           `json:"max_late"`
		Rules   []json.RawMessage `json:"rules"`
	}
	if err := decodeStrictly(data, &top); err != nil {
		return nil, fmt.Errorf("parse faults: %w", jsonTrouble(data, err))
	}
	faults := &Faults{Seed: top.Seed, MaxLate: top.MaxLate, Rules: make([]FaultRule, len(top.Rules))}
	for i, rule := range top.Rules {
		if err := decodeStrictly(rule, &faults.Rules[i]); err != nil {
			return nil, fmt.Errorf("parse faults: rules[%d]: %w", i, err)
		}
	}
	if err := faults.check(); err != nil {
		return nil, fmt.Errorf("parse faults: %w", err)
	}
	return faults, nil
}

func decodeStrictly(data []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("more than one JSON document")
	}
	return nil
}

func (f *Faults) clone() *Faults {
	copied := *f
	copied.Rules = slices.Clone(f.Rules) // what rules point to is never written
	return &copied
}

// check refuses a plan that cannot be meant.
func (f *Faults) check() error {
	if f.MaxLate < 0 || f.MaxLate > maxSeconds {
		return fmt.Errorf("max_late is %v, want 0 to %v seconds", f.MaxLate, float64(maxSeconds))
	}
	for i := range f.Rules {
		if err := f.Rules[i].check(); err != nil {
			return fmt.Errorf("rules[%d]: %w", i, err)
		}
	}
	return nil
}

// maxSeconds is the longest time that a rule can name.
const maxSeconds = 1e6

func (r *FaultRule) check() error {
	spec, known := faultKinds[r.Kind]
	if !known {
		return fmt.Errorf("unknown kind %q, want one of %s", r.Kind, strings.Join(kindNames(), ", "))
	}
	used := r.used()
	for _, field := range used {
		if !slices.Contains(spec.takes, field) && !slices.Contains(spec.needs, field) {
			return fmt.Errorf("kind %s takes no %s", r.Kind, field)
		}
	}
	for _, field := range spec.needs {
		if !slices.Contains(used, field) {
			return fmt.Errorf("kind %s needs %s", r.Kind, field)
		}
	}
	if err := r.checkScope(spec); err != nil {
		return err
	}
	return r.checkValues()
}

// used are the kind's own fields that the rule gives.
func (r *FaultRule) used() []string {
	var used []string
	for _, field := range []struct {
		name  string
		given bool
	}{
		{"when", r.When != ""}, {"seconds", r.Seconds != nil}, {"status", r.Status != 0}, {"code", r.Code != ""},
		{"body", r.Body != ""}, {"retry_after", r.RetryAfter != 0}, {"limit_headers", r.LimitHeaders},
		{"bytes", r.Bytes != nil}, {"drop", r.Drop}, {"items", len(r.Items) > 0}, {"edit", r.Edit != ""},
		{"device", r.Device != ""}, {"extension", r.Extension != ""}, {"name", r.Name != ""}, {"keep_assets", r.KeepAssets != nil},
	} {
		if field.given {
			used = append(used, field.name)
		}
	}
	return used
}

// checkScope refuses a name that is no operation, and one that the kind never
// hits.
func (r *FaultRule) checkScope(spec faultKind) error {
	if len(r.On) == 0 {
		return errors.New("on is missing: want an operation, a group, reads, writes or *")
	}
	for _, name := range r.On {
		known, fits := false, false
		for _, op := range operations {
			named := op.inScope(name)
			known, fits = known || named, fits || named && spec.fits(op)
		}
		if !known {
			return fmt.Errorf("unknown operation %q, want an operationId, light, medium, heavy, auth, reads, writes or *", name)
		}
		if !fits {
			return fmt.Errorf("kind %s cannot happen to %s", r.Kind, name)
		}
	}
	return nil
}

func (r *FaultRule) checkValues() error {
	least := func(numbers []int) int { return slices.Min(append([]int{1}, numbers...)) }
	switch {
	case r.When != "" && r.When != FaultBefore && r.When != FaultAfter:
		return fmt.Errorf("when is %q, want before or after", r.When)
	case r.Edit != "" && !slices.Contains(adminEditNames, r.Edit):
		return fmt.Errorf("unknown edit %q, want one of %s", r.Edit, strings.Join(adminEditNames, ", "))
	case least(r.Calls) < 1 || least(r.Items) < 1:
		return errors.New("calls and items count from 1")
	case r.Every < 0 || r.From < 0 || r.Times < 0 || r.RetryAfter < 0 || r.Bytes != nil && *r.Bytes < 0:
		return errors.New("every, from, times, retry_after and bytes must not be negative")
	case r.Probability != nil && !(*r.Probability >= 0 && *r.Probability <= 1):
		return fmt.Errorf("probability is %v, want 0 to 1", *r.Probability)
	case r.Seconds != nil && !(*r.Seconds >= 0 && *r.Seconds <= maxSeconds):
		return fmt.Errorf("seconds is %v, want 0 to %v", *r.Seconds, float64(maxSeconds))
	case r.Status != 0 && (r.Status < 400 || r.Status > 599):
		return fmt.Errorf("status is %d, want 400 to 599", r.Status)
	case r.Drop && r.Status != 0:
		return errors.New("drop and status exclude one another")
	}
	return nil
}

// hits tells whether the conditions hold for the n-th call of an operation, of
// which the rule has hit some already. chance is drawn evenly from [0, 1).
func (r *FaultRule) hits(n, fired int, chance float64) bool {
	from := max(r.From, 1)
	return n >= from &&
		(len(r.Calls) == 0 || slices.Contains(r.Calls, n)) &&
		(r.Every == 0 || (n-from+1)%r.Every == 0) &&
		(r.Times == 0 || fired < r.Times) &&
		(r.Probability == nil || chance < *r.Probability)
}

// delay is the rule's time, or one by chance that is above 0 and at most most.
func (h *hit) delay(most time.Duration) time.Duration {
	if h.Rule.Seconds != nil {
		return seconds(*h.Rule.Seconds)
	}
	return time.Duration(h.random(useDelay).Int64N(max(int64(most), 1))) + 1
}
