package rcsim

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
)

// answer is what a handler decides: a status, and what goes into the body.
type answer struct {
	status int
	// body is encoded as JSON; nil means no body.
	body any
	// parts make it a batch answer (207); body is not used then.
	parts []part
	// failure is set on error answers.
	failure *apiError
}

func ok(body any) answer { return answer{status: http.StatusOK, body: body} }

func noContent() answer { return answer{status: http.StatusNoContent} }

// apiError is one error of the interface. The codes are the ones of the API
// reference's error list.
type apiError struct {
	status    int
	code      string
	message   string
	parameter string
	value     string
	oauth     string // RFC 6749 error, token endpoint only
}

// Error makes apiError usable as an error inside the package.
func (e *apiError) Error() string { return e.code + ": " + e.message }

func (e *apiError) answer() answer { return answer{status: e.status, failure: e} }

// errorItem is an error as bodies and bulk items write it.
type errorItem struct {
	ErrorCode      string `json:"errorCode"`
	Message        string `json:"message"`
	ParameterName  string `json:"parameterName,omitempty"`
	ParameterValue string `json:"parameterValue,omitempty"`
}

// errorBody is the body of a failed call; v1.0 answers repeat the first error
// at the top (guide samples).
type errorBody struct {
	OAuthError       string      `json:"error,omitempty"`
	OAuthDescription string      `json:"error_description,omitempty"`
	ErrorCode        string      `json:"errorCode,omitempty"`
	Message          string      `json:"message,omitempty"`
	ParameterName    string      `json:"parameterName,omitempty"`
	ParameterValue   string      `json:"parameterValue,omitempty"`
	Errors           []errorItem `json:"errors"`
}

func (e *apiError) item() errorItem {
	return errorItem{ErrorCode: e.code, Message: e.message, ParameterName: e.parameter, ParameterValue: e.value}
}

func (e *apiError) body(path string) errorBody {
	body := errorBody{Errors: []errorItem{e.item()}}
	if e.oauth != "" {
		body.OAuthError, body.OAuthDescription = e.oauth, e.message
	}
	if !strings.HasPrefix(path, "/restapi/v2/") {
		body.ErrorCode, body.Message, body.ParameterName, body.ParameterValue = e.code, e.message, e.parameter, e.value
	}
	return body
}

func badParameter(name, value string) *apiError {
	message := "Parameter [" + name + "] value is invalid"
	if value == "" {
		message = "Parameter [" + name + "] is missing or empty"
	}
	return &apiError{status: http.StatusBadRequest, code: "CMN-101", message: message, parameter: name, value: value}
}

func notFound(status int, name, value string) *apiError {
	return &apiError{status: status, code: "CMN-102", message: "Resource for parameter [" + name + "] is not found", parameter: name, value: value}
}

func unknownURI() *apiError {
	return &apiError{status: http.StatusNotFound, code: "CMN-120", message: "Invalid URI"}
}

// encode writes JSON without a newline and without HTML escapes, as the service
// does.
func encode(value any) ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), nil
}
