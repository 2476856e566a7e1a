//go:build !unix

package plan

import (
	"testing"
	"time"
)

var processBegan = time.Now()

// ProcessorTime is the time since the process began, where its processor time
// can't be asked for.
func ProcessorTime(testing.TB) time.Duration { return time.Since(processBegan) }
