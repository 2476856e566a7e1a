package executor

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"provision/rcclient/rcsim"
)

// caseOf is a case of the sweep by hand: the parts of its plan, its fault plan
// and the deaths of its processes.
func caseOf(t *testing.T, erl, list bool, parts, faults string, deaths ...death) *sweepCase {
	t.Helper()
	s := newScene(erl, list)
	for name := range strings.SplitSeq(parts, ", ") {
		i := slices.IndexFunc(sceneParts(), func(p scenePart) bool { return p.name == name })
		if i < 0 {
			t.Fatalf("no part is called %q", name)
		}
		s.put(sceneParts()[i])
	}
	s.finish()
	c := &sweepCase{scene: s, deaths: deaths}
	if faults != "" {
		plan, err := rcsim.ParseFaults([]byte(faults))
		if err != nil {
			t.Fatal(err)
		}
		c.faults = *plan
	}
	return c
}

func abandoned(c *sweepCase) *sweepCase {
	c.abandon = true
	return c
}

// withPhones gives the account extensions with phones that no change names.
func withPhones(c *sweepCase, exts ...int) *sweepCase {
	for _, ext := range exts {
		c.account.Extensions = append(c.account.Extensions, rcsim.Extension{ID: rcsim.IntID(ext), ExtensionNumber: fmt.Sprint(ext), Type: "User", Name: "Bystander"})
		c.account.Devices = append(c.account.Devices, phone(device(ext), ext, 0))
	}
	return c
}

