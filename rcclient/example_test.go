package rcclient_test

import (
	"errors"
	"fmt"

	"provision/rcclient"
)

// What a caller does about a failed mutating call.
func ExampleOutcome() {
	for _, err := range []error{
		nil,
		&rcclient.APIError{Operation: "removeLineJWSPublic", Status: 400, Code: "CMN-101", Write: true},
		&rcclient.APIError{Operation: "removeLineJWSPublic", Status: 503, Write: true},
		&rcclient.UnansweredError{Operation: "removeLineJWSPublic", Sent: true, Write: true, Err: errors.New("timeout")},
		&rcclient.UnansweredError{Operation: "removeLineJWSPublic", Write: true, Err: errors.New("connection refused")},
	} {
		switch rcclient.Outcome(err) {
		case rcclient.Done:
			fmt.Println("go on")
		case rcclient.NotDone:
			fmt.Println("nothing happened:", err)
		case rcclient.InDoubt:
			fmt.Println("read the account before anything else:", err)
		}
	}
	// Output:
	// go on
	// nothing happened: removeLineJWSPublic: HTTP 400 CMN-101
	// read the account before anything else: removeLineJWSPublic: HTTP 503
	// read the account before anything else: removeLineJWSPublic: no answer: timeout
	// nothing happened: removeLineJWSPublic: not sent: connection refused
}
