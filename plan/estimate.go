package plan

// Calls take this many records (API reference, operations addDeviceToInventory,
// deleteDeviceFromInventory; bulkAddDevicesV2 states no maximum).
const (
	DefaultBulkSize   = 10 // records of a bulk-add call unless the options say otherwise
	MaxStockPerCall   = 50 // slots of one addDeviceToInventory call
	MaxUnstockPerCall = 10 // records of one deleteDeviceFromInventory call
	// MaxSetSerialPerCall is how many records a device bulk-update call gets; the
	// service's own limit is not documented.
	MaxSetSerialPerCall = 10
)

// CallsAndTime counts the plan's mutating calls by throttling group and the
// least time that the limits allow for them: of each group all calls but the
// last window's must have waited for a window. A bulk-add call carries up to
// "bulk" adds (0: DefaultBulkSize), of one extension only one. Groups without
// a limit in the snapshot count with the documented one.
func (p *Plan) CallsAndTime(limits Limits, bulk int) Estimate {
	if bulk <= 0 {
		bulk = DefaultBulkSize
	}
	var e Estimate
	adds, unstocks, serials, most := 0, 0, 0, 0
	var on ExtensionID // of the last add; a plan has the adds of one extension side by side
	here := 0          // its adds so far
	for i := range p.Changes {
		c := &p.Changes[i]
		switch c.Kind {
		case KindAdd:
			adds++
			if c.ExtensionID() != on {
				on, here = c.ExtensionID(), 0
			}
			here++
			most = max(most, here)
		case KindStock:
			e.Heavy++
		case KindUnstock:
			unstocks++
		case KindSetSerial:
			serials++
		case KindCreateLocation, KindSwap, KindUpdate, KindUpdateEmergency, KindRemove:
			e.Medium++
		}
	}
	// The group of set_serial is unknown before its first answer: the slowest.
	e.Heavy += max(ceilDiv(adds, bulk), most) + ceilDiv(unstocks, MaxUnstockPerCall) + ceilDiv(serials, MaxSetSerialPerCall)
	e.LeastSeconds = max(
		leastSeconds(e.Light, limits.Light, 50),
		leastSeconds(e.Medium, limits.Medium, 40),
		leastSeconds(e.Heavy, limits.Heavy, 10),
	)
	return e
}

// leastSeconds is (calls/limit rounded up, less one) windows; documented is
// the limit per 60 s where none was seen.
func leastSeconds(calls int, l GroupLimit, documented int) int {
	if l.Calls <= 0 {
		l.Calls = documented
	}
	if l.WindowSeconds <= 0 {
		l.WindowSeconds = 60
	}
	return max(0, ceilDiv(calls, l.Calls)-1) * l.WindowSeconds
}

func ceilDiv(a, b int) int { return (a + b - 1) / b }
