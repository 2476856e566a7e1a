// Package signkey finds the key that an approval is signed with: a private key
// in a file (OpenSSH's format or PEM, with or without a passphrase), or one that
// an SSH agent holds, named by its public key.
//
// It never writes a key anywhere, keeps none, and puts none into an error.
package signkey
