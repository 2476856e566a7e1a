package telemetry

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"provision/cmd/provision/outward"
)

// pushTimeout bounds one push where nothing else is said.
const pushTimeout = 5 * time.Second

// Push is how metrics get to a Pushgateway: by its own API, under the grouping
// key of job and labels. What is pushed replaces the metrics of the same names
// in the group; the others stay.
type Push struct {
	// URL is the gateway's, without credentials, query and fragment.
	URL *url.URL
	// Job and Labels are the grouping key. A label that is empty is left out.
	Job    string
	Labels map[string]string
	// User and Password, or Token, are sent as basic or bearer authorization;
	// empty: none.
	User, Password, Token string
	// UserAgent may be empty.
	UserAgent string
	// Timeout bounds one push, in wall time; zero means 5 s.
	Timeout time.Duration
}

// ParsePushURL reads the URL of a Pushgateway.
func ParsePushURL(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return nil, errors.New("want a URL like http://pushgateway.example:9091")
	case u.User != nil:
		return nil, errors.New("a URL is no place for credentials: others can see it")
	case u.RawQuery != "" || u.Fragment != "":
		return nil, errors.New("want a URL without query and fragment")
	}
	return u, nil
}

var labelName = regexp.MustCompile(`^[a-zA-Z_][a-zA-Z0-9_]*$`) //nolint:gochecknoglobals // a constant

// ParseLabels reads NAME=VALUE texts as the labels of a group.
func ParseLabels(list []string) (map[string]string, error) {
	labels := map[string]string{}
	for _, text := range list {
		name, value, ok := strings.Cut(text, "=")
		switch {
		case !ok || !labelName.MatchString(name) || strings.HasPrefix(name, "__") || value == "":
			return nil, fmt.Errorf("%q is not NAME=VALUE as in instance=host7", text)
		case name == "job" || name == "profile" || name == "status":
			return nil, fmt.Errorf("the label %s has its value already", name)
		case labels[name] != "":
			return nil, fmt.Errorf("the label %s stands twice", name)
		}
		labels[name] = value
	}
	return labels, nil
}

// Send pushes the text once. Its error holds neither the URL nor what the
// gateway said.
func (p *Push) Send(ctx context.Context, text []byte) error {
	secret := p.User != "" || p.Password != "" || p.Token != ""
	if secret && p.URL.Scheme != "https" && !outward.Loopback(p.URL.Hostname()) {
		return errors.New("its credentials would go over plain http: use https")
	}
	timeout := cmp.Or(p.Timeout, pushTimeout)
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.target(), bytes.NewReader(text))
	if err != nil {
		return errors.New("its URL is none")
	}
	req.Header.Set("Content-Type", textFormat)
	req.Header.Set("User-Agent", p.UserAgent)
	switch {
	case p.Token != "":
		req.Header.Set("Authorization", "Bearer "+p.Token)
	case secret:
		req.SetBasicAuth(p.User, p.Password)
	}
	client := outward.Client(timeout)
	defer client.CloseIdleConnections()
	resp, err := client.Do(req)
	if err != nil {
		said, _ := outward.Trouble(err, "the Pushgateway")
		return said
	}
	outward.Drain(resp.Body)
	_ = resp.Body.Close()
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return fmt.Errorf("the Pushgateway answered %d", resp.StatusCode)
	}
	return nil
}

// textFormat is the media type of the text format.
const textFormat = "text/plain; version=0.0.4; charset=utf-8"

// target is the group's URL.
func (p *Push) target() string {
	path := "/metrics" + segment("job", p.Job)
	for _, name := range slices.Sorted(maps.Keys(p.Labels)) {
		if v := p.Labels[name]; v != "" {
			path += segment(name, v)
		}
	}
	return strings.TrimRight(p.URL.String(), "/") + path
}

// segment is a label in the group's path. A value with a slash, or one that is a
// step in a path, goes in the gateway's other form.
func segment(name, value string) string {
	if strings.Contains(value, "/") || value == "." || value == ".." {
		return "/" + name + "@base64/" + base64.RawURLEncoding.EncodeToString([]byte(value))
	}
	return "/" + name + "/" + url.PathEscape(value)
}
