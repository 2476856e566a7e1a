// Package telemetry says how runs go as metrics, in the text format of
// Prometheus.
//
// # Words
//
//   - Metrics: what a command that works on runs left, as numbers.
//   - Textfile: the file that node_exporter's textfile collector reads.
//
// # What it never does
//
// It opens no connection. No metric and no label holds a person, a number, an
// address, an extension, a file or the id of a run.
package telemetry
