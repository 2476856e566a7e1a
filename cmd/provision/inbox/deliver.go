package inbox

import (
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"provision/cmd/provision/exitcode"
)

// resultSuffix is the ending of the file that tells what came of a sheet.
const resultSuffix = "result.json"

// decide writes the papers into the claim's folder, and then down where all goes.
func (b *Inbox) decide(c *claim, r Result, papers []Paper) error {
	suffixes := make([]string, 0, len(papers)+1)
	for _, p := range papers {
		if err := b.o.Files.Write(filepath.Join(c.dir, paperName+p.Suffix), p.Data); err != nil {
			return err
		}
		suffixes = append(suffixes, p.Suffix)
	}
	name, err := b.freeName(c, r.Place, append(suffixes, resultSuffix))
	if err != nil {
		return err
	}
	d := &decision{}
	for _, s := range suffixes {
		d.Files = append(d.Files, parcel{paperName + s, beside(name, s)})
		r.Papers = append(r.Papers, b.path(string(r.Place), beside(name, s)))
	}
	r.File = b.path(string(r.Place), name)
	d.Files = append(d.Files, parcel{paperName + resultSuffix, beside(name, resultSuffix)}, parcel{c.Name, name})
	d.Result = r
	data, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	if err := b.o.Files.Write(filepath.Join(c.dir, paperName+resultSuffix), append(data, '\n')); err != nil {
		return err
	}
	c.Decision = d
	return b.save(c)
}

// freeName finds a name under which the sheet and all its papers are new: its
// own, or that with the claim's time.
func (b *Inbox) freeName(c *claim, place Place, suffixes []string) (string, error) {
	stamp, random, _ := strings.Cut(c.ID, "-")
	stamp, _, _ = strings.Cut(stamp, ".")
	for _, name := range []string{c.Name, suffixed(c.Name, stamp+"Z"), suffixed(c.Name, stamp+"Z-"+random)} {
		taken, err := b.there(b.path(string(place), name))
		for _, s := range suffixes {
			if err == nil && !taken {
				taken, err = b.there(b.path(string(place), beside(name, s)))
			}
		}
		if err != nil {
			return "", err
		}
		if !taken {
			return name, nil
		}
	}
	return suffixed(c.Name, stamp+"Z-"+random), nil // moveTo finds one beside it
}

// longestName keeps the names of papers within what file systems allow.
const longestName = 200

// beside is the name of a paper.
func beside(name, suffix string) string {
	for len(name) > longestName {
		_, size := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-size]
	}
	return name + "." + suffix
}

// deliver moves what was decided on and tells it. It may be called again at any
// point of an earlier call.
func (b *Inbox) deliver(c *claim) error {
	r := c.Decision.Result
	for _, p := range c.Decision.Files {
		from := filepath.Join(c.dir, p.From)
		there, err := b.there(from)
		if err == nil && there {
			var to string
			to, err = b.moveTo(from, b.path(string(r.Place), p.To))
			if p.From == c.Name {
				r.File = to
			}
		}
		if err != nil {
			return b.trouble(err)
		}
	}
	if err := errors.Join(b.o.Files.Sync(b.path(string(r.Place))), b.o.Files.Sync(c.dir)); err != nil {
		return b.trouble(err)
	}
	b.stayed = exitcode.OK
	b.out.ExitCode = exitcode.Worse(b.out.ExitCode, r.ExitCode)
	b.out.Results = append(b.out.Results, r)
	b.out.Places[r.Place]++
	kinds := map[Place]Kind{Done: SheetDone, Held: SheetHeld, Partial: SheetPartial}
	if err := b.tell(c, kinds[r.Place], "", r); err != nil {
		return err
	}
	if r.Unconfirmed > 0 {
		if err := b.tell(c, AddressPending, "", r); err != nil {
			return err
		}
	}
	return b.forget(c)
}