// What the sweep has found once, kept as it was.
func TestSweepFindings(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]*sweepCase{
		"a slot that was moved on before it was read back": caseOf(t, false, false, "add second, remove for number, update, stock and swap", `{"seed":3102,"rules":[]}`,
			death{Write: 7, Tail: tailTorn}, death{Write: 2, Stage: afterSync, Pause: 600 * time.Second}),
		"a removal told by a reading of the phone that was too early": caseOf(t, false, true, "swap pair, unstock, release", `{"seed":73,"rules":[
			{"on":"writes","kind":"drop","when":"after","times":1},
			{"on":"readDevice","kind":"lag"}]}`),
		"a call that left long after its intent, and took effect late": caseOf(t, true, true, "add", `{"seed":1,"rules":[
			{"on":"bulkAddDevicesV2","kind":"rate_limit","retry_after":60,"calls":[1]},
			{"on":"bulkAddDevicesV2","kind":"late","seconds":60,"calls":[2]}]}`,
			death{After: 62500 * time.Millisecond}),
		"an added phone that someone put away, taken for a new slot": caseOf(t, false, true, "add, stock and swap, add second, move, stock", `{"seed":3,"rules":[
			{"on":"reads","kind":"drop","when":"before","calls":[4]},
			{"on":"writes","kind":"reset","when":"before","probability":0.5,"times":4},
			{"on":"removeLineJWSPublic","kind":"drop","when":"before","times":3},
			{"on":"writes","kind":"admin","when":"after","calls":[1],"times":1,"edit":"remove"},
			{"on":"listExtensionDevices","kind":"drop","when":"before","calls":[2]},
			{"on":"bulkAddDevicesV2","kind":"drop","when":"after","times":3}]}`,
			death{Write: 10, Stage: afterSync, Tail: tailFlipped, Pause: time.Second}, death{After: 1200 * time.Millisecond, Pause: time.Second}),
		"an abandoned run whose changes are blocked one by one": abandoned(caseOf(t, true, true, "remove for number, add replaced, swap ring", `{"seed":94628,"rules":[
			{"on":"readDevice","kind":"unauthorized","calls":[4]},
			{"on":"heavy","kind":"admin","when":"after","probability":0.5,"times":1,"edit":"remove"},
			{"on":"bulkAddDevicesV2","kind":"bulk_fail","calls":[2]}]}`,
			death{Write: 5, Tail: tailTorn, Pause: 200 * time.Second})),
		"an abandoned run whose slot is gone when its swap is told": abandoned(caseOf(t, true, true, "add, stock and swap", `{"seed":1,"rules":[
			{"on":"replaceDevicesJWSPublic","kind":"admin","when":"after","times":1,"edit":"remove"},
			{"on":"writes","kind":"late","calls":[2],"drop":true},
			{"on":"medium","kind":"drop","when":"before","times":2}]}`,
			death{After: 8500 * time.Millisecond, Pause: 90 * time.Second})),
		"an added phone that was swapped away before its address was read": caseOf(t, false, true, "add replaced, swap ring, release", `{"seed":235,"rules":[
			{"on":"readDevice","kind":"lag"},
			{"on":"writes","kind":"cut_body","probability":0.5,"times":4},
			{"on":"replaceDevicesJWSPublic","kind":"drop","when":"before","probability":0.5,"times":4},
			{"on":"deleteDeviceFromInventory","kind":"bulk_long","times":3},
			{"on":"medium","kind":"drop","when":"after","probability":0.5,"times":4}]}`),
		"two phones that someone moved, taken for a swap": caseOf(t, false, true, "release, add replaced", `{"seed":69,"rules":[
			{"on":"medium","kind":"status","when":"after","times":1,"status":408,"code":"CMN-201"},
			{"on":"writes","kind":"admin","when":"after","calls":[1],"times":1,"edit":"move"},
			{"on":"addDeviceToInventory","kind":"bulk_short","times":1},
			{"on":"medium","kind":"drop","when":"after","calls":[1]},
			{"on":"medium","kind":"late","probability":0.5,"times":4,"drop":true}]}`),
		"two phones that someone moved, taken for a swap by a later process": caseOf(t, false, true, "remove, stock and swap, add", `{"seed":117,"rules":[
			{"on":"bulkAddDevicesV2","kind":"reset","when":"before","calls":[3]},
			{"on":"removeLineJWSPublic","kind":"drop","when":"after","times":3},
			{"on":"medium","kind":"admin","when":"after","times":1,"edit":"move"},
			{"on":"replaceDevicesJWSPublic","kind":"admin","when":"before","times":1,"edit":"move"},
			{"on":"medium","kind":"late","times":3,"seconds":60,"drop":true}]}`,
			death{Write: 7, Stage: afterSync, Tail: tailFlipped, Pause: 600 * time.Second}, death{Write: 2, Tail: tailWhole, Pause: 200 * time.Second}, death{Write: 8, Tail: tailFlipped}),
		"another add's phone, by its number, that someone moved": caseOf(t, false, true, "add, add number, stock and swap", `{"seed":581,"rules":[
			{"on":"reads","kind":"drop","when":"before","probability":0.5,"times":4},
			{"on":"replaceDevicesJWSPublic","kind":"reset","when":"after","probability":0.5,"times":4},
			{"on":"replaceDevicesJWSPublic","kind":"rate_limit","probability":0.5,"times":4,"seconds":60},
			{"on":"bulkAddDevicesV2","kind":"admin","when":"after","probability":0.5,"times":1,"edit":"move"},
			{"on":"bulkAddDevicesV2","kind":"no_numbers","times":1},
			{"on":"bulkAddDevicesV2","kind":"drop","when":"after","probability":0.5,"times":4}]}`),
		"a phone whose line was removed, and that is on another line of its extension before that is read back": caseOf(t, true, true, "remove and swap", ""),
		"a swap whose target someone put on its extension before and took away after": caseOf(t, true, true, "add named, swap pair", `{"seed":627173,"rules":[
			{"on":"bulkAddDevicesV2","kind":"drop","when":"after","calls":[4]},
			{"on":"replaceDevicesJWSPublic","kind":"admin","when":"after","times":1,"edit":"remove"},
			{"on":"writes","kind":"late","calls":[1],"drop":true},
			{"on":"heavy","kind":"unparsable","probability":0.5,"times":4},
			{"on":"replaceDevicesJWSPublic","kind":"admin","when":"before","calls":[1],"times":1,"edit":"move"},
			{"on":"heavy","kind":"admin","when":"after","probability":0.5,"times":1,"edit":"rename"}]}`),
		"a phone that someone put away, taken for a new slot": withPhones(caseOf(t, true, true, "stock", `{"seed":1,"rules":[
			{"on":"addDeviceToInventory","kind":"drop","when":"before","calls":[1]},
			{"on":"addDeviceToInventory","kind":"admin","when":"after","calls":[1],"edit":"remove","device":"d901"},
			{"on":"addDeviceToInventory","kind":"admin","when":"after","calls":[1],"edit":"remove","device":"d902"}]}`), 901, 902),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if problems := c.problems(t, &totals{}); len(problems) > 0 {
				t.Errorf("%s%s", c.text(), strings.Join(problems, "\n"))
			}
		})
	}
}
