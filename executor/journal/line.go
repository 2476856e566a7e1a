package journal

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
)

const (
	sumLen = 16 // hex digits of the checksum
	sumKey = `,"sum":"`
	sumEnd = `"}`
	// tailLen is the length of what ends every line: the sum's key, the sum
	// and the closing of the object.
	tailLen = len(sumKey) + sumLen + len(sumEnd)
)

// checksum is the chained checksum of a line's body.
func checksum(prev string, body []byte) string {
	h := sha256.New()
	h.Write([]byte(prev))
	h.Write(body)
	return hex.EncodeToString(h.Sum(nil)[:sumLen/2])
}

// appendLine appends the record as one line to buf and returns it with the
// line's checksum. What the record holds as Sum is not looked at.
func appendLine(buf []byte, rec Record, prev string) (line []byte, sum string, err error) {
	rec.Sum = ""
	text, err := json.Marshal(rec)
	if err != nil {
		return buf, prev, fmt.Errorf("encode record: %w", err)
	}
	// Sum is the last field and is never left out, so the text ends in it.
	body := text[:len(text)-len(sumKey)-len(sumEnd)]
	sum = checksum(prev, body)
	buf = append(buf, body...)
	buf = append(buf, sumKey...)
	buf = append(buf, sum...)
	buf = append(buf, sumEnd...)
	return append(buf, '\n'), sum, nil
}

// parseLine reads one line, without its newline, and checks that it is the
// record of that number and continues the chain. The reason is for people.
func parseLine(line []byte, seq uint64, prev string) (rec Record, reason string) {
	if len(line) <= tailLen {
		return Record{}, "too short for a record"
	}
	body, tail := line[:len(line)-tailLen], line[len(line)-tailLen:]
	sum := string(tail[len(sumKey) : len(sumKey)+sumLen])
	if !bytes.HasPrefix(tail, []byte(sumKey)) || !bytes.HasSuffix(tail, []byte(sumEnd)) {
		return Record{}, "does not end in a checksum"
	}
	if checksum(prev, body) != sum {
		return Record{}, "the checksum does not fit"
	}
	if err := json.Unmarshal(line, &rec); err != nil {
		return Record{}, err.Error()
	}
	if rec.Seq != seq {
		return Record{}, fmt.Sprintf("has number %d", rec.Seq)
	}
	return rec, ""
}
