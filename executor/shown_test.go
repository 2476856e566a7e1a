package executor

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"provision/executor/journal"
	"provision/rcclient/rcsim"
)

// show answers a reading from other devices than the server's.
func show(c rcsim.HookCall, devices []rcsim.Device) *rcsim.Interruption {
	answer := func(status int, kind string, v any) *rcsim.Interruption {
		body, err := json.Marshal(v)
		if err != nil {
			panic(err)
		}
		return &rcsim.Interruption{Status: status, Header: http.Header{"Content-Type": {kind}}, Body: body}
	}
	parts := strings.Split(c.Path, "/")
	if c.Operation == "readDevice" {
		for _, d := range devices {
			if string(d.ID) == parts[len(parts)-1] {
				return answer(http.StatusOK, "application/json", d)
			}
		}
		return answer(http.StatusNotFound, "application/json", map[string]any{"errors": []map[string]string{{"errorCode": "CMN-102", "message": "not found"}}})
	}
	list := func(ext string) map[string]any {
		records := []rcsim.Device{}
		for _, d := range devices {
			if d.Extension != nil && fmt.Sprint(d.Extension.ID) == ext {
				records = append(records, d)
			}
		}
		return map[string]any{"records": records, "paging": map[string]int{"page": 1, "perPage": 1000}, "navigation": map[string]any{}}
	}
	ids := strings.Split(parts[len(parts)-2], ",")
	if len(ids) == 1 {
		return answer(http.StatusOK, "application/json", list(ids[0]))
	}
	all := []map[string]any{}
	for _, id := range ids {
		all = append(all, map[string]any{"resourceId": id, "status": 200, "body": list(id)})
	}
	return answer(http.StatusMultiStatus, "application/vnd.ringcentral.multipart+json", all)
}

// What the service confirms but the account never shows is not called applied.
func TestConfirmedButNotThere(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		a := account(true, 8, func(a *rcsim.Account) {
			a.Devices = append(a.Devices, phone("d1", 101, 0), phone("d2", 102, 0), phone("d3", 103, 0), phone("d4", 104, 0))
		})
		b := newPlan()
		b.swap(101, ref("d1"), ref("d2"), 102)
		b.remove(103, "d3", false)
		b.name(104, ref("d4"), "never")
		w := newWorld(t, a, rcsim.Options{})
		w.intercept(func(s rcsim.Stage, c rcsim.HookCall) *rcsim.Interruption {
			if s != rcsim.BeforeEffect || c.Method == http.MethodGet || strings.Contains(c.Path, "oauth") {
				return nil
			}
			if c.Method == http.MethodPut {
				return show(rcsim.HookCall{Operation: "readDevice", Path: c.Path}, w.account().Devices)
			}
			return &rcsim.Interruption{Status: http.StatusNoContent}
		})
		if _, err := w.run(&b.p, Options{}); err != nil {
			t.Fatal(err)
		}
		for _, id := range []string{"swap-101", "remove-103", "update-104"} {
			w.want(id, journal.Ambiguous)
		}
	})
}

// At most one call at a time touches an extension.
func TestOneCallAtATimePerExtension(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		a := account(true, 3, func(a *rcsim.Account) {
			for i := range 6 {
				d := phone(fmt.Sprint("d", i), 101, 0)
				d.PhoneLines[0].PhoneInfo.PhoneNumber = fmt.Sprintf("+1650556%04d", i)
				a.Devices = append(a.Devices, d)
			}
		})
		b := newPlan()
		for i := range 6 {
			b.name(101, ref(fmt.Sprint("d", i)), "new").ID = fmt.Sprint("update-", i)
		}
		w := newWorld(t, a, rcsim.Options{Latency: 300 * time.Millisecond})
		var mu sync.Mutex
		under := 0
		w.intercept(func(s rcsim.Stage, c rcsim.HookCall) *rcsim.Interruption {
			if c.Method != http.MethodPut {
				return nil
			}
			mu.Lock()
			if s == rcsim.BeforeEffect {
				if under++; under > 1 {
					t.Errorf("%d calls touch the extension at once", under)
				}
				mu.Unlock()
				time.Sleep(time.Second)
				return nil
			}
			under--
			mu.Unlock()
			return nil
		})
		s, err := w.run(&b.p, Options{})
		if err != nil || s.Applied != 6 {
			t.Errorf("%+v, %v", s, err)
		}
	})
}
