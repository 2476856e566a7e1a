// Package rehearsal carries a plan out on a copy of the account, to foretell
// what applying it will come to and how long it will take.
//
// # Words
//
//   - Copy: the account as far as the plan is about it, read through the client
//     and put into a simulator in memory ([Copy]).
//   - Rehearsal: the plan carried out by the real executor, with the real client,
//     against that simulator, in compressed time ([Run]).
//   - Speed: service seconds per second. What the machine needs for a call is
//     stretched by it, so a short plan is rehearsed as slowly as it would be
//     applied ([Speed]).
//
// # What it can't know
//
// The copy has what the service shows: limits, the emergency regime, extensions,
// locations, phones, numbers. How long the service takes to judge an address, which addresses it
// refuses beyond what the simulator refuses, and which numbers it has to sell, no call tells: the
// simulator's defaults stand for them.
//
// # What it never does
//
// It sends the service no mutating call: what it is given has none ([Reader]).
// The simulator is reached through memory, so that no address of the network is
// involved in carrying out.
package rehearsal
