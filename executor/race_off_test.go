//go:build !race

package executor

const raceFactor = 1
