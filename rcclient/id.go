package rcclient

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// ID is an identifier of the service. The interface writes the same id as a
// JSON number in one place and as a string in another; both decode to the same
// ID, which is always written as a string. The zero value means "none".
type ID string

// UnmarshalJSON takes a JSON string, an integer, or null (which leaves the id
// empty). Anything else is an error.
func (id *ID) UnmarshalJSON(b []byte) error {
	b = bytes.TrimSpace(b)
	switch {
	case bytes.Equal(b, []byte("null")):
		*id = ""
		return nil
	case len(b) > 0 && b[0] == '"':
		var s string
		if err := json.Unmarshal(b, &s); err != nil {
			return fmt.Errorf("decode id: %w", err)
		}
		*id = ID(s)
		return nil
	case isInteger(b):
		*id = ID(b)
		return nil
	}
	return fmt.Errorf("decode id: %.40q is neither a string nor an integer", b)
}

// isInteger tells whether b is a JSON integer without fraction and exponent,
// the only number whose digits are the id.
func isInteger(b []byte) bool {
	if len(b) > 1 && b[0] == '-' {
		b = b[1:]
	}
	if len(b) == 0 {
		return false
	}
	for _, c := range b {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

// Ref refers to an object by its id; responses often add its name.
type Ref struct {
	ID   ID     `json:"id"`
	Name string `json:"name,omitempty"`
}

// IDRef refers to an object by its id alone, as requests do.
type IDRef struct {
	ID ID `json:"id"`
}
