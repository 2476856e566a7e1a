package rcsim

import (
	"context"
	"net"
	"sync"
)

// Pipes is a listener whose connections lie in memory: real HTTP without a
// network, also within a synctest bubble.
type Pipes struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

// NewPipes begins to listen.
func NewPipes() *Pipes { return &Pipes{conns: make(chan net.Conn), done: make(chan struct{})} }

// Dial connects, whatever the network and the address: it is for
// [net/http.Transport.DialContext]. It fails with [net.ErrClosed] once the
// listening has ended.
func (p *Pipes) Dial(ctx context.Context, _, _ string) (net.Conn, error) {
	here, there := net.Pipe()
	select {
	case p.conns <- there:
		return here, nil
	case <-p.done:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Accept waits for a connection. It fails with [net.ErrClosed] once the listening
// has ended.
func (p *Pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

// Close ends the listening. Connections stay.
func (p *Pipes) Close() error {
	p.once.Do(func() { close(p.done) })
	return nil
}

// Addr is no address of any network.
func (p *Pipes) Addr() net.Addr { return &net.UnixAddr{Name: "memory", Net: "memory"} }
