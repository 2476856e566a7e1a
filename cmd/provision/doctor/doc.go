// Package doctor holds what "provision doctor" finds: checks, each ok, a warning
// or failed with what to do, and the knowledge of which scopes, features and
// permissions the rows of a sheet need.
//
// # Words
//
//   - Scope: what the app may do; the token's answer tells it.
//   - Feature: what the service lets the token's user do; some are told by a
//     call, with the permission that is missing.
//   - Permission: what the user's role allows. No documented call lists them:
//     they are named as needed, and a refused reading shows a missing one.
//
// # What it never does
//
// It changes nothing and says nothing that it does not know: what the service
// does not tell is "not told".
package doctor
