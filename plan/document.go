package plan

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"reflect"
	"strings"
)

// A document is a saved plan or a saved snapshot: one indented JSON object
// whose last field is the SHA-256 of the bytes without that field. It is
// written and read list by list, entry by entry, so that no copy of it has to
// fit into memory.

// digestField begins the document's last field; closing ends the document.
const (
	digestField = ",\n  \"digest\": \""
	closing     = "\n}\n"
)

// suffixSize is the length of the digest's field with what ends the document.
const suffixSize = len(digestField) + 2*sha256.Size + len("\"") + len(closing)

// writeDocument writes a struct, given by a pointer, without its field
// "digest", and then the digest, which it returns.
func writeDocument(w io.Writer, v any) (string, error) {
	sum := sha256.New()
	out := bufio.NewWriterSize(io.MultiWriter(w, sum), 1<<16)
	if err := writeFields(out, reflect.ValueOf(v).Elem()); err != nil {
		return "", err
	}
	if err := out.Flush(); err != nil {
		return "", err
	}
	sum.Write([]byte(closing))
	digest := hex.EncodeToString(sum.Sum(nil))
	_, err := io.WriteString(w, digestField+digest+"\""+closing)
	return digest, err
}

// writeFields writes all fields but the digest, and leaves the object open.
// What bufio can't write it says when it is flushed.
func writeFields(out *bufio.Writer, v reflect.Value) error {
	separator := "{\n  "
	for _, f := range reflect.VisibleFields(v.Type()) {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		field := v.FieldByIndex(f.Index)
		if f.Anonymous || name == "digest" || name == "-" || left(field, options) {
			continue
		}
		_, _ = out.WriteString(separator + `"` + name + `": `)
		separator = ",\n  "
		if field.Kind() != reflect.Slice || field.Len() == 0 {
			if err := writeValue(out, field, "  "); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			continue
		}
		next := "[\n    "
		for j := range field.Len() {
			_, _ = out.WriteString(next)
			next = ",\n    "
			if err := writeValue(out, field.Index(j), "    "); err != nil {
				return fmt.Errorf("%s %d: %w", name, j, err)
			}
		}
		_, _ = out.WriteString("\n  ]")
	}
	return nil
}

// left reports whether a field is left out, by the rules of encoding/json.
func left(v reflect.Value, options string) bool {
	switch options {
	case "omitempty":
		switch v.Kind() {
		case reflect.Slice, reflect.Map, reflect.String:
			return v.Len() == 0
		case reflect.Struct:
			return false
		default:
			return v.IsZero()
		}
	case "omitzero":
		return v.IsZero()
	}
	return false
}

func writeValue(out *bufio.Writer, v reflect.Value, prefix string) error {
	b, err := json.MarshalIndent(v.Interface(), prefix, "  ")
	if err != nil {
		return err
	}
	// Bytes that are no UTF-8 are written as an escape and read back as a
	// letter, which would be written otherwise: settle on the second form.
	if bytes.Contains(b, []byte(`\ufffd`)) {
		again := reflect.New(v.Type())
		if err := json.Unmarshal(b, again.Interface()); err != nil {
			return err
		}
		if b, err = json.MarshalIndent(again.Interface(), prefix, "  "); err != nil {
			return err
		}
	}
	_, _ = out.Write(b)
	return nil
}

// head is what a document says of its format before all else.
type head struct {
	field   string // of the format's version
	version int    // the newest that is known
	newer   func(version int) error
}

// readDocument reads into a struct, given by a pointer, what writeDocument
// wrote. Other bytes are refused: errDamaged where they are no such document
// or end too early, errEdited where their digest is another one.
func readDocument(r io.Reader, v any, h head) (string, error) {
	src := &hashing{r: r, sum: sha256.New()}
	d := json.NewDecoder(src)
	d.DisallowUnknownFields()
	target := reflect.ValueOf(v).Elem()
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return "", errDamaged
	}
	unknown := error(nil)
	for first := true; d.More(); first = false {
		name, err := d.Token()
		if err != nil {
			return "", errDamaged
		}
		if first {
			if err := readVersion(d, target, name, h); err != nil {
				return "", err
			}
			continue
		}
		field := fieldNamed(target, name)
		if !field.IsValid() {
			unknown = fmt.Errorf("%w: it has a field %v", errEdited, name)
			field = reflect.New(reflect.TypeFor[json.RawMessage]()).Elem()
		}
		if err := readField(d, field); err != nil {
			return "", err
		}
	}
	if t, err := d.Token(); err != nil || t != json.Delim('}') {
		return "", errDamaged
	}
	if err := drain(d); err != nil {
		return "", err
	}
	digest, err := src.digest()
	if err != nil {
		return "", err
	}
	return digest, unknown
}

var (
	errDamaged = errors.New("damaged")
	errEdited  = errors.New("edited")
)

func readVersion(d *json.Decoder, target reflect.Value, name json.Token, h head) error {
	var version int
	if name != h.field || d.Decode(&version) != nil || version < 1 {
		return errDamaged
	}
	if version > h.version {
		return h.newer(version)
	}
	fieldNamed(target, name).SetInt(int64(version))
	return nil
}

func fieldNamed(v reflect.Value, name json.Token) reflect.Value {
	for _, f := range reflect.VisibleFields(v.Type()) {
		if tag, _, _ := strings.Cut(f.Tag.Get("json"), ","); tag == name && !f.Anonymous {
			return v.FieldByIndex(f.Index)
		}
	}
	return reflect.Value{}
}

// readField reads one value; lists of structs entry by entry.
func readField(d *json.Decoder, field reflect.Value) error {
	decode := func(v reflect.Value) error {
		err := d.Decode(v.Addr().Interface())
		var syntax *json.SyntaxError
		switch {
		case err == nil:
			return nil
		case errors.As(err, &syntax), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			return errDamaged
		}
		return fmt.Errorf("%w: %w", errEdited, err)
	}
	if field.Kind() != reflect.Slice || field.Type().Elem().Kind() != reflect.Struct {
		return decode(field)
	}
	if t, err := d.Token(); err != nil {
		return errDamaged
	} else if t != json.Delim('[') {
		if t == nil {
			return nil // null
		}
		return errEdited
	}
	field.Set(reflect.MakeSlice(field.Type(), 0, 0))
	for d.More() {
		entry := reflect.New(field.Type().Elem()).Elem()
		if err := decode(entry); err != nil {
			return err
		}
		field.Set(reflect.Append(field, entry))
	}
	if _, err := d.Token(); err != nil {
		return errDamaged
	}
	return nil
}

// drain reads what follows the object: spaces only.
func drain(d *json.Decoder) error {
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errDamaged
	}
	return nil
}

// hashing passes a document on and hashes all of it but its last bytes.
type hashing struct {
	r    io.Reader
	sum  hash.Hash
	tail []byte // read and not hashed yet
}

// Read is io.Reader's.
func (h *hashing) Read(p []byte) (int, error) {
	n, err := h.r.Read(p)
	h.tail = append(h.tail, p[:n]...)
	if more := len(h.tail) - suffixSize; more > 0 {
		h.sum.Write(h.tail[:more])
		h.tail = append(h.tail[:0], h.tail[more:]...)
	}
	return n, err
}

// digest checks the digest that the document ends with.
func (h *hashing) digest() (string, error) {
	h.sum.Write([]byte(closing))
	want := hex.EncodeToString(h.sum.Sum(nil))
	if string(h.tail) != digestField+want+"\""+closing {
		return "", errEdited
	}
	return want, nil
}
