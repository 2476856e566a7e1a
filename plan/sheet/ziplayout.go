package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
)

// A zip file says everything about a member twice: before the member's data and
// in the list at the file's end. The library believes the list, so one wrong
// bit in it gives a part another name, and what the workbook then lacks (its
// styles, say) is not missed. layoutReader therefore compares both and accounts
// for each byte before the list: no member may hide between others.
//
// Source of the fields: PKWARE's APPNOTE, 4.3 and 4.5.3.
type layoutReader struct {
	r     io.ReaderAt
	limit int64 // length of the file
}

// Signatures and fixed lengths of a zip file's records.
const (
	zipLocalSig      = "PK\x03\x04"
	zipDirectorySig  = "PK\x01\x02"
	zipEndSig        = "PK\x05\x06"
	zip64EndSig      = "PK\x06\x06"
	zip64LocatorSig  = "PK\x06\x07"
	zipDescriptorSig = "PK\x07\x08"

	zipLocalLen     = 30
	zipDirectoryLen = 46
	zipEndLen       = 22
	zip64EndLen     = 56
	zip64LocatorLen = 20
	zipMaxComment   = 1<<16 - 1

	zipMax32    = 1<<32 - 1 // the number is in the field for large ones
	zipMax16    = 1<<16 - 1
	zip64Extra  = 1 // the field for large numbers
	flagSecret  = 1 << 0
	gapChunkLen = 32 << 10
)

// layoutMember is a member as the list at the end has it.
type layoutMember struct {
	file   *zip.File
	name   []byte
	offset int64 // of its local header
}

var errLayout = errors.New("zip records do not fit together")

// proveLayout compares the list of a zip file's members, which zip has read,
// with what stands at the members themselves.
func proveLayout(r io.ReaderAt, size int64, files []*zip.File) *FileError {
	l := &layoutReader{r: r, limit: size}
	members, start, err := l.directory(files)
	if err != nil {
		return unreadable("list at its end", err)
	}
	// In nearly all files the list has the members' order, but it need not.
	at := map[int64]*layoutMember{}
	for i := range members {
		at[members[i].offset] = &members[i]
	}
	pos := int64(0)
	for range members {
		m := at[pos]
		if m == nil {
			return unreadable("list at its end", errLayout)
		}
		if pos, err = l.member(m, pos, start, at); err != nil {
			return unreadable(m.file.Name, err)
		}
	}
	if pos != start {
		return unreadable("list at its end", errLayout)
	}
	return nil
}

// bytes reads n bytes of the file.
func (l *layoutReader) bytes(offset, n int64) ([]byte, error) {
	if offset < 0 || n < 0 || n > l.limit || offset > l.limit-n {
		return nil, errLayout
	}
	b := make([]byte, n)
	if _, err := l.r.ReadAt(b, offset); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return b, nil
}

// directory reads the list of members and gives the offset at which it starts.
// Behind it nothing may stand but the records that end the file.
func (l *layoutReader) directory(files []*zip.File) ([]layoutMember, int64, error) {
	end, pos, err := l.end()
	if err != nil {
		return nil, 0, err
	}
	start := pos
	members := make([]layoutMember, 0, len(files))
	for _, f := range files {
		head, err := l.record(pos, zipDirectorySig, zipDirectoryLen)
		if err != nil {
			return nil, 0, err
		}
		name, extra, comment := int64(le16(head, 28)), int64(le16(head, 30)), int64(le16(head, 32))
		rest, err := l.bytes(pos+zipDirectoryLen, name+extra)
		if err != nil {
			return nil, 0, err
		}
		m := layoutMember{file: f, name: rest[:name], offset: int64(le32(head, 42))}
		if string(m.name) != f.Name || le32(head, 16) != f.CRC32 || le16(head, 10) != f.Method {
			return nil, 0, errLayout
		}
		if m.offset == zipMax32 {
			if m.offset, err = largeOffset(head, rest[name:]); err != nil {
				return nil, 0, err
			}
		}
		members = append(members, m)
		pos += zipDirectoryLen + name + extra + comment
	}
	return members, start, l.tail(pos, end)
}

// end finds the last record of the file and the start of the list.
func (l *layoutReader) end() (end, start int64, err error) {
	n := min(l.limit, zipEndLen+zipMaxComment)
	b, err := l.bytes(l.limit-n, n)
	if err != nil {
		return 0, 0, err
	}
	i := bytes.LastIndex(b, []byte(zipEndSig))
	if i < 0 || len(b)-i < zipEndLen {
		return 0, 0, errLayout
	}
	end, start = l.limit-n+int64(i), int64(le32(b[i:], 16))
	if start != zipMax32 && le16(b[i:], 10) != zipMax16 && le32(b[i:], 12) != zipMax32 {
		return end, start, nil
	}
	locator, err := l.record(end-zip64LocatorLen, zip64LocatorSig, zip64LocatorLen)
	switch {
	case errors.Is(err, errLayout):
		return end, start, nil // just as many as the field holds
	case err != nil:
		return 0, 0, err
	}
	large, err := l.record(int64(le64(locator, 8)), zip64EndSig, zip64EndLen) //nolint:gosec // a negative offset is refused
	if err != nil {
		return 0, 0, err
	}
	return end, int64(le64(large, 48)), nil //nolint:gosec // likewise
}

