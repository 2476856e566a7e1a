package plan

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
)

// Errors of [Decode]. A plan of a newer program is [ErrPlanNewer].
var (
	ErrPlanDamaged = errors.New("the plan file is damaged: it is cut short or no plan")
	ErrPlanEdited  = errors.New("the plan file was changed after it was saved")
)

// ErrPlanNewer is returned for a plan whose format this program does not know.
type ErrPlanNewer struct{ Version int } //nolint:errname // the name is part of the package's contract

// Error names both versions.
func (e ErrPlanNewer) Error() string {
	return "the plan file has format " + strconv.Itoa(e.Version) + ", this program knows up to " + strconv.Itoa(FormatVersion) + ": use the program that made it"
}

// Encode is [EncodeTo] into memory.
func Encode(p *Plan) ([]byte, error) {
	var b bytes.Buffer
	if err := EncodeTo(&b, p); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// EncodeTo writes the plan as indented JSON with one newline at its end, row
// by row and change by change, and sets p.Digest to the SHA-256 of the bytes
// without it. The same plan gives the same bytes.
func EncodeTo(w io.Writer, p *Plan) error {
	digest, err := writeDocument(w, p)
	if err != nil {
		return fmt.Errorf("encode plan: %w", err)
	}
	p.Digest = digest
	return nil
}

// Decode is [DecodeFrom] of bytes in memory.
func Decode(b []byte) (*Plan, error) { return DecodeFrom(bytes.NewReader(b)) }

// DecodeFrom reads what [EncodeTo] of this program, or of an older one, wrote;
// all but the plan itself is forgotten on the way. Any other bytes are refused, also where the
// difference means nothing: ErrPlanDamaged if they are no such document or end
// too early, ErrPlanNewer if the format is a later one, ErrPlanEdited otherwise.
func DecodeFrom(r io.Reader) (*Plan, error) {
	var p Plan
	digest, err := readDocument(r, &p, head{
		field: "format_version", version: FormatVersion,
		newer: func(version int) error { return ErrPlanNewer{Version: version} },
	})
	switch {
	case errors.Is(err, errDamaged):
		return nil, ErrPlanDamaged
	case errors.Is(err, errEdited):
		return nil, fmt.Errorf("%w (%w)", ErrPlanEdited, err)
	case err != nil:
		return nil, err
	}
	for i := range p.Changes {
		if a := p.Changes[i].Add(); a != nil && a.Emergency == nil {
			a.Emergency = &EmergencyTarget{}
		}
	}
	p.Digest = digest
	return &p, nil
}
