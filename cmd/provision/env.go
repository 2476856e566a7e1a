package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// environ is the process's environment, as it was handed in.
type environ map[string]string

func parseEnviron(list []string) environ {
	env := environ{}
	for _, kv := range list {
		if k, v, ok := strings.Cut(kv, "="); ok {
			env[k] = v
		}
	}
	return env
}

// firstName is the first of the names that has a value; empty if none has.
func (e environ) firstName(names ...string) string {
	for _, n := range names {
		if e[n] != "" {
			return n
		}
	}
	return ""
}

// first is the value of the first of the names that has one; empty if none has.
func (e environ) first(names ...string) string {
	return e[e.firstName(names...)]
}

const envPrefix = "PROVISION_"

// envName is the variable that stands for a flag: --lock-timeout is
// PROVISION_LOCK_TIMEOUT.
func envName(flag string) string {
	return envPrefix + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// bindEnv sets the flags that were not given from their variables. A flag that
// takes several values has them separated by ";".
func (a *app) bindEnv(cmd *cobra.Command) error {
	var errs []error
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if f.Changed {
			a.origins[f.Name] = origin{Kind: fromFlag}
		}
		v := a.env[envName(f.Name)]
		if f.Changed || f.Name == "help" || v == "" {
			return
		}
		a.origins[f.Name] = origin{Kind: fromEnv, Name: envName(f.Name)}
		standing(f)
		values := []string{v}
		if _, several := f.Value.(pflag.SliceValue); several {
			values = strings.Split(v, ";")
		}
		for _, one := range values {
			if err := cmd.Flags().Set(f.Name, one); err != nil {
				var bad *pflag.InvalidValueError
				if errors.As(err, &bad) {
					err = wanted(bad)
				}
				errs = append(errs, usagef("%s=%q: %w", envName(f.Name), v, err))
				return
			}
		}
	})
	return errors.Join(errs...)
}

// strangeEnv lists variables with our prefix that stand for no flag of any
// command: most likely they are misspelt, and a guard that was meant to be set
// is not.
func strangeEnv(root *cobra.Command, env environ) []string {
	known := map[string]bool{}
	var walk func(c *cobra.Command)
	walk = func(c *cobra.Command) {
		note := func(f *pflag.Flag) { known[envName(f.Name)] = true }
		c.Flags().VisitAll(note)
		c.PersistentFlags().VisitAll(note)
		for _, sub := range c.Commands() {
			walk(sub)
		}
	}
	walk(root)
	for _, name := range []string{envPushUser, envPushPassword, envPushToken} {
		known[name] = true
	}
	var strange []string
	for name := range env {
		if strings.HasPrefix(name, envPrefix) && env[name] != "" && !known[name] {
			strange = append(strange, name)
		}
	}
	slices.Sort(strange)
	return strange
}

// readEnvFile reads NAME=value lines, as "export NAME='value'" too. As secrets
// are in it, a file that others may read is refused.
func readEnvFile(path string) (environ, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("read --env-file: %w", err)
	}
	if info.IsDir() {
		return nil, usagef("--env-file %s is a folder: name the file in it", path)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, withHint(usagef("--env-file %s has mode %04o: others can read the secrets in it", path, info.Mode().Perm()),
			fmt.Sprintf("chmod 600 %s", path))
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read --env-file: %w", err)
	}
	env := environ{}
	for i, l := range strings.Split(string(data), "\n") {
		l = strings.TrimSpace(strings.TrimSuffix(l, "\r"))
		if l == "" || strings.HasPrefix(l, "#") {
			continue
		}
		k, v, ok := strings.Cut(strings.TrimPrefix(l, "export "), "=")
		if !ok {
			// The line itself is not shown: it may be a secret.
			return nil, usagef("--env-file %s: line %d is not NAME=value", path, i+1)
		}
		env[strings.TrimSpace(k)] = unquote(strings.TrimSpace(v))
	}
	return env, nil
}

func unquote(s string) string {
	if len(s) >= 2 && (s[0] == '"' || s[0] == '\'') && s[len(s)-1] == s[0] {
		return s[1 : len(s)-1]
	}
	return s
}
