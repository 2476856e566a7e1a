// Package redact puts tokens in the place of what tells who, where and which
// number, so that a report can be handed on outside the company.
//
// # Words
//
//   - Token: a word as "person-3f9c1a07be" that stands for a value. The same
//     value has the same token in all documents of a run, however it is
//     spelled: case and spaces of a name, punctuation of a number or a MAC, and
//     the forms of an address (docs/places.md) do not count.
//   - Key: 32 random bytes, one key for each run, kept in its folder. Tokens are
//     made with it (HMAC-SHA256), so that nobody without the key can find the
//     value by trying all names or numbers. Two runs give one person two tokens.
//
// A nil [*Tokens] redacts nothing, so that one piece of code makes a document
// and its redacted twin.
//
// It never keeps a value, never says how long one was, and can't turn a token
// back: whoever has the run's folder looks it up in the full document.
package redact
