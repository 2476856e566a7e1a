//go:build !unix

package main

import "os"

// statusSignals gets nothing: there is no such signal here.
func statusSignals() (signals <-chan os.Signal, forget func()) { return nil, func() {} }
