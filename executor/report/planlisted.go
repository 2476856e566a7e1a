package report

import (
	"provision/executor/report/review"
	"provision/plan"
)

// ListedJSON has by name what a reviewer is asked about, as the other forms do.
// Errors and guards have lists of their own in [PlanDocument].
type ListedJSON struct {
	Unreliable     []UnreliableJSON  `json:"unreliable_addresses"`
	LeftWithout    []PersonJSON      `json:"left_without_phone"`
	NumbersGivenUp []string          `json:"numbers_given_up"`
	NewLines       []NewLineJSON     `json:"new_lines"`
	Interrupted    []InterruptedJSON `json:"phones_interrupted"`
	NewLocations   []NewLocationJSON `json:"new_locations"`
	People         []AffectedJSON    `json:"people_affected"`
	LeftAlone      []LeftAloneJSON   `json:"left_alone"` // phones that no row mentions
}

// PersonJSON is a person by extension.
type PersonJSON struct {
	Extension string `json:"extension"`
	Person    string `json:"person"`
}

// UnreliableJSON is a phone whose emergency address can't be relied on.
type UnreliableJSON struct {
	PersonJSON
	Device   string   `json:"device"`
	Number   string   `json:"number"`
	Status   string   `json:"status"` // missing, Invalid, Deprovisioned
	Repaired bool     `json:"repaired"`
	Repair   string   `json:"repair"`  // what the plan does about it
	Changes  []string `json:"changes"` // ids of the plan's changes on it
}

// NewLineJSON is a line that is added and billed.
type NewLineJSON struct {
	PersonJSON
	Change string `json:"change"`
	What   string `json:"what"`
}

// InterruptedJSON is a phone that can't be used for some time.
type InterruptedJSON struct {
	PersonJSON
	Device string `json:"device"`
	Why    string `json:"why"`
	Change string `json:"change"`
}

// NewLocationJSON is a new ERL beside the nearest one that exists.
type NewLocationJSON struct {
	Change         string `json:"change"`
	Name           string `json:"name"`
	Address        string `json:"address"`
	Rows           int    `json:"rows"`
	NearestName    string `json:"nearest_name"` // empty: none is known
	NearestAddress string `json:"nearest_address"`
}

// AffectedJSON is whoever has a change.
type AffectedJSON struct {
	PersonJSON
	Site  string      `json:"site"`
	Kinds []plan.Kind `json:"kinds"`
}

// LeftAloneJSON is a phone of a named extension that no row mentions.
type LeftAloneJSON struct {
	PersonJSON
	Device string `json:"device"`
	Type   string `json:"type"`
	Name   string `json:"name"`
	Number string `json:"number"`
}

func listedJSON(r *review.Review) ListedJSON {
	return ListedJSON{
		Unreliable: each(r.Safety, func(u review.Unsafe) UnreliableJSON {
			return UnreliableJSON{PersonJSON{u.Extension, u.Person}, u.Device, u.Number, u.Status, u.Repaired, u.Repair, append([]string{}, u.Changes...)}
		}),
		LeftWithout:    each(r.LeftWithout, func(p review.Person) PersonJSON { return PersonJSON(p) }),
		NumbersGivenUp: append([]string{}, r.NumbersGivenUp...),
		NewLines: each(r.NewLines, func(c *review.Change) NewLineJSON {
			return NewLineJSON{PersonJSON{c.Extension, c.Person}, c.ID, c.What}
		}),
		Interrupted: each(r.Interrupted, func(i review.Interrupted) InterruptedJSON {
			return InterruptedJSON{PersonJSON{i.Extension, i.Person}, i.Device, i.Why, i.Change}
		}),
		NewLocations: each(r.NewLocations, func(l review.NewLocation) NewLocationJSON {
			return NewLocationJSON{l.Change, l.Name, l.Address, l.Rows, l.NearestName, l.NearestAddress}
		}),
		People: each(r.People, func(p review.Affected) AffectedJSON {
			return AffectedJSON{PersonJSON{p.Extension, p.Person}, p.Site, p.Kinds}
		}),
		LeftAlone: each(r.Unmanaged, func(u review.Unmanaged) LeftAloneJSON {
			return LeftAloneJSON{PersonJSON{u.Extension, u.Person}, u.Device, u.Type, u.Name, u.Number}
		}),
	}
}

// each maps a list; that of nothing is an empty one and not null.
func each[A, B any](list []A, of func(A) B) []B {
	out := make([]B, 0, len(list))
	for _, a := range list {
		out = append(out, of(a))
	}
	return out
}
