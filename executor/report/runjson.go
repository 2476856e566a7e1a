package report

// RunDocument is the JSON document of "provision run", "apply" and "resume".
// The counts from Applied to Pending are changes. Those whose address is not
// confirmed are in none of them: they stand in Emergency, so that these counts
// and Emergency's pending, invalid and differs add up to the plan's changes.
type RunDocument struct {
	Run         string          `json:"run"`
	Applied     int             `json:"applied"`
	NoOp        int             `json:"no_op"`
	Failed      int             `json:"failed"`
	Stale       int             `json:"stale"`
	Blocked     int             `json:"blocked"`
	Ambiguous   int             `json:"ambiguous"`
	Pending     int             `json:"pending"`
	Emergency   EmergencyCounts `json:"emergency"`
	Calls       Calls           `json:"calls"`
	RateLimited int             `json:"rate_limited"` // answers 429
	Seconds     float64         `json:"seconds"`      // of service time
	Rows        RowCounts       `json:"rows"`
	// Approval is who approved the plan; left out where nobody did.
	Approval *Approval `json:"approval,omitempty"`
}

// EmergencyCounts counts the changes that set an emergency address, by what
// the service says of it.
type EmergencyCounts struct {
	Valid   int `json:"valid"`
	Pending int `json:"pending"`
	Invalid int `json:"invalid"`
	Differs int `json:"differs"`
}

// RowCounts counts rows by status.
type RowCounts struct {
	Total          int `json:"total"`
	Hidden         int `json:"hidden"` // left out by --hidden=skip; not of the total
	Applied        int `json:"applied"`
	NoOp           int `json:"no_op"`
	Ignored        int `json:"ignored"`
	Invalid        int `json:"invalid"`
	Deselected     int `json:"deselected"`
	Deferred       int `json:"deferred"`
	Failed         int `json:"failed"`
	Stale          int `json:"stale"`
	Blocked        int `json:"blocked"`
	Ambiguous      int `json:"ambiguous"`
	Pending        int `json:"pending"`
	AddressPending int `json:"address_pending"`
	AddressInvalid int `json:"address_invalid"`
	AddressDiffers int `json:"address_differs"`
}

// Traffic is what a run cost, as the client counted it.
type Traffic struct {
	Calls       Calls
	RateLimited int
	Seconds     float64 // of service time
}

// RunJSON makes the JSON document of a run out of its report and of what it
// cost.
func RunJSON(r *Report, t Traffic) RunDocument {
	return RunDocument{
		Run: r.Run, Emergency: r.Emergency,
		Applied: r.Changes[Applied], NoOp: r.Changes[NoOp], Failed: r.Changes[Failed], Stale: r.Changes[Stale],
		Blocked: r.Changes[Blocked], Ambiguous: r.Changes[Ambiguous], Pending: r.Changes[Pending],
		Calls: t.Calls, RateLimited: t.RateLimited, Seconds: t.Seconds,
		Rows: r.RowCounts(), Approval: r.Approval,
	}
}

// RowCounts counts the report's lines by status.
func (r *Report) RowCounts() RowCounts {
	n := map[Status]int{}
	for i := range r.Lines {
		n[r.Lines[i].Status]++
	}
	return RowCounts{
		Total: len(r.Lines), Hidden: r.Hidden, Applied: n[Applied], NoOp: n[NoOp], Ignored: n[Ignored], Invalid: n[Invalid], Deselected: n[Deselected], Deferred: n[Deferred],
		Failed: n[Failed], Stale: n[Stale], Blocked: n[Blocked], Ambiguous: n[Ambiguous], Pending: n[Pending],
		AddressPending: n[AddressPending], AddressInvalid: n[AddressInvalid], AddressDiffers: n[AddressDiffers],
	}
}
