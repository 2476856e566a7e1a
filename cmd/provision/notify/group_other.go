//go:build !unix

package notify

import "os/exec"

// ownGroup does nothing where there are no process groups: the program itself
// is killed when its time is over, what it started is not.
func ownGroup(*exec.Cmd) {}
