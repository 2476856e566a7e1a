package rcsim

// Serves tells whether an operation has a handler.
func Serves(id string) bool { return operations[id] != nil }
