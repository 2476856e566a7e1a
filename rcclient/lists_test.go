package rcclient

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// paged answers a list of n records in pages of size, with what the list shows
// of paging and navigation.
func paged(n, size int, totals, links bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		page, err := strconv.Atoi(q.Get("page"))
		if err != nil {
			page = 1
		}
		var records []string
		for i := (page-1)*size + 1; i <= min(page*size, n); i++ {
			records = append(records, fmt.Sprintf(`{"id":%d,"name":"n%d"}`, i, i))
		}
		body := fmt.Sprintf(`{"records":[%s],"paging":{"page":%d,"perPage":%d`, strings.Join(records, ","), page, size)
		if totals {
			body += fmt.Sprintf(`,"totalPages":%d,"totalElements":%d`, (n+size-1)/size, n)
		}
		body += "}"
		if links {
			next := ""
			if page*size < n {
				next = `"nextPage":{"uri":"https://elsewhere.example/x"}`
			}
			body += `,"navigation":{` + next + `}`
		}
		reply(w, 200, body+"}")
	}
}

func TestPages(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 3, 4, 7, 9} {
		for _, form := range []struct{ totals, links bool }{{true, true}, {true, false}, {false, true}, {false, false}} {
			s := newService(paged(n, 3, form.totals, form.links))
			got, err := s.client(t).Extensions(t.Context(), ExtensionFilter{Type: []string{"User", "Limited"}, ExtensionNumber: "101"})
			if err != nil {
				t.Fatal(err)
			}
			if len(got) != n || (n > 0 && got[n-1].ID != ID(strconv.Itoa(n))) {
				t.Errorf("%d records, %+v: got %d", n, form, len(got))
			}
			if q := s.seen("")[0].Query; q != "extensionNumber=101&page=1&perPage=1000&type=User&type=Limited" {
				t.Errorf("got query %s", q)
			}
		}
	}
}

func TestLists(t *testing.T) {
	t.Parallel()
	for path, read := range map[string]func(context.Context, *Client) (int, error){
		accountV1 + "/sites":        func(ctx context.Context, c *Client) (int, error) { l, err := c.Sites(ctx); return len(l), err },
		accountV2 + "/cost-centers": func(ctx context.Context, c *Client) (int, error) { l, err := c.CostCenters(ctx); return len(l), err },
		accountV2 + "/phone-numbers": func(ctx context.Context, c *Client) (int, error) {
			l, err := c.PhoneNumbers(ctx, PhoneNumberFilter{})
			return len(l), err
		},
		accountV1 + "/emergency-locations": func(ctx context.Context, c *Client) (int, error) {
			l, err := c.EmergencyLocations(ctx, EmergencyLocationFilter{})
			return len(l), err
		},
		accountV1 + "/device": func(ctx context.Context, c *Client) (int, error) { l, err := c.AccountDevices(ctx); return len(l), err },
	} {
		s := newService(paged(5, 2, true, false))
		n, err := read(t.Context(), s.client(t))
		if err != nil || n != 5 || len(s.seen(path)) < 3 {
			t.Errorf("%s: got %d records, %v, in %d calls", path, n, err, len(s.seen(path)))
		}
		s = newService(func(w http.ResponseWriter, _ *http.Request) { reply(w, 200, `{"paging":{}}`) })
		if _, err := read(t.Context(), s.client(t)); err == nil {
			t.Errorf("%s: an answer without records passed for an empty list", path)
		}
	}
}

func TestPlusInAQueryIsEscaped(t *testing.T) {
	t.Parallel()
	s := newService(paged(0, 3, false, false))
	if _, err := s.client(t).PhoneNumbers(t.Context(), PhoneNumberFilter{PhoneNumber: "+16505550100", UsageType: []string{"Inventory"}}); err != nil {
		t.Fatal(err)
	}
	if q := s.seen("")[0].Query; !strings.Contains(q, "phoneNumber=%2B16505550100") || !strings.Contains(q, "usageType=Inventory") {
		t.Errorf("got query %s", q)
	}
}

// devicesOf is the device list of an extension: extension n has device n0.
func devicesOf(id string) string {
	return fmt.Sprintf(`{"records":[{"id":"%s0","extension":{"id":%s}}],"paging":{"perPage":1000},"navigation":{}}`, id, id)
}

