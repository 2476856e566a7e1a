package plan

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"maps"
	"slices"
	"time"
)

// assemble makes the plan of what the rows came to. It lets go of what planning
// holds as it goes, as a plan and its making are of the same size.
func (b *builder) assemble() *Plan {
	p := &Plan{
		FormatVersion:  FormatVersion,
		Program:        b.o.Program,
		CreatedAt:      utc(b.o.Now),
		Account:        b.s.Account,
		Sheets:         slices.Clone(b.d.Sheets),
		SnapshotDigest: snapshotDigest(b.s),
		SnapshotAt:     utc(b.s.TakenAt),
		Options:        b.o,
		Errors:         sortProblems(b.errors),
		Warnings:       sortProblems(b.warns),
		HiddenSkipped:  b.d.HiddenSkipped,
		AssignedPhones: assignedPhones(b.s),
		LeftWithout:    b.leftWithout(),
		NumbersGivenUp: numbersGivenUp(b.ch.all, b.ix),
		Safety:         b.safety(),
		Unmanaged:      b.unmanaged(),
		Notes:          b.allNotes(),
	}
	p.Options.Now, p.Options.Program = time.Time{}, ""
	p.Options.KnownPlaces = b.ix.known.usedPairs()
	b.making = making{}
	b.ix.forgetExtensions()
	p.Rows = b.rowResults()
	p.Changes = b.ch.sorted()
	b.assumeSlots(p.Changes)
	p.Phones = b.ix.phonesOf(p)
	forReaders(p.Changes, b.s)
	p.Estimate = p.CallsAndTime(b.s.Limits, b.o.BulkSize)
	return p
}

// allNotes are the lines about the plan as a whole.
func (b *builder) allNotes() []string {
	if !b.s.DevicesComplete && len(b.groups) > 0 {
		b.note("the account's device list could not be read: percentages of guards count the phones of the named extensions only")
	}
	b.noteProtection()
	if b.o.Offline {
		b.note("planned from a saved snapshot that was " + Age(b.o.Now.Sub(b.s.TakenAt)) + " old: what changed since then is found when the plan is applied")
	}
	return slices.Sorted(maps.Keys(b.notes))
}

// utc drops what does not survive saving: the zone and the monotonic clock.
func utc(t time.Time) time.Time { return t.UTC().Round(0) }

func sortProblems(ps []Problem) []Problem {
	if ps == nil {
		ps = []Problem{}
	}
	slices.SortStableFunc(ps, func(x, y Problem) int {
		return cmp.Or(x.Cell.Compare(y.Cell), cmp.Compare(x.Code, y.Code), cmp.Compare(x.Message, y.Message))
	})
	return ps
}

// snapshotDigest is a fingerprint of what was compared. It does not depend on
// when the account was read.
func snapshotDigest(s *Snapshot) string {
	d := digester{h: sha256.New()}
	d.put(s.Account.ID)
	for i := range s.Sites {
		d.put("site", string(s.Sites[i].ID), s.Sites[i].Name, s.Sites[i].Code)
	}
	for i := range s.CostCenters {
		c := &s.CostCenters[i]
		d.put("cost", string(c.ID), c.Name, c.Code)
	}
	for i := range s.Locations {
		l := &s.Locations[i]
		d.put("erl", string(l.ID), l.Name, string(l.Site), l.AddressStatus, l.UsageStatus, l.FormatStatus, l.Visibility)
		d.address(&l.Address)
	}
	for i := range s.Extensions {
		e := &s.Extensions[i]
		d.put("ext", string(e.ID), e.Number, e.Name, e.Email, e.Type, e.Status, string(e.Site))
	}
	for i := range s.Devices {
		d.device(&s.Devices[i])
	}
	for i := range s.Numbers {
		n := &s.Numbers[i]
		d.put("number", string(n.ID), n.Number, n.Usage, n.Status, n.Type, n.TollType, string(n.Extension))
	}
	return d.sum()
}

// digester hashes texts, each with its end, in blocks.
type digester struct {
	h   hash.Hash
	buf []byte
}

func (d *digester) put(texts ...string) {
	for _, t := range texts {
		d.buf = append(append(d.buf, t...), 0)
	}
	if len(d.buf) > 1<<15 {
		d.h.Write(d.buf)
		d.buf = d.buf[:0]
	}
}

func (d *digester) address(a *Address) {
	d.put(a.Street, a.Street2, a.City, a.State, a.Zip, a.Country, a.CustomerName)
}

func (d *digester) device(v *Device) {
	e := &v.Emergency
	d.put("dev", string(v.ID), v.Type, v.Name, v.Serial, v.Model, string(v.ModelID), string(v.Extension), string(v.Site), v.LinePooling,
		flag(v.CommonPhone), flag(v.HotDesk), string(e.LocationID), e.LocationName, e.AddressStatus, e.Visibility, e.Editable)
	if e.LocationID == "" {
		d.address(&e.Address)
	}
	for i := range v.Lines {
		l := &v.Lines[i]
		d.put("line", l.ID, l.Type, l.Number, string(l.NumberID), flag(l.LocalOnly))
	}
}

func (d *digester) sum() string {
	d.h.Write(d.buf)
	return hex.EncodeToString(d.h.Sum(nil))
}

func flag(v bool) string {
	if v {
		return "1"
	}
	return "0"
}
