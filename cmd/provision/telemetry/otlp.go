package telemetry

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/cenkalti/backoff/v5"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"provision/cmd/provision/outward"
)

// otlpTo is a collector, as the standard variables name it.
type otlpTo struct {
	url     string
	header  http.Header
	timeout time.Duration
	gzip    bool
	tls     *tls.Config
}

// otlpTarget reads OTEL_SDK_DISABLED, OTEL_TRACES_EXPORTER and
// OTEL_EXPORTER_OTLP_*, those of traces before those of all signals. nil: no
// traces are wanted. Errors show no value that may be a secret.
func otlpTarget(env func(string) string) (*otlpTo, error) {
	of := func(name string) string {
		return cmp.Or(env("OTEL_EXPORTER_OTLP_TRACES_"+name), env("OTEL_EXPORTER_OTLP_"+name))
	}
	exporter := env("OTEL_TRACES_EXPORTER")
	switch {
	case strings.EqualFold(env("OTEL_SDK_DISABLED"), "true"), exporter == "none", exporter == "" && of("ENDPOINT") == "":
		return nil, nil //nolint:nilnil // no traces are wanted
	case exporter != "" && exporter != "otlp":
		return nil, errors.New("OTEL_TRACES_EXPORTER is neither otlp nor none")
	}
	if p := of("PROTOCOL"); p != "" && p != "http/protobuf" {
		return nil, errors.New("OTEL_EXPORTER_OTLP_PROTOCOL: only http/protobuf is spoken here")
	}
	t := &otlpTo{timeout: 10 * time.Second, gzip: of("COMPRESSION") == "gzip"}
	var err error
	if t.url, err = otlpURL(env); err != nil {
		return nil, err
	}
	if t.header, err = otlpHeader(of("HEADERS")); err != nil {
		return nil, err
	}
	if ms := of("TIMEOUT"); ms != "" {
		n, err := strconv.Atoi(ms)
		if err != nil || n <= 0 {
			return nil, errors.New("OTEL_EXPORTER_OTLP_TIMEOUT is no number of milliseconds")
		}
		t.timeout = time.Duration(n) * time.Millisecond
	}
	t.tls, err = otlpTLS(of("CERTIFICATE"), of("CLIENT_CERTIFICATE"), of("CLIENT_KEY"))
	return t, err
}

// otlpURL is the endpoint of traces as it stands, or that of all signals with
// their path.
func otlpURL(env func(string) string) (string, error) {
	name, path := "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", ""
	if env(name) == "" {
		name, path = "OTEL_EXPORTER_OTLP_ENDPOINT", "v1/traces"
	}
	u, err := url.Parse(cmp.Or(env(name), "http://localhost:4318"))
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return "", errors.New(name + " is no URL like http://localhost:4318")
	}
	return u.JoinPath(path).String(), nil
}

// otlpHeader reads NAME=VALUE pairs, separated by commas, values escaped as in
// URLs.
func otlpHeader(text string) (http.Header, error) {
	header := http.Header{}
	for pair := range strings.SplitSeq(text, ",") {
		if strings.TrimSpace(pair) == "" {
			continue
		}
		name, value, ok := strings.Cut(pair, "=")
		value, err := url.PathUnescape(strings.TrimSpace(value))
		if name = strings.TrimSpace(name); !ok || name == "" || err != nil || strings.ContainsAny(name+value, "\r\n\x00") {
			return nil, errors.New("OTEL_EXPORTER_OTLP_HEADERS is no list like name=value,name=value")
		}
		header.Add(name, value)
	}
	return header, nil
}

