// Package templates holds the files that the program hands out, embedded in
// the binary: what a blank sheet needs (the columns with their meaning and
// examples) and what reports are made of.
//
// It is data. It knows nothing of how a sheet is read; a test of package
// plan/sheet keeps the columns here equal to the ones that are read there.
package templates
