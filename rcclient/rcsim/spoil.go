package rcsim

import (
	"cmp"
	"context"
	"net"
	"net/http"
	"strconv"
)

// carryOut does what a call asks for, with its faults. It tells whether there is
// an answer to give; if not, one was given or nobody waits for one.
func (s *Server) carryOut(ctx context.Context, w http.ResponseWriter, c *call) (answer, bool) {
	kind, h := c.faults.course()
	if h == nil {
		return s.run(c), true
	}
	if !h.Rule.endsBefore() {
		if kind == FaultLate {
			return s.postpone(ctx, w, c, h)
		}
		return s.run(c), true
	}
	s.afterNothing(c)
	s.spoil(ctx, w, c, h, 0, nil)
	return answer{}, false
}

// afterNothing lets the other administrators of a call that ends early have
// their turn.
func (s *Server) afterNothing(c *call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return
	}
	c.now = s.clock.now()
	s.catchUp(c.now)
	s.adminEdits(c, FaultAfter)
}

// spoil ends a call as its fault wants it, if it is one that touches the answer.
// The header and the body are ready, and half of the latency is still to pass.
func (s *Server) spoil(ctx context.Context, w http.ResponseWriter, c *call, h *hit, status int, body []byte) (ended bool) {
	switch h.Rule.Kind {
	case FaultStatus:
		s.writeStatus(ctx, w, c, &h.Rule)
		return true
	case FaultSlow:
		return s.clock.wait(ctx, seconds(*h.Rule.Seconds)) != nil
	case FaultRateLimit:
		setRetryAfter(w.Header(), &h.Rule)
		return false
	case FaultDrop, FaultReset, FaultCutBody, FaultUnparsable, FaultWrongType:
		if s.clock.wait(ctx, s.latency-s.latency/2) == nil {
			garble(w, h, status, body)
		}
		return true
	case FaultLate, FaultUnauthorized, FaultBulkFail, FaultBulkReorder, FaultBulkShort, FaultBulkLong,
		FaultLag, FaultAdmin, FaultNoInventory, FaultNoNumbers:
	}
	return false
}

// garble sends what the client cannot use, or nothing.
func garble(w http.ResponseWriter, h *hit, status int, body []byte) {
	kind := h.Rule.Kind
	if kind == FaultDrop || kind == FaultReset {
		cutConnection(w, kind == FaultReset)
	}
	if kind == FaultCutBody {
		cutBody(w, h, status, body)
	}
	if kind == FaultUnparsable {
		w.Header().Set("Content-Type", jsonType)
		writeWhole(w, status, append(body[:len(body)/2:len(body)/2], '{'))
		return
	}
	w.Header().Set("Content-Type", "text/html")
	if h.Rule.Body != "" || len(body) == 0 {
		body = []byte(cmp.Or(h.Rule.Body, gatewayPage(http.StatusOK)))
	}
	writeWhole(w, status, body)
}

// writeStatus answers with the rule's status: an error of the interface if there
// is a code for it, a gateway's page otherwise.
func (s *Server) writeStatus(ctx context.Context, w http.ResponseWriter, c *call, rule *FaultRule) {
	if s.clock.wait(ctx, s.latency-s.latency/2) != nil {
		return
	}
	header := w.Header()
	header.Set("RCRequestId", c.requestID)
	setRetryAfter(header, rule)
	code := rule.Code
	if code == "" {
		code = map[int]string{http.StatusInternalServerError: "CMN-203", http.StatusServiceUnavailable: "CMN-201"}[rule.Status]
	}
	failure := &apiError{status: rule.Status, code: code, message: http.StatusText(rule.Status)}
	body, err := encode(failure.body(c.request.URL.Path))
	header.Set("Content-Type", jsonType)
	if rule.Body != "" || code == "" || err != nil {
		header.Set("Content-Type", "text/html")
		body = []byte(cmp.Or(rule.Body, gatewayPage(rule.Status)))
	}
	writeWhole(w, rule.Status, body)
}

func gatewayPage(status int) string {
	return "<html><body><h1>" + strconv.Itoa(status) + " " + http.StatusText(status) + "</h1></body></html>\n"
}

func setRetryAfter(header http.Header, rule *FaultRule) {
	if rule.RetryAfter > 0 {
		header.Set("Retry-After", strconv.Itoa(rule.RetryAfter))
	}
}

// writeWhole writes a status and a body that is complete as far as HTTP sees.
// An answer that would have had no body gets one.
func writeWhole(w http.ResponseWriter, status int, body []byte) {
	if status == http.StatusNoContent {
		status = http.StatusOK
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body) //nolint:gosec // the client may be gone; no browser reads it
}

// cutBody sends a part of the body and drops the connection, so it does not
// return. Without a body only the header is missing then.
func cutBody(w http.ResponseWriter, h *hit, status int, body []byte) {
	pass := len(body) / 2
	if h.Rule.Bytes != nil {
		pass = min(*h.Rule.Bytes, len(body)-1)
	}
	if len(body) > 0 {
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		w.WriteHeader(status)
		_, _ = w.Write(body[:pass])               //nolint:gosec // no browser reads it
		_ = http.NewResponseController(w).Flush() // what cannot be flushed is lost, as it might be
	}
	cutConnection(w, false)
}

// resetter is a ResponseWriter that can end as if by a reset.
type resetter interface{ reset() }

// cutConnection closes the connection without an answer, or resets it. It does
// not return.
func cutConnection(w http.ResponseWriter, reset bool) {
	if reset {
		if own, can := w.(resetter); can {
			own.reset()
		} else if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
			hangUp(conn)
		}
	}
	panic(http.ErrAbortHandler) // the documented way to drop a connection
}

// hangUp closes a connection so that the other side sees a reset, where there is
// such a thing.
func hangUp(conn net.Conn) {
	if linger, can := conn.(interface{ SetLinger(int) error }); can {
		_ = linger.SetLinger(0) // then it is closed in the usual way
	}
	_ = conn.Close()
}
