package rcclient

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestClassify(t *testing.T) {
	t.Parallel()
	type verdict struct {
		Kind   string // the class, or "auth"
		Again  bool   // a repeat may help
		Effect Disposition
	}
	for _, tc := range []struct {
		status int
		code   string
		want   verdict
	}{
		{302, "", verdict{"row error", false, InDoubt}},
		{303, "", verdict{"row error", false, InDoubt}},
		{400, "", verdict{"row error", false, NotDone}},
		{400, "CMN-101", verdict{"row error", false, NotDone}},
		{403, "CMN-101", verdict{"row error", false, NotDone}},
		{400, "CMN-102", verdict{"not found", false, NotDone}},
		{404, "CMN-102", verdict{"not found", false, NotDone}},
		{400, "CMN-103", verdict{"row error", false, NotDone}},
		{400, "CMN-106", verdict{"batch too large", false, NotDone}},
		{400, "InvalidMultipartRequest", verdict{"batch too large", false, NotDone}},
		{413, "", verdict{"batch too large", false, NotDone}},
		{403, "CMN-109", verdict{"feature off", false, NotDone}},
		{404, "CMN-120", verdict{"feature off", false, NotDone}},
		{404, "AGW-404", verdict{"feature off", false, NotDone}},
		{404, "", verdict{"not found", false, NotDone}},
		{403, "CMN-401", verdict{"abort run", false, NotDone}},
		{403, "CMN-402", verdict{"abort run", false, NotDone}},
		{403, "CMN-408", verdict{"abort run", false, NotDone}},
		{403, "CMN-403", verdict{"row error", false, NotDone}},
		{403, "CMN-404", verdict{"row error", false, NotDone}},
		{403, "CMN-419", verdict{"row error", false, NotDone}},
		{403, "", verdict{"row error", false, NotDone}},
		{409, "", verdict{"conflict", false, NotDone}},
		{400, "EME-384", verdict{"row error", false, NotDone}},
		{400, "EME-201", verdict{"row error", false, NotDone}},
		{400, "XYZ-999", verdict{"row error", false, NotDone}},
		{401, "OAU-128", verdict{"auth", true, NotDone}},
		{401, "OAU-129", verdict{"auth", true, NotDone}},
		{401, "OAU-149", verdict{"auth", true, NotDone}},
		{401, "OAU-213", verdict{"auth", true, NotDone}},
		{401, "OAU-232", verdict{"auth", true, NotDone}},
		{401, "CMN-405", verdict{"auth", true, NotDone}},
		{401, "", verdict{"auth", true, NotDone}},
		{401, "OAU-120", verdict{"auth", false, NotDone}},
		{401, "OAU-125", verdict{"auth", false, NotDone}},
		{401, "OAU-146", verdict{"auth", false, NotDone}},
		{401, "OAU-151", verdict{"auth", false, NotDone}},
		{401, "OAU-999", verdict{"auth", false, NotDone}},
		{403, "OAU-112", verdict{"auth", false, NotDone}},
		{400, "OAU-147", verdict{"auth", false, NotDone}},
		{400, "OAU-148", verdict{"auth", false, NotDone}},
		{408, "", verdict{"server error", true, InDoubt}},
		{429, "CMN-301", verdict{"rate limited", true, NotDone}},
		{429, "CMN-303", verdict{"abort run", false, NotDone}},
		{429, "CMN-304", verdict{"rate limited", true, NotDone}},
		{429, "", verdict{"rate limited", true, NotDone}},
		{500, "CMN-201", verdict{"server error", true, InDoubt}},
		{500, "CMN-203", verdict{"server error", true, InDoubt}},
		{501, "CMN-202", verdict{"server error", false, InDoubt}},
		{502, "", verdict{"server error", true, InDoubt}},
		{503, "", verdict{"server error", true, InDoubt}},
		{599, "XYZ-999", verdict{"server error", true, InDoubt}},
	} {
		body := "not json"
		if tc.code != "" {
			body = fmt.Sprintf(`{"errors":[{"errorCode":%q,"message":"m"}]}`, tc.code)
		}
		err := classify(opBulkAdd, tc.status, http.Header{}, []byte(body), GroupHeavy, time.Now())
		got := verdict{Effect: Outcome(fmt.Errorf("wrapped: %w", err))}
		var api *APIError
		if errors.As(err, &api) {
			got.Kind, got.Again = api.Class.String(), api.Retryable()
		} else {
			got.Kind, got.Again = "auth", renewable(err)
		}
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%d %s (-want +got):\n%s", tc.status, tc.code, diff)
		}
		if read := classify(opReadDevice, tc.status, http.Header{}, []byte(body), GroupLight, time.Now()); Outcome(read) != NotDone {
			t.Errorf("%d %s of a read: got %s, want not done", tc.status, tc.code, Outcome(read))
		}
	}
}

