// Package homes masks the addresses where people live in a plan that is to be
// shown to others: each becomes a token such as "home-3", the same one wherever
// the place stands, however it is spelled there (docs/places.md).
//
// # What is a home
//
//   - A plain address of a phone, or of a row, and
//   - a private location, which a person set for themselves, and
//   - a new ERL that only one extension asks for and that no row gives a name,
//
// unless the same place is that of a company ERL that the plan names. Accounts
// without ERLs have no company places: all of their addresses are masked. So is
// the address of a row in error, of which nothing is known. In doubt an address
// is masked.
//
// A home is masked as a whole, town and postcode too. Tokens are numbers and not
// hashes: nothing of the address is in them. One plan gives the same tokens each
// time.
//
// # What it never does
//
// It never changes the plan that it is given, and the plan that it returns is
// for reading: it can't be saved as the plan that was approved, or carried out.
// It does not mask people, extensions and numbers.
package homes
