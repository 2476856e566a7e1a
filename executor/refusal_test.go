package executor

import (
	"errors"
	"fmt"
	"net/http"
	"testing"

	"provision/executor/journal"
	"provision/rcclient/rcsim"
)

// refuse answers an operation by an error before its effect.
func refuse(op string, status int, code string) rcsim.Hook {
	return func(s rcsim.Stage, c rcsim.HookCall) *rcsim.Interruption {
		if s != rcsim.BeforeEffect || c.Operation != op {
			return nil
		}
		return &rcsim.Interruption{Status: status, Header: http.Header{"Content-Type": {"application/json"}},
			Body: fmt.Appendf(nil, `{"errors":[{"errorCode":%q,"message":"no"}]}`, code)}
	}
}

func TestMissingPermissionStopsTheRun(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		a, b := everything(true)
		w := newWorld(t, a, rcsim.Options{})
		w.intercept(refuse("removeLineJWSPublic", http.StatusForbidden, "CMN-408"))
		s, err := w.run(&b.p, Options{})
		if err == nil || !s.Interrupted {
			t.Fatalf("%+v, %v", s, err)
		}
		w.want("remove-104", journal.NotSent)
		w.intercept(nil)
		if s, err = w.run(&b.p, Options{}); err != nil || s.Applied != len(b.p.Changes) {
			t.Errorf("resume: %+v, %v", s, err)
		}
	})
}

func TestMissingFeatureFailsItsKind(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		a, b := everything(true)
		w := newWorld(t, a, rcsim.Options{})
		w.intercept(refuse("removeLineJWSPublic", http.StatusForbidden, "CMN-109"))
		s, err := w.run(&b.p, Options{})
		if err != nil || s.Failed != 2 || s.Applied != len(b.p.Changes)-2 {
			t.Fatalf("%+v, %v", s, err)
		}
		w.want("remove-104", journal.Failed)
	})
}

func TestUnreachableServiceEndsTheRun(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		a, b := everything(true)
		w := newWorld(t, a, rcsim.Options{})
		w.intercept(func(s rcsim.Stage, c rcsim.HookCall) *rcsim.Interruption {
			if c.Method == http.MethodGet && c.Operation == "listExtensionDevices" {
				return &rcsim.Interruption{Drop: true}
			}
			return nil
		})
		s, err := w.run(&b.p, Options{})
		if !errors.Is(err, ErrUnreachable) || !s.Interrupted {
			t.Errorf("%+v, %v", s, err)
		}
	})
}
