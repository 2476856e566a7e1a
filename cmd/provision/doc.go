// Command provision brings the phones of a RingCentral account to the state
// that a spreadsheet describes: it reads the sheet, compares it with the live
// account, shows the difference, and applies it.
//
// # Layout
//
// One file per command, each of the same shape: an options struct, a
// constructor newXCmd(a, run) that only reads flags, and a function that works
// from the options. Begin with app.go, which is what all of them share, and
// with apply.go, from which most of the rest is a step away. What commands
// share has files of its own:
//
//   - flags: flags*.go, and where their values come from: env.go, profile.go;
//   - the service: session.go, server.go, credentials.go, tokens.go, slots.go,
//     limits.go, and embedded.go for a simulator in this process;
//   - a plan: planning.go makes one, planio.go reads one, output.go shows one,
//     reviewfiles.go writes it for people;
//   - a run: carry.go works on one, runfolder.go is its folder, finishended.go
//     does what a killed process left, resting.go and retention.go are about
//     runs that are sealed or redacted;
//   - the state folder: state.go, lock.go, index.go, knownplaces.go;
//   - while it runs: signals.go, progress.go, steer.go (what other processes see
//     and wish), traffic.go;
//   - runs that nobody watches: unattended.go, night*.go, inbox*.go, and who is
//     told of them: tell.go, metrics.go, observe.go;
//   - files: savedfile.go and overwrite.go write them and spare others,
//     fileerror.go says why one can't be used;
//   - ends: exit.go has the kinds of errors and the exit code of each (package
//     exitcode), args.go and flagserror.go say what is wrong with a command line.
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
