package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/pflag"

	"provision/executor/journal"
	"provision/plan"
)

// knownOff is the value of --known-places that neither uses nor remembers any.
const knownOff = "off"

func registerKnownPlaces(flags *pflag.FlagSet, to *string) {
	flags.StringVar(to, "known-places", "", "what the service made of addresses that were applied: a FILE to read and to keep it in, or off (default: a file of the account in the state folder)")
}

// knownFormat is the version of the file of known places.
const knownFormat = 1

// knownFile is the file of known places of an account.
type knownFile struct {
	Format  int               `json:"format"`
	Server  string            `json:"server"`
	Account string            `json:"account"`
	Places  []plan.KnownPlace `json:"places"`
}

// placesPath is where the state folder keeps the known places of an account.
func (s stateFolder) placesPath(serverKey, account string) string {
	return filepath.Join(string(s), "places", lockName(serverKey, account)+".json")
}

// placesPath is the file that --known-places means; empty for off.
func (s *session) placesPath(flag, account string) string {
	switch flag {
	case knownOff:
		return ""
	case "":
		return s.state.placesPath(s.server.key(), account)
	default:
		return flag
	}
}

// knownPlaces reads the known places of an account. There are none before the
// first were remembered. A file of another account is refused: what one
// service made of an address says nothing about another.
func (s *session) knownPlaces(flag, account string) ([]plan.KnownPlace, error) {
	path := s.placesPath(flag, account)
	if path == "" {
		return nil, nil
	}
	data, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read known places: %w", err)
	}
	var f knownFile
	if err := json.Unmarshal(data, &f); err != nil || f.Format != knownFormat {
		return nil, withHint(usagef("%s holds no known places of format %d", path, knownFormat), "name another file, or plan without with --known-places=off")
	}
	if f.Server != s.server.key() || f.Account != account {
		return nil, withHint(usagef("the known places in %s are of account %s on %s", path, f.Account, f.Server), "name another file, or plan without with --known-places=off")
	}
	return f.Places, nil
}

// rememberPlaces adds what the run showed of the service's spelling to the
// known places. That it fails is worth a word and no more: the run is done.
func (c *carry) rememberPlaces(p *plan.Plan, state journal.State) {
	path := c.session.placesPath(c.places, p.Account.ID)
	learned := learnedPlaces(p, state)
	if path == "" || len(learned) == 0 {
		return
	}
	had, err := c.session.knownPlaces(c.places, p.Account.ID)
	if err == nil {
		all := plan.MergeKnownPlaces(had, learned)
		var data []byte
		if data, err = json.MarshalIndent(knownFile{knownFormat, c.session.server.key(), p.Account.ID, all}, "", "  "); err == nil {
			err = writePrivate(path, append(data, '\n'))
		}
	}
	if err != nil {
		c.app.warn(fmt.Sprintf("what the service made of %s could not be remembered: %v", count(len(learned), "address"), err))
	}
}

// learnedPlaces are the addresses of a run that the service shows otherwise
// than they were asked for.
func learnedPlaces(p *plan.Plan, state journal.State) []plan.KnownPlace {
	var learned []plan.KnownPlace
	for i := range p.Changes {
		c := &p.Changes[i]
		out, ok := state.Outcomes[c.ID]
		if !ok || len(out.EmergencyAddress) == 0 {
			continue
		}
		if out.Status != journal.Applied && out.Status != journal.NoOp && out.Status != journal.AddressPending {
			continue
		}
		var stored plan.Address
		if json.Unmarshal(out.EmergencyAddress, &stored) != nil {
			continue
		}
		if known, ok := c.Learned(stored); ok {
			learned = append(learned, known)
		}
	}
	return learned
}
