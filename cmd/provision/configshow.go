package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"provision/cmd/provision/config"
)

type configShowOptions struct {
	json bool
	all  bool
	run  runOptions
	cmd  *cobra.Command
}

func newConfigShowCmd(a *app, run func(context.Context, *app, *configShowOptions) error) *cobra.Command {
	var o configShowOptions
	cmd := &cobra.Command{
		Use:   "show",
		Short: "show what a run would be told, and from where",
		Long: `show lists the settings that differ from their defaults (--all: all), each with where
it comes from: flag, environment, profile (with file and line), default. It takes
the flags of "run". Secrets are not read and not shown, only where they come from.` + exitHelp(exitOK, exitError),
		Example: "  provision config show\n  provision config show --profile nightly --all --json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			o.cmd = cmd
			return run(cmd.Context(), a, &o)
		},
	}
	o.run.service.register(cmd)
	o.run.plan.register(cmd)
	o.run.exec.register(cmd)
	o.run.register(cmd)
	cmd.Flags().BoolVar(&o.all, "all", false, "also what has its default")
	cmd.Flags().BoolVar(&o.json, "json", false, "write one JSON document to stdout instead of text")
	return cmd
}

// shownSetting is one line of "config show".
type shownSetting struct {
	Key   string `json:"key"`
	Value string `json:"value"`
	From  origin `json:"from"`
}

// shownConfig is what "config show" says.
type shownConfig struct {
	File          string              `json:"file,omitempty"`
	Profile       string              `json:"profile,omitempty"`
	Profiles      []string            `json:"profiles"`
	Settings      []shownSetting      `json:"settings"`
	Credentials   []shownSetting      `json:"credentials"`
	Notifications []shownNotification `json:"notifications"`
}

// shownNotification is a webhook or hook of the profile.
type shownNotification struct {
	Name   string         `json:"name"`
	Kind   string         `json:"kind"`
	To     string         `json:"to"`
	Signed bool           `json:"signed"`
	Events []config.Event `json:"events"`
}

func runConfigShow(_ context.Context, a *app, o *configShowOptions) error {
	file, err := a.loadConfig(o.cmd.Root())
	if err != nil {
		return err
	}
	p, err := a.chooseProfile(file)
	if err != nil {
		return err
	}
	doc := shownConfig{Profiles: []string{}, Settings: []shownSetting{}, Notifications: []shownNotification{}}
	if file != nil {
		doc.File, doc.Profiles = file.Path, file.Names()
	}
	if p != nil {
		if err := a.bindProfile(o.cmd, p); err != nil {
			return err
		}
		doc.Profile, doc.Notifications = p.Name, shownNotifications(p)
	}
	if doc.Settings, err = a.shownSettings(o, p); err != nil {
		return err
	}
	if doc.Credentials, err = a.shownCredentials(&o.run.service, p); err != nil {
		return err
	}
	if o.json {
		return writeJSON(a.stdout, doc)
	}
	return a.writeConfig(doc)
}

// shownSettings are the account and all flags that a profile could set.
func (a *app) shownSettings(o *configShowOptions, p *config.Profile) ([]shownSetting, error) {
	all := []shownSetting{}
	if p != nil && p.Account.Value != "" {
		all = append(all, shownSetting{"account", p.Account.Value, origin{fromProfile, p.Name, p.File, p.Account.Line}})
	}
	srv, err := a.shownServer(&o.run.service)
	if err != nil {
		return nil, err
	}
	o.cmd.Flags().VisitAll(func(f *pflag.Flag) {
		from, known := a.origins[f.Name]
		if f.Name == "server" {
			all = append(all, srv)
			return
		}
		if !known {
			from = origin{Kind: fromDefault}
		}
		once := notForProfiles(f.Name) != "" && f.Name != "config" && f.Name != "profile"
		if (known || o.all) && (!once || from.Kind == fromEnv) {
			all = append(all, shownSetting{f.Name, f.Value.String(), from})
		}
	})
	slices.SortStableFunc(all, func(x, y shownSetting) int { return cmp.Compare(x.Key, y.Key) })
	return all, nil
}

