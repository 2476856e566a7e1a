package main

import "os"

// version is set by the linker (see the Makefile).
var version = "devel"

func main() {
	os.Exit(Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr, os.Environ()))
}

// leave ends the process at once; only the second interrupt asks for it.
func leave(code exitCode) { os.Exit(int(code)) }
