package rcclient

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestBatchCostIsLearned reads many extensions of a service that counts a call
// of several ids as one call, or each id: it meets no 429 in either case, and
// takes the time that the limit asks for and no more.
func TestBatchCostIsLearned(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		each, fixed bool
		before      int // other light calls in the same minute
		ids         int
		most        time.Duration
	}{
		{false, false, 0, 600, time.Second},
		{false, false, 30, 300, time.Second},
		{false, true, 45, 60, 2 * time.Minute},
		{true, false, 0, 200, 4 * time.Minute},
		{true, false, 30, 200, 6 * time.Minute},
		{true, true, 30, 200, 6 * time.Minute},
	} {
		t.Run(fmt.Sprintf("%+v", tc), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				m := &modelServer{limit: 50, window: time.Minute, penalty: time.Minute, fixed: tc.fixed, begin: time.Now().Add(-50 * time.Second)}
				s := newService(func(w http.ResponseWriter, r *http.Request) {
					ids := strings.Count(r.URL.Path, ",") + 1
					cost := 1
					if tc.each {
						cost = ids
					}
					ok, left := true, 0
					for range cost {
						ok, left = m.hit()
					}
					h := w.Header()
					h.Set("X-Rate-Limit-Group", "light")
					h.Set("X-Rate-Limit-Limit", "50")
					h.Set("X-Rate-Limit-Remaining", strconv.Itoa(left))
					h.Set("X-Rate-Limit-Window", "60")
					if !ok {
						reply(w, 429, `{}`)
						return
					}
					if ids > 1 || strings.HasSuffix(r.URL.Path, "/device") {
						batchHandler("json", 30)(w, r)
						return
					}
					reply(w, 200, `{"id":1}`)
				})
				c, end := s.virtual(t)
				defer end()
				for range tc.before {
					if _, err := c.AccountInfo(t.Context()); err != nil {
						t.Fatal(err)
					}
				}
				var ids []ID
				for i := range tc.ids {
					ids = append(ids, ID(strconv.Itoa(1000+i)))
				}
				start := time.Now()
				got, err := c.ExtensionDevices(t.Context(), ids)
				if err != nil || len(got) != tc.ids || got[tc.ids-1].Err != nil {
					t.Fatalf("got %d results, %v", len(got), err)
				}
				if m.refused > 0 || time.Since(start) > tc.most {
					t.Errorf("took %s with %d refused, want at most %s with none", time.Since(start), m.refused, tc.most)
				}
			})
		})
	}
}
