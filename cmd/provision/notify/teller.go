package notify

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"provision/cmd/provision/config"
)

// Options are what a teller needs beside its receivers.
type Options struct {
	// Profile and Version are named in messages.
	Profile, Version string
	// Resolve reads a secret. It is called for each message, so that a secret
	// that was renewed meanwhile counts.
	Resolve func(context.Context, *config.Secret) (string, error)
	// Env is the environment that hooks get, as NAME=value, without secrets.
	Env []string
	// Log gets one line for each delivery.
	Log zerolog.Logger
	// Now is the clock; wall time.
	Now func() time.Time
}

// Teller tells the receivers of one profile. It may be used by several
// goroutines at once.
type Teller struct {
	receivers []receiver
	o         Options
}

// receiver is a webhook or a hook.
type receiver interface {
	about() about
	// deliver tells it once, or as often as it takes; it returns how often it
	// tried.
	deliver(context.Context, *Teller, *Document) (tries int, err error)
}

// about is what the receivers have in common.
type about struct {
	name, kind string
	events     []config.Event
	full       bool
	template   string
}

// Delivery is what came of telling one receiver of one event.
type Delivery struct {
	Receiver string `json:"receiver"`
	// Kind is json, slack, teams or hook.
	Kind string `json:"kind"`
	// Tries is how often it was sent; 0 if it could not be sent at all.
	Tries int `json:"tries"`
	// Err is why it was not delivered; nil if it was. Its text holds no URL and
	// no secret.
	Err error `json:"-"`
}

// New makes a teller; nil if there is nobody to tell. A nil teller tells nobody.
func New(n config.Notifications, o Options) *Teller {
	t := &Teller{o: o}
	for i := range n.Webhooks {
		t.receivers = append(t.receivers, &webhook{n.Webhooks[i]})
	}
	for i := range n.Hooks {
		t.receivers = append(t.receivers, &hook{n.Hooks[i]})
	}
	if len(t.receivers) == 0 {
		return nil
	}
	return t
}

// Wants reports whether any receiver wants an event.
func (t *Teller) Wants(e config.Event) bool {
	return t != nil && slices.ContainsFunc(t.receivers, func(r receiver) bool { return slices.Contains(r.about().events, e) })
}

// Tell tells all receivers that want the event, side by side, and returns when
// all have been told or given up, or the context ends. Whoever stands in the
// memory as told of it is left out; the memory may be nil.
func (t *Teller) Tell(ctx context.Context, m *Message, memory *Memory) []Delivery {
	if t == nil {
		return nil
	}
	var wg sync.WaitGroup
	all := make([]*Delivery, len(t.receivers))
	for i, r := range t.receivers {
		a := r.about()
		if !slices.Contains(a.events, m.Event) || memory.knows(m.key(), a.name) {
			continue
		}
		wg.Go(func() {
			d := t.one(ctx, r, m)
			all[i] = &d
			if err := memory.remember(remembered{Time: t.o.Now().UTC(), Key: m.key(), Receiver: a.name, Delivered: d.Err == nil, Tries: d.Tries}); err != nil {
				t.o.Log.Warn().Err(err).Msg("it is not remembered who was told")
			}
		})
	}
	wg.Wait()
	var done []Delivery
	for _, d := range all {
		if d != nil {
			done = append(done, *d)
		}
	}
	return done
}

// one tells one receiver. A panic of a template or of anything else ends
// nothing but this delivery.
func (t *Teller) one(ctx context.Context, r receiver, m *Message) (d Delivery) {
	a := r.about()
	d = Delivery{Receiver: a.name, Kind: a.kind}
	defer func() {
		if recover() != nil {
			d.Err = errInternal
		}
		t.log(m, d)
	}()
	doc := t.document(m, a.full)
	if a.template != "" {
		text, err := fill(a.template, doc)
		if err != nil {
			t.o.Log.Warn().Err(err).Str("receiver", a.name).Msg("the template of a message is not used")
		} else {
			doc.Text = text
		}
	}
	d.Tries, d.Err = r.deliver(ctx, t, doc)
	return d
}

func (t *Teller) log(m *Message, d Delivery) {
	line := t.o.Log.Info()
	said := "told"
	if d.Err != nil {
		line, said = t.o.Log.Warn().Err(d.Err), "could not tell"
	}
	line.Str("receiver", d.Receiver).Str("event", string(m.Event)).Int("tries", d.Tries).Msg(said)
}

// Without is a teller of those receivers that are not in told.
func (t *Teller) Without(told map[string]bool) *Teller {
	if t == nil {
		return nil
	}
	rest := &Teller{o: t.o}
	for _, r := range t.receivers {
		if !told[r.about().name] {
			rest.receivers = append(rest.receivers, r)
		}
	}
	return rest
}
