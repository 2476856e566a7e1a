package outward

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
)

// Trouble says why a call of a [Client] got no answer, in words that hold neither
// the URL nor the host; who is the other side, as "the receiver". lasting: it is
// no use to call again.
func Trouble(err error, who string) (said error, lasting bool) {
	var (
		unknown *net.DNSError
		op      *net.OpError
		cert    *tls.CertificateVerificationError
	)
	timed, ok := errors.AsType[net.Error](err)
	switch {
	case errors.Is(err, context.Canceled):
		return errors.New("it was given up"), true
	case ok && timed.Timeout(), errors.Is(err, context.DeadlineExceeded):
		return errors.New(who + " did not answer in time"), false
	case errors.As(err, &unknown):
		return errors.New(who + "'s host is not known"), false
	case errors.As(err, &op) && op.Op == "dial":
		return errors.New(who + " can't be reached"), false
	case errors.As(err, &cert):
		return errors.New(who + "'s certificate is not accepted"), true
	}
	return errors.New("the connection to " + who + " broke"), false
}
