package config

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"
)

// Event is something that people are told of.
type Event string

// The events.
const (
	// EventStart: a run begins to apply changes.
	EventStart Event = "start"
	// EventHeld: a guard, an open run or an error of the sheet refused it.
	EventHeld Event = "held"
	// EventDone: a run ended with nothing left over.
	EventDone Event = "done"
	// EventPartial: a run ended with something left over.
	EventPartial Event = "partial"
	// EventFailed: a run could not begin, or was broken off.
	EventFailed Event = "failed"
	// EventAddress: an emergency address was not confirmed.
	EventAddress Event = "address-not-confirmed"
)

// Events are all events.
func Events() []Event {
	return []Event{EventStart, EventHeld, EventDone, EventPartial, EventFailed, EventAddress}
}

// Notifications are who is told of what.
type Notifications struct {
	Webhooks []Webhook
	Hooks    []Hook
}

// Kinds of webhooks.
const (
	WebhookJSON  = "json" // a generic document
	WebhookSlack = "slack"
	WebhookTeams = "teams"
)

// Webhook is a URL that is told of events by a POST.
type Webhook struct {
	// Name tells webhooks apart, in logs too; unique in the profile.
	Name string
	Line int
	// Kind is one of the kinds above; WebhookJSON where none is named.
	Kind string
	// URL is a secret, as many services put a key into it.
	URL *Secret
	// Events are never empty: all, where none is named.
	Events []Event
	// Secret signs the body (HMAC-SHA-256); nil: it is not signed.
	Secret *Secret
	// Template is the path of a text/template of the message; may be empty.
	Template string
	// Full: names, addresses and numbers are not redacted.
	Full bool
	// Timeout bounds one sending, in wall time; 10 s where none is named.
	Timeout time.Duration
	// Retries is how often it is sent again after a failure; 3 where none is
	// named.
	Retries int
}

// Hook is a program that is run at events, without a shell.
type Hook struct {
	Name    string
	Line    int
	Command []string
	Events  []Event
	Full    bool
	// Timeout bounds one call, in wall time; 30 s where none is named.
	Timeout time.Duration
}

// Defaults of notifications.
const (
	webhookTimeout = 10 * time.Second
	webhookRetries = 3
	hookTimeout    = 30 * time.Second
	maxRetries     = 20
)

func (r *reader) notifications(n *yaml.Node) Notifications {
	var all Notifications
	names := map[string]bool{}
	r.mapping(n, "notifications", fields{
		"webhooks": func(_, v *yaml.Node) {
			r.each(v, "webhooks", func(item *yaml.Node) { all.Webhooks = append(all.Webhooks, r.webhook(item, names)) })
		},
		"hooks": func(_, v *yaml.Node) {
			r.each(v, "hooks", func(item *yaml.Node) { all.Hooks = append(all.Hooks, r.hook(item, names)) })
		},
	}, nil)
	return all
}

func (r *reader) each(n *yaml.Node, what string, read func(item *yaml.Node)) {
	if n.Kind != yaml.SequenceNode {
		r.problem(n, "begin each with a dash", "%s is not a list", what)
		return
	}
	for _, item := range n.Content {
		read(follow(item))
	}
}

// named are the fields that webhooks and hooks have in common.
func (r *reader) named(name *string, events *[]Event, full *bool, timeout *time.Duration, names map[string]bool) fields {
	return fields{
		"name": func(k, v *yaml.Node) {
			*name, _ = r.text(v, "name")
			if names[*name] {
				r.problem(k, "", "the name %q stands twice", *name)
			}
			names[*name] = true
		},
		"events": func(_, v *yaml.Node) { *events = r.events(v) },
		"details": func(_, v *yaml.Node) {
			text, ok := r.text(v, "details")
			if ok && text != "redacted" && text != "full" {
				r.problem(v, "", "details %q is neither redacted nor full", text)
			}
			*full = text == "full"
		},
		"timeout": func(_, v *yaml.Node) { *timeout = r.duration(v, "timeout") },
	}
}

func (r *reader) events(v *yaml.Node) []Event {
	var words []string
	for _, e := range Events() {
		words = append(words, string(e))
	}
	var all []Event
	for _, text := range r.texts(v, "events") {
		text = strings.ReplaceAll(text, "_", "-")
		if !slices.Contains(words, text) {
			r.problem(v, "there are "+strings.Join(words, ", "), "unknown event %q", text)
			continue
		}
		all = append(all, Event(text))
	}
	return all
}

func (r *reader) webhook(n *yaml.Node, names map[string]bool) Webhook {
	w := Webhook{Line: n.Line, Kind: WebhookJSON, Events: Events(), Timeout: webhookTimeout, Retries: webhookRetries}
	known := r.named(&w.Name, &w.Events, &w.Full, &w.Timeout, names)
	known["url"] = func(k, v *yaml.Node) { w.URL = r.secret(k, v) }
	known["secret"] = func(k, v *yaml.Node) { w.Secret = r.secret(k, v) }
	known["template"] = func(_, v *yaml.Node) {
		path, _ := r.text(v, "template")
		w.Template = r.abs(path)
	}
	known["kind"] = func(_, v *yaml.Node) {
		w.Kind, _ = r.text(v, "kind")
		if !slices.Contains([]string{WebhookJSON, WebhookSlack, WebhookTeams}, w.Kind) {
			r.problem(v, "there are json, slack, teams", "unknown kind %q of a webhook", w.Kind)
		}
	}
	known["retries"] = func(_, v *yaml.Node) {
		text, _ := r.text(v, "retries")
		times, err := strconv.Atoi(text)
		if err != nil || times < 0 || times > maxRetries {
			r.problem(v, "", "retries %q is not a number from 0 to %d", text, maxRetries)
			return
		}
		w.Retries = times
	}
	r.mapping(n, "a webhook", known, nil)
	if w.Name == "" || w.URL == nil {
		r.problem(n, "", "a webhook needs name and url")
	}
	return w
}

func (r *reader) hook(n *yaml.Node, names map[string]bool) Hook {
	h := Hook{Line: n.Line, Events: Events(), Timeout: hookTimeout}
	known := r.named(&h.Name, &h.Events, &h.Full, &h.Timeout, names)
	known["command"] = func(_, v *yaml.Node) { h.Command = r.command(v) }
	r.mapping(n, "a hook", known, nil)
	if h.Name == "" || len(h.Command) == 0 {
		r.problem(n, "", "a hook needs name and command")
	}
	return h
}
