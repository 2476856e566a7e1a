package notify

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"time"

	"provision/cmd/provision/config"
)

// hook is a receiver that is a program.
type hook struct{ config.Hook }

// kindHook is the kind of a delivery to a hook.
const kindHook = "hook"

func (h *hook) about() about {
	return about{name: h.Name, kind: kindHook, events: h.Events, full: h.Full}
}

// hookGrace is how long a killed hook's pipes may stay open; wall time.
const hookGrace = time.Second

// deliver runs the program once. What it prints goes nowhere, as it may be a
// secret.
func (h *hook) deliver(ctx context.Context, t *Teller, d *Document) (tries int, err error) {
	input, err := json.Marshal(d)
	if err != nil {
		return 0, fmt.Errorf("write message: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, h.Timeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, h.Command[0], h.Command[1:]...) //nolint:gosec // the operator named the program
	cmd.Env = slices.Concat(t.o.Env, hookEnv(d))
	cmd.Stdin = bytes.NewReader(append(input, '\n'))
	cmd.WaitDelay = hookGrace
	ownGroup(cmd)
	err = cmd.Run()
	var exit *exec.ExitError
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return 1, fmt.Errorf("the hook took longer than %s and was killed", h.Timeout)
	case ctx.Err() != nil:
		return 1, errors.New("it was given up")
	case errors.As(err, &exit):
		return 1, fmt.Errorf("the hook ended with %s", exit.ProcessState)
	case errors.Is(err, exec.ErrWaitDelay):
		return 1, nil // it has ended well; something that it left behind holds its input
	case err != nil:
		return 0, fmt.Errorf("the hook can't be run: %w", cause(err))
	}
	return 1, nil
}

// cause leaves out the program's arguments and its path, which stand in the
// configuration.
func cause(err error) error {
	for inner := err; inner != nil; inner = errors.Unwrap(inner) {
		err = inner
	}
	return err
}

// hookEnv are the variables that tell a hook what happened.
func hookEnv(d *Document) []string {
	return []string{
		"PROVISION_EVENT=" + string(d.Event),
		"PROVISION_OUTCOME=" + d.Outcome,
		"PROVISION_EXIT_CODE=" + strconv.Itoa(d.ExitCode),
		"PROVISION_CAUSE=" + d.Cause,
		"PROVISION_RUN=" + d.Run,
		"PROVISION_SHEETS=" + clean(strings.Join(d.Sheets, "\n")),
		"PROVISION_PROFILE=" + d.Profile,
		"PROVISION_DELIVERY=" + d.ID,
		"PROVISION_NEXT_STEP=" + d.Next,
		"PROVISION_TEXT=" + clean(d.Text),
		"PROVISION_TEST=" + strconv.FormatBool(d.Test),
	}
}

// clean leaves out what no variable can hold.
func clean(s string) string { return strings.ReplaceAll(s, "\x00", "") }
