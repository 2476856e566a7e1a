package rcsim

import (
	"encoding/json"
	"fmt"
	"strconv"
)

// ID is an id that the interface writes as a string. Account files may give it
// as a JSON number too.
type ID string

// UnmarshalJSON accepts a string or a number.
func (id *ID) UnmarshalJSON(data []byte) error {
	text, err := idText(data)
	if err != nil {
		return err
	}
	*id = ID(text)
	return nil
}

// IntID is an id that the interface writes as an int64. Account files may give
// it as a JSON string too.
type IntID int64

// UnmarshalJSON accepts a number or a string of digits.
func (id *IntID) UnmarshalJSON(data []byte) error {
	text, err := idText(data)
	if err != nil {
		return err
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return fmt.Errorf("parse id %q: not an int64", text)
	}
	*id = IntID(n)
	return nil
}

// Text is the id as strings elsewhere in the interface show it.
func (id IntID) Text() ID { return ID(strconv.FormatInt(int64(id), 10)) }

// number is the id as an int64, or 0 where it is not one.
func (id ID) number() int64 {
	n, err := strconv.ParseInt(string(id), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

func idText(data []byte) (string, error) {
	if len(data) > 0 && data[0] == '"' {
		var text string
		if err := json.Unmarshal(data, &text); err != nil {
			return "", fmt.Errorf("parse id: %w", err)
		}
		return text, nil
	}
	var n int64
	if err := json.Unmarshal(data, &n); err != nil {
		return "", fmt.Errorf("parse id %s: neither a string nor a whole number", data)
	}
	return strconv.FormatInt(n, 10), nil
}
