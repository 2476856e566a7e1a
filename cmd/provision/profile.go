package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"provision/cmd/provision/config"
	"provision/rcclient"
)

// origin is where a flag's value came from.
type origin struct {
	Kind originKind `json:"kind"`
	// Name is the variable or the profile.
	Name string `json:"name,omitempty"`
	File string `json:"file,omitempty"`
	Line int    `json:"line,omitempty"`
}

// originKind is one of the places that a value can come from.
type originKind string

// The places, the strongest first.
const (
	fromFlag    originKind = "flag"
	fromEnv     originKind = "environment"
	fromProfile originKind = "profile"
	fromDefault originKind = "default"
)

func (o origin) String() string {
	switch o.Kind {
	case fromEnv:
		return "environment " + o.Name
	case fromProfile:
		return fmt.Sprintf("profile %s, %s:%d", o.Name, o.File, o.Line)
	case fromFlag, fromDefault:
	}
	return string(o.Kind)
}

// takesProfile reports whether a command's flags can have values in a profile:
// not those of commands that work without any account.
func takesProfile(cmd *cobra.Command) bool {
	for ; cmd.HasParent(); cmd = cmd.Parent() {
		if slices.Contains([]string{"sim", "version", "completion", "help", "config", "show"}, cmd.Name()) {
			return false
		}
		if !cmd.Parent().HasParent() {
			return true
		}
	}
	return false
}

// notForProfiles are the flags that say something of one call, and why they
// have no place in a profile.
func notForProfiles(flag string) string {
	switch flag {
	case "help", "version":
		return "it asks for a text"
	case "config", "profile":
		return "it says which profile to take"
	case "output", "force", "json", "verbose", "detailed-exitcode", "against", "snapshot", "annotate", "split", "results", "approval", "once", "watch", "event", "free-numbers":
		return "it is about one call"
	case "only", "extensions", "rows", "site", "limit", "prune", "finish-by", "all":
		return "it is about one sheet"
	case "dry-run", "recipient", "recipients-file", "identity":
		return "it is about one call"
	case "guards", "auto-approve", "unattended", "no-changes-ok", "by", "note":
		return "it is said for one call, by whoever makes it"
	}
	return ""
}

// pathOf turns a flag's value that names a file into one that holds from
// anywhere.
func pathOf(flag string) func(value string, abs func(string) string) string {
	switch flag {
	case "env-file", "map-file", "log-file", "trace-http", "metrics-file", "runs-dir", "state-dir", "approvers":
		return func(v string, abs func(string) string) string { return abs(v) }
	case "known-places":
		return func(v string, abs func(string) string) string {
			if v == "off" {
				return v
			}
			return abs(v)
		}
	case "server":
		return func(v string, abs func(string) string) string {
			if file, ok := strings.CutPrefix(v, simPrefix); ok {
				return simPrefix + abs(file)
			}
			return v
		}
	case "protect-extensions", "protect-devices", "seal-to":
		return func(v string, abs func(string) string) string {
			if file, ok := strings.CutPrefix(v, "@"); ok {
				return "@" + abs(file)
			}
			return v
		}
	}
	return nil
}

// profileKeys are the settings that a profile may have: the flags of all
// commands that take one.
func profileKeys(root *cobra.Command) config.Keys {
	keys := config.Keys{}
	var walk func(c *cobra.Command)
	walk = func(c *cobra.Command) {
		note := func(f *pflag.Flag) {
			_, list := f.Value.(pflag.SliceValue)
			keys[f.Name] = config.Key{List: list, Refused: notForProfiles(f.Name), Path: pathOf(f.Name)}
		}
		if takesProfile(c) || c == root {
			c.Flags().VisitAll(note)
			c.PersistentFlags().VisitAll(note)
		}
		for _, sub := range c.Commands() {
			walk(sub)
		}
	}
	walk(root)
	return keys
}

// loadConfig reads the configuration file, if there is one: that of --config,
// else the one at the usual place.
func (a *app) loadConfig(root *cobra.Command) (*config.File, error) {
	file, err := a.readConfig(root)
	return file, configError(err)
}

// readConfig is loadConfig with the file also where it has problems, as far as it
// could be read.
func (a *app) readConfig(root *cobra.Command) (*config.File, error) {
	path := a.configFile
	if path == "" {
		if path = config.DefaultPath(a.getenv); path == "" {
			return nil, nil //nolint:nilnil // no file is no error
		}
	}
	file, err := config.Load(path, profileKeys(root), a.getenv)
	if errors.Is(err, fs.ErrNotExist) && a.configFile == "" {
		return nil, nil //nolint:nilnil // no file is no error
	}
	return file, err
}

// configError makes a file's problems a list for people.
func configError(err error) error {
	all := leaves(err)
	if len(all) == 0 {
		return nil
	}
	if len(all) == 1 {
		return all[0]
	}
	f := &failure{kind: kindUsage, err: fmt.Errorf("the configuration has %s", count(len(all), "problem"))}
	for _, one := range all {
		f.list = append(f.list, one.Error())
	}
	return f
}

