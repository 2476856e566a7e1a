package sip

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"provision/rcclient"
)

// partVersion is the version of the part file's format.
const partVersion = 1

// ErrListChanged says that a part file was begun for another list of phones,
// or is none.
var ErrListChanged = errors.New("the phones of the list have changed since the reading was begun")

// partHead is the first line of a part file.
type partHead struct {
	Version int       `json:"sip_part"`
	List    string    `json:"list"` // fingerprint
	Begun   time.Time `json:"begun"`
}

// answer is what came of one phone, a line of a part file.
type answer struct {
	Device  string            `json:"device"`
	Info    *rcclient.SIPInfo `json:"info,omitempty"`
	Message string            `json:"message,omitempty"` // why there are no settings
}

// fingerprint tells lists apart: rows, their phones and their order count.
func fingerprint(account string, rows []Row) string {
	sum := sha256.New()
	put := func(texts ...string) {
		for _, t := range texts {
			_, _ = fmt.Fprintf(sum, "%d:%s", len(t), t) // a hash takes everything
		}
	}
	put(account)
	for _, r := range rows {
		put(r.ID, r.Source, r.Extension, r.Device)
		if r.Removed {
			put("removed")
		}
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// part is an open part file.
type part struct {
	file  *os.File
	begun time.Time
	known map[string]answer // by device
}

// PartOf is the name of the part file of a file.
func PartOf(path string) string { return path + ".part" }

// openPart goes on with a part file, or begins one. Of a file that was cut
// short in the middle of a line, that line is dropped.
func openPart(path, list string, now time.Time) (*part, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	p := &part{file: f, begun: now, known: map[string]answer{}}
	err = f.Chmod(0o600)
	if err == nil {
		err = p.read(list)
	}
	if err != nil {
		err = errors.Join(fmt.Errorf("read %s: %w", path, err), f.Close())
		if info, serr := os.Stat(path); serr == nil && info.Mode().IsRegular() && info.Size() == 0 {
			err = errors.Join(err, remove(path)) // nothing was kept: the disk is full
		}
		return nil, err
	}
	return p, nil
}

// read reads what is there and leaves the file open behind its last whole line.
func (p *part) read(list string) error {
	info, err := p.file.Stat()
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return errors.New("it is no file")
	}
	in := bufio.NewReader(p.file)
	size := int64(0)
	for first := true; ; first = false {
		line, err := in.ReadBytes('\n')
		if err != nil { // the end, or a line that was cut
			if first && info.Size() > 0 && !beginsPart(line) {
				return ErrListChanged // somebody else's file, or none of ours
			}
			break
		}
		if first {
			err = p.head(line, list)
		} else {
			err = p.line(line)
		}
		if err != nil {
			return err
		}
		size += int64(len(line))
	}
	if err := p.file.Truncate(size); err != nil {
		return err
	}
	if _, err := p.file.Seek(size, 0); err != nil {
		return err
	}
	if size > 0 {
		return nil
	}
	return p.put(partHead{Version: partVersion, List: list, Begun: p.begun.UTC()})
}

// beginsPart tells whether a cut line can be the first one of a part file.
func beginsPart(line []byte) bool {
	const begin = `{"sip_part":`
	n := min(len(line), len(begin))
	return string(line[:n]) == begin[:n]
}

func (p *part) head(line []byte, list string) error {
	var h partHead
	if json.Unmarshal(line, &h) != nil || h.Version != partVersion || h.List != list {
		return ErrListChanged
	}
	p.begun = h.Begun
	return nil
}

func (p *part) line(line []byte) error {
	var a answer
	if json.Unmarshal(line, &a) != nil || a.Device == "" {
		return errors.New("a line is damaged") // what it holds is not for an error
	}
	p.known[a.Device] = a
	return nil
}

// add keeps what came of a phone, durable before it returns.
func (p *part) add(a answer) error {
	p.known[a.Device] = a
	if err := p.put(a); err != nil {
		return fmt.Errorf("keep SIP settings of device %s: %w", a.Device, err)
	}
	return nil
}

func (p *part) put(v any) error {
	line, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if _, err := p.file.Write(append(line, '\n')); err != nil {
		return err
	}
	return p.file.Sync()
}

// remove takes a part file away; one that is not there is no error.
func remove(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove %s: %w", path, err)
	}
	return nil
}
