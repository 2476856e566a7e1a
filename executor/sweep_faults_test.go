package executor

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"

	"provision/plan"
	"provision/rcclient/rcsim"
)

// death is where a process dies, and what its disk keeps.
type death struct {
	After time.Duration // how long it has lived; 0: it dies at a write
	Write int           // at which write of the journal
	Stage deathStage    // before, in or after it
	Tail  deathTail     // what stays of what was not synced
	Pause time.Duration // until the next process begins
}

type deathStage int

const (
	beforeWrite deathStage = iota // the write is lost
	beforeSync                    // it is written, not synced
	afterSync                     // it is durable, and nobody was told
)

type deathTail int

const (
	tailLost deathTail = iota
	tailWhole
	tailTorn
	tailFlipped
)

// keep is what the disk makes of unsynced bytes.
func (d death) keep(_ string, unsynced []byte) []byte {
	switch {
	case d.Tail == tailWhole:
		return unsynced
	case d.Tail == tailLost || len(unsynced) == 0:
		return nil
	case d.Tail == tailTorn:
		return unsynced[:len(unsynced)/2]
	}
	// In the last line: before others it would be damage, which is refused.
	last := bytes.LastIndexByte(unsynced[:len(unsynced)-1], '\n') + 1
	unsynced[last+(len(unsynced)-last)/3] ^= 0x10
	return unsynced
}

// sweepCase is one case of the sweep.
type sweepCase struct {
	*scene
	faults  rcsim.Faults
	deaths  []death
	abandon bool // after the deaths: find out what became of it, send nothing
	// clock is by how much each process's wall clock is off; the last repeats.
	clock []time.Duration
}

func drawCase(t *rapid.T) *sweepCase {
	c := &sweepCase{scene: drawScene(t)}
	c.faults.Seed = rapid.Uint64Range(1, 1<<20).Draw(t, "seed")
	for range rapid.IntRange(0, 6).Draw(t, "faults") {
		c.faults.Rules = append(c.faults.Rules, drawFault(t, c.scene))
	}
	for range rapid.IntRange(0, 3).Draw(t, "deaths") {
		d := death{
			Stage: deathStage(rapid.IntRange(0, 2).Draw(t, "stage")),
			Tail:  deathTail(rapid.IntRange(0, 3).Draw(t, "tail")),
			Pause: time.Duration(rapid.SampledFrom([]int{0, 1, 30, 90, 200, 600}).Draw(t, "pause")) * time.Second,
		}
		if rapid.IntRange(0, 2).Draw(t, "at an instant") == 2 {
			d.After = time.Duration(rapid.IntRange(1, 3000).Draw(t, "instant")) * 100 * time.Millisecond
		} else {
			d.Write = rapid.IntRange(1, 10).Draw(t, "write")
		}
		c.deaths = append(c.deaths, d)
	}
	c.abandon = len(c.deaths) > 0 && rapid.IntRange(0, 5).Draw(t, "abandon") == 5
	return c
}

// faultShape is a kind of fault with what it needs, and whom it may hit.
type faultShape struct {
	rule rcsim.FaultRule
	on   []rcsim.FaultScope
}

// operations are those of the plan's changes.
func (s *scene) operations() []string {
	var ops []string
	for _, c := range s.b.p.Changes {
		op := operationOf(c.Kind)
		if !slices.Contains(ops, op) {
			ops = append(ops, op)
		}
	}
	return ops
}

// operationOf is the call that a kind of change makes.
func operationOf(k plan.Kind) string {
	return map[plan.Kind]string{
		plan.KindAdd: "bulkAddDevicesV2", plan.KindStock: "addDeviceToInventory", plan.KindUnstock: "deleteDeviceFromInventory",
		plan.KindSwap: "replaceDevicesJWSPublic", plan.KindRemove: "removeLineJWSPublic", plan.KindUpdate: "updateDevice",
		plan.KindUpdateEmergency: "updateDeviceEmergency", plan.KindSetSerial: "bulkUpdateDevices", plan.KindCreateLocation: "createEmergencyLocation",
	}[k]
}

func scopes(names ...string) []rcsim.FaultScope {
	out := make([]rcsim.FaultScope, len(names))
	for i, name := range names {
		out[i] = rcsim.FaultScope{name}
	}
	return out
}

