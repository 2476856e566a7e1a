package rcclient

func classOf(status int, code string) Class  { return ClassRowError }
func statusInDoubt(status int) bool          { return status >= 500 }
func retryable(status int, code string) bool { return false }
