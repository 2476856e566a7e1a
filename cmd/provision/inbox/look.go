package inbox

import (
	"cmp"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// seen is a file as it was at a look.
type seen struct {
	name  string
	info  fs.FileInfo
	since time.Time // it has been like this since
}

// same reports whether nothing of the file has changed.
func (s seen) same(info fs.FileInfo) bool {
	return os.SameFile(s.info, info) && s.info.Size() == info.Size() && s.info.ModTime().Equal(info.ModTime()) &&
		arrived(s.info).Equal(arrived(info))
}

// look looks into the inbox. The first value are the files that are complete,
// in the order in which they arrived; the second those that may not be.
//
// That a file is still being written can't be known from outside: it counts as
// complete when it has not changed for the settle interval, and holds something.
func (b *Inbox) look() (ready, young []seen, err error) {
	entries, err := b.o.Files.List(b.o.Dir)
	if err != nil {
		return nil, nil, err
	}
	now, before := b.o.Now(), b.seen
	b.seen = map[string]seen{}
	for _, e := range entries {
		if e.IsDir() || Ignored(e.Name()) || b.skip[e.Name()] {
			continue
		}
		info, err := b.o.Files.Stat(filepath.Join(b.o.Dir, e.Name()))
		if err != nil || info.IsDir() {
			continue // it went away
		}
		s, ok := before[e.Name()]
		if !ok || !s.same(info) {
			s = seen{name: e.Name(), since: now}
		}
		s.info = info
		b.seen[s.name] = s
		if now.Sub(s.since) >= b.o.StableFor && (info.Size() > 0 || !info.Mode().IsRegular()) {
			ready = append(ready, s)
		} else {
			young = append(young, s)
		}
	}
	byArrival := func(x, y seen) int {
		return cmp.Or(arrived(x.info).Compare(arrived(y.info)), strings.Compare(x.name, y.name))
	}
	slices.SortFunc(ready, byArrival)
	slices.SortFunc(young, byArrival)
	return ready, young, nil
}

// Ignored reports whether a name is one that programs give to what is not yet a
// file of its own: hidden files, downloads and copies that are under way, and the
// locks and drafts of spreadsheet programs.
func Ignored(name string) bool {
	if strings.HasPrefix(name, ".") || strings.HasPrefix(name, "~$") || strings.HasSuffix(name, "~") {
		return true
	}
	switch strings.ToLower(filepath.Ext(name)) {
	case ".part", ".partial", ".tmp", ".temp", ".crdownload", ".filepart", ".download", ".swp":
		return true
	}
	return false
}

// isSheet reports whether a name promises a sheet. Formats that are not read are
// among them: who reads sheets says best what to do with them.
func isSheet(name string) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".csv", ".tsv", ".tab", ".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".xlsb", ".ods", ".numbers":
		return true
	}
	return false
}
