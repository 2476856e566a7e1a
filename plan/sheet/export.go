package sheet

import (
	"cmp"
	"slices"
	"strings"

	"provision/plan"
)

// ExportOptions choose what of an account is written, and for which format.
type ExportOptions struct {
	// Extension, where set, tells by its number whether an extension is wanted.
	Extension func(number string) bool
	// Site, where set, is the only site whose extensions are wanted.
	Site plan.SiteID
	// Format is [FormatXLSX] or [FormatCSV]. A CSV has no types: what a
	// spreadsheet program would take for a formula is left out of it.
	Format string
}

// Exported is an account as a sheet.
type Exported struct {
	Header []string
	Rows   [][]string
	Left   []LeftOut
}

// LeftOut is a device that no row of an export speaks of.
type LeftOut struct {
	Device    plan.DeviceID
	Extension string // its number; empty for an unassigned device
	Name      string
	Reason    string // in words, the same for all of a kind
}

// exportColumns are the columns of an export: those that tell of a phone, and
// those in which somebody would write what shall become of it.
var exportColumns = []columnID{
	colAction, colExtension, colEmail, colUserName, colSite, colDeviceID, colPhoneNumber, colSerial, colDeviceName, colNewName,
	colModel, colDeviceType, colLocation, colStreet, colStreet2, colCity, colState, colZip, colCountry, colCustomerName,
	colReplaceWith, colKeepAssets, colCommonPhone, colNotes,
}

// Export writes a live account as rows: one for each phone that rows can mean,
// found by its device_id. Planned against the same account, the rows as they
// are need no change and have no error; that is not hoped for but tried, and a
// value that would not stand the trial is left out of its row and told in the
// row's notes, a phone that would not is in Left.
func Export(s plan.Snapshot, o ExportOptions) (Exported, error) {
	e := newExporter(&s, o)
	rows := e.candidates()
	rows, err := e.proven(rows)
	if err != nil {
		return Exported{}, err
	}
	out := Exported{Rows: make([][]string, len(rows)), Left: e.left}
	for _, c := range exportColumns {
		out.Header = append(out.Header, registry[c].name)
	}
	for i, r := range rows {
		out.Rows[i] = r.record()
	}
	return out, nil
}

// exportRow is a row on its way into the sheet.
type exportRow struct {
	dev   *plan.Device
	ext   *plan.Extension
	cells [columnCount]string
	notes []string
	bare  bool // all but the strongest key was taken out already
}

func (r *exportRow) record() []string {
	cells := make([]string, len(exportColumns))
	for i, c := range exportColumns {
		cells[i] = r.cells[c]
	}
	return cells
}

// exporter carries one call of [Export].
type exporter struct {
	s         *plan.Snapshot
	o         ExportOptions
	ext       map[plan.ExtensionID]*plan.Extension
	locations map[plan.LocationID]string // what a cell calls them, where that is not the id
	sites     map[plan.SiteID]string     // names that stand for one site only
	left      []LeftOut
}

func newExporter(s *plan.Snapshot, o ExportOptions) *exporter {
	e := &exporter{
		s: s, o: o, ext: make(map[plan.ExtensionID]*plan.Extension, len(s.Extensions)),
		locations: map[plan.LocationID]string{}, sites: map[plan.SiteID]string{},
	}
	for i := range s.Extensions {
		e.ext[s.Extensions[i].ID] = &s.Extensions[i]
	}
	names := map[string]int{}
	for _, l := range s.Locations {
		names[strings.ToLower(clean(l.Name))]++
	}
	for _, l := range s.Locations {
		// A colon may begin a word of ours, as in id:…
		if name := clean(l.Name); name != "" && names[strings.ToLower(name)] == 1 && !strings.EqualFold(name, "keep") && !strings.Contains(name, ":") {
			e.locations[l.ID] = name
		}
	}
	clear(names)
	for _, site := range s.Sites {
		names[strings.ToLower(clean(site.Name))]++
	}
	for _, site := range s.Sites {
		if name := clean(site.Name); names[strings.ToLower(name)] == 1 {
			e.sites[site.ID] = name
		} else {
			e.sites[site.ID] = string(site.ID)
		}
	}
	return e
}

func clean(s string) string {
	text, _ := cleanText(s)
	return text
}

// candidates makes the rows of all wanted phones, by extension and device, and
// notes the devices that can have none.
func (e *exporter) candidates() []*exportRow {
	var rows []*exportRow
	for i := range e.s.Devices {
		d := &e.s.Devices[i]
		ext := e.ext[d.Extension]
		if !e.wanted(ext) {
			continue
		}
		if reason := whyNoRow(d, ext); reason != "" {
			e.leave(d, ext, reason)
			continue
		}
		rows = append(rows, e.row(d, ext))
	}
	slices.SortStableFunc(rows, func(a, b *exportRow) int {
		return cmp.Or(plan.CompareNumeric(a.ext.Number, b.ext.Number), plan.CompareNumeric(a.dev.ID, b.dev.ID))
	})
	return rows
}

// wanted applies the selection. Devices on no extension are looked at only
// where nothing is selected.
func (e *exporter) wanted(ext *plan.Extension) bool {
	if e.o.Extension == nil && e.o.Site == "" {
		return true
	}
	if ext == nil || e.o.Extension != nil && !e.o.Extension(ext.Number) {
		return false
	}
	return e.o.Site == "" || cmp.Or(ext.Site, plan.MainSite) == e.o.Site
}

