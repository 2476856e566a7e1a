package rcsim

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
)

// GenerateOptions say what account and sheet to make up.
type GenerateOptions struct {
	Extensions          int // how many there are
	DevicesPerExtension int // phones of each extension that has no add row
	ERLs                int // company ERLs; also how many places there are without them
	ERLRegime           bool
	UnlistedOperations  bool // device bulk-update answers
	Seed                uint64
	Rows                int // 0: as many as extensions
	Mix                 Mix // zero: DefaultMix
}

// Mix is a sheet's kinds of rows in percent; they add up to 100.
type Mix struct{ Add, Emergency, Swap, Remove int }

// DefaultMix is what a large rollout looks like.
var DefaultMix = Mix{Add: 70, Emergency: 20, Swap: 5, Remove: 5}

// SheetRow is one row of a generated sheet. The first row is the header; all
// rows are equally long.
type SheetRow []string

// ParseMix reads "add=70,emergency=20,swap=5,remove=5"; kinds left out are 0.
func ParseMix(text string) (Mix, error) {
	var mix Mix
	fields := map[string]*int{"add": &mix.Add, "emergency": &mix.Emergency, "swap": &mix.Swap, "remove": &mix.Remove}
	for one := range strings.SplitSeq(text, ",") {
		kind, percent, _ := strings.Cut(strings.TrimSpace(one), "=")
		n, err := strconv.Atoi(percent)
		field := fields[kind]
		if field == nil || err != nil || n < 0 {
			return Mix{}, fmt.Errorf("parse mix %q: want add=N,emergency=N,swap=N,remove=N with whole percents", text)
		}
		*field = n
	}
	return mix, mix.check()
}

func (m Mix) check() error {
	if sum := m.Add + m.Emergency + m.Swap + m.Remove; sum != 100 || min(m.Add, m.Emergency, m.Swap, m.Remove) < 0 {
		return fmt.Errorf("the mix adds up to %d percent, want 100", sum)
	}
	return nil
}

// sheetColumns are the columns of a generated sheet.
var sheetColumns = SheetRow{"action", "extension", "device_id", "device_name", "area_code", "emergency_location",
	"street", "city", "state", "zip", "country", "replace_with", "keep_assets"}

// Generate makes up an account and a sheet for it; the same options give the
// same bytes. No extension stands in two rows but as a swap's partner. Add rows
// name an ERL (or an address) and an area code, every second one a device name,
// and their extensions have no phone. The other rows name device_id. Half of
// the swaps are pairs of extensions that trade phones, the others take a phone
// from the inventory.
func Generate(options GenerateOptions) (*Account, []SheetRow, error) {
	g, err := newGenerator(options)
	if err != nil {
		return nil, nil, fmt.Errorf("generate account: %w", err)
	}
	g.places()
	g.assignRoles()
	for i := range g.options.Extensions {
		g.extension(i)
	}
	g.inventory()
	if err := g.account.complete(); err != nil {
		return nil, nil, fmt.Errorf("generate account: %w", err)
	}
	return g.account, g.sheet(), nil
}

// role is what a generated extension's row is about.
type role int

const (
	roleNone role = iota
	roleAdd
	roleEmergency
	roleTrade  // swap with a partner
	roleRefill // swap with a phone of the inventory
	roleRemove
)

type generator struct {
	options GenerateOptions
	random  *rand.Rand
	account *Account
	roles   []role
	counts  map[role]int
	partner map[int]int // of roleTrade, by index
	target  map[int]ID  // of roleRefill, by index
	first   int         // number of the first extension
	next    int64       // id
	phones  int         // devices made so far
}

func newGenerator(options GenerateOptions) (*generator, error) {
	if options.Rows == 0 {
		options.Rows = options.Extensions
	}
	if options.Mix == (Mix{}) {
		options.Mix = DefaultMix
	}
	if err := options.Mix.check(); err != nil {
		return nil, err
	}
	g := &generator{options: options, partner: map[int]int{}, target: map[int]ID{}, first: 1001, next: 500_000_000}
	g.random = rand.New(rand.NewPCG(options.Seed, 1)) //nolint:gosec // has to be repeatable, not secret
	if options.Extensions > 8000 {
		g.first = 100_001
	}
	g.counts = options.Mix.rows(options.Rows)
	others := options.Rows - g.counts[roleAdd]
	switch {
	case options.Extensions < 1 || options.Extensions > 800_000:
		return nil, fmt.Errorf("%d extensions, want 1 to 800000", options.Extensions)
	case options.DevicesPerExtension < 0 || options.DevicesPerExtension > 50:
		return nil, fmt.Errorf("%d devices per extension, want 0 to 50", options.DevicesPerExtension)
	case options.Extensions*options.DevicesPerExtension > 3_000_000:
		return nil, errors.New("more than 3000000 devices: there are not enough numbers")
	case options.Rows < 0 || options.Rows > options.Extensions:
		return nil, fmt.Errorf("%d rows for %d extensions: each row needs one of its own", options.Rows, options.Extensions)
	case others > 0 && options.DevicesPerExtension == 0:
		return nil, errors.New("rows that change phones need at least one device per extension")
	case options.ERLs < 1 || options.ERLs > maxLocations:
		return nil, fmt.Errorf("%d ERLs, want 1 to %d", options.ERLs, maxLocations)
	case g.counts[roleEmergency] > 0 && options.ERLs < 2:
		return nil, errors.New("emergency rows need at least two ERLs")
	}
	return g, nil
}