// batchHandler answers device lists of many extensions in one of the forms;
// extension 404 does not exist, and calls of more than limit ids are refused.
func batchHandler(form string, limit int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		part := strings.TrimSuffix(strings.TrimPrefix(r.URL.Path, accountV1+"/extension/"), "/device")
		ids := strings.Split(part, ",")
		switch {
		case len(ids) > limit:
			reply(w, 400, `{"errors":[{"errorCode":"CMN-106","message":"too many"}]}`)
		case len(ids) == 1 && part == "404":
			reply(w, 404, `{"errors":[{"errorCode":"CMN-102","message":"gone"}]}`)
		case len(ids) == 1:
			reply(w, 200, devicesOf(part))
		case form == "json":
			w.Header().Set("Content-Type", multiJSON)
			w.WriteHeader(207)
			_, _ = w.Write([]byte(jsonForm(ids)))
		default:
			w.Header().Set("Content-Type", "multipart/mixed; boundary=Boundary_1")
			w.WriteHeader(207)
			_, _ = w.Write([]byte(multipartForm(ids, form == "multipart, all bodies")))
		}
	}
}

func jsonForm(ids []string) string {
	var items []string
	for _, id := range ids {
		status, body := 200, devicesOf(id)
		if id == "404" {
			status, body = 404, `{"errors":[{"errorCode":"CMN-102","message":"gone"}]}`
		}
		items = append(items, fmt.Sprintf(`{"resourceId":%q,"status":%d,"body":%s}`, id, status, body))
	}
	return "[" + strings.Join(items, ",") + "]"
}

func multipartForm(ids []string, allBodies bool) string {
	var index []string
	var bodies strings.Builder
	for _, id := range ids {
		status, body := 200, devicesOf(id)
		if id == "404" {
			status, body = 404, `{"errors":[{"errorCode":"CMN-102","message":"gone"}]}`
		}
		index = append(index, fmt.Sprintf(`{"href":"https://x/restapi/v1.0/account/1/extension/%s/device?page=1","status":%d,"responseDescription":"d"}`, id, status))
		if status == 200 || allBodies {
			bodies.WriteString("--Boundary_1\r\nContent-Type: application/json\r\n\r\n" + body + "\r\n")
		}
	}
	return "--Boundary_1\r\nContent-Type: application/json\r\n\r\n{\"response\":[" + strings.Join(index, ",") + "]}\r\n" + bodies.String() + "--Boundary_1--\r\n"
}

func TestExtensionDevices(t *testing.T) {
	t.Parallel()
	var ids []ID
	for i := range 64 {
		ids = append(ids, ID(strconv.Itoa(100+i)))
	}
	ids = append(ids, "404", "100") // one that is gone, one asked for twice
	for _, form := range []string{"json", "multipart", "multipart, all bodies"} {
		for _, limit := range []int{30, 7, 1} {
			t.Run(fmt.Sprintf("%s, %d", form, limit), func(t *testing.T) {
				t.Parallel()
				s := newService(batchHandler(form, limit))
				c := s.client(t)
				got, err := c.ExtensionDevices(t.Context(), ids)
				if err != nil || len(got) != len(ids) {
					t.Fatalf("got %d results, %v", len(got), err)
				}
				for i, r := range got {
					if r.Extension != ids[i] {
						t.Errorf("result %d is of %s, want %s", i, r.Extension, ids[i])
					}
					if r.Extension == "404" {
						var api *APIError
						if !errors.As(r.Err, &api) || api.Class != ClassNotFound || api.RequestID == "" && limit == 1 {
							t.Errorf("extension 404: got %v, want not found", r.Err)
						}
						continue
					}
					if r.Err != nil || len(r.Devices) != 1 || r.Devices[0].ID != ids[i]+"0" {
						t.Errorf("extension %s: got %v, %v", r.Extension, r.Devices, r.Err)
					}
				}
				calls := len(s.seen(""))
				if limit == 30 && calls != 4 { // the very first names two, to learn the limit
					t.Errorf("65 extensions took %d calls, want 4", calls)
				}
				if _, err := c.ExtensionDevices(t.Context(), ids[:2]); err != nil {
					t.Error(err)
				}
				if limit == 1 && len(s.seen("")) != calls+2 {
					t.Errorf("the refused size was tried again")
				}
			})
		}
	}
}

func TestExtensionDevicesFollowsPagesOfEachExtension(t *testing.T) {
	t.Parallel()
	first := `{"records":[{"id":"1"}],"paging":{"perPage":1},"navigation":{"nextPage":{"uri":"x"}}}`
	s := newService(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, ",") {
			w.Header().Set("Content-Type", multiJSON)
			w.WriteHeader(207)
			_, _ = fmt.Fprintf(w, `[{"resourceId":"101","status":200,"body":%s},{"resourceId":"102","status":200,"body":%s}]`, first, devicesOf("102"))
			return
		}
		if r.URL.Query().Get("page") != "2" {
			t.Errorf("asked for page %s", r.URL.Query().Get("page"))
		}
		reply(w, 200, `{"records":[{"id":"2"}],"paging":{"perPage":1},"navigation":{}}`)
	})
	got, err := s.client(t).ExtensionDevices(t.Context(), []ID{"101", "102"})
	if err != nil {
		t.Fatal(err)
	}
	if len(got[0].Devices) != 2 || len(got[1].Devices) != 1 {
		t.Errorf("got %d and %d devices, want 2 and 1", len(got[0].Devices), len(got[1].Devices))
	}
}