func TestErrorBodyForms(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		body string
		want ItemError
	}{
		"list":             {`{"errors":[{"errorCode":"CMN-101","message":"Parameter [x] is invalid","parameterName":"x","parameterValue":"y","extra":{}}]}`, ItemError{"CMN-101", "Parameter [x] is invalid", "x", "y"}},
		"v1.0, twice":      {`{"errorCode":"CMN-101","message":"m","parameterName":"x","errors":[{"errorCode":"CMN-101","message":"m","parameterName":"x"}]}`, ItemError{"CMN-101", "m", "x", ""}},
		"gateway":          {`{"errorCode":"AGW-404","message":"m","errors":[]}`, ItemError{"AGW-404", "m", "", ""}},
		"oauth":            {`{"error":"invalid_grant","error_description":"d"}`, ItemError{"invalid_grant", "d", "", ""}},
		"field of no text": {`{"errors":[{"errorCode":"CMN-101","message":"m","parameterValue":17}]}`, ItemError{"CMN-101", "m", "", ""}},
		"error an object":  {`{"error":{"a":1},"errors":[{"errorCode":"CMN-101"}]}`, ItemError{Code: "CMN-101"}},
		"line breaks":      {"{\"errors\":[{\"errorCode\":\"A\",\"message\":\"one\\ntwo\\u001b[31m\"}]}", ItemError{Code: "A", Message: "one two [31m"}},
		"no json":          {`<html>Bad gateway</html>`, ItemError{}},
		"cut":              {`{"errors":[{"errorCode":"CMN-101"`, ItemError{}},
		"empty":            {``, ItemError{}},
		"null":             {`null`, ItemError{}},
	} {
		got, _, _ := parseErrorBody([]byte(tc.body))
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestOutcomeOfOtherErrors(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		err  error
		want Disposition
	}{
		{nil, Done},
		{errors.New("anything"), InDoubt},
		{context.Canceled, InDoubt},
		{&ArgumentError{}, NotDone},
		{&AuthError{}, NotDone},
		{&UnansweredError{Write: true, Sent: true}, InDoubt},
		{&UnansweredError{Write: true}, NotDone},
		{&UnansweredError{Sent: true}, NotDone},
	} {
		if got := Outcome(tc.err); got != tc.want {
			t.Errorf("%T %v: got %s, want %s", tc.err, tc.err, got, tc.want)
		}
	}
}

func FuzzErrorBody(f *testing.F) {
	f.Add(400, `{"errors":[{"errorCode":"CMN-101","message":"m"}]}`)
	f.Add(503, `<html>`)
	f.Add(401, `{"error":"x","error_description":"y"}`)
	f.Fuzz(func(t *testing.T, status int, body string) {
		status = 300 + abs(status)%300
		err := classify(opRemoveLine, status, http.Header{}, []byte(body), GroupMedium, time.Now())
		if err == nil {
			t.Fatal("a refusal without an error")
		}
		if text := err.Error(); strings.ContainsAny(text, "\n\r\x1b") || len(text) > 2000 {
			t.Errorf("error text is not one short line: %q", text)
		}
		if (status >= 500 || status == 408) && Outcome(err) != InDoubt && renewable(err) {
			t.Errorf("status %d: a write in doubt would be sent again", status)
		}
		if status >= 500 && Outcome(err) != InDoubt {
			t.Errorf("status %d: got %s, want in doubt", status, Outcome(err))
		}
	})
}

func abs(n int) int {
	if n < 0 {
		return -(n + 1)
	}
	return n
}
