// Package executor carries a plan out: in which order, in which batches, and
// how it goes on after a call whose end nobody saw.
//
// # Words
//
//   - change: one intended effect on one object; the plan is made of them.
//   - intent, outcome: what the journal keeps before and after a call.
//   - view: what the account showed when it was last read, corrected by what
//     the run itself did since.
//   - fresh: read, or changed by this run, not longer than MaxAge ago.
//   - landed: the service answered that the change took effect; it is not yet
//     read back.
//   - in doubt: the call was sent, and whether it took effect is unknown.
//   - settle: to find out, by reading, what became of a change in doubt.
//   - ended: landed or final. What follows a change may go on then.
//   - urgent: the emergency half of a swap. A phone that stands in another
//     place than its address says must not wait.
//
// # How it works
//
// One goroutine, the loop, owns all state. It starts calls and journal writes
// in goroutines of their own and gets their results back as events, so that
// nothing here needs a lock. Each turn of the loop starts whatever may start
// (see pump) and computes when it must look again.
//
// The order of one change: its objects are read (batched, ahead of the queue);
// its precondition is checked against the view; its objects are locked; its
// intent is made durable; the call leaves; the outcome is made durable; what
// depends on it is released; it is read back; the final outcome is made
// durable. Only a definite answer or a reading moves it on.
//
// A call is prepared only when its throttling group has a free slot, so that
// the intent is young when the call leaves, an urgent change overtakes all
// others, and a stop need not wait for a window.
//
// # What can't be told
//
// The interface shows neither who made an object nor when, so while a call is
// in doubt some deeds of others look like its own:
//
//   - a phone that someone adds on the same extension, of the same type, at the
//     same place, where no number was asked for, is taken for the add's own, and
//     so is one that another add in doubt made and someone moved there;
//   - as is an ERL of the same name and place, and as many new blank slots as a
//     stock change asked for. A phone that the run added, and that someone took
//     off its extension and kept while the add was in doubt too, is such a slot:
//     it shows no line and no maker, and its add, of which nothing is left to
//     see, is made again. The stock call is not: a slot is a slot, and there
//     are as many as were asked for;
//   - a phone that the run added and someone removed before it was seen counts
//     as never added, and is added again;
//   - a swap whose target someone put on the line's extension before it, and
//     took away after it, counts as never made, and is stale;
//   - an address or name that someone put back to what the plan saw counts as
//     never changed, and is set again.
//
// Two candidates, a phone at another place and another number of slots are
// ambiguous: left alone and reported. So are new slots where the account-wide
// list does not answer.
//
// # What it never does
//
// It never sends a call again whose effect is in doubt before the account was
// read. It never sends after a journal write has failed. It never plans: what
// no longer fits the account is stale and left alone. It never paces: rcclient
// does, and is only asked when there is room.
package executor
