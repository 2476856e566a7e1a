package main

import (
	"encoding/json"
	"fmt"
	"os"
	"time"

	"provision/rcclient"
)

// savedLimit is a throttling group's limit as the last process saw it.
type savedLimit struct {
	Calls         int     `json:"calls"`
	WindowSeconds float64 `json:"window_seconds"` // service time
}

// limitsPath is the file of the limits that a client was told; it lies beside
// the slots. Without it a process would begin with the documented limits, and
// where the account's are lower its first call could be one too many.
func (s stateFolder) limitsPath(serverKey, clientID string) string {
	return s.slotsPath(serverKey, clientID, 0) + ".limits"
}

// loadLimits reads the limits; what cannot be read is none, as the first answer
// tells anyhow.
func loadLimits(path string) map[rcclient.Group]rcclient.Limit {
	data, err := os.ReadFile(path)
	var saved map[rcclient.Group]savedLimit
	if err != nil || json.Unmarshal(data, &saved) != nil {
		return nil
	}
	limits := map[rcclient.Group]rcclient.Limit{}
	for g, l := range saved {
		if window := time.Duration(l.WindowSeconds * float64(time.Second)); l.Calls > 0 && window > 0 {
			limits[g] = rcclient.Limit{Calls: l.Calls, Window: window}
		}
	}
	return limits
}

func saveLimits(path string, limits map[rcclient.Group]rcclient.Limit) error {
	saved := map[rcclient.Group]savedLimit{}
	for g, l := range limits {
		saved[g] = savedLimit{Calls: l.Calls, WindowSeconds: l.Window.Seconds()}
	}
	data, err := json.Marshal(saved)
	if err == nil {
		err = writePrivate(path, data)
	}
	if err != nil {
		return fmt.Errorf("save the rate limits: %w", err)
	}
	return nil
}
