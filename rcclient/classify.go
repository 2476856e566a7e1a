package rcclient

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"
)

// maxMessage is the longest message that is kept of an error body, in bytes.
const maxMessage = 500

// errorBody are the forms that error bodies take: the list, the first entry
// repeated at top level (v1.0), a gateway's top-level code with an empty list,
// and the token endpoint's OAuth form.
type errorBody struct {
	Errors []ItemError `json:"errors"`
	ItemError
	OAuth       string `json:"error"`
	Description string `json:"error_description"`
}

// parseErrorBody reads what can be read of an error body; a body that is no
// JSON (a gateway's page) gives nothing, and is not quoted: it may hold anything.
func parseErrorBody(body []byte) (first ItemError, all []ItemError, oauth string) {
	var b errorBody
	// A field of an odd type is no reason to lose the rest: all others are
	// decoded all the same.
	var odd *json.UnmarshalTypeError
	if err := json.Unmarshal(body, &b); err != nil && !errors.As(err, &odd) {
		return ItemError{}, nil, ""
	}
	all = b.Errors
	for i := range all {
		all[i] = clip(all[i])
	}
	switch {
	case len(all) > 0:
		first = all[0]
	case b.Code != "" || b.Message != "":
		first = clip(b.ItemError)
	default:
		first = clip(ItemError{Code: b.OAuth, Message: b.Description})
	}
	return first, all, b.OAuth
}

func clip(e ItemError) ItemError {
	e.Code = clipText(e.Code, 100)
	e.Message = clipText(e.Message, maxMessage)
	e.ParameterName = clipText(e.ParameterName, 100)
	e.ParameterValue = clipText(e.ParameterValue, maxMessage)
	return e
}

// clipText bounds a text and takes line breaks and control characters out of
// it, so that it stays one line of a log or report.
func clipText(s string, limit int) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
	if len(s) <= limit {
		return s
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return s[:limit]
}

// classify turns an answer that is no success into its error. It is the only
// place that decides what an answer means (API reference and guide, error
// codes, Aug 2026); codes come first, the status decides for unknown ones.
//
//	status  code                          error, class       retry helps   a write is
//	3xx     any                           row error          no            in doubt
//	400 403 CMN-101, -103, -104, -108     row error          no            not done
//	400 403 CMN-406 -403 -404 -419        row error          no            not done
//	400     EME-384, EME-201              row error          no            not done
//	400 404 CMN-102                       not found          no            not done
//	400     CMN-106 InvalidMultipart…     batch too large    smaller       not done
//	413     any                           batch too large    smaller       not done
//	403     CMN-109                       feature off        no            not done
//	404     CMN-120, AGW-404              feature off        no            not done
//	403     CMN-401, -402, -408           abort run          no            not done
//	401     OAU-128 129 149 213 232,      AuthError, after one renewal     not done
//	        CMN-405, none                 and one repeat (see renewable)
//	401 403 OAU-120 125 146 151 112,      AuthError          no            not done
//	400     OAU-147 148; other 401
//	404     other                         not found          no            not done
//	408     any                           server             reads         in doubt
//	409     any                           conflict           no            not done
//	429     CMN-303                       abort run          no            not done
//	429     other                         rate limited       yes           not done
//	501     any, CMN-202                  server             no            in doubt
//	5xx     other                         server             reads         in doubt
//	other   any                           row error          no            not done
func classify(op *operation, status int, h http.Header, body []byte, group Group, now time.Time) error {
	first, all, oauth := parseErrorBody(body)
	requestID := clipText(h.Get(requestIDHeader), 100)
	if isAuthRefusal(status, first.Code) || (op == opGetToken && tokenRefused(status, oauth)) {
		return &AuthError{Operation: op.id, Status: status, Code: first.Code, Message: first.Message, RequestID: requestID}
	}
	e := &APIError{
		Operation: op.id, Status: status, Code: first.Code, Parameter: first.ParameterName, Message: first.Message,
		RequestID: requestID, Group: group, Write: op.write, Class: classOf(status, first.Code), Errors: all,
	}
	if after, ok := parseRetryAfter(h, now); ok {
		e.RetryAfter = after
	}
	return e
}

// classOf is the class of a code, or of the status where the code is unknown.
// Status 0 is of a failed item of a bulk answer.
func classOf(status int, code string) Class {
	switch code {
	case "CMN-106", "InvalidMultipartRequest":
		return ClassBatchTooLarge
	case "CMN-102":
		return ClassNotFound
	case "CMN-109", "CMN-120", "AGW-404":
		return ClassFeatureOff
	case "CMN-401", "CMN-402", "CMN-408", "CMN-303":
		return ClassAbortRun
	}
	switch {
	case status == http.StatusNotFound:
		return ClassNotFound
	case status == http.StatusConflict:
		return ClassConflict
	case status == http.StatusRequestEntityTooLarge:
		return ClassBatchTooLarge
	case status == http.StatusTooManyRequests:
		return ClassRateLimited
	case status == http.StatusRequestTimeout, status >= 500:
		return ClassServer
	}
	return ClassRowError
}

// retryable tells whether the same call may succeed later.
func retryable(status int, code string) bool {
	switch {
	case status == http.StatusTooManyRequests:
		return code != "CMN-303"
	case status == http.StatusRequestTimeout:
		return true
	case status == http.StatusNotImplemented, code == "CMN-202":
		return false
	}
	return status >= 500
}

// statusInDoubt tells whether a mutating call with this answer may have taken
// effect all the same. A redirect is one: what stands behind a 303 was done.
func statusInDoubt(status int) bool {
	return status == http.StatusRequestTimeout || status >= 500 || (status >= 300 && status < 400)
}

// renewable tells whether an answer says that the token is at fault, so that a
// new one may help: it expired, was broken, or was dropped for a newer session.
func renewable(err error) bool {
	e, ok := err.(*AuthError) //nolint:errorlint // as classify made it, not wrapped
	if !ok || e.Status != http.StatusUnauthorized {
		return false
	}
	switch e.Code {
	case "", "OAU-128", "OAU-129", "OAU-149", "OAU-213", "OAU-232", "CMN-405":
		return true
	}
	return false
}

// isAuthRefusal tells whether the service refuses token, app or credentials.
func isAuthRefusal(status int, code string) bool {
	switch code {
	case "OAU-112", "OAU-120", "OAU-125", "OAU-146", "OAU-147", "OAU-148", "OAU-151":
		return status < 500
	}
	return status == http.StatusUnauthorized
}

// tokenRefused tells whether the token endpoint's answer is about the
// credentials: any 400, 401 or 403, but one that names a passing trouble.
func tokenRefused(status int, oauth string) bool {
	switch status {
	case http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden:
		return oauth != "temporarily_unavailable" && oauth != "server_error"
	}
	return false
}
