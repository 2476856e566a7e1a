package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"provision/plan"
	"provision/plan/sheet"
)

// readSheetFiles reads sheets so that nothing of them stays in the folder for
// temporary files, whatever ends the reading: a large workbook is unpacked
// there, with the names and addresses in it.
func (a *app) readSheetFiles(ctx context.Context, paths []string, o sheet.Options) (d plan.Desired, found []sheet.Detected, err error) {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer signal.Stop(signals)
	err = a.inPrivateFolder(ctx, signals, leave, func(ctx context.Context, folder string) (err error) {
		o.TempDir = folder
		d, found, err = sheet.Read(ctx, paths, o)
		return err
	})
	return d, found, err
}

// inPrivateFolder does work with a folder of its own that is removed in the
// end. The first signal ends the work, the second one the process.
func (a *app) inPrivateFolder(ctx context.Context, signals <-chan os.Signal, leave func(exitCode), work func(context.Context, string) error) (err error) {
	folder, err := os.MkdirTemp("", "provision-")
	if err != nil {
		return fmt.Errorf("make a private folder for unpacking: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
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
					_ = os.RemoveAll(folder)
					leave(exitInterrupted)
					return
				}
			}
		}
	}()
	err = work(ctx, folder)
	if cause := context.Cause(ctx); cause != nil && errors.Is(err, context.Canceled) {
		return &failure{kind: kindInterrupted, err: fmt.Errorf("interrupted (%w) while reading: nothing was done", cause)}
	}
	return err
}
