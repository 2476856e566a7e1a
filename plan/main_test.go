package plan_test

import (
	"flag"
	"testing"

	"provision/plan"
)

// TestMain fixes the seed of the random cases, so that a change is judged by
// its own doing; -rapid.seed=N and -rapid.checks=N try others and more.
func TestMain(m *testing.M) {
	if plan.MeasureHolding() {
		return
	}
	if err := flag.Set("rapid.seed", "1"); err != nil {
		panic(err)
	}
	m.Run()
}
