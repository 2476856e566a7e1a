// Package sip reads the SIP settings of phones, password included, into a file
// that only its owner can read, and goes on where it stopped.
//
// # Words
//
//   - Row: a row of a sheet and the phone that it means ([Row]).
//   - Settings: what a phone signs in with ([rcclient.SIPInfo]).
//   - List: the rows in their order. Its fingerprint is kept with what was read,
//     so that a list that has changed since is noticed.
//   - Part file: what was read so far, beside the file that is being made, under
//     its name with ".part" behind. One line for each phone, durable before the
//     next one is asked for; gone when the file is complete.
//
// # Promises
//
// The file appears whole or not at all, mode 0600, as the part file is. Each phone is
// read once, also if several rows mean it. A phone that the service refuses is
// told in its row's message; trouble of the service ends the reading, and what
// was read stays.
//
// Settings go nowhere else: no error, no log and no message holds one.
package sip