// tail makes sure that between the list and the end of the file there is
// nothing but the records for large files.
func (l *layoutReader) tail(pos, end int64) error {
	if head, err := l.record(pos, zip64EndSig, zip64EndLen); err == nil {
		pos += int64(min(le64(head, 4), zipMax32)) + 12
	}
	if _, err := l.record(pos, zip64LocatorSig, zip64LocatorLen); err == nil {
		pos += zip64LocatorLen
	}
	if pos != end {
		return errLayout
	}
	return nil
}

func (l *layoutReader) record(offset int64, sig string, n int64) ([]byte, error) {
	b, err := l.bytes(offset, n)
	if err == nil && !bytes.HasPrefix(b, []byte(sig)) {
		err = errLayout
	}
	return b, err
}

// member compares the local header of m at pos with the list and gives the
// offset at which the next record starts; limit is the start of the list.
func (l *layoutReader) member(m *layoutMember, pos, limit int64, at map[int64]*layoutMember) (int64, error) {
	head, err := l.record(pos, zipLocalSig, zipLocalLen)
	if err != nil {
		return 0, err
	}
	name, extra := int64(le16(head, 26)), int64(le16(head, 28))
	rest, err := l.bytes(pos+zipLocalLen, name+extra)
	if err != nil {
		return 0, err
	}
	f := m.file
	if !bytes.Equal(rest[:name], m.name) || le16(head, 8) != f.Method || (le16(head, 6)^f.Flags)&flagSecret != 0 {
		return 0, errLayout
	}
	pos += zipLocalLen + name + extra
	if f.CompressedSize64 > uint64(limit) || pos > limit-int64(f.CompressedSize64) { //nolint:gosec // compared before
		return 0, errLayout
	}
	pos += int64(f.CompressedSize64) //nolint:gosec // compared before
	if at[pos] != nil || pos == limit {
		return pos, sameNumbers(head, rest[name:], f)
	}
	described, err := l.descriptor(pos, limit, f)
	if err != nil {
		return 0, err
	}
	if described == 0 {
		if err := sameNumbers(head, rest[name:], f); err != nil {
			return 0, err
		}
	}
	return l.skipZeros(pos+described, limit, at)
}

// sameNumbers compares the checksum and the sizes of a local header that no
// descriptor follows.
func sameNumbers(head, extra []byte, f *zip.File) error {
	packed, size := uint64(le32(head, 18)), uint64(le32(head, 22))
	if large := extraField(extra, zip64Extra); packed == zipMax32 || size == zipMax32 {
		if len(large) < 16 {
			return errLayout
		}
		size, packed = le64(large, 0), le64(large, 8)
	}
	if le32(head, 14) != f.CRC32 || packed != f.CompressedSize64 || size != f.UncompressedSize64 {
		return errLayout
	}
	return nil
}

// descriptor looks for the record that repeats checksum and sizes behind the
// data, for writers that learn them late; it has four forms. It gives the
// record's length, 0 where there is none.
func (l *layoutReader) descriptor(pos, limit int64, f *zip.File) (int64, error) {
	b, err := l.bytes(pos, min(24, limit-pos))
	if err != nil {
		return 0, err
	}
	numbers := bytes.TrimPrefix(b, []byte(zipDescriptorSig))
	signed := int64(len(b) - len(numbers))
	switch {
	case len(numbers) < 12 || le32(numbers, 0) != f.CRC32:
		return 0, nil
	case len(numbers) >= 20 && le64(numbers, 4) == f.CompressedSize64 && le64(numbers, 12) == f.UncompressedSize64:
		return signed + 20, nil
	case uint64(le32(numbers, 4)) == f.CompressedSize64 && uint64(le32(numbers, 8)) == f.UncompressedSize64:
		return signed + 12, nil
	}
	return 0, nil
}

// skipZeros steps over bytes that hold nothing, up to the next member or the
// list. Some writers align members.
func (l *layoutReader) skipZeros(pos, limit int64, at map[int64]*layoutMember) (int64, error) {
	for pos < limit && at[pos] == nil {
		b, err := l.bytes(pos, min(gapChunkLen, limit-pos))
		if err != nil {
			return 0, err
		}
		for i := 0; i < len(b) && at[pos] == nil; i++ {
			if b[i] != 0 {
				return 0, errLayout
			}
			pos++
		}
	}
	return pos, nil
}

// largeOffset finds a member's offset among the large numbers, which stand for
// those fields only that could not hold theirs.
func largeOffset(head, extra []byte) (int64, error) {
	large := extraField(extra, zip64Extra)
	i := 0
	for _, field := range []int{24, 20} {
		if le32(head, field) == zipMax32 {
			i += 8
		}
	}
	if len(large) < i+8 {
		return 0, errLayout
	}
	return int64(le64(large, i)), nil //nolint:gosec // a negative offset is no member's
}

// extraField gives the field of that kind among the extra ones, nil if none.
func extraField(extra []byte, kind uint16) []byte {
	for len(extra) >= 4 {
		n := int(le16(extra, 2))
		if n > len(extra)-4 {
			return nil
		}
		if le16(extra, 0) == kind {
			return extra[4 : 4+n]
		}
		extra = extra[4+n:]
	}
	return nil
}

func le16(b []byte, at int) uint16 { return binary.LittleEndian.Uint16(b[at:]) }
func le32(b []byte, at int) uint32 { return binary.LittleEndian.Uint32(b[at:]) }
func le64(b []byte, at int) uint64 { return binary.LittleEndian.Uint64(b[at:]) }
