package main

import (
	"context"

	"provision/rcclient"
)

// keepTokens makes the sessions that follow one another in this process use one
// access token, as the auth group allows few calls a minute. The function that
// it gives ends that, and revokes what is left.
func (a *app) keepTokens(f *serviceFlags) (end func(context.Context)) {
	a.tokens = rcclient.NewTokenJar()
	return func(ctx context.Context) {
		if a.tokens.Shut() {
			a.revoke(ctx, *f)
		}
	}
}

// revoke ends the token that was kept, by a client that does nothing else.
// Where that can't be, as while another process holds the lock, the token runs
// out by itself.
func (a *app) revoke(ctx context.Context, f serviceFlags) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownGrace)
	defer cancel()
	f.lockTimeout = 0
	s, err := a.connect(ctx, f, connectOptions{command: "revoke", toRevoke: true})
	if err == nil {
		err = s.close(ctx)
	}
	if err != nil {
		a.log.Debug().Err(err).Msg("token is not revoked")
	}
}
