// Package rcsim is a simulated RingCentral account behind the service's own
// REST interface: an http.Handler for rehearsals and tests.
//
// It hands out phone numbers, lets emergency addresses become Valid after a
// while, fails single items of a bulk call, counts every call against its
// throttling group, and checks every request and every answer against an
// OpenAPI document of its own (contract/openapi.yaml). Facts come from the
// service's public API reference; where that is silent, a setting of the
// account file or a comment at the code says which way was taken.
//
// # Words
//
//   - account file: the JSON document that an account starts from ([Account]);
//     its records have the REST shapes.
//   - state file: everything that happened since, as JSON lines. An effect is
//     on the disk before its answer leaves. One process at a time holds it.
//   - service time: the account's own clock. It runs Options.TimeScale times
//     as fast as the wall clock; headers, token lives, windows, penalties and
//     validations are all in service seconds. It runs on at the last scale
//     while no process holds the state.
//   - throttling group: light, medium, heavy or auth. A call takes its slot at
//     the instant it is taken in, which is half of the latency after it came.
//   - penalty: the time after a 429 in which every call of the group is
//     refused, and prolongs it.
//   - effect: one thing done to the account: one slot, line, device or
//     emergency response location (ERL). Listed by /_sim/effects.
//   - pool: the numbers that the service can still sell; inventory: the numbers
//     and devices that the account owns and that no line uses.
//   - fault plan: what goes wrong, where and when, by rules ([Faults]).
//     docs/simulator-faults.md describes it.
//   - late call: one whose effect a fault put off. It happens at its own service
//     time, before anything later is done or shown.
//   - administrator: whoever else edits the account, by a fault. The effects'
//     operation is admin.
//   - contract violation: a request or an answer outside the contract, an
//     unknown URI, a body without Content-Length. Counted; a request's
//     violation is answered with 400.
//
// # Faults
//
// A fault plan comes as [Options].Faults, from [ParseFaults], or through
// /_sim/faults, as JSON:
//
//	{"seed": 7, "max_late": 60, "rules": [
//	  {"on": "bulkAddDevicesV2", "kind": "drop", "when": "after", "calls": [2]},
//	  {"on": "writes", "kind": "late", "probability": 0.05, "times": 3}]}
//
// Each rule is decided for each of its operations by itself, from the seed and
// the count of that operation's calls. Plan and position are in the state file.
// A hook ([Options].Hook) can interrupt calls in ways that no plan knows.
// [Transport] carries calls in memory, so that dropped connections can be had
// inside testing/synctest.
//
// # What it does not do
//
// It imports nothing of this module, and it keeps wire structs of its own, so
// that a mistake in a shared type cannot hide. It never contacts anything. It
// starts no goroutine: what is due happens when the next request looks, which
// also makes it usable inside testing/synctest. Nothing goes wrong without a
// fault plan or a hook. It knows no user permissions or app scopes; permission
// errors can be had through a plan's status rules.
package rcsim
