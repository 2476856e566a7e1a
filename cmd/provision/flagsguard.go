package main

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"provision/plan"
)

// boundValue is a flag that takes a guard's limit.
type boundValue struct{ to *plan.Bound }

var _ pflag.Value = boundValue{}

func (v boundValue) String() string {
	if v.to == nil || v.to.IsZero() {
		return ""
	}
	return v.to.String()
}

func (v boundValue) Set(text string) error {
	b, err := plan.ParseBound(text)
	if err != nil {
		return errors.New("want " + plan.BoundForms) // the flag and the text are said already
	}
	*v.to = b
	return nil
}

func (v boundValue) Type() string { return "N|P%|N,P%|none" }

// guardFlags are the limits of one run.
type guardFlags struct {
	guards plan.Guards
	mode   string // "on" or "off"
	flags  *pflag.FlagSet

	protectExtensions, protectDevices []string
}

// guardNames are the flags of guards, without dashes.
func guardNames() []string {
	return []string{
		"max-removals", "max-swaps", "max-address-changes", "max-adds", "max-changes", "max-new-locations",
		"leave-without-phone", "release-numbers", "max-stale", "guards", "protect-extensions", "protect-devices",
	}
}

func (g *guardFlags) register(cmd *cobra.Command) {
	g.guards = plan.DefaultGuards()
	g.flags = cmd.Flags()
	bound := func(to *plan.Bound, name, usage string) { g.flags.Var(boundValue{to}, name, usage) }
	bound(&g.guards.MaxRemovals, "max-removals", "most removals and deletions from the inventory")
	bound(&g.guards.MaxSwaps, "max-swaps", "most swaps")
	bound(&g.guards.MaxAddressChanges, "max-address-changes", "most changes of an emergency address")
	bound(&g.guards.MaxAdds, "max-adds", "most added lines")
	bound(&g.guards.MaxChanges, "max-changes", "most changes of any kind")
	g.flags.IntVar(&g.guards.MaxNewLocations, "max-new-locations", 0, "most new emergency response locations, which the whole account sees (default 0)")
	g.flags.IntVar(&g.guards.LeaveWithoutPhone, "leave-without-phone", 0, "most people left with no phone (default 0)")
	g.flags.BoolVar(&g.guards.ReleaseNumbers, "release-numbers", false, "allow that numbers are given up for good")
	bound(&g.guards.MaxStale, "max-stale", "most changes that the account has overtaken when a run of an older plan begins, of the run's changes; beyond, nothing is sent")
	g.flags.StringSliceVar(&g.protectExtensions, "protect-extensions", nil, "extensions that nothing may change: numbers, ranges (100-199), patterns (1*), ids, names of persons, or @FILE with one a line")
	g.flags.StringSliceVar(&g.protectDevices, "protect-devices", nil, "devices that nothing may change: ids, serials, names, ranges, patterns, or @FILE with one a line")
	g.flags.StringVar(&g.mode, "guards", "on", "off: nothing refuses the plan, however much it removes, moves or changes, and numbers may be given up; on: the --max-… limits and the like hold")
}

// check reads --guards and refuses negative counts.
func (g *guardFlags) check() error {
	switch g.mode {
	case "on":
	case "off":
		g.guards.Off = true
	default:
		return usagef("--guards %q is neither on nor off", g.mode)
	}
	if g.guards.MaxNewLocations < 0 || g.guards.LeaveWithoutPhone < 0 {
		return usagef("a guard's limit is not negative")
	}
	for _, l := range []struct {
		flag    string
		entries *[]string
	}{{"protect-extensions", &g.protectExtensions}, {"protect-devices", &g.protectDevices}} {
		entries, err := readList(*l.entries)
		if err != nil {
			return usagef("--%s: %w", l.flag, err)
		}
		*l.entries = entries
	}
	return nil
}

// refuseProtected refuses a plan that changes what these flags protect: it was
// made without them.
func (g *guardFlags) refuseProtected(p *plan.Plan) error {
	found, err := p.CheckProtected(g.protectExtensions, g.protectDevices)
	if err != nil || len(found) == 0 {
		return err
	}
	refused := &failure{
		kind: kindRefused, err: fmt.Errorf("%s of the plan would change what is protected", count(len(found), "change")),
		hint: "plan anew with the same --protect-extensions and --protect-devices: the rows are shown then",
	}
	for _, f := range found {
		refused.list = append(refused.list, f.Change.Kind.String()+" on "+cmp.Or(f.Change.ExtensionNumber(), "no extension")+": "+f.Why)
	}
	return refused
}

// given are the guards' flags that were given, as "--name=value".
func (g *guardFlags) given() []string {
	var all []string
	for _, name := range guardNames() {
		if f := g.flags.Lookup(name); f != nil && f.Changed {
			all = append(all, "--"+name+"="+f.Value.String())
		}
	}
	return all
}

// over lays the flags that were given over a plan's guards: what "apply" is
// told wins over what the plan was made with.
func (g *guardFlags) over(base plan.Guards) plan.Guards {
	set := map[string]func(){
		"max-removals":        func() { base.MaxRemovals = g.guards.MaxRemovals },
		"max-swaps":           func() { base.MaxSwaps = g.guards.MaxSwaps },
		"max-address-changes": func() { base.MaxAddressChanges = g.guards.MaxAddressChanges },
		"max-adds":            func() { base.MaxAdds = g.guards.MaxAdds },
		"max-changes":         func() { base.MaxChanges = g.guards.MaxChanges },
		"max-new-locations":   func() { base.MaxNewLocations = g.guards.MaxNewLocations },
		"leave-without-phone": func() { base.LeaveWithoutPhone = g.guards.LeaveWithoutPhone },
		"release-numbers":     func() { base.ReleaseNumbers = g.guards.ReleaseNumbers },
		"max-stale":           func() { base.MaxStale = g.guards.MaxStale },
		"guards":              func() { base.Off = g.guards.Off },
	}
	for _, name := range guardNames() {
		if f := g.flags.Lookup(name); f != nil && f.Changed && set[name] != nil {
			set[name]()
		}
	}
	return base
}

// breachError refuses a plan that breaks guards, with the flags that would
// allow it.
func breachError(breaches []plan.Breach) error {
	if len(breaches) == 0 {
		return nil
	}
	var texts, flags []string
	for _, b := range breaches {
		texts = append(texts, b.Message)
		flags = append(flags, b.Flag)
	}
	refused := &failure{
		kind: kindRefused, err: fmt.Errorf("%d guards refuse", len(breaches)), list: texts,
		hint: "look at the plan; if that is what is meant, pass " + strings.Join(flags, " "),
	}
	if len(breaches) == 1 {
		refused.err, refused.list = errors.New(breaches[0].Message), nil
	}
	return refused
}
