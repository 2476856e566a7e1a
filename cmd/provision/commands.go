package main

import "github.com/spf13/cobra"

// commands are all commands, in the order in which help groups them.
func commands(a *app) []*cobra.Command {
	return []*cobra.Command{
		newShowCmd(a, runShow),
		newSimCmd(a, runSim),
		newVersionCmd(a),
		newCompletionCmd(a),
	}
}
