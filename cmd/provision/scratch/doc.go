// Package scratch gives a process a private folder for what it unpacks while it
// reads a sheet, or puts aside while it writes a workbook or rehearses a plan,
// and clears away the folders that killed processes left behind: they hold names
// and addresses.
//
// A folder is called provision-read-PID-NUMBER, belongs to the user, is of mode
// 0700 and holds a file that its process keeps locked. The lock is what tells a
// live process: the operating system gives it back when the process ends,
// however it ends, and a number that another process has by now, also one in
// another container, does not deceive it. The number in the name is for people.
//
// The package never removes a folder that is locked, belongs to somebody else,
// is called otherwise, is open to others or has no lock in it.
package scratch
