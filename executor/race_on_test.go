//go:build race

package executor

// raceFactor is by how much the detector slows a test down.
const raceFactor = 10
