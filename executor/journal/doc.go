// Package journal keeps what a run intended and what came of it, durable
// before anything depends on it.
//
// # Words
//
//   - intent: the statement, made before a mutating call leaves, of what the
//     call is and what the account showed before it.
//   - outcome: what came of one attempt of one change, or of reading it back.
//   - in doubt: a call that was sent and whose effect nobody saw.
//   - durable: written and synced, so that a kill or a loss of power leaves it.
//   - torn tail: the bytes that were written after the last sync of a process
//     that died; any part of them may be there.
//
// # Format
//
// A journal is one file, journal.jsonl: one [Record] a line, each a JSON
// object that ends in its checksum. Records count from 1 without gaps, so that
// the number of a record is the number of its line. The first is a run record
// of event "begin" that carries the format version and names the plan.
//
// The field "sum" is the first eight bytes, in hex, of the SHA-256 of the line
// before's sum followed by this line's bytes up to ,"sum". A line that is
// changed, lost, doubled or moved breaks the chain. It guards against damage,
// not against a forger.
//
// The field "synced" is the number of the last record that was durable when
// the line was written. It tells a torn tail from damage: a line that can't be
// read, and of which no later line says that it was synced, was on its way
// when the process died. Nothing was sent on its strength, and it is dropped.
// Any other unreadable line is damage, and the journal is refused with its
// number. So is one that a whole record follows, unless it has a hole: a crash
// cuts a file short or leaves blocks of zeros, and changes nothing else. Only
// damage to the very last line, after its sync, looks like a torn tail.
//
// # Promises
//
// [Journal.Append] returns when its records are durable, the file's entry in
// its folder included. Callers at the same time share one sync. After a write
// or a sync has failed the state of the file is unknown, so every later Append
// fails at once with a [BrokenError]; what is right then is to send nothing
// more, and to [Open] the journal anew.
//
// The package knows nothing of plans, calls and accounts; it locks nothing (a
// run has one process at a time, which is its caller's care), and it never
// holds a secret, as its callers give it none.
package journal
