//go:build !unix

package scratch

import "os"

// isOurs is true where the folder for temporary files is the user's own.
func isOurs(os.FileInfo) bool { return true }
