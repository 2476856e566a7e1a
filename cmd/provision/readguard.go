package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"provision/cmd/provision/scratch"
	"provision/plan"
	"provision/plan/sheet"
)

// readSheetFiles reads sheets so that nothing of them stays in the folder for
// temporary files, whatever ends the reading: a large workbook is unpacked
// there, with the names and addresses in it.
func (a *app) readSheetFiles(ctx context.Context, paths []string, o sheet.Options) (d plan.Desired, found []sheet.Detected, err error) {
	err = a.withPrivateFolder(ctx, func(ctx context.Context, folder string) (err error) {
		o.TempDir = folder
		d, found, err = sheet.Read(ctx, paths, o)
		return err
	})
	return d, found, err
}

// withPrivateFolder does work of reading as readSheetFiles does.
func (a *app) withPrivateFolder(ctx context.Context, work func(context.Context, string) error) error {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer signal.Stop(signals)
	return a.inPrivateFolder(ctx, signals, leave, work)
}

// inPrivateFolder does work with a folder of its own that is removed in the
// end, and removes those that killed processes have left. The first signal ends the work, the second one the process.
func (a *app) inPrivateFolder(ctx context.Context, signals <-chan os.Signal, leave func(exitCode), work func(context.Context, string) error) (err error) {
	scratch.Sweep()
	folder, err := scratch.New()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, folder.Remove()) }()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	done := make(chan struct{})
	defer close(done)
	go func() {
		defer recoverTo(a.log)
		for caught := 0; ; caught++ {
			select {
			case <-done:
				return
			case s := <-signals:
				cancel(fmt.Errorf("signal %s", s))
				if caught > 0 {
					_ = folder.Remove()
					leave(exitInterrupted)
					return
				}
			}
		}
	}()
	err = work(ctx, folder.Path)
	if cause := context.Cause(ctx); cause != nil && errors.Is(err, context.Canceled) {
		return &failure{kind: kindInterrupted, err: fmt.Errorf("interrupted (%w) while reading: nothing was done", cause)}
	}
	return err
}
