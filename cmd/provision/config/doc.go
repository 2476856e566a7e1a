// Package config reads the configuration file: profiles, which say what an
// operator would otherwise say by flags and variables in every call.
//
// # Words
//
//   - Profile: a named set of settings for one account and one purpose.
//   - Setting: a key of a profile that stands for the flag of the same name.
//     Which keys there are is told by the caller, who knows the flags.
//   - Secret: where a credential comes from: an environment variable, a file
//     that only its owner may read, the output of a program, the system's
//     keyring, or, if the configuration file itself has mode 0600, its text.
//   - Problem: something wrong with the file, with line and column.
//
// Reading is strict: a key that nobody knows is a problem, as it is most often
// a guard that was misspelt. All problems of a file are found in one pass.
//
// # What it never does
//
// It reads no secret before one is asked for, writes none anywhere, and knows
// no flags, no service and no account.
package config
