// Package inbox carries sheets out that arrive in a folder: it takes each when
// it is complete, has it carried out, and puts it where its end belongs.
//
// # Words
//
//   - Inbox: the folder that sheets are put into. Below it are working, done,
//     held and partial.
//   - To take a sheet: to move it into a folder of its own below working, which
//     has an id that occurs nowhere else. That folder with its record is a claim.
//   - Carrier: what carries one sheet out; the command line is one.
//   - Begun: a run of the sheet exists. What was begun is gone on with, and never
//     carried out anew.
//   - Place: the folder that a sheet's end puts it into, or none: it stays in
//     working and is gone on with next time.
//   - Paper: a file that is put beside the sheet: what is wrong with it, what is
//     left of it.
//   - Repeat: a sheet of the same bytes as one that was carried out before.
//
// # What survives
//
// Each step is durable before the next depends on it: the claim's record before
// the sheet is moved, that move before the carrier is asked, the digest of what
// was carried out and the decision where all goes before anything goes there. A
// process that finds a claim goes on after the last step that was made. Events
// are told once each, and once more only if the process died while it told.
//
// # What it never does
//
// It reads no sheet and knows no account; it overwrites no file and deletes none
// but its own records. It does not keep other processes away: whoever calls holds
// a lock.
package inbox
