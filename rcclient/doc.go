// Package rcclient speaks the RingCentral REST interface: authorisation, pacing
// per throttling group, reading retries, error classes, and the calls a
// provisioning job needs.
//
// # Words
//
//   - Operation: one call of the interface, known by its operationId.
//   - Throttling group: the service counts calls per group (light, medium,
//     heavy, auth) in a window, and answers 429 beyond the limit. A 429 opens a
//     penalty, in which every further call of the group restarts the penalty.
//   - Gate: the one door that all calls of a group pass; it holds a caller back
//     until its call can't break the limit.
//   - Slot: the place in the window that one call takes, from its sending until
//     one window after its answer.
//   - Service time: the service's seconds. All durations in this package's
//     interface (limits, windows, timeouts, waits) are service time; Scale turns
//     them into wall time and is 1 but for rehearsals against a simulator.
//   - Outcome: what is known of a mutating call. Definite: the service said so,
//     or the call never left. In doubt: it left, and no readable answer came.
//   - ERL: emergency response location, a named address of the account.
//
// # What this package never does
//
// It never sends a mutating call again whose outcome is in doubt: who called
// must read the account first. It knows no rows, plans or journals. It never
// follows a redirect of a mutating call, never sends the authorisation header
// to another host, and never writes a token, secret, SIP password, address or
// body to the log.
package rcclient
