// Package timeline tells how many calls a run made, minute by minute and
// throttling group by throttling group, against what the limits allowed.
//
// # Words
//
//   - Minute: a minute of service time, counted from the begin of the process
//     that made the calls.
//   - Stretch: the minutes of one process ([Stretch]). A run that was resumed
//     has several, with pauses of any length between them.
//   - Note: what a process wrote into the journal of its minutes ([Note]).
//   - Bar: minutes put together so that a long run fits on a page ([Bar]).
//
// The numbers are the client's own counts: reads and mutating calls alike, as
// the service charges them. A process that was killed has lost at most the
// minutes since its last note; nothing is made up for them.
package timeline
