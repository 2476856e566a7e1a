package plan

import (
	"bytes"
	"errors"
	"math"
	"os"
	"strings"
	"testing"
	"time"
)

// smallPlan has a bit of everything and no more.
func smallPlan(t testing.TB) []byte {
	t.Helper()
	d := sheetOf(t, "action=swap; extension=101; device_id=d1; replace_with=new", "extension=110; area_code=650; "+newText, "extension=zz")
	d.Rows[0].Raw = []string{"a", "caf\xe9 <&> \u2028"}
	b, err := Encode(build(t, d, testAccount(true)))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestEncodeRoundTrip(t *testing.T) {
	t.Parallel()
	b := smallPlan(t)
	if !bytes.HasSuffix(b, []byte("}\n")) || bytes.HasSuffix(b, []byte("\n\n")) {
		t.Errorf("does not end with one newline: %q", b[len(b)-10:])
	}
	p, err := Decode(b)
	if err != nil {
		t.Fatal(err)
	}
	again, err := Encode(p)
	if err != nil || !bytes.Equal(b, again) {
		t.Errorf("other bytes after a round trip (error %v)", err)
	}
	if !p.CreatedAt.Equal(testTime) || p.Program != "test" || len(p.Changes) == 0 || len(p.Digest) != 64 {
		t.Errorf("got plan of %v by %q with %d changes, digest %q", p.CreatedAt, p.Program, len(p.Changes), p.Digest)
	}
}

// Any byte that is lost or changed is noticed.
func TestDecodeRefusesEdits(t *testing.T) {
	t.Parallel()
	b, err := Encode(build(t, sheetOf(t, "extension=101; "+labText), testAccount(true)))
	if err != nil {
		t.Fatal(err)
	}
	for i := range b {
		cut := append(bytes.Clone(b[:i]), b[i+1:]...)
		if _, err := Decode(cut); err == nil {
			t.Fatalf("byte %d (%q) was deleted and not missed", i, b[i])
		}
		for _, x := range []byte{0x01, 0x20} {
			flipped := bytes.Clone(b)
			flipped[i] ^= x
			if _, err := Decode(flipped); err == nil {
				t.Fatalf("byte %d (%q) was changed to %q and not noticed", i, b[i], flipped[i])
			}
		}
		if _, err := Decode(b[:i]); i < len(b)-1 && !errors.Is(err, ErrPlanDamaged) {
			t.Fatalf("cut at %d: got %v, want %v", i, err, ErrPlanDamaged)
		}
	}
}

func TestDecodeErrors(t *testing.T) {
	t.Parallel()
	b := string(smallPlan(t))
	for name, c := range map[string]struct {
		text string
		want error
	}{
		"empty":         {"", ErrPlanDamaged},
		"no JSON":       {"%PDF-1.7", ErrPlanDamaged},
		"another JSON":  {`{"rows":[]}`, ErrPlanDamaged},
		"edited number": {strings.Replace(b, `"quantity": 1`, `"quantity": 2`, 1), ErrPlanEdited},
		"unknown field": {strings.Replace(b, `"program"`, `"extra": 1, "program"`, 1), ErrPlanEdited},
		"twice":         {strings.Replace(b, `"program": "test"`, `"program": "test", "program": "test"`, 1), ErrPlanEdited},
		"trailing":      {b + b, ErrPlanDamaged},
		"blank":         {b + " ", ErrPlanEdited},
		"no digest":     {b[:strings.LastIndex(b, ",")] + "\n}\n", ErrPlanEdited},
	} {
		if _, err := Decode([]byte(c.text)); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
	var newer ErrPlanNewer
	if _, err := Decode([]byte(strings.Replace(b, `"format_version": 1`, `"format_version": 7`, 1))); !errors.As(err, &newer) || newer.Version != 7 {
		t.Errorf("newer format: got %v", err)
	}
}

func FuzzDecode(f *testing.F) {
	b := smallPlan(f)
	f.Add(b)
	f.Add([]byte(`{"format_version":1}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := Decode(data)
		if err != nil {
			return
		}
		again, err := Encode(p)
		if err != nil || !bytes.Equal(data, again) {
			t.Errorf("accepted bytes that Encode does not write (error %v)", err)
		}
	})
}

// Zones and clock readings do not survive saving, so they are dropped.
func TestEncodeTimes(t *testing.T) {
	t.Parallel()
	p, err := Build(sheetOf(t, "extension=101"), testAccount(true), Options{Now: testTime.In(time.FixedZone("X", 3600))})
	if err != nil {
		t.Fatal(err)
	}
	b, err := Encode(p)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(b, []byte(`"created_at": "2026-03-01T08:00:00Z"`)) {
		t.Error("the time of making is not in UTC")
	}
}

// The plan that a program of format 1 saved stays readable, whatever fields
// are added.
func TestDecodeFormat1(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile("testdata/plan-format-1.json")
	if err != nil {
		t.Fatal(err)
	}
	p, err := Decode(b)
	if err != nil {
		t.Fatal(err)
	}
	if p.FormatVersion != 1 || len(p.Changes) != 13 || len(p.Rows) != 12 || len(p.Errors) == 0 || p.Counts()[KindSwap] != 6 || len(p.CheckGuards(p.Options.Guards)) != 2 {
		t.Errorf("got format %d with %d changes of %d rows, guards %v", p.FormatVersion, len(p.Changes), len(p.Rows), p.CheckGuards(p.Options.Guards))
	}
}

// piecemeal is a reader and writer that notes the largest piece.
type piecemeal struct {
	buf     bytes.Buffer
	largest int
}

func (p *piecemeal) Write(b []byte) (int, error) {
	p.largest = max(p.largest, len(b))
	return p.buf.Write(b)
}

func (p *piecemeal) Read(b []byte) (int, error) {
	p.largest = max(p.largest, len(b))
	return p.buf.Read(b)
}

// A large plan is written and read in small pieces: no copy of it is held.
func TestLargePlansAreStreamed(t *testing.T) {
	t.Parallel()
	p, err := Decode(smallPlan(t))
	if err != nil {
		t.Fatal(err)
	}
	row, change := p.Rows[0], p.Changes[0]
	for range 20_000 {
		p.Rows, p.Changes = append(p.Rows, row), append(p.Changes, change)
	}
	var file piecemeal
	if err := EncodeTo(&file, p); err != nil {
		t.Fatal(err)
	}
	size := file.buf.Len()
	back, err := DecodeFrom(&file)
	if err != nil || len(back.Changes) != len(p.Changes) || back.Digest != p.Digest {
		t.Fatalf("got %v", err)
	}
	if size < 10<<20 || file.largest > 1<<18 {
		t.Errorf("a plan of %d bytes went through in pieces of up to %d", size, file.largest)
	}
}

// A part of a plan's list that can't be written is an error with its name.
func TestEncodeFails(t *testing.T) {
	t.Parallel()
	p, err := Decode(smallPlan(t))
	if err != nil {
		t.Fatal(err)
	}
	p.Options.Guards.MaxSwaps.Percent = math.NaN()
	if _, err := Encode(p); err == nil || !strings.Contains(err.Error(), "options") {
		t.Errorf("got %v, want an error that names the options", err)
	}
}
