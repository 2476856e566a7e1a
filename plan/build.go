package plan

import "errors"

// Build compares the rows with the account.
func Build(_ Desired, _ Snapshot, _ Options) (*Plan, error) {
	return nil, errors.New("build: not there yet")
}
