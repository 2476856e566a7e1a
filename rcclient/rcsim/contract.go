package rcsim

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"
)

//go:embed contract/openapi.yaml
var contractDocument []byte

// contract is the interface as an OpenAPI document, ready to check by.
type contract struct {
	router  routers.Router
	options *openapi3filter.Options
}

// loadContract parses the document once for all servers of the process: it
// never changes, and parsing costs more than most tests.
var loadContract = sync.OnceValues(func() (*contract, error) {
	loader := openapi3.NewLoader()
	document, err := loader.LoadFromData(contractDocument)
	if err != nil {
		return nil, fmt.Errorf("load contract: %w", err)
	}
	router, err := legacy.NewRouter(document)
	if err != nil {
		return nil, fmt.Errorf("load contract: %w", err)
	}
	options := &openapi3filter.Options{
		AuthenticationFunc:                openapi3filter.NoopAuthenticationFunc, // the server checks tokens itself
		IncludeResponseStatus:             true,
		RejectWhenRequestBodyNotSpecified: true,
		SkipSettingDefaults:               true,
	}
	return &contract{router: router, options: options}, nil
})

// shape is the contract's part for one call.
type shape struct {
	route  *routers.Route
	params map[string]string
	input  *openapi3filter.RequestValidationInput
}

// find is the shape of a request, nil for a URI outside the contract.
func (c *contract) find(r *http.Request) *shape {
	route, params, err := c.router.FindRoute(r)
	if err != nil {
		return nil
	}
	input := &openapi3filter.RequestValidationInput{Request: r, PathParams: params, Route: route, Options: c.options}
	return &shape{route: route, params: params, input: input}
}

// operation is the operationId.
func (s *shape) operation() string { return s.route.Operation.OperationID }

// checkRequest compares a request with the contract. The error is what the
// client is told.
func (c *contract) checkRequest(ctx context.Context, s *shape, r *http.Request, query url.Values, body []byte) *apiError {
	if r.ContentLength < 0 || slices.Contains(r.TransferEncoding, "chunked") {
		return &apiError{status: 400, code: "CMN-104", message: "Content-Length header is required with a body", parameter: "Content-Length"}
	}
	for name, values := range query {
		declared := s.route.Operation.Parameters.GetByInAndName("query", name)
		if declared == nil {
			return badParameter(name, strings.Join(values, ","))
		}
	}
	checked := r.Clone(ctx)
	checked.Body = io.NopCloser(bytes.NewReader(body))
	s.input.Request, s.input.QueryParams = checked, query
	if err := openapi3filter.ValidateRequest(ctx, s.input); err != nil {
		return violation(err)
	}
	return nil
}

// checkAnswer compares an answer with the contract.
func (c *contract) checkAnswer(ctx context.Context, s *shape, status int, header http.Header, body []byte) error {
	return openapi3filter.ValidateResponse(ctx, &openapi3filter.ResponseValidationInput{
		RequestValidationInput: s.input, Status: status, Header: header,
		Body: io.NopCloser(bytes.NewReader(body)), Options: c.options,
	})
}

// violation says what is wrong with a request in the interface's own words:
// CMN-103 for what cannot be parsed, CMN-101 for a bad value.
func violation(err error) *apiError {
	failure := &apiError{status: http.StatusBadRequest, code: "CMN-101", message: err.Error()}
	var parse *openapi3filter.ParseError
	if errors.As(err, &parse) {
		failure.code = "CMN-103"
	}
	var request *openapi3filter.RequestError
	if errors.As(err, &request) && request.Parameter != nil {
		failure.code = "CMN-101"
		failure.parameter = request.Parameter.Name
	}
	var schema *openapi3.SchemaError
	if errors.As(err, &schema) {
		failure.code = "CMN-101"
		inner := deepest(schema)
		// A path into a parameter is the place in its list, which is no name.
		if path := strings.Join(inner.JSONPointer(), "."); path != "" && failure.parameter == "" {
			failure.parameter = path
		}
		failure.message = "The request is invalid: " + inner.Reason
		if failure.parameter != "" {
			failure.message = "Parameter [" + failure.parameter + "] is invalid: " + inner.Reason
		}
		if value, isText := inner.Value.(string); isText && len(value) <= 256 {
			failure.value = value
		}
	}
	return failure
}

// deepest is the innermost schema error, which names the field.
func deepest(err *openapi3.SchemaError) *openapi3.SchemaError {
	var inner *openapi3.SchemaError
	for err.Origin != nil && errors.As(err.Origin, &inner) && inner != err {
		err = inner
	}
	return err
}
