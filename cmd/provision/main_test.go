package main

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain makes the program itself a command of the scripts, run as a process of its own; so is the receiver of
// the nights' notifications.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"provision":     func() { os.Exit(Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr, os.Environ())) },
		receiverProgram: func() { os.Exit(receiveNight(os.Args[1:])) },
	})
}
