package rcsim

import (
	"bytes"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// observe answers /_sim/: what tests and people look at from outside. It needs
// no token, is not counted and is not part of the contract.
func (s *Server) observe(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/_sim/faults" {
		s.observeFaults(w, r)
		return
	}
	if r.Method != http.MethodGet {
		http.Error(w, "only GET", http.StatusMethodNotAllowed)
		return
	}
	var body []byte
	var err error
	kind := jsonType
	switch r.URL.Path {
	case "/_sim/stats":
		body, err = encode(s.Stats())
	case "/_sim/effects":
		kind = "application/x-ndjson"
		body, err = encodeLines(s.Effects())
	case "/_sim/account":
		var account *Account
		if account, err = s.snapshotAccount(); err == nil {
			body, err = account.Encode()
		}
	default:
		http.Error(w, "know /_sim/stats, /_sim/effects, /_sim/account and /_sim/faults", http.StatusNotFound)
		return
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body) // the client may be gone
}

func encodeLines(effects []Effect) ([]byte, error) {
	var out bytes.Buffer
	for _, effect := range effects {
		line, err := encode(effect)
		if err != nil {
			return nil, err
		}
		out.Write(line)
		out.WriteByte('\n')
	}
	return out.Bytes(), nil
}

// Stats are the counts since the account began, also of earlier processes.
func (s *Server) Stats() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.catchUp(s.clock.now())
	stats := s.stats
	stats.Faults = maps.Clone(stats.Faults)
	stats.Calls.ByOperation = maps.Clone(stats.Calls.ByOperation)
	stats.Calls.ByGroup = maps.Clone(stats.Calls.ByGroup)
	stats.ServiceSeconds = time.Duration(s.clock.now() - s.clock.epoch).Seconds()
	return stats
}

// Effects are all effects since the account began, in order.
func (s *Server) Effects() []Effect {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.catchUp(s.clock.now())
	return slices.Clone(s.effects)
}

// Snapshot is the account as it stands, in the account file's format. An
// address that is Provisioning in it gets its verdict anew from there.
func (s *Server) Snapshot() *Account {
	account, err := s.snapshotAccount()
	if err != nil {
		// The copy goes through the file's format, which every account came from.
		return &Account{}
	}
	return account
}

func (s *Server) snapshotAccount() (*Account, error) {
	s.mu.Lock()
	s.catchUp(s.clock.now())
	account := s.world.snapshot()
	s.mu.Unlock()
	return account.clone()
}

// Now is the present service time.
func (s *Server) Now() time.Time {
	return time.Unix(0, s.clock.now()).UTC()
}
