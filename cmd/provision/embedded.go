package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/rs/zerolog"

	"provision/rcclient/rcsim"
)

// stateSuffix is what the state of a simulated account's file adds to its name.
const stateSuffix = ".state"

// simServer is a simulated account that this process serves over HTTP.
type simServer struct {
	url  string
	sim  *rcsim.Server
	http *http.Server
	done chan error
}

// openSim opens the simulated account of a file, whose state lies in another.
// The account's file is only read where there is no state yet.
func openSim(file, state string, opts rcsim.Options) (*rcsim.Server, error) {
	opts.StateFile = state
	if _, err := os.Stat(state); state == "" || errors.Is(err, fs.ErrNotExist) {
		account, err := rcsim.LoadAccount(file)
		if what := whatIs(file); err != nil && what != "" && what != isAccount {
			err = usagef("%s", isNo(file, "account of the simulator"))
		}
		if err != nil {
			return nil, withHint(err, `name an account file, or make one with "provision sim generate"`)
		}
		opts.Account = account
	}
	s, err := rcsim.New(opts)
	var locked *rcsim.LockedError
	var damaged *rcsim.DamagedError
	switch {
	case errors.As(err, &locked):
		return nil, withHint(err, "wait until that process ends, or talk to it with --server http://…")
	case errors.As(err, &damaged):
		return nil, withHint(err, fmt.Sprintf("begin anew with \"provision sim reset %s\"", file))
	case errors.Is(err, fs.ErrPermission):
		return nil, withHint(err, fmt.Sprintf("the simulator keeps its state in %s: make that folder writable", filepath.Dir(state)))
	}
	return s, err
}

// serveSim serves a simulated account on a loopback address. It is real HTTP:
// what is rehearsed is what is done.
func serveSim(ctx context.Context, s *rcsim.Server, listen string, log zerolog.Logger) (*simServer, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", listen)
	if err != nil {
		return nil, fmt.Errorf("serve simulator: %w", err)
	}
	e := &simServer{
		url: "http://" + l.Addr().String(), sim: s, done: make(chan error, 1),
		http: &http.Server{Handler: s, ReadHeaderTimeout: time.Minute, ErrorLog: nil},
	}
	go func() {
		defer recoverTo(log)
		err := e.http.Serve(l)
		if errors.Is(err, http.ErrServerClosed) {
			err = nil
		}
		e.done <- err
	}()
	return e, nil
}

// shutdownGrace is how long calls in flight may take to end.
const shutdownGrace = 5 * time.Second

// close lets calls in flight end and gives the state back.
func (e *simServer) close(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, shutdownGrace)
	defer cancel()
	err := e.http.Shutdown(ctx)
	if err != nil {
		err = e.http.Close()
	}
	return errors.Join(err, <-e.done, e.sim.Close())
}
