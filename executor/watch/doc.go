// Package watch lets one process see how another's run goes, and steer it. Both
// meet in the run's folder, so that it works wherever the folder can be read,
// on every system, without a socket.
//
// # Words
//
//   - status: the picture of a live run, a file that its process replaces every
//     second, whole or not at all. It is for people and monitors: nothing
//     depends on it, and it is not synced to the disk.
//   - wish: pause, continue, slower or stop, a file of its own that another
//     process leaves and that the run's process takes away when it follows it.
//   - sign of life: the status' time. A process that is gone leaves its last
//     status behind.
//
// # Who may steer
//
// Whoever may write into the run's folder, which is its owner (mode 0700). A
// wish that others could have written is left alone.
//
// # What it never does
//
// It never touches the journal and decides nothing: it hands wishes over. It
// knows no plan and no service.
package watch