// rows splits a number of rows by the mix; what rounding leaves over goes to the
// kinds in order.
func (m Mix) rows(total int) map[role]int {
	counts := map[role]int{
		roleAdd: total * m.Add / 100, roleEmergency: total * m.Emergency / 100,
		roleRefill: total * m.Swap / 100, roleRemove: total * m.Remove / 100,
	}
	left := total
	for _, n := range counts {
		left -= n
	}
	for _, one := range []struct {
		role    role
		percent int
	}{{roleAdd, m.Add}, {roleEmergency, m.Emergency}, {roleRefill, m.Swap}, {roleRemove, m.Remove}} {
		if left > 0 && one.percent*total%100 > 0 {
			counts[one.role]++
			left--
		}
	}
	counts[roleTrade] = counts[roleRefill] / 4 * 2
	counts[roleRefill] -= counts[roleTrade]
	return counts
}

// assignRoles deals the rows out over the extensions.
func (g *generator) assignRoles() {
	g.roles = make([]role, g.options.Extensions)
	order := g.random.Perm(g.options.Extensions)
	at := 0
	for _, r := range []role{roleAdd, roleEmergency, roleTrade, roleRefill, roleRemove} {
		for n := range g.counts[r] {
			g.roles[order[at]] = r
			if r == roleTrade && n%2 == 1 {
				g.partner[order[at]], g.partner[order[at-1]] = order[at-1], order[at]
			}
			at++
		}
	}
}

func (g *generator) id() ID {
	g.next++
	return ID(strconv.FormatInt(g.next, 10))
}

var generatedSites = []Site{{ID: mainSite, Name: "Main Site"}, {ID: "7001", Name: "East", Code: "11"}, {ID: "7002", Name: "West", Code: "12"}}

func (g *generator) places() {
	g.account = &Account{
		Account:  AccountInfo{ID: 400_131_426, MainNumber: "+16502000000"},
		Settings: Settings{ERLRegime: ptr(g.options.ERLRegime), DeviceList: ptr(true), UnlistedOperations: g.options.UnlistedOperations},
		Sites:    slices.Clone(generatedSites),
		CostCenters: []CostCenter{
			{ID: 9001, Name: "Sales", BillingCode: "SAL"}, {ID: 9002, Name: "Support", BillingCode: "SUP"},
		},
		Numbers: []Number{{ID: g.id(), PhoneNumber: "+16502000000", UsageType: "MainCompanyNumber"}},
	}
	if !g.options.ERLRegime {
		return
	}
	for i := range g.options.ERLs {
		g.account.EmergencyLocations = append(g.account.EmergencyLocations, EmergencyLocation{
			ID: g.id(), Name: fmt.Sprintf("Location %05d", i+1), Address: generatedAddress(i), AddressFormatID: "1", Trusted: ptr(false),
		})
	}
}

var generatedCities = []struct{ city, state, zip string }{
	{"Belmont", "CA", "94002"}, {"Denver", "CO", "80202"}, {"Austin", "TX", "78701"}, {"Reno", "NV", "89501"}, {"Boston", "MA", "02108"},
}

// generatedAddress is the i-th place; no two are alike.
func generatedAddress(i int) Address {
	where := generatedCities[i%len(generatedCities)]
	return Address{"street": fmt.Sprintf("%d Example St", 100+i), "city": where.city, "state": where.state, "zip": where.zip, "country": "US"}
}

func (g *generator) extension(i int) {
	site := generatedSites[i%len(generatedSites)]
	number := strconv.Itoa(g.first + i)
	name := "Person " + number
	extension := Extension{
		ID: IntID(g.id().number()), ExtensionNumber: number, Name: name, Type: "User",
		Contact: &Contact{FirstName: "Person", LastName: number, Email: "person" + number + "@example.com"},
		Site:    &ExtensionSite{ID: site.ID, Name: site.Name, Code: site.Code},
	}
	if i%20 == 19 {
		extension.Type, extension.Contact = "Limited", nil
	}
	g.account.Extensions = append(g.account.Extensions, extension)
	if g.roles[i] == roleAdd {
		return
	}
	for range g.options.DevicesPerExtension {
		g.phone(i, extension, site)
	}
}