// leaves are the errors that were joined, however deep.
func leaves(err error) []error {
	if err == nil {
		return nil
	}
	several, joined := err.(interface{ Unwrap() []error }) // what wraps a join is one error
	if !joined {
		return []error{err}
	}
	var out []error
	for _, one := range several.Unwrap() {
		out = append(out, leaves(one)...)
	}
	return out
}

// chooseProfile finds the profile that is asked for by --profile or by the
// file; none is no error.
func (a *app) chooseProfile(file *config.File) (*config.Profile, error) {
	name := a.profileName
	if name == "" && file != nil {
		name = file.Default
	}
	switch {
	case name == "" || name == config.NoProfile:
		return nil, nil //nolint:nilnil // none is wanted
	case file == nil:
		return nil, withHint(usagef("--profile %s: there is no configuration file", name),
			`name it with --config, as /etc/provision/config.yaml, or write one with "provision config init"`)
	}
	p, ok := file.Profile(name)
	if !ok {
		return nil, withHint(usagef("there is no profile %q in %s", name, file.Path), "it has "+orNone(file.Names()))
	}
	return p, nil
}

func orNone(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}

func (a *app) getenv(name string) string { return a.env[name] }

// standingAnnotation marks a flag whose value was not given for this call.
const standingAnnotation = "provision_standing"

// standing marks a flag whose value is a variable's or a profile's: it holds for
// every call and is no statement about this one.
func standing(f *pflag.Flag) {
	if f.Annotations == nil {
		f.Annotations = map[string][]string{}
	}
	f.Annotations[standingAnnotation] = []string{"true"}
}

// bindProfile sets the flags that were given by neither flag nor variable from
// the profile.
func (a *app) bindProfile(cmd *cobra.Command, p *config.Profile) error {
	var errs []error
	for _, s := range p.Settings {
		f := cmd.Flags().Lookup(s.Key)
		if f == nil || f.Changed || planDecides(cmd, s.Key) {
			continue
		}
		for _, v := range s.Values {
			if err := cmd.Flags().Set(s.Key, v); err != nil {
				var bad *pflag.InvalidValueError
				if errors.As(err, &bad) {
					err = wanted(bad)
				}
				errs = append(errs, usagef("%s:%d: %s %q: %w", p.File, s.Line, s.Key, v, err))
				break
			}
		}
		a.origins[s.Key] = origin{Kind: fromProfile, Name: p.Name, File: p.File, Line: s.Line}
		standing(f)
	}
	return errors.Join(errs...)
}

// planDecides reports whether a setting is part of the plan that a command
// carries out: it was reviewed with its own guards, which only a flag or a
// variable changes.
func planDecides(cmd *cobra.Command, key string) bool {
	return cmd.Name() == "apply" && (key == "bulk-size" ||
		slices.Contains(guardNames(), key) && !strings.HasPrefix(key, "protect-"))
}

// useProfile reads the configuration and lays the chosen profile under flags
// and variables.
func (a *app) useProfile(cmd *cobra.Command) error {
	file, err := a.loadConfig(cmd.Root())
	if err != nil {
		return err
	}
	p, err := a.chooseProfile(file)
	if err != nil || p == nil {
		return err
	}
	a.profile, a.secretEnv = p, secretVariables(file)
	return a.bindProfile(cmd, p)
}

// profileCredentials fills what the file of --env-file did not say from the
// profile's own sources. For a simulated account a variable may be empty.
func (a *app) profileCredentials(ctx context.Context, c *rcclient.Credentials, simulated bool) error {
	if a.profile == nil {
		return nil
	}
	resolver := config.Resolver{Env: a.getenv, Keyring: config.SystemKeyring}
	for _, one := range []struct {
		from *config.Secret
		to   *string
	}{{a.profile.ClientID, &c.ClientID}, {a.profile.ClientSecret, &c.ClientSecret}, {a.profile.JWT, &c.JWT}} {
		if one.from == nil || *one.to != "" {
			continue
		}
		text, err := resolver.Resolve(ctx, one.from)
		if err != nil && simulated && one.from.Env != "" {
			continue
		}
		if err != nil {
			return withHint(fmt.Errorf("profile %s: %w", a.profile.Name, err), fmt.Sprintf("see %s:%d", a.profile.File, one.from.Line))
		}
		*one.to = text
	}
	return nil
}

// ownAccount refuses every other account than the profile's.
func (s *session) ownAccount(ctx context.Context, p *config.Profile) error {
	if p == nil || p.Account.Value == "" {
		return nil
	}
	info, err := s.client.AccountInfo(ctx)
	if err != nil {
		return explainService(fmt.Errorf("read account: %w", err))
	}
	if want := p.Account.Value; want != string(info.ID) && want != info.MainNumber {
		return stalef("use the credentials of that account, or another profile",
			"profile %s is for account %s (%s:%d), this is account %s (%s)", p.Name, want, p.File, p.Account.Line, info.ID, info.MainNumber)
	}
	return nil
}
