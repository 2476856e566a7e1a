// Package notify tells people of a run: by webhooks and by programs of their
// own.
//
// # Words
//
//   - Event: something that people are told of: start, held, done, partial,
//     failed, address-not-confirmed.
//   - Receiver: a webhook or a hook of the profile; a hook is a program.
//   - Message: what happened, with all details; what a receiver gets of it is
//     redacted unless its details are full.
//   - Delivery: what came of telling one receiver of one event.
//   - Memory: the file in a run's folder that says who was told of what.
//
// # What it never does
//
// It never ends a run or changes how one ends: what goes wrong is a delivery
// that failed, which is logged. It logs no URL, no secret, no answer of a
// webhook and no output of a hook. It follows no redirect, and sends nothing in
// clear but to this machine. It reads no plan and no journal.
package notify
