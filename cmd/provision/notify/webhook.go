package notify

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/cenkalti/backoff/v5"

	"provision/cmd/provision/config"
	"provision/cmd/provision/outward"
)

// webhook is a receiver by HTTP.
type webhook struct{ config.Webhook }

func (w *webhook) about() about {
	return about{name: w.Name, kind: w.Kind, events: w.Events, full: w.Full, template: w.Template}
}

// Waits between tries, wall time. A service that says for how long it wants to
// be left alone is believed up to mostPause.
const (
	firstPause = 500 * time.Millisecond
	mostPause  = 30 * time.Second
)

// deliver posts the document, again after failures that may pass.
func (w *webhook) deliver(ctx context.Context, t *Teller, d *Document) (tries int, err error) {
	target, err := w.target(ctx, t)
	if err != nil {
		return 0, err
	}
	var secret string
	if w.Secret != nil {
		if secret, err = t.o.Resolve(ctx, w.Secret); err != nil {
			return 0, err
		}
	}
	body, err := payload(w.Kind, d)
	if err != nil {
		return 0, err
	}
	client := outward.Client(w.Timeout)
	defer client.CloseIdleConnections()
	pauses := backoff.NewExponentialBackOff()
	pauses.InitialInterval, pauses.MaxInterval = firstPause, mostPause
	_, err = backoff.Retry(ctx, func() (struct{}, error) {
		tries++
		return struct{}{}, w.post(ctx, client, t, target, secret, body, d)
	}, backoff.WithBackOff(pauses), backoff.WithMaxTries(uint(w.Retries)+1), backoff.WithMaxElapsedTime(0))
	return tries, plain(err)
}

// plain is an error without what the library of retries adds.
func plain(err error) error {
	var permanent *backoff.PermanentError
	if errors.As(err, &permanent) {
		return permanent.Err
	}
	if wait := (*backoff.RetryAfterError)(nil); errors.As(err, &wait) {
		return errors.New("the receiver asked to wait, and went on to")
	}
	return err
}

// target is the URL; an error of it does not show it.
func (w *webhook) target(ctx context.Context, t *Teller) (*url.URL, error) {
	text, err := t.o.Resolve(ctx, w.URL)
	if err != nil {
		return nil, err
	}
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "":
		return nil, errors.New("its URL is none")
	case u.Scheme == "https", u.Scheme == "http" && outward.Loopback(u.Hostname()):
		return u, nil
	}
	return nil, errors.New("its URL is not https, which only one of this machine may be")
}

// post sends once.
func (w *webhook) post(ctx context.Context, c *http.Client, t *Teller, target *url.URL, secret string, body []byte, d *Document) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, target.String(), bytes.NewReader(body))
	if err != nil {
		return backoff.Permanent(errors.New("its URL is none"))
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	req.Header.Set("User-Agent", "provision/"+t.o.Version)
	req.Header.Set(HeaderEvent, string(d.Event))
	req.Header.Set(HeaderDelivery, d.ID)
	if secret != "" {
		at := t.o.Now()
		req.Header.Set(HeaderTimestamp, strconv.FormatInt(at.Unix(), 10))
		req.Header.Set(HeaderSignature, Sign(secret, at, body))
	}
	resp, err := c.Do(req)
	if err != nil {
		said, lasting := outward.Trouble(err, "the receiver")
		if lasting {
			return backoff.Permanent(said)
		}
		return said
	}
	outward.Drain(resp.Body)
	_ = resp.Body.Close()
	return verdict(resp)
}

// verdict says what a status means: nil, an error that may pass, or one that
// does not.
func verdict(resp *http.Response) error {
	code := resp.StatusCode
	if code >= 200 && code < 300 {
		return nil
	}
	err := fmt.Errorf("the receiver answered %d", code)
	switch {
	case code >= 500, code == http.StatusTooManyRequests, code == http.StatusRequestTimeout:
		if s, perr := strconv.Atoi(resp.Header.Get("Retry-After")); perr == nil && s > 0 && s <= int(mostPause/time.Second) {
			return errors.Join(err, backoff.RetryAfter(s))
		}
		return err
	case code >= 300 && code < 400:
		err = fmt.Errorf("the receiver answered %d, a redirect, which is not followed", code)
	}
	return backoff.Permanent(err)
}