// whyNoRow says why a device can have no row; empty if it can.
func whyNoRow(d *plan.Device, ext *plan.Extension) string {
	switch {
	case d.Type != plan.TypeHardPhone && d.Type != plan.TypeOtherPhone && d.Type != plan.TypeWebRTC:
		return "its type is " + cmp.Or(d.Type, "not known") + ", which rows never mean"
	case d.Extension == "":
		return "it is unassigned"
	case ext == nil:
		return "its extension is not among the account's"
	case ext.Type != "User" && ext.Type != "Limited":
		return "its extension is of type " + cmp.Or(ext.Type, "not known")
	case ext.Status == "Disabled" || ext.Status == "Frozen":
		return "its extension is " + strings.ToLower(ext.Status)
	case !isDigits(ext.Number) || len(ext.Number) > maxExtension:
		return "its extension has no number of its own"
	case !isID(string(d.ID)):
		return "its id has a form that rows can't state"
	}
	return ""
}

func (e *exporter) leave(d *plan.Device, ext *plan.Extension, reason string) {
	l := LeftOut{Device: d.ID, Name: d.Name, Reason: reason}
	if ext != nil {
		l.Extension = ext.Number
	}
	e.left = append(e.left, l)
}

// row says of a phone all that columns can hold.
func (e *exporter) row(d *plan.Device, ext *plan.Extension) *exportRow {
	r := &exportRow{dev: d, ext: ext}
	r.cells[colExtension], r.cells[colDeviceID] = ext.Number, string(d.ID)
	r.cells[colEmail], r.cells[colUserName] = ext.Email, ext.Name
	r.cells[colSite] = e.sites[cmp.Or(ext.Site, plan.MainSite)]
	r.cells[colDeviceName], r.cells[colModel] = d.Name, d.Model
	if d.Type != plan.TypeHardPhone {
		r.cells[colDeviceType] = d.Type
	}
	if mac, problem := parseMAC(d.Serial); problem == "" && mac == d.Serial {
		r.cells[colSerial] = mac
	} else if d.Serial != "" {
		r.note("serial " + d.Serial)
	}
	for _, l := range d.Lines {
		switch {
		case l.Number == "":
		case r.cells[colPhoneNumber] == "":
			r.cells[colPhoneNumber] = l.Number
		default:
			r.note("also " + l.Number)
		}
	}
	if ext.Type == "Limited" {
		r.cells[colCommonPhone] = "no"
		if d.CommonPhone {
			r.cells[colCommonPhone] = "yes"
		}
	}
	e.emergency(r, &d.Emergency)
	for c := range r.cells {
		r.cells[c] = clean(r.cells[c])
		e.guard(r, columnID(c))
	}
	r.finish()
	return r
}

func (r *exportRow) note(text string) { r.notes = append(r.notes, clean(text)) }

// finish writes the notes into their column.
func (r *exportRow) finish() { r.cells[colNotes] = strings.Join(r.notes, "; ") }

// guard takes a value out that must not stand in a CSV.
func (e *exporter) guard(r *exportRow, c columnID) {
	if e.o.Format == FormatCSV && plan.GuardCell(r.cells[c]) != r.cells[c] {
		r.takeOut(c)
	}
}

// emergency says where the phone is: by its emergency response location where
// the account has these, else by the address.
func (e *exporter) emergency(r *exportRow, em *plan.Emergency) {
	if em.AddressStatus != "" && em.AddressStatus != "Valid" {
		r.note("emergency address: " + em.AddressStatus)
	}
	if e.s.Account.ERLRegime && em.LocationID != "" {
		r.cells[colLocation] = e.locationCell(em.LocationID)
		if em.Visibility == "Private" {
			r.note("private location " + em.LocationName)
		}
		return
	}
	a := em.Address
	if a.Street == "" {
		if em.Address != (plan.Address{}) {
			r.note("emergency address: " + a.Line())
		}
		return
	}
	r.cells[colStreet], r.cells[colStreet2], r.cells[colCity] = a.Street, a.Street2, a.City
	r.cells[colState], r.cells[colZip], r.cells[colCountry] = a.State, a.Zip, a.Country
	if !e.s.Account.ERLRegime {
		r.cells[colCustomerName] = a.CustomerName
	}
}

// locationCell names an emergency response location: by its name where that
// means no other, else by its id.
func (e *exporter) locationCell(id plan.LocationID) string {
	return cmp.Or(e.locations[id], "id:"+string(id))
}

// takeOut empties a cell and tells its value in the notes. It reports false
// where there was nothing.
func (r *exportRow) takeOut(c columnID) bool {
	if c >= colStreet && c <= colCountry {
		return r.takeOutAddress()
	}
	if r.cells[c] == "" || c == colNotes {
		return false
	}
	r.note(registry[c].name + " not stated: " + r.cells[c])
	r.cells[c] = ""
	r.finish()
	return true
}

// takeOutAddress empties an address, which is one value.
func (r *exportRow) takeOutAddress() bool {
	found := false
	for c := colStreet; c <= colCountry; c++ {
		found = found || r.cells[c] != ""
		r.cells[c] = ""
	}
	if found {
		r.note("address not stated: " + r.dev.Emergency.Address.Line())
		r.finish()
	}
	return found
}
