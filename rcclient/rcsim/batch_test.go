package rcsim_test

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"
	"testing"
)

func TestBatchAsMultipartMixed(t *testing.T) {
	t.Parallel()
	for settings, bodies := range map[string]int{`"failed_part_bodies": false`: 2, `"failed_part_bodies": true`: 3, `"latency": 0`: 3} {
		s := start(t, settings)
		got := s.get(v1 + "/extension/101,999,102/device?perPage=1").want(207)
		kind, params, err := mime.ParseMediaType(got.Header().Get("Content-Type"))
		if err != nil || kind != "multipart/mixed" {
			t.Fatalf("got Content-Type %q", got.Header().Get("Content-Type"))
		}
		var parts [][]byte
		reader := multipart.NewReader(got.Body, params["boundary"])
		for {
			part, err := reader.NextPart()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			data, err := io.ReadAll(part)
			if err != nil || part.Header.Get("Content-Type") != "application/json" {
				t.Fatalf("part %d: %v, %v", len(parts), err, part.Header)
			}
			parts = append(parts, data)
		}
		if len(parts) != 1+bodies {
			t.Fatalf("got %d parts, want %d", len(parts), 1+bodies)
		}
		var head struct {
			Response []struct {
				Href                string
				Status              int
				ResponseDescription string
			}
		}
		if err := json.Unmarshal(parts[0], &head); err != nil {
			t.Fatal(err)
		}
		for i, want := range []struct {
			status int
			id     string
		}{{200, "101"}, {404, "999"}, {200, "102"}} {
			if one := head.Response[i]; one.Status != want.status || !strings.Contains(one.Href, "/extension/"+want.id+"/device") || one.ResponseDescription == "" {
				t.Errorf("part %d: got %+v, want %+v", i, one, want)
			}
		}
		if !strings.Contains(string(parts[1]), `"2001"`) || !strings.Contains(string(parts[1]), `"totalPages":2`) || !strings.Contains(string(parts[bodies]), `"2002"`) {
			t.Errorf("got bodies %s", parts[1:])
		}
	}
}

func TestBatchAsJSON(t *testing.T) {
	t.Parallel()
	s := start(t)
	r := s.request(http.MethodGet, v1+"/extension/101,999,~/device", "")
	r.Header.Set("Accept", "application/vnd.ringcentral.multipart+json")
	got := s.send(r).want(207)
	if kind := got.Header().Get("Content-Type"); kind != "application/vnd.ringcentral.multipart+json" {
		t.Errorf("got Content-Type %s", kind)
	}
	got.is("101", 0, "resourceId").is("200", 0, "status").is("2001", 0, "body", "records", 0, "id").
		is("999", 1, "resourceId").is("404", 1, "status").is("CMN-102", 1, "body", "errors", 0, "errorCode").
		is("~", 2, "resourceId").is("2001", 2, "body", "records", 0, "id")
	// One id is a plain answer, whatever is accepted.
	r = s.request(http.MethodGet, v1+"/extension/101/device", "")
	r.Header.Set("Accept", "application/vnd.ringcentral.multipart+json")
	s.send(r).want(200).is("2001", "records", 0, "id")
}

func TestBatchLimitAndCost(t *testing.T) {
	t.Parallel()
	ids := func(n int) string {
		list := make([]string, n)
		for i := range list {
			list[i] = strconv.Itoa(101 + i)
		}
		return strings.Join(list, ",")
	}
	for cost, want := range map[string]string{"request": "49", "ids": "20"} {
		s := start(t, `"batch_cost": "`+cost+`"`)
		got := s.get(v1 + "/extension/" + ids(30) + "/device").want(207)
		if left := got.Header().Get("X-Rate-Limit-Remaining"); left != want {
			t.Errorf("batch_cost %s: got %s left, want %s", cost, left, want)
		}
	}
	start(t).get(v1+"/extension/"+ids(31)+"/device").fails(400, "CMN-106")
}
