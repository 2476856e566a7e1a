package rcsim

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// jsonTrouble says in our words, with the line, why a file's JSON could not be
// decoded: what the decoder says is of parsing.
func jsonTrouble(data []byte, err error) error {
	line := func(offset int64) int {
		return 1 + bytes.Count(data[:max(0, min(offset-1, int64(len(data))))], []byte("\n"))
	}
	var syntax *json.SyntaxError
	var shape *json.UnmarshalTypeError
	switch {
	case len(bytes.TrimSpace(data)) == 0:
		return errors.New("the file is empty")
	case errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("the file ends before its JSON does")
	case errors.As(err, &syntax):
		return fmt.Errorf("line %d is no JSON", line(syntax.Offset))
	case errors.As(err, &shape) && shape.Field == "":
		return fmt.Errorf("the file holds a JSON value of type %s, want an object", shape.Value)
	case errors.As(err, &shape):
		return fmt.Errorf("line %d: the value of %s has the wrong type, %s", line(shape.Offset), shape.Field, shape.Value)
	}
	if key, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return fmt.Errorf("unknown key %s", key)
	}
	return err
}
