package main

import (
	"fmt"
	"net"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
)

// defaultServer is RingCentral's production API.
const defaultServer = "https://platform.ringcentral.com"

const simPrefix = "sim:"

// server is the service to talk to: a URL, or a simulated account in a file
// that this process serves itself.
type server struct {
	url   string  // empty for a simulated account
	sim   string  // absolute path of the account file
	scale float64 // seconds of service time per second; 1 but for simulators
}

// key tells servers apart, in locks and in the index of runs.
func (s server) key() string {
	if s.sim != "" {
		return simPrefix + s.sim
	}
	return s.url
}

// text is the server as --server takes it.
func (s server) text() string {
	if s.sim != "" && s.scale != 1 {
		return fmt.Sprintf("%s?time-scale=%g", s.key(), s.scale)
	}
	return s.key()
}

// parseServer reads --server. scale is --time-scale, 0 where it was not given;
// it is for simulators only: a real service would be asked too fast.
func parseServer(text string, scale float64) (server, error) {
	if scale < 0 {
		return server{}, usagef("--time-scale %g is negative", scale)
	}
	if rest, ok := strings.CutPrefix(text, simPrefix); ok {
		return parseSim(rest, scale)
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" {
		return server{}, usagef("--server %q is neither a URL like %s nor sim:FILE", text, defaultServer)
	}
	if u.User != nil {
		return server{}, usagef("--server must not hold credentials")
	}
	if scale != 0 && scale != 1 && !loopback(u.Hostname()) {
		return server{}, usagef("--time-scale is for a simulator on this machine only, not for %s", u.Host)
	}
	if scale == 0 {
		scale = 1
	}
	u.Path = strings.TrimRight(u.Path, "/")
	u.Host = strings.ToLower(u.Host)
	return server{url: u.String(), scale: scale}, nil
}

// parseSim reads FILE[?time-scale=N].
func parseSim(text string, scale float64) (server, error) {
	file, query, _ := strings.Cut(text, "?")
	if file == "" {
		return server{}, usagef("--server sim: names no account file")
	}
	values, err := url.ParseQuery(query)
	if err != nil {
		return server{}, usagef("--server sim:%s: %w", text, err)
	}
	for name := range values {
		if name != "time-scale" {
			return server{}, usagef("--server sim:%s: unknown setting %q, want time-scale", text, name)
		}
	}
	if v := values.Get("time-scale"); v != "" {
		n, err := strconv.ParseFloat(v, 64)
		if err != nil || n <= 0 {
			return server{}, usagef("--server sim:%s: time-scale %q is not a positive number", text, v)
		}
		if scale != 0 && scale != n {
			return server{}, usagef("--time-scale %g and time-scale=%g in --server differ", scale, n)
		}
		scale = n
	}
	if scale == 0 {
		scale = 1
	}
	abs, err := filepath.Abs(file)
	if err != nil {
		return server{}, fmt.Errorf("find account file: %w", err)
	}
	return server{sim: abs, scale: scale}, nil
}

// loopback reports whether a host is this machine.
func loopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