// shownServer is the server, which has more places to come from than a flag.
func (a *app) shownServer(f *serviceFlags) (shownSetting, error) {
	srv, file, err := f.resolveServer(a.env, "")
	if err != nil {
		return shownSetting{}, err
	}
	shown := shownSetting{Key: "server", Value: cmp.Or(f.server, srv.text()), From: origin{Kind: fromDefault}}
	switch from, known := a.origins["server"]; {
	case known:
		shown.From = from
	case file.first(envServer...) != "":
		shown.From = origin{Kind: a.origins["env-file"].Kind, Name: "a variable of --env-file", File: f.envFile}
	default:
		if name := a.env.firstName(envServer...); name != "" {
			shown.From = origin{Kind: fromEnv, Name: name}
		}
	}
	return shown, nil
}

// shownCredentials says of each credential where it would come from.
func (a *app) shownCredentials(f *serviceFlags, p *config.Profile) ([]shownSetting, error) {
	srv, file, err := f.resolveServer(a.env, "")
	if err != nil {
		return nil, err
	}
	missing := "missing"
	if srv.sim != "" {
		missing = "not needed: the account is simulated"
	}
	of := func(key string, names []string, from *config.Secret) shownSetting {
		one := shownSetting{Key: key, Value: missing, From: origin{Kind: fromDefault}}
		switch name := a.env.firstName(names...); {
		case file.first(names...) != "":
			one.Value, one.From = "file "+f.envFile+" (hidden)", a.origins["env-file"]
		case from != nil:
			one.Value, one.From = from.String()+" (hidden)", origin{fromProfile, p.Name, p.File, from.Line}
		case name != "":
			one.Value, one.From = "environment variable "+name+" (hidden)", origin{Kind: fromEnv, Name: name}
		}
		return one
	}
	if p == nil {
		p = &config.Profile{}
	}
	return append([]shownSetting{
		of("client-id", envClientID, p.ClientID), of("client-secret", envClientSecret, p.ClientSecret), of("jwt", envJWT, p.JWT),
	}, a.shownPushCredentials(p)...), nil
}

// shownPushCredentials says of what a Pushgateway is shown where it comes from.
func (a *app) shownPushCredentials(p *config.Profile) (all []shownSetting) {
	own := p.MetricsPush != (config.PushCredentials{})
	for _, one := range []struct {
		key, name string
		from      *config.Secret
	}{
		{"metrics-push-user", envPushUser, p.MetricsPush.User}, {"metrics-push-password", envPushPassword, p.MetricsPush.Password},
		{"metrics-push-token", envPushToken, p.MetricsPush.Token},
	} {
		switch {
		case one.from != nil:
			all = append(all, shownSetting{one.key, one.from.String() + " (hidden)", origin{fromProfile, p.Name, p.File, one.from.Line}})
		case !own && a.env[one.name] != "":
			all = append(all, shownSetting{one.key, "environment variable " + one.name + " (hidden)", origin{Kind: fromEnv, Name: one.name}})
		}
	}
	return all
}

func shownNotifications(p *config.Profile) []shownNotification {
	all := []shownNotification{}
	for i := range p.Notifications.Webhooks {
		w := &p.Notifications.Webhooks[i]
		all = append(all, shownNotification{w.Name, "webhook " + w.Kind, w.URL.String(), w.Secret != nil, w.Events})
	}
	for i := range p.Notifications.Hooks {
		h := &p.Notifications.Hooks[i]
		all = append(all, shownNotification{h.Name, "hook", h.Command[0], false, h.Events})
	}
	return all
}

func (a *app) writeConfig(doc shownConfig) error {
	w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	line := func(key, value, from string) { _, _ = fmt.Fprintf(w, "%s\t%s\t%s\n", key, value, from) } // its error is Flush's
	line("file", cmp.Or(doc.File, "none"), "")
	line("profile", cmp.Or(doc.Profile, "none"), "of "+orNone(doc.Profiles))
	for _, s := range slices.Concat(doc.Settings, doc.Credentials) {
		if s.Key == "profile" {
			continue // it stands above
		}
		line(s.Key, oneLine(s.Value), s.From.String())
	}
	for _, n := range doc.Notifications {
		events := make([]string, 0, len(n.Events))
		for _, e := range n.Events {
			events = append(events, string(e))
		}
		line("notify "+n.Name, n.Kind+": "+n.To, strings.Join(events, ", "))
	}
	return w.Flush()
}
