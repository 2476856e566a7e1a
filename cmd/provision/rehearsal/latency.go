package rehearsal

import (
	"context"
	"fmt"
	"slices"
	"time"

	"provision/rcclient"
	"provision/rcclient/rcsim"
)

// probes is how many calls are timed: the one in the middle counts.
const probes = 3

// Latency is how long the service takes for a call, in service time at a scale:
// what a call of it takes by the clock, less what the same call takes this
// machine in a rehearsal, where no service is. The client is signed in.
func Latency(ctx context.Context, api Reader, scale float64) (time.Duration, error) {
	service, err := middle(ctx, api)
	if err != nil {
		return 0, err
	}
	account := &rcsim.Account{}
	account.Account.ID = 1
	s, err := serve(account, Options{Speed: 1}) //nolint:contextcheck // it lives in memory, where no context breaks anything off
	if err != nil {
		return 0, fmt.Errorf("time a call: %w", err)
	}
	_, err = s.client.AccountInfo(ctx) // signs in
	own := time.Duration(0)
	if err == nil {
		own, err = middle(ctx, s.client)
	}
	if e := s.close(ctx); err == nil {
		err = e
	}
	if err != nil {
		return 0, fmt.Errorf("time a call: %w", err)
	}
	return rcclient.Scale(scale).Service(max(0, service-own)), nil
}

// middle is how long a call takes, the middle one of some.
func middle(ctx context.Context, api interface {
	AccountInfo(ctx context.Context) (*rcclient.Account, error)
},
) (time.Duration, error) {
	var took []time.Duration
	for range probes {
		begun := time.Now()
		if _, err := api.AccountInfo(ctx); err != nil {
			return 0, fmt.Errorf("read account: %w", err)
		}
		took = append(took, time.Since(begun))
	}
	slices.Sort(took)
	return took[probes/2], nil
}