// faultShapes are all kinds of fault, the plainest first.
func faultShapes() []faultShape {
	writes := scopes("writes", "bulkAddDevicesV2", "bulkUpdateDevices", "replaceDevicesJWSPublic", "removeLineJWSPublic", "heavy", "medium")
	both := append(slices.Clone(writes), scopes("reads", "listExtensionDevices", "readDevice")...)
	bulk := scopes("bulkAddDevicesV2", "deleteDeviceFromInventory", "bulkUpdateDevices")
	results := append(slices.Clone(bulk), scopes("addDeviceToInventory")...)
	before, after := rcsim.FaultBefore, rcsim.FaultAfter
	num := func(x float64) *float64 { return &x }
	shapes := []faultShape{
		{rcsim.FaultRule{Kind: rcsim.FaultDrop, When: after}, writes},
		{rcsim.FaultRule{Kind: rcsim.FaultDrop, When: before}, both},
		{rcsim.FaultRule{Kind: rcsim.FaultReset, When: after}, writes},
		{rcsim.FaultRule{Kind: rcsim.FaultReset, When: before}, both},
		{rcsim.FaultRule{Kind: rcsim.FaultStatus, When: before, Status: 503}, both},
		{rcsim.FaultRule{Kind: rcsim.FaultStatus, When: after, Status: 503, RetryAfter: 20}, writes},
		{rcsim.FaultRule{Kind: rcsim.FaultStatus, When: before, Status: 502}, both},
		{rcsim.FaultRule{Kind: rcsim.FaultStatus, When: after, Status: 500}, writes},
		{rcsim.FaultRule{Kind: rcsim.FaultStatus, When: after, Status: 408, Code: "CMN-201"}, writes},
		{rcsim.FaultRule{Kind: rcsim.FaultCutBody}, both},
		{rcsim.FaultRule{Kind: rcsim.FaultUnparsable}, both},
		{rcsim.FaultRule{Kind: rcsim.FaultWrongType}, both},
		{rcsim.FaultRule{Kind: rcsim.FaultSlow, Seconds: num(100)}, both},
		{rcsim.FaultRule{Kind: rcsim.FaultSlow, Seconds: num(40)}, both},
		{rcsim.FaultRule{Kind: rcsim.FaultLate, Drop: true}, writes},
		{rcsim.FaultRule{Kind: rcsim.FaultLate, Drop: true, Seconds: num(60)}, writes},
		{rcsim.FaultRule{Kind: rcsim.FaultLate, Status: 504, Seconds: num(60)}, writes},
		{rcsim.FaultRule{Kind: rcsim.FaultLate}, writes},
		{rcsim.FaultRule{Kind: rcsim.FaultRateLimit, RetryAfter: 60, LimitHeaders: true}, both},
		{rcsim.FaultRule{Kind: rcsim.FaultRateLimit, Seconds: num(60)}, both},
		{rcsim.FaultRule{Kind: rcsim.FaultUnauthorized}, both},
		{rcsim.FaultRule{Kind: rcsim.FaultBulkFail}, bulk},
		{rcsim.FaultRule{Kind: rcsim.FaultBulkReorder}, results},
		{rcsim.FaultRule{Kind: rcsim.FaultBulkShort}, results},
		{rcsim.FaultRule{Kind: rcsim.FaultBulkLong}, results},
		{rcsim.FaultRule{Kind: rcsim.FaultNoInventory}, scopes("bulkAddDevicesV2", "addDeviceToInventory")},
		{rcsim.FaultRule{Kind: rcsim.FaultNoNumbers}, scopes("bulkAddDevicesV2")},
		{rcsim.FaultRule{Kind: rcsim.FaultLag}, scopes("reads", "listExtensionDevices", "readDevice", "listEmergencyLocations")},
		{rcsim.FaultRule{Kind: rcsim.FaultLag, Seconds: num(60)}, scopes("reads", "listExtensionDevices", "readDevice")},
	}
	for _, edit := range []string{"rename", "move", "remove", "add", "address", "stock", "location"} {
		on := writes
		if edit == "location" {
			on = scopes("createEmergencyLocation")
		}
		shapes = append(shapes, faultShape{rcsim.FaultRule{Kind: rcsim.FaultAdmin, When: before, Edit: edit}, on},
			faultShape{rcsim.FaultRule{Kind: rcsim.FaultAdmin, When: after, Edit: edit}, on})
	}
	return shapes
}

// drawFault draws a rule that ends by itself, so that a run can be finished.
func drawFault(t *rapid.T, s *scene) rcsim.FaultRule {
	shapes := faultShapes()
	shape := shapes[rapid.IntRange(0, len(shapes)-1).Draw(t, "kind")]
	rule := shape.rule
	rule.On = shape.on[rapid.IntRange(0, len(shape.on)-1).Draw(t, "on")]
	if used := s.operations(); rule.On[0] == "writes" && rapid.Bool().Draw(t, "one operation") {
		rule.On = rcsim.FaultScope{used[rapid.IntRange(0, len(used)-1).Draw(t, "operation")]}
	}
	switch rapid.IntRange(0, 2).Draw(t, "how") {
	case 0:
		rule.Calls = []int{rapid.IntRange(1, 4).Draw(t, "call")}
	case 1:
		rule.Times = rapid.IntRange(1, 3).Draw(t, "times")
	case 2:
		half := 0.5
		rule.Probability, rule.Times = &half, 4
	}
	if rule.Kind == rcsim.FaultLag { // lag goes on; it loses nothing
		rule.Times, rule.Calls = 0, nil
	}
	if rule.Kind == rcsim.FaultAdmin {
		rule.Times = 1
	}
	return rule
}

// meddled reports whether another administrator edits.
func (c *sweepCase) meddled() bool {
	return slices.ContainsFunc(c.faults.Rules, func(r rcsim.FaultRule) bool { return r.Kind == rcsim.FaultAdmin })
}

// text is the case for the reader of a counterexample.
func (c *sweepCase) text() string {
	var b strings.Builder
	b.WriteString(c.scene.text())
	for _, r := range c.faults.Rules {
		rule, err := json.Marshal(r)
		fmt.Fprintf(&b, "  fault %s", rule)
		if err != nil {
			fmt.Fprintf(&b, " %v", err)
		}
		b.WriteByte('\n')
	}
	fmt.Fprintf(&b, "  seed %d\n", c.faults.Seed)
	for _, d := range c.deaths {
		if d.After > 0 {
			fmt.Fprintf(&b, "  dies after %s; the next begins %s later\n", d.After, d.Pause)
			continue
		}
		fmt.Fprintf(&b, "  dies at write %d: %s, %s; the next begins %s later\n", d.Write,
			[]string{"before it", "written, not synced", "synced, not told"}[d.Stage],
			[]string{"unsynced bytes lost", "unsynced bytes kept", "unsynced bytes torn", "a bit of the unsynced bytes flipped"}[d.Tail], d.Pause)
	}
	if c.abandon {
		b.WriteString("  then it is abandoned\n")
	}
	return b.String()
}