func otlpTLS(ca, cert, key string) (*tls.Config, error) {
	if ca == "" && cert == "" {
		return nil, nil //nolint:nilnil // the system's
	}
	c := &tls.Config{MinVersion: tls.VersionTLS12}
	if ca != "" {
		pem, err := os.ReadFile(ca)
		c.RootCAs = x509.NewCertPool()
		if err != nil || !c.RootCAs.AppendCertsFromPEM(pem) {
			return nil, errors.New("OTEL_EXPORTER_OTLP_CERTIFICATE names no file with certificates")
		}
	}
	if cert != "" {
		pair, err := tls.LoadX509KeyPair(cert, key)
		if err != nil {
			return nil, errors.New("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE and _CLIENT_KEY name no pair that fits")
		}
		c.Certificates = []tls.Certificate{pair}
	}
	return c, nil
}

// otlpClient posts spans as protobuf. Its errors are a warning, once; the gate
// counts them: traces are never the run's undoing.
type otlpClient struct {
	target    *otlpTo
	userAgent string
	warn      func(string)
	once      sync.Once
	http      *http.Client
}

var _ otlptrace.Client = (*otlpClient)(nil)

// Start makes the connections possible; it opens none.
func (c *otlpClient) Start(context.Context) error {
	c.http = outward.Client(c.target.timeout)
	if t, ok := c.http.Transport.(*http.Transport); ok && c.target.tls != nil {
		t.TLSClientConfig = c.target.tls
	}
	return nil
}

// Stop ends the connections.
func (c *otlpClient) Stop(context.Context) error {
	c.http.CloseIdleConnections()
	return nil
}

// UploadTraces posts spans, again after failures that may pass, within the
// target's timeout.
func (c *otlpClient) UploadTraces(ctx context.Context, spans []*tracepb.ResourceSpans) error {
	body, err := c.encode(spans)
	if err == nil {
		ctx, cancel := context.WithTimeout(ctx, c.target.timeout)
		defer cancel()
		var said error
		_, err = backoff.Retry(ctx, func() (struct{}, error) {
			now, err := c.post(ctx, body)
			if said == nil || ctx.Err() == nil {
				said = now // the end of the time says less than what came before
			}
			return struct{}{}, err
		}, backoff.WithBackOff(backoff.NewExponentialBackOff()), backoff.WithMaxElapsedTime(c.target.timeout))
		if err != nil && said != nil {
			err = said
		}
	}
	if err != nil {
		c.once.Do(func() { c.warn("warning: traces are not exported: " + err.Error()) })
	}
	return err
}

// encode makes the body: an ExportTraceServiceRequest, whose one field is that of
// TracesData.
func (c *otlpClient) encode(spans []*tracepb.ResourceSpans) ([]byte, error) {
	body, err := proto.Marshal(&tracepb.TracesData{ResourceSpans: spans})
	if err != nil || !c.target.gzip {
		return body, err
	}
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err = w.Write(body)
	err = errors.Join(err, w.Close())
	return b.Bytes(), err
}

// post sends once. said is what went wrong; err is that, or that and whether and
// when to try again.
func (c *otlpClient) post(ctx context.Context, body []byte) (said, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.target.url, bytes.NewReader(body))
	if err != nil {
		said = errors.New("the endpoint is no URL")
		return said, backoff.Permanent(said)
	}
	req.Header = c.target.header.Clone()
	req.Header.Set("Content-Type", "application/x-protobuf")
	req.Header.Set("User-Agent", c.userAgent)
	if c.target.gzip {
		req.Header.Set("Content-Encoding", "gzip")
	}
	resp, err := c.http.Do(req)
	if err != nil {
		said, lasting := outward.Trouble(err, "the collector")
		if lasting {
			return said, backoff.Permanent(said)
		}
		return said, said
	}
	outward.Drain(resp.Body)
	_ = resp.Body.Close()
	said = fmt.Errorf("the collector answered %d", resp.StatusCode)
	switch resp.StatusCode {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		if s, perr := strconv.Atoi(resp.Header.Get("Retry-After")); perr == nil && s > 0 {
			return said, backoff.RetryAfter(s)
		}
		return said, said
	}
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return said, backoff.Permanent(said)
	}
	return nil, nil
}
