package telemetry

import (
	"cmp"
	"maps"
	"slices"
	"sync"
	"time"
)

// Families of the page alone.
var (
	buildInfo    = Family{Name: "provision_build_info", Help: "The program's version; always 1.", Labels: []string{"version"}, Served: true}
	inboxStart   = Family{Name: "provision_inbox_start_timestamp_seconds", Help: "When the process began to watch the inbox.", Served: true}
	inboxLook    = Family{Name: "provision_inbox_look_timestamp_seconds", Help: "When the inbox was looked into the last time.", Served: true}
	inboxWorking = Family{Name: "provision_inbox_working", Help: "1 while a sheet is carried out.", Served: true}
	inboxSheets  = Family{Name: "provision_inbox_sheets_total", Help: "Sheets by where they went.", Counter: true, Labels: []string{"place"}, Served: true}
	callsTotal   = Family{Name: "provision_calls_total", Help: "Calls of the service by throttling group and outcome.", Counter: true, Labels: []string{"group", "outcome"}, Served: true}
	changesTotal = Family{Name: "provision_changes_total", Help: "Changes that came to an end, by status.", Counter: true, Labels: []string{"status"}, Served: true}
)

// Page is what a process that goes on says of itself while it does, and how its
// last work ended. It is used from many goroutines.
type Page struct {
	profile, version string

	mu      sync.Mutex
	last    *Metrics
	start   time.Time
	looked  time.Time
	working bool
	counts  map[counter]int64
}

// counter is a metric of a counting family.
type counter struct{ family, first, second string }

// NewPage makes the page of a process that begins now. Sheets are counted by
// these places.
func NewPage(profile, version string, now time.Time, places ...string) *Page {
	p := &Page{profile: profile, version: version, start: now, looked: now, counts: map[counter]int64{}}
	for _, place := range places {
		p.counts[counter{inboxSheets.Name, place, ""}] = 0
	}
	return p
}

// Last takes how work ended.
func (p *Page) Last(m *Metrics) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.last = m
}

// Looked notes that the inbox is looked into.
func (p *Page) Looked(now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.looked = now
}

// Working notes that a sheet is being carried out, or is no longer.
func (p *Page) Working(on bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.working = on
}

// Sheet counts a sheet.
func (p *Page) Sheet(place string) { p.count(&inboxSheets, place, "") }

// Call counts a call of the service.
func (p *Page) Call(group, outcome string) { p.count(&callsTotal, group, outcome) }

// Change counts a change that came to an end.
func (p *Page) Change(status string) { p.count(&changesTotal, status, "") }

func (p *Page) count(f *Family, first, second string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.counts[counter{f.Name, first, second}]++
}

// Alive reports whether a sheet is being carried out, or the inbox was looked
// into within that time.
func (p *Page) Alive(now time.Time, within time.Duration) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.working || now.Sub(p.looked) <= within
}

// Text is the page in the text format.
func (p *Page) Text() []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	w := &writer{profile: p.profile}
	w.head(&buildInfo)
	w.metric(&buildInfo, 1, p.version)
	w.one(&inboxStart, p.start.Unix())
	w.one(&inboxLook, p.looked.Unix())
	working := int64(0)
	if p.working {
		working = 1
	}
	w.one(&inboxWorking, working)
	keys := slices.SortedFunc(maps.Keys(p.counts), func(x, y counter) int {
		return cmp.Or(cmp.Compare(x.first, y.first), cmp.Compare(x.second, y.second))
	})
	for _, f := range []*Family{&inboxSheets, &callsTotal, &changesTotal} {
		w.head(f)
		for _, k := range keys {
			if k.family == f.Name {
				w.metric(f, p.counts[k], []string{k.first, k.second}[:len(f.Labels)]...)
			}
		}
	}
	if p.last != nil {
		w.b.Write(p.last.Text())
	}
	return w.b.Bytes()
}
