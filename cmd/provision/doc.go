// Command provision brings the phones of a RingCentral account to the state
// that a spreadsheet describes: it reads the sheet, compares it with the live
// account, shows the difference, and applies it.
//
// # Layout
//
// One file per command, each of the same shape: an options struct, a
// constructor newXCmd(a, run) that only reads flags, and a function that works
// from the options. What commands share has files of its own: the service
// (session.go, server.go, credentials.go, embedded.go), the state folder
// (state.go, lock.go, index.go), the run folder (runfolder.go), exit codes and
// error kinds (exit.go), flags (flags*.go), signals, progress and logging.
//
// # Words
//
//   - State folder: what must be known across runs of one machine: locks, the
//     throttling groups' last slots, the index of runs.
//   - Run folder: one run's plan, journal, sheets and reports; all that
//     "resume" needs.
//   - Open run: one that has changes left to do or to find out about.
//
// # What it never does
//
// It holds no domain logic: what a row means stands in plan, what is sent
// stands in executor. It writes no secret anywhere but into the file that
// "sip-info" was told to write.
package main
