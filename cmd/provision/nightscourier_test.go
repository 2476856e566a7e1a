//go:build unix

package main

import (
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"
)

// deliver puts sheets into the inbox, two of them at the same time.
func (w *week) deliver(sheets []*arriving) {
	w.Helper()
	for len(sheets) > 0 {
		n := min(2, len(sheets))
		errs := make(chan error, n)
		for _, a := range sheets[:n] {
			go func() { errs <- w.drop(a) }()
		}
		for range n {
			w.must(<-errs)
		}
		sheets = sheets[n:]
	}
}

// drop puts a sheet into the inbox whole.
func (w *week) drop(a *arriving) error {
	draft := filepath.Join(w.box(), "."+a.name)
	if err := os.WriteFile(draft, a.data, 0o600); err != nil {
		return err
	}
	return os.Rename(draft, filepath.Join(w.box(), a.name))
}

// deliverBeside puts sheets into the inbox while the program works on it, one after the other: whole, under the name of a
// download until it is whole, or as a file that grows.
func (w *week) deliverBeside(rnd *rand.Rand, sheets []*arriving) error {
	for _, a := range sheets {
		pause(rnd.IntN(500))
		var err error
		switch rnd.IntN(3) {
		case 0:
			err = w.drop(a)
		case 1:
			err = w.download(a, rnd)
		default:
			err = w.grow(filepath.Join(w.box(), a.name), a.data)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func pause(ms int) {
	timer := time.NewTimer(time.Duration(ms) * time.Millisecond)
	<-timer.C
}

// download writes one half, and much later the other.
func (w *week) download(a *arriving, rnd *rand.Rand) error {
	path := filepath.Join(w.box(), a.name)
	half := rnd.IntN(len(a.data))
	if err := os.WriteFile(path+".part", a.data[:half], 0o600); err != nil {
		return err
	}
	pause(200 + rnd.IntN(600))
	f, err := os.OpenFile(path+".part", os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.Write(a.data[half:])
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(path+".part", path)
}

// growths is in how many pieces a file grows.
const growths = 40

// grow writes a file in its place, piece by piece. Between two of them is much less time than a file must not have
// changed for, so that it is taken when it is whole; if the machine stalled, the week remembers that.
func (w *week) grow(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	last := time.Now()
	for i := range growths {
		_, werr := f.Write(data[len(data)*i/growths : len(data)*(i+1)/growths])
		err = errors.Join(err, werr)
		w.stall, last = max(w.stall, time.Since(last)), time.Now()
		pause(5)
	}
	return errors.Join(err, f.Close())
}