// placeOf is where the phones of the i-th extension are.
func (g *generator) placeOf(i int) int { return i % g.options.ERLs }

func (g *generator) phone(i int, extension Extension, site Site) {
	device := g.hardware()
	device.Name = fmt.Sprintf("Desk %s-%d", extension.ExtensionNumber, g.phones)
	device.Extension, device.Site = refTo(&extension), &SiteRef{ID: site.ID, Name: site.Name}
	device.Emergency = &Emergency{Address: generatedAddress(g.placeOf(i)), AddressStatus: statusValid, AddressEditableStatus: "AnyDevice"}
	if g.options.ERLRegime {
		erl := g.account.EmergencyLocations[g.placeOf(i)]
		device.Emergency.Location = &LocationRef{ID: erl.ID, Name: erl.Name}
		device.Emergency.Visibility = "Public"
	}
	device.PhoneLines = []PhoneLine{{
		ID: g.id(), LineType: "Standalone",
		PhoneInfo:        &PhoneInfo{ID: IntID(g.id().number()), PhoneNumber: generatedNumber(g.phones)},
		EmergencyAddress: &LineEmergency{Required: ptr(true), LocalOnly: ptr(false), LineProvisioningStatus: statusValid},
	}}
	g.account.Devices = append(g.account.Devices, device)
}

// generatedNumber stays below the exchanges that the pool sells from.
func generatedNumber(n int) string {
	return fmt.Sprintf("+1650%03d%04d", 201+n/10_000%350, n%10_000)
}

// hardware is a phone without a place: every third is a HardPhone.
func (g *generator) hardware() Device {
	g.phones++
	device := Device{ID: g.id(), Type: typeOtherPhone, Status: "Offline", LinePooling: "None"}
	if g.phones%3 == 0 {
		device.Type, device.Status = typeHardPhone, "Online"
		device.Serial = fmt.Sprintf("AABB%08X", g.phones)
		device.Model = &Model{ID: "56", Name: "Example VVX", LineCount: ptr(1)}
	}
	return device
}

// inventory holds a phone for each refilling swap, and some free numbers.
func (g *generator) inventory() {
	for i, r := range g.roles {
		if r == roleRefill {
			device := g.hardware()
			site := generatedSites[i%len(generatedSites)]
			device.Site = &SiteRef{ID: site.ID, Name: site.Name}
			g.account.Devices = append(g.account.Devices, device)
			g.target[i] = device.ID
		}
	}
	for i := range g.options.Extensions/50 + 1 {
		g.account.Numbers = append(g.account.Numbers, Number{ID: g.id(), PhoneNumber: fmt.Sprintf("+1408200%04d", i%10_000)})
		if i == 9999 {
			return
		}
	}
}

var generatedAreaCodes = []string{"650", "415", "303", "512", "775", "617"}

func (g *generator) sheet() []SheetRow {
	phones := map[IntID]ID{}
	for _, device := range g.account.Devices {
		if device.Extension != nil && phones[device.Extension.ID] == "" {
			phones[device.Extension.ID] = device.ID
		}
	}
	rows := []SheetRow{slices.Clone(sheetColumns)}
	for i, r := range g.roles {
		extension := g.account.Extensions[i]
		row := map[string]string{"extension": extension.ExtensionNumber, "device_id": string(phones[extension.ID])}
		switch r {
		case roleNone:
			continue
		case roleAdd:
			row["action"], row["area_code"] = "add", generatedAreaCodes[i%len(generatedAreaCodes)]
			if len(rows)%2 == 0 {
				row["device_name"] = "Phone of " + extension.ExtensionNumber
			}
			g.fillPlace(row, g.placeOf(i))
		case roleEmergency:
			row["action"] = "update"
			g.fillPlace(row, (g.placeOf(i)+1)%g.options.ERLs)
		case roleTrade:
			row["action"], row["emergency_location"] = "swap", "keep"
			row["replace_with"] = "ext:" + g.account.Extensions[g.partner[i]].ExtensionNumber
		case roleRefill:
			row["action"], row["emergency_location"] = "swap", "keep"
			row["replace_with"] = "id:" + string(g.target[i])
		case roleRemove:
			row["action"], row["keep_assets"] = "remove", "yes"
		}
		rows = append(rows, inColumns(row))
	}
	return rows
}

func (g *generator) fillPlace(row map[string]string, i int) {
	if g.options.ERLRegime {
		row["emergency_location"] = g.account.EmergencyLocations[i].Name
		return
	}
	address := generatedAddress(i)
	for _, field := range []string{"street", "city", "state", "zip", "country"} {
		row[field] = address.text(field)
	}
}

func inColumns(row map[string]string) SheetRow {
	cells := make(SheetRow, len(sheetColumns))
	for i, column := range sheetColumns {
		cells[i] = row[column]
	}
	return cells
}
