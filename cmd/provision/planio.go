package main

import (
	"fmt"
	"os"

	"provision/plan"
)

// readPlan reads a saved plan. One that was edited or cut short is refused.
func readPlan(path string) (*plan.Plan, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, withHint(fmt.Errorf("read plan: %w", err), `make a plan with "provision plan SHEET -o plan.json"`)
	}
	p, err := plan.Decode(data)
	if err != nil {
		return nil, withHint(fmt.Errorf("read plan %s: %w", path, err), `make the plan anew with "provision plan SHEET -o plan.json"`)
	}
	return p, nil
}
