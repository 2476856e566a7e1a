package rcsim

import "net/http"

// Stage is a point in a call's life at which a Hook is asked.
type Stage int

const (
	// BeforeEffect is asked when the call was let through by its throttling group and keeps
	// to the contract, and nothing has happened to the account yet.
	BeforeEffect Stage = iota
	// AfterEffect is asked when the effect is durable and the answer has not left.
	AfterEffect
)

// HookCall is what a Hook is told about a call.
type HookCall struct {
	Operation string // operationId
	Group     string // light, medium, heavy, auth
	RequestID string
	Method    string
	Path      string
	Body      []byte // the request's; not to be changed
}

// Interruption is what a Hook makes of a call instead of its own course. Before
// the effect it keeps the effect from happening; after it only the answer is
// replaced. Such an answer is not checked against the contract.
type Interruption struct {
	// Drop closes the connection without an answer, by a panic with
	// http.ErrAbortHandler; the other fields are not used then.
	Drop   bool
	Status int
	Header http.Header
	Body   []byte
}

// Hook is asked twice in each call of an operation, with no lock held and from
// the call's own goroutine; it may wait. nil lets the call go on.
type Hook func(stage Stage, call HookCall) *Interruption

// interrupt asks the hook and answers for it; it tells whether the call ends.
func (s *Server) interrupt(w http.ResponseWriter, stage Stage, c *call) bool {
	if s.options.Hook == nil {
		return false
	}
	stop := s.options.Hook(stage, HookCall{
		Operation: c.op.id, Group: c.op.group, RequestID: c.requestID,
		Method: c.request.Method, Path: c.request.URL.Path, Body: c.body,
	})
	if stop == nil {
		return false
	}
	if stop.Drop {
		panic(http.ErrAbortHandler) // the documented way to drop a connection
	}
	for name, values := range stop.Header {
		w.Header()[name] = values
	}
	w.WriteHeader(stop.Status)
	_, _ = w.Write(stop.Body) // the client may be gone; nothing depends on it
	return true
}
