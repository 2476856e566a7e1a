package sheet

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"maps"
	"slices"
	"testing"
)

// rawZip writes a zip file by hand, without packing, in the forms in which
// programs leave them and that the library can't write.
type rawZip struct {
	buf        bytes.Buffer
	list       bytes.Buffer
	members    int
	descriptor string // its signature and the width of its numbers: "", "4", "8", "s4", "s8"
	large      bool   // sizes and offsets in extra fields, and the records for large files
	extra      []byte // of local headers only
	gap        int    // zeros behind each member
}

func (z *rawZip) put(values ...any) { putAll(&z.buf, values) }

func putAll(b *bytes.Buffer, values []any) {
	for _, v := range values {
		if s, ok := v.(string); ok {
			b.WriteString(s)
			continue
		}
		if err := binary.Write(b, binary.LittleEndian, v); err != nil {
			panic(err)
		}
	}
}

func (z *rawZip) member(name, data string) {
	sum, size, offset := crc32.ChecksumIEEE([]byte(data)), uint32(len(data)), uint32(z.buf.Len())
	late := z.descriptor != ""
	localSum, localSize, flags := sum, size, uint16(0)
	var extra, listExtra bytes.Buffer
	listSize, listOffset := size, offset
	if z.large {
		localSize, listSize, listOffset = zipMax32, zipMax32, zipMax32
		putAll(&listExtra, []any{uint16(1), uint16(24), uint64(size), uint64(size), uint64(offset)})
		if !late {
			putAll(&extra, []any{uint16(1), uint16(16), uint64(size), uint64(size)})
		}
	}
	if late {
		localSum, localSize, flags = 0, 0, 8
	}
	extra.Write(z.extra)
	z.put(zipLocalSig, uint16(20), flags, uint16(0), uint32(0), localSum, localSize, localSize, uint16(len(name)), uint16(extra.Len()), name, extra.String(), data)
	if z.descriptor != "" && z.descriptor[0] == 's' {
		z.put(zipDescriptorSig)
	}
	switch {
	case !late:
	case z.descriptor[len(z.descriptor)-1] == '8':
		z.put(sum, uint64(size), uint64(size))
	default:
		z.put(sum, size, size)
	}
	z.buf.Write(make([]byte, z.gap))
	putAll(&z.list, []any{zipDirectorySig, uint16(20), uint16(20), flags, uint16(0), uint32(0), sum, listSize, listSize,
		uint16(len(name)), uint16(listExtra.Len()), uint16(0), uint16(0), uint16(0), uint32(0), listOffset, name, listExtra.String()})
	z.members++
}

func (z *rawZip) close() []byte {
	start, size, n := z.buf.Len(), z.list.Len(), z.members
	z.buf.Write(z.list.Bytes())
	if z.large {
		end := z.buf.Len()
		z.put(zip64EndSig, uint64(44), uint16(45), uint16(45), uint32(0), uint32(0), uint64(n), uint64(n), uint64(size), uint64(start))
		z.put(zip64LocatorSig, uint32(0), uint64(end), uint32(1))
		start, size, n = zipMax32, zipMax32, zipMax16
	}
	z.put(zipEndSig, uint16(0), uint16(0), uint16(n), uint16(n), uint32(size), uint32(start), uint16(0))
	return z.buf.Bytes()
}

func rawBook(z *rawZip) []byte {
	parts := workbookParts(xmlHead+`<worksheet xmlns="`+nsSheet+`"><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>`+
		`<row r="2"><c r="A2"><v>101</v></c><c r="B2" t="s"><v>2</v></c></row></sheetData></worksheet>`,
		xmlHead+`<sst xmlns="`+nsSheet+`"><si><t>extension</t></si><si><t>device_name</t></si><si><t>Desk</t></si></sst>`)
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		z.member(name, parts[name])
	}
	return z.close()
}

// TestZipForms reads what programs are free to write, and then the same with
// one bit wrong in many places.
func TestZipForms(t *testing.T) {
	t.Parallel()
	hint := append([]byte{0x20, 0xA2, 6, 0}, make([]byte, 6)...) // room to grow, as one office program leaves it
	for name, z := range map[string]*rawZip{
		"plain":                 {},
		"late, signed":          {descriptor: "s4"},
		"late, not signed":      {descriptor: "4"},
		"late, wide":            {descriptor: "s8"},
		"late, wide, no sign":   {descriptor: "8"},
		"large":                 {large: true},
		"large and late":        {large: true, descriptor: "s8"},
		"extra in header":       {extra: hint},
		"aligned":               {gap: 3},
		"aligned behind a late": {descriptor: "s4", gap: 5},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			data := rawBook(z)
			whole := outcome(t, "a.xlsx", data)
			if !whole.read || len(whole.rows) != 1 || whole.rows[0][1] != "Desk" {
				_, _, err := Read(t.Context(), []string{save(t, "a.xlsx", data)}, Options{})
				t.Fatalf("got %v, want one row: %v", whole.rows, err)
			}
			step := max(1, len(data)/damageSteps())
			for at := len(data) - 1 - damageSeed()%step; at >= 0; at -= step {
				flipped := bytes.Clone(data)
				flipped[at] ^= 1 << (at % 8)
				if got := outcome(t, "a.xlsx", flipped); got.read && !slices.EqualFunc(got.rows, whole.rows, slices.Equal) {
					t.Errorf("bit %d of byte %d flipped: read, but not as before", at%8, at)
				}
			}
		})
	}
}

// TestZipLayoutIsProven spoils single records.
func TestZipLayoutIsProven(t *testing.T) {
	t.Parallel()
	plain := rawBook(&rawZip{})
	list := bytes.Index(plain, []byte(zipDirectorySig))
	for name, spoil := range map[string]func(b []byte) []byte{
		"name in the list":     func(b []byte) []byte { b[list+zipDirectoryLen+2] ^= 1; return b },
		"name at the member":   func(b []byte) []byte { b[zipLocalLen+2] ^= 1; return b },
		"method at the member": func(b []byte) []byte { b[8] = 8; return b },
		"sum at the member":    func(b []byte) []byte { b[14] ^= 1; return b },
		"size at the member":   func(b []byte) []byte { b[22] ^= 1; return b },
		"secret at the member": func(b []byte) []byte { b[6] |= flagSecret; return b },
		"comment in the list":  func(b []byte) []byte { b[list+32] ^= 1; return b },
		"member not listed": func([]byte) []byte {
			z := &rawZip{}
			z.member("xl/styles.xml", "<styleSheet/>")
			z.list.Reset()
			z.members = 0
			return rawBook(z)
		},
		"something between": func([]byte) []byte {
			z := &rawZip{}
			z.member("xl/other.xml", "<other/>")
			z.put("\x01")
			return rawBook(z)
		},
		"before the list": func([]byte) []byte {
			z := &rawZip{extra: []byte{}}
			z.member("xl/other.xml", "<other/>")
			book := rawBook(z)
			at := bytes.Index(book, []byte(zipDirectorySig))
			book = slices.Insert(book, at, 'x')
			binary.LittleEndian.PutUint32(book[len(book)-6:], uint32(at+1))
			return book
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, _, err := Read(t.Context(), []string{save(t, "a.xlsx", spoil(bytes.Clone(plain)))}, Options{})
			var ferr *FileError
			if !errors.As(err, &ferr) || ferr.Reason != ReasonDamaged {
				t.Errorf("got %v, want it refused as damaged", err)
			}
		})
	}
}
