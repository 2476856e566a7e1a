// Package telemetry says how runs go: as metrics in the text format of
// Prometheus, which are left in a file, pushed or served, and as traces of
// OpenTelemetry.
//
// # Words
//
//   - Metrics: what a command that works on runs left, as numbers.
//   - Family: all metrics of one name.
//   - Textfile: the file that node_exporter's textfile collector reads.
//   - Pushgateway: the service that keeps what is pushed for Prometheus to read.
//
// # What it never does
//
// It ends no run and fails none: what can't be written, pushed or exported is an
// error or a warning for the caller to say. No metric, label, span or attribute
// holds a person, a number, an address, an extension or a file.
package telemetry
