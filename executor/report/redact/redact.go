package redact

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"

	"provision/plan"
)

// keySize is the length of a key in bytes.
const keySize = 32

// tokenSize is how many bytes of the HMAC a token shows: with 10,000 values of
// a kind two share one in a run out of five million.
const tokenSize = 6

// Key is what a run's tokens are made with. It shows itself to no printer.
type Key struct{ b [keySize]byte }

// NewKey makes a key out of a source of randomness.
func NewKey(random io.Reader) (Key, error) {
	var k Key
	if _, err := io.ReadFull(random, k.b[:]); err != nil {
		return Key{}, fmt.Errorf("make redaction key: %w", err)
	}
	return k, nil
}

// ErrKey is the error of a key that can't be read.
var ErrKey = errors.New("no redaction key: 64 hex digits are one")

// ParseKey reads what [Key.Encode] wrote.
func ParseKey(data []byte) (Key, error) {
	var k Key
	text := strings.TrimSpace(string(data))
	if len(text) != hex.EncodedLen(keySize) {
		return k, ErrKey
	}
	if _, err := hex.Decode(k.b[:], []byte(text)); err != nil {
		return Key{}, ErrKey
	}
	return k, nil
}

// Encode is the key as a line of hex digits, to be kept in a private file.
func (k Key) Encode() []byte { return []byte(hex.EncodeToString(k.b[:]) + "\n") }

// String hides the key.
func (Key) String() string { return "redact.Key{hidden}" }

// GoString hides the key.
func (k Key) GoString() string { return k.String() }

// Tokens makes tokens. A nil one gives every value back as it is; the empty
// value has no token.
type Tokens struct{ key Key }

// New makes tokens with a key.
func New(k Key) *Tokens { return &Tokens{key: k} }

// On reports whether values are redacted.
func (t *Tokens) On() bool { return t != nil }

func (t *Tokens) token(kind, normal, value string) string {
	if t == nil || value == "" {
		return value
	}
	mac := hmac.New(sha256.New, t.key.b[:])
	mac.Write([]byte(kind + "\x00" + normal)) // never fails (hash.Hash)
	return kind + "-" + hex.EncodeToString(mac.Sum(nil)[:tokenSize])
}

// Person is the token of a name of a person.
func (t *Tokens) Person(name string) string { return t.token("person", loose(name), name) }

// Extension is the token of an extension number; leading zeros count.
func (t *Tokens) Extension(number string) string {
	return t.token("ext", strings.TrimSpace(number), number)
}

// Number is the token of a phone number; a number is its digits.
func (t *Tokens) Number(number string) string {
	return t.token("number", only(number, unicode.IsDigit), number)
}

// Serial is the token of a serial or MAC address.
func (t *Tokens) Serial(serial string) string {
	return t.token("mac", only(strings.ToLower(serial), func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }), serial)
}

// Location is the token of an emergency location's name.
func (t *Tokens) Location(name string) string { return t.token("erl", loose(name), name) }

// Site is the token of a site's name.
func (t *Tokens) Site(name string) string { return t.token("site", loose(name), name) }

// Address is an address on one line, or its token: one for all spellings of a
// place. Who is called there is no part of it.
func (t *Tokens) Address(a plan.Address) string {
	if t == nil {
		return a.Line()
	}
	return t.token("address", a.PlaceKey(), a.Line())
}

// Source is where a row stands. Names of files and sheets are the operator's
// own and may name anybody: of them the token is shown, and the row.
func (t *Tokens) Source(c plan.Cell) string {
	if t == nil {
		return c.String()
	}
	if c.Row() == 0 {
		return ""
	}
	return t.token("sheet", c.File()+"\x00"+c.Sheet(), "sheet") + "!" + strconv.Itoa(c.Row())
}

// Change is the token of a change's id, which is a plain hash of what it is
// about: names could be tried until one fits.
func (t *Tokens) Change(id string) string { return t.token("change", id, id) }

// Text is free text, of which nobody knows what it holds: nothing of it is
// shown.
func (t *Tokens) Text(text string) string {
	if t == nil || text == "" {
		return text
	}
	return "(redacted)"
}

// loose takes case and spaces out of account.
func loose(s string) string { return strings.Join(strings.Fields(strings.ToLower(s)), " ") }

func only(s string, keep func(rune) bool) string {
	return strings.Map(func(r rune) rune {
		if keep(r) {
			return r
		}
		return -1
	}, s)
}
