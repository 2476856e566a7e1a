package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"sync"

	"provision/cmd/provision/wholefile"
)

// receiverProgram is the name of the process that takes the nights' notifications.
const receiverProgram = "night-receiver"

// deafEvery is which requests the receiver of the nights answers with 503: it has taken them, and who sent them tries
// again. It makes no two events one and no event two.
const deafEvery = 9

// notice is a notification as the receiver got it.
type notice struct {
	ID      string   `json:"id"`
	Event   string   `json:"event"`
	Outcome string   `json:"outcome"`
	Cause   string   `json:"cause"`
	Sheets  []string `json:"sheets"`
	Signed  bool     `json:"signed"`
	Status  int      `json:"status"` // what was answered
}

// receiveNight is a process that takes webhooks until it is killed: it appends a line for each to the first file, and
// writes its URL to the second.
func receiveNight(args []string) int {
	out, err := os.OpenFile(args[0], os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return complain(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return complain(err)
	}
	if err := wholefile.Write(args[1], []byte("http://"+listener.Addr().String()+"/planted-url-key\n"), 0o600); err != nil {
		return complain(err)
	}
	return complain(http.Serve(listener, &nightReceiver{out: out}))
}

func complain(err error) int {
	_, _ = fmt.Fprintln(os.Stderr, err)
	return 1
}

type nightReceiver struct {
	mu  sync.Mutex
	n   int
	out io.Writer
}

// ServeHTTP notes a notification before it answers.
func (r *nightReceiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return // who sent it died
	}
	r.n++
	one := notice{Status: http.StatusNoContent}
	if err := json.Unmarshal(body, &one); err != nil {
		one.Event = "unreadable: " + err.Error()
	}
	if one.Signed = signedRight(req, body); r.n%deafEvery == 0 {
		one.Status = http.StatusServiceUnavailable
	}
	line, err := json.Marshal(one)
	if err == nil {
		_, err = r.out.Write(append(line, '\n'))
	}
	if err != nil {
		one.Status = http.StatusTeapot
	}
	w.WriteHeader(one.Status)
}
