package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"provision/cmd/provision/notify"
)

// receiverSecret is what the receivers of scripts are signed with.
const receiverSecret = "planted-hmac"

// cmdReceiver starts a receiver of webhooks: receiver NAME BEHAVIOUR. The variable NAME is its URL, which holds
// a planted secret; NAME.jsonl gets a line for each request: its headers, whether its signature is right, its body. The
// behaviour is a status, or hang, or reset.
func cmdReceiver(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: receiver name behaviour")
	}
	out, err := os.OpenFile(ts.MkAbs(args[0]+".jsonl"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	ts.Check(err)
	r := &receiver{behaviour: args[1], out: out, end: make(chan struct{})}
	server := httptest.NewServer(r)
	ts.Defer(func() {
		close(r.end)
		server.Close()
		_ = out.Close()
	})
	ts.Setenv(args[0], server.URL+"/hook/planted-url-key")
}

// receiver takes webhooks.
type receiver struct {
	behaviour string
	end       chan struct{}
	mu        sync.Mutex
	out       io.Writer
}

// ServeHTTP notes the request and behaves.
func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	line := map[string]any{"path": req.URL.Path, "header": req.Header, "body": string(body), "signed": signedRight(req, body), "whole": err == nil}
	text, err := json.Marshal(line)
	if err == nil {
		r.mu.Lock()
		_, err = fmt.Fprintf(r.out, "%s\n", text)
		r.mu.Unlock()
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusTeapot)
		return
	}
	switch r.behaviour {
	case "hang":
		<-r.end
	case "reset":
		panic(http.ErrAbortHandler)
	default:
		status, _ := strconv.Atoi(r.behaviour)
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, "planted-answer")
	}
}

// signedRight checks a signature as a receiver should.
func signedRight(req *http.Request, body []byte) bool {
	at, err := strconv.ParseInt(req.Header.Get(notify.HeaderTimestamp), 10, 64)
	if err != nil || time.Since(time.Unix(at, 0)).Abs() > 5*time.Minute {
		return false
	}
	return req.Header.Get(notify.HeaderSignature) == notify.Sign(receiverSecret, time.Unix(at, 0), body)
}

// cmdFetch asks for a page and keeps it: fetch STATUS METHOD URL FILE.
func cmdFetch(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 4 {
		ts.Fatalf("usage: fetch status method url file")
	}
	req, err := http.NewRequest(args[1], args[2], nil)
	ts.Check(err)
	client := &http.Client{Timeout: patience}
	resp, err := client.Do(req)
	ts.Check(err)
	body, err := io.ReadAll(resp.Body)
	ts.Check(err)
	ts.Check(resp.Body.Close())
	ts.Check(os.WriteFile(ts.MkAbs(args[3]), body, 0o600))
	if strconv.Itoa(resp.StatusCode) != args[0] {
		ts.Fatalf("%s %s: status %d, want %s", args[1], args[2], resp.StatusCode, args[0])
	}
}

// cmdTold checks which events a receiver was told of, in order: told FILE EVENT/OUTCOME... The file is one of a
// receiver, or of documents, one a line.
func cmdTold(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: told file event/outcome...")
	}
	var got []string
	for _, line := range strings.Split(strings.TrimSpace(ts.ReadFile(args[0])), "\n") {
		var one struct {
			Body    string
			Event   string
			Outcome string
		}
		if line == "" {
			continue
		}
		ts.Check(json.Unmarshal([]byte(line), &one))
		if one.Body != "" {
			ts.Check(json.Unmarshal([]byte(one.Body), &one))
		}
		got = append(got, one.Event+"/"+one.Outcome)
	}
	if fmt.Sprint(got) != fmt.Sprint(args[1:]) {
		ts.Fatalf("%s was told of %v, want %v", args[0], got, args[1:])
	}
}
