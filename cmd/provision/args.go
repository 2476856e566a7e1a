package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// noSuchCommand refuses what is no command, with what it may have meant.
func noSuchCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	hint := fmt.Sprintf("see \"%s --help\"", cmd.CommandPath())
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		hint = "did you mean " + strings.Join(near, ", ") + "?"
	}
	return withHint(usagef("unknown command %q", args[0]), hint)
}

// newHelpCmd is cobra's help command, but that an unknown name is an error.
func newHelpCmd() *cobra.Command {
	return &cobra.Command{
		Use:     "help [COMMAND]",
		Short:   "show the help of a command",
		Long:    "help shows the help of a command, as COMMAND --help does." + exitHelp(exitOK, exitError),
		Example: "  provision help plan\n  provision help sim generate",
		RunE: func(cmd *cobra.Command, args []string) error {
			of, rest, err := cmd.Root().Find(args)
			if err != nil {
				return usagef("%w", err)
			}
			if len(rest) > 0 {
				return noSuchCommand(of, rest)
			}
			return of.Help()
		},
	}
}

// checkArgs makes a command's complaints about its arguments say what is
// missing, or too much.
func checkArgs(c *cobra.Command) {
	check := c.Args
	if check != nil {
		c.Args = func(cmd *cobra.Command, args []string) error {
			err := check(cmd, args)
			var f *failure
			if err == nil || errors.As(err, &f) {
				return err
			}
			return argsError(cmd, args, err)
		}
	}
	for _, sub := range c.Commands() {
		checkArgs(sub)
	}
}

// argsError says in our words what is wrong with a command's arguments: missing
// ones with an example, and those that are too many.
func argsError(cmd *cobra.Command, args []string, err error) error {
	name, required := argumentOf(cmd)
	help := fmt.Sprintf("see \"%s --help\"", cmd.CommandPath())
	most := 0
	if name != "" {
		most = 1
	}
	switch {
	case len(args) == 0 && required:
		example, _, _ := strings.Cut(strings.TrimSpace(cmd.Example), "\n")
		return withHint(usagef("%s is missing: %s", name, argumentMeaning(name)), "for example: "+example)
	case len(args) > most && most > 0:
		return withHint(usagef("%s takes one %s; too much: %s", cmd.CommandPath(), name, strings.Join(args[most:], " ")), help)
	case len(args) > most:
		if cmd.Flags().Lookup("output") != nil {
			help = fmt.Sprintf("to write a file: \"%s -o %s\"", cmd.CommandPath(), args[0])
		}
		return withHint(usagef("%s takes no arguments; too much: %s", cmd.CommandPath(), strings.Join(args, " ")), help)
	}
	return withHint(usagef("%w", err), help)
}

// argumentOf is the argument that a command's usage names, if any: the first
// word behind its name, in brackets if it is not required.
func argumentOf(cmd *cobra.Command) (name string, required bool) {
	fields := strings.Fields(cmd.Use)
	if len(fields) < 2 || strings.HasPrefix(strings.TrimLeft(fields[1], "["), "-") {
		return "", false
	}
	return strings.Trim(fields[1], "[]."), !strings.HasPrefix(fields[1], "[")
}

func argumentMeaning(name string) string {
	switch name {
	case "PLAN":
		return `a file that "provision plan SHEET -o plan.json" saved`
	case "RUN":
		return `a run's folder, or the beginning of its id ("provision runs" lists them)`
	case "RUN|SHEET":
		return "a run's folder, the beginning of its id, or a sheet"
	case "bash|zsh|fish|powershell":
		return "the shell to write a script for"
	case "FILE":
		return "the file of a simulated account"
	case "DIR":
		return "a folder"
	}
	return "see the help"
}
