package main

import (
	"context"

	"provision/plan"
)

// readSheets reads the rows.
func (a *app) readSheets(_ context.Context, _ []string, _ *sheetFlags) (plan.Desired, error) {
	return plan.Desired{}, usagef("sheets can't be read yet")
}
