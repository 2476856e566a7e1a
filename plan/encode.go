package plan

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
)

// Errors of [Decode]. A plan of a newer program is *NewerError.
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

// Encode renders the plan as indented JSON with one newline at its end and
// sets p.Digest to the SHA-256 of the bytes without it. The same plan gives
// the same bytes.
func Encode(p *Plan) ([]byte, error) {
	bare := *p
	bare.Digest = ""
	b, err := marshalPlan(&bare)
	if err != nil {
		return nil, fmt.Errorf("encode plan: %w", err)
	}
	sum := sha256.Sum256(b)
	p.Digest = hex.EncodeToString(sum[:])
	// The digest is the last field: it goes before the closing brace.
	head := bytes.TrimSuffix(b, []byte("\n}\n"))
	out := make([]byte, 0, len(b)+2*sha256.Size+32)
	out = append(out, head...)
	out = append(out, ",\n  \"digest\": \""...)
	out = append(out, p.Digest...)
	return append(out, "\"\n}\n"...), nil
}

func marshalPlan(p *Plan) ([]byte, error) {
	b, err := json.MarshalIndent(p, "", "  ")
	if err != nil {
		return nil, err
	}
	// Bytes that are no UTF-8 are written as an escape and read back as a
	// letter, which would be written otherwise: settle on the second form.
	if bytes.Contains(b, []byte(`\ufffd`)) {
		var again Plan
		if err := json.Unmarshal(b, &again); err != nil {
			return nil, err
		}
		if b, err = json.MarshalIndent(&again, "", "  "); err != nil {
			return nil, err
		}
	}
	return append(b, '\n'), nil
}

// Decode reads what [Encode] wrote. Any other bytes are refused, also where
// the difference means nothing: ErrPlanDamaged if they are no JSON document,
// ErrPlanNewer if the format is a later one, ErrPlanEdited otherwise.
func Decode(b []byte) (*Plan, error) {
	if !json.Valid(b) {
		return nil, ErrPlanDamaged
	}
	var head struct {
		FormatVersion int `json:"format_version"`
	}
	if err := json.Unmarshal(b, &head); err != nil || head.FormatVersion < 1 {
		return nil, ErrPlanDamaged
	}
	if head.FormatVersion > FormatVersion {
		return nil, ErrPlanNewer{Version: head.FormatVersion}
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	var p Plan
	if err := d.Decode(&p); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrPlanEdited, err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, ErrPlanEdited
	}
	digest := p.Digest
	again, err := Encode(&p)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrPlanDamaged, err)
	}
	if p.Digest != digest || !bytes.Equal(b, again) {
		return nil, ErrPlanEdited
	}
	return &p, nil
}
