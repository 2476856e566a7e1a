package rcsim

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

const (
	jsonType      = "application/json"
	multipartJSON = "application/vnd.ringcentral.multipart+json"
)

// reply writes an answer after the second half of the latency.
func (s *Server) reply(ctx context.Context, w http.ResponseWriter, c *call, a answer) {
	header := w.Header()
	if c.requestID != "" {
		header.Set("RCRequestId", c.requestID)
	}
	if c.op != nil && c.quota.limit > 0 {
		c.verdict.headers(header, c.op.group, c.quota)
	}
	body, checked, err := s.encodeAnswer(ctx, header, c, a)
	if err != nil {
		// Nothing that the simulator holds fails to encode; a hole in that belief
		// shows as a violation and a 500.
		s.answerViolation(c, err)
		a.status, body = http.StatusInternalServerError, nil
	}
	if c.shape != nil && a.parts == nil {
		if err := s.contract.checkAnswer(ctx, c.shape, a.status, header, checked); err != nil {
			s.answerViolation(c, err)
		}
	}
	if _, h := c.faults.course(); h != nil && s.spoil(ctx, w, c, h, a.status, body) {
		return
	}
	if s.clock.wait(ctx, s.latency-s.latency/2) != nil {
		return
	}
	if a.status != http.StatusNoContent {
		header.Set("Content-Length", strconv.Itoa(len(body)))
	}
	w.WriteHeader(a.status)
	// The client may be gone; the effect stands all the same.
	_, _ = w.Write(body) //nolint:gosec // what API clients asked for; no browser reads it
}

func (s *Server) answerViolation(c *call, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.violate("answer", c, err.Error())
}

// encodeAnswer is the body as it goes out, and the one that stands for it in
// the contract check.
func (s *Server) encodeAnswer(ctx context.Context, header http.Header, c *call, a answer) (body, checked []byte, err error) {
	switch {
	case a.failure != nil:
		header.Set("Content-Type", jsonType)
		if a.status == http.StatusUnauthorized {
			header.Set("WWW-Authenticate", `Bearer realm="rcsim"`)
		}
		body, err = encode(a.failure.body(c.request.URL.Path))
		return body, body, err
	case a.parts != nil:
		body, err = s.encodeParts(ctx, header, c, a.parts)
		return body, nil, err
	case a.body == nil:
		return nil, nil, nil
	}
	header.Set("Content-Type", jsonType)
	body, err = encode(a.body)
	if err != nil {
		return nil, nil, err
	}
	if long, isLong := a.body.(sampler); isLong && !s.options.FullContract {
		checked, err = encode(long.sample())
		return body, checked, err
	}
	return body, body, nil
}

// part is one id's answer in a batch.
type part struct {
	id     string // as the path gave it
	href   string
	answer answer
}

// encodeParts writes a 207 in the form that Accept asks for: multipart/mixed,
// or a JSON array (guide, batch requests).
func (s *Server) encodeParts(ctx context.Context, header http.Header, c *call, parts []part) ([]byte, error) {
	bodies := make([][]byte, len(parts))
	for i, p := range parts {
		own := http.Header{}
		body, checked, err := s.encodeAnswer(ctx, own, c, p.answer)
		if err != nil {
			return nil, err
		}
		bodies[i] = body
		if !s.options.FullContract && i > 0 && i < len(parts)-1 {
			continue // the first and the last stand for all
		}
		if err := s.contract.checkAnswer(ctx, c.shape, p.answer.status, own, checked); err != nil {
			s.answerViolation(c, fmt.Errorf("part %s: %w", p.id, err))
		}
	}
	if strings.Contains(c.request.Header.Get("Accept"), multipartJSON) {
		header.Set("Content-Type", multipartJSON)
		return jsonParts(parts, bodies), nil
	}
	boundary := "Boundary_" + strings.ReplaceAll(c.requestID, "-", "")
	header.Set("Content-Type", "multipart/mixed; boundary="+boundary)
	return mixedParts(parts, bodies, boundary, s.failedPartBodies())
}

func (s *Server) failedPartBodies() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.world.settings().failedPartBodies()
}

// jsonParts writes the array form. The bodies are JSON already.
func jsonParts(parts []part, bodies [][]byte) []byte {
	var out bytes.Buffer
	out.WriteByte('[')
	for i, p := range parts {
		if i > 0 {
			out.WriteByte(',')
		}
		fmt.Fprintf(&out, `{"resourceId":%q,"status":%d,"body":%s}`, p.id, p.answer.status, bodies[i])
	}
	out.WriteByte(']')
	return out.Bytes()
}

// partStatus is one entry of the first part of multipart/mixed.
type partStatus struct {
	Href        string `json:"href"`
	Status      int    `json:"status"`
	Description string `json:"responseDescription"`
}

// mixedParts writes multipart/mixed: first the statuses, then the bodies in the
// order of the ids.
func mixedParts(parts []part, bodies [][]byte, boundary string, failedToo bool) ([]byte, error) {
	var statuses struct {
		Response []partStatus `json:"response"`
	}
	for _, p := range parts {
		statuses.Response = append(statuses.Response, partStatus{Href: p.href, Status: p.answer.status, Description: http.StatusText(p.answer.status)})
	}
	first, err := encode(statuses)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	write := func(body []byte) {
		fmt.Fprintf(&out, "--%s\r\nContent-Type: %s\r\n\r\n%s\r\n", boundary, jsonType, body)
	}
	write(first)
	for i, p := range parts {
		if p.answer.failure == nil || failedToo {
			write(bodies[i])
		}
	}
	fmt.Fprintf(&out, "--%s--\r\n", boundary)
	return out.Bytes(), nil
}

func formOf(body []byte) (url.Values, error) { return url.ParseQuery(string(body)) }
