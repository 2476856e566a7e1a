// Package snapshot reads a live account through the REST client and says it in
// the words of package plan.
//
// # Words
//
//   - Snapshot: the account as far as it was read, with flags that say for
//     which questions it is complete.
//   - Account-wide device list: one paged call that also shows unassigned
//     devices. It is not in the public contract; where the service does not
//     offer it, the devices are read per extension, many extensions a call.
//   - Needs: what the rows ask about, which decides what is read at all.
//
// [Device], [Extension], [Location] and the other conversions are the only
// place where wire types become domain types; the executor, which reads single
// objects again, uses the same.
//
// # What it never does
//
// It changes nothing, it compares nothing, and it never passes a partial
// reading off as a whole one: a list that stopped half-way is an error.
package snapshot
