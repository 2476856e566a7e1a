package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/rs/zerolog"
)

// However reading ends, its folder is gone.
func TestPrivateFolderIsRemoved(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	broken := errors.New("broken")
	for name, tc := range map[string]struct {
		signals int
		work    func(context.Context) error
		code    exitCode
		left    bool
	}{
		"done":        {work: func(context.Context) error { return nil }},
		"failed":      {work: func(context.Context) error { return broken }, code: exitError},
		"panic":       {work: func(context.Context) error { panic("x") }},
		"one signal":  {signals: 1, work: func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }, code: exitInterrupted},
		"two signals": {signals: 2, work: func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }, code: exitInterrupted, left: true},
	} {
		a := &app{log: zerolog.Nop()}
		signals := make(chan os.Signal, 2)
		leftWith := make(chan exitCode, 1)
		err := func() (err error) {
			defer func() {
				if p := recover(); p != nil && name != "panic" {
					t.Errorf("%s: %v", name, p)
				}
			}()
			return a.inPrivateFolder(t.Context(), signals, func(code exitCode) { leftWith <- code }, func(ctx context.Context, folder string) error {
				if err := os.WriteFile(filepath.Join(folder, "part.xml"), []byte("x"), 0o600); err != nil {
					t.Fatal(err)
				}
				for range tc.signals {
					signals <- syscall.SIGTERM
				}
				err := tc.work(ctx)
				if tc.left {
					if code := <-leftWith; code != exitInterrupted {
						t.Errorf("%s: left with %d", name, code)
					}
					if _, err := os.Stat(folder); !errors.Is(err, os.ErrNotExist) {
						t.Errorf("%s: the folder is there when the process leaves: %v", name, err)
					}
				}
				return err
			})
		}()
		if code := codeOf(err); code != tc.code {
			t.Errorf("%s: got code %d (%v), want %d", name, code, err, tc.code)
		}
		left, err := os.ReadDir(os.Getenv("TMPDIR"))
		if err != nil || len(left) > 0 {
			t.Errorf("%s: got %v (%v) left over", name, left, err)
		}
	}
}
