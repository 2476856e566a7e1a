package main

import "os"

// What was built, set by the linker (see the Makefile and .goreleaser.yaml).
// commit and date are empty in a build of no release.
var (
	version = "devel"
	commit  = ""
	date    = "" // of the commit, RFC 3339
)

func main() {
	os.Exit(Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr, os.Environ()))
}

// leave ends the process at once; only the second interrupt asks for it.
func leave(code exitCode) { os.Exit(int(code)) }