func TestExtensionDevicesRepeatsItemsThatFailed(t *testing.T) {
	t.Parallel()
	n := 0
	s := newService(func(w http.ResponseWriter, r *http.Request) {
		if !strings.Contains(r.URL.Path, ",") {
			reply(w, 200, devicesOf("102"))
			return
		}
		n++
		w.Header().Set("Content-Type", multiJSON)
		w.WriteHeader(207)
		_, _ = fmt.Fprintf(w, `[{"resourceId":"101","status":200,"body":%s},{"resourceId":"102","status":503}]`, devicesOf("101"))
	})
	got, err := s.client(t).ExtensionDevices(t.Context(), []ID{"101", "102"})
	if err != nil || got[1].Err != nil || len(got[1].Devices) != 1 || n != 1 {
		t.Errorf("got %+v, %v, after %d batches", got, err, n)
	}
}

func TestExtensionDevicesAbort(t *testing.T) {
	t.Parallel()
	s := newService(func(w http.ResponseWriter, _ *http.Request) {
		reply(w, 403, `{"errors":[{"errorCode":"CMN-408","message":"no permission"}]}`)
	})
	got, err := s.client(t).ExtensionDevices(t.Context(), []ID{"101", "102"})
	var api *APIError
	if !errors.As(err, &api) || api.Class != ClassAbortRun || len(got) != 2 || got[1].Err == nil {
		t.Errorf("got %v, %v, want the permission's error, also at each extension", got, err)
	}
}

func TestMultiStatusThatCantBeTrusted(t *testing.T) {
	t.Parallel()
	ids := []ID{"101", "102"}
	whole := multipartForm([]string{"101", "102"}, true)
	for name, tc := range map[string]struct{ kind, body string }{
		"two of one id":    {multiJSON, `[{"resourceId":"101","status":200},{"resourceId":"101","status":200}]`},
		"another id":       {multiJSON, `[{"resourceId":"101","status":200},{"resourceId":"999","status":200}]`},
		"unnamed, too few": {multiJSON, `[{"status":200}]`},
		"no list":          {multiJSON, `{}`},
		"no boundary":      {"multipart/mixed", whole},
		"cut":              {"multipart/mixed; boundary=Boundary_1", whole[:len(whole)-30]},
		"a body missing":   {"multipart/mixed; boundary=Boundary_1", strings.Replace(whole, "--Boundary_1\r\nContent-Type: application/json\r\n\r\n"+devicesOf("101")+"\r\n", "", 1)},
		"no type":          {"", whole},
	} {
		got, err := parseMultiStatus(tc.kind, []byte(tc.body), ids)
		if err == nil {
			t.Errorf("%s: got %v, want an error", name, got)
		}
	}
	got, err := parseMultiStatus(multiJSON, []byte(`[{"status":200,"body":1},{"status":404}]`), ids)
	want := map[ID]int{"101": 200, "102": 404}
	statuses := map[ID]int{}
	for id, item := range got {
		statuses[id] = item.status
	}
	if diff := cmp.Diff(want, statuses); err != nil || diff != "" {
		t.Errorf("unnamed items by position: %v (-want +got):\n%s", err, diff)
	}
}

func FuzzMultiStatus(f *testing.F) {
	f.Add(multiJSON, jsonForm([]string{"1", "404"}))
	f.Add("multipart/mixed; boundary=Boundary_1", multipartForm([]string{"1", "404"}, false))
	f.Add("multipart/mixed; boundary=Boundary_1", multipartForm([]string{"1", "404"}, true))
	f.Fuzz(func(t *testing.T, kind, body string) {
		ids := []ID{"1", "404"}
		items, err := parseMultiStatus(kind, []byte(body), ids)
		if err != nil {
			return
		}
		if len(items) > len(ids) {
			t.Errorf("%d items for %d ids", len(items), len(ids))
		}
		for id := range items {
			if id != "1" && id != "404" {
				t.Errorf("an item for %q, which was not asked for", id)
			}
		}
	})
}

func FuzzExtensionOf(f *testing.F) {
	f.Add("https://x/restapi/v1.0/account/1/extension/101/device?page=1")
	f.Fuzz(func(t *testing.T, href string) {
		if id := extensionOf(href); strings.Contains(string(id), "/") {
			t.Errorf("%q: got %q", href, id)
		}
		_, _ = url.Parse(href)
	})
}
