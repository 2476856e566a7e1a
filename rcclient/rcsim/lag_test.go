package rcsim_test

import (
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"provision/rcclient/rcsim"
)

// TestLag shows the past to the reads that the plan names, and the present to
// the others.
func TestLag(t *testing.T) {
	t.Parallel()
	inTime(t, `{"rules":[{"on":"readDevice","kind":"lag","seconds":30}]}`, func(t *testing.T, w *wired) {
		w.do("PUT", v1+"/device/2002", rename).want(200)
		w.do("GET", v1+"/device/2002", "").want(200).is("Bob desk", "name")
		w.do("GET", v1+"/extension/102/device", "").want(200).is("X", "records", 0, "name")
		w.waitService(31 * time.Second)
		w.do("GET", v1+"/device/2002", "").want(200).is("X", "name")
		w.do("PUT", v1+"/device/2002", `{"name":"Y"}`).want(200)
		w.do("GET", v1+"/device/2002", "").want(200).is("X", "name")
	})
}

// TestLagOfEveryChange compares what lists showed before each change with what
// they show after it, lagging; the present is as it was meanwhile.
func TestLagOfEveryChange(t *testing.T) {
	t.Parallel()
	lists := []string{v1 + "/device?perPage=1000", v2 + "/phone-numbers?perPage=1000", v1 + "/emergency-locations?perPage=1000",
		v1 + "/extension/101/device", v1 + "/extension/102/device", v1 + "/extension/103/device", v1 + "/extension/106/device"}
	limits := `"limits": {"light": {"limit": 1000}, "medium": {"limit": 1000}, "heavy": {"limit": 1000}}`
	synctest.Test(t, func(t *testing.T) {
		s := start(t, limits)
		show := func() []string {
			var shown []string
			for _, path := range lists {
				var records []string
				got := s.get(path).want(200)
				for i := range got.length("records") {
					records = append(records, got.text("records", i))
				}
				slices.Sort(records)
				shown = append(shown, records...)
			}
			return shown
		}
		s.plan(`{"rules":[{"on":"readDevice","kind":"lag","seconds":3600}]}`) // keeps an hour, and hits no list
		var before [][]string
		steps := []func(){
			func() { s.bulkAdd(add("106", "5001", anyNumber)).want(200) },
			func() { s.put(v1+"/device/2002", rename).want(200) },
			func() { s.post(v2+"/extensions/101/devices/2001/replace", `{"targetDeviceId":"2002"}`).want(204) },
			func() { s.remove(v2+"/device-inventory", `{"records":[{"deviceId":"2004"}]}`).want(200) },
			func() { s.remove(v2+"/devices/2005", `{"keepAssetsInInventory":false}`).want(204) },
			func() { s.remove(v2+"/devices/2001", "").want(200) },
			func() {
				s.post(v1+"/emergency-locations", `{"name":"N","address":{"street":"9 Fine St","city":"Reno","state":"NV","zip":"89501","country":"US"}}`).want(200)
			},
			func() {}, // the verdicts fall due
		}
		for i, step := range steps {
			before = append(before, show())
			pass(time.Second)
			step()
			if i < len(steps)-1 {
				pass(4 * time.Second)
			}
		}
		pass(99 * time.Second)
		now := show()
		total := time.Duration(len(steps)-1)*5*time.Second + 100*time.Second
		for i := range steps {
			ago := total - time.Duration(i)*5*time.Second
			s.plan(`{"rules":[{"on":["readDevice","light","heavy"],"kind":"lag","seconds":` + strconv.Itoa(int(ago.Seconds())) + `}]}`)
			if got := show(); !slices.Equal(got, before[i]) {
				t.Errorf("before step %d: got\n%q\nwant\n%q", i, got, before[i])
			}
		}
		s.plan(`{}`)
		if got := show(); !slices.Equal(got, now) {
			t.Errorf("the present changed: got\n%q\nwant\n%q", got, now)
		}
	})
}

// TestLagSurvives: the past is there after a restart, also in a snapshot.
func TestLagSurvives(t *testing.T) {
	t.Parallel()
	for _, compact := range []bool{false, true} {
		wall := newClock()
		options := rcsim.Options{Account: parse(t), StateFile: filepath.Join(t.TempDir(), "s.state"), Clock: wall.Now}
		one := open(t, options)
		one.plan(`{"rules":[{"on":"readDevice","kind":"lag","seconds":30}]}`)
		one.put(v1+"/device/2004", `{"name":"A"}`).want(200)
		wall.pass(20 * time.Second)
		one.put(v1+"/device/2004", `{"name":"B"}`).want(200)
		one.shut()
		if compact {
			appendTo(t, options.StateFile, `{"at":12`)
			open(t, options).shut()
		}
		two := bareSimNoSignIn(t, options)
		two.token = one.token
		two.device("2004").want(200).is("", "name")
		wall.pass(15 * time.Second)
		two.device("2004").want(200).is("A", "name")
		wall.pass(15 * time.Second)
		two.device("2004").want(200).is("B", "name")
		two.shut()
	}
}

// TestLagOfVerdicts shows them as of the time asked for, also when they come out
// of the state file.
func TestLagOfVerdicts(t *testing.T) {
	t.Parallel()
	for _, restart := range []bool{false, true} {
		wall := newClock()
		options := rcsim.Options{Account: parse(t), StateFile: filepath.Join(t.TempDir(), "s.state"), Clock: wall.Now}
		s := open(t, options)
		s.plan(`{"rules":[{"on":"readDevice","kind":"lag","seconds":10}]}`)
		s.put(v1+"/device/2002", `{"emergency":{"location":{"id":"5001"}}}`).want(200)
		wall.pass(40 * time.Second) // the verdict came at 30
		s.put(v1+"/device/2002", rename).want(200)
		if restart {
			token := s.token
			s.shut()
			s = bareSimNoSignIn(t, options)
			s.token = token
		}
		s.device("2002").want(200).is("Valid", "emergency", "addressStatus").is("Bob desk", "name")
		s.shut()
	}
}
