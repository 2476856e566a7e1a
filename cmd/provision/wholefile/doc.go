// Package wholefile writes files that appear under their name whole or not at
// all, whatever ends the process or the machine: into a new file beside it,
// flushed to the disk, then renamed, and the folder flushed.
//
// On Unix that is a library's work. It refuses Windows, where a rename is not
// promised to be one step; the few lines for Windows do what can be done there:
// the rename replaces the old file, and a reader sees the one or the other.
package wholefile
