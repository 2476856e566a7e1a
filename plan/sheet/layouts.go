package sheet

import "strings"

// foreignLayout is the header of somebody else's sheet: where its columns mean
// something that their names alone do not tell.
type foreignLayout struct {
	name string // for people
	// needs are headers that must all be there; of those joined by "|" one.
	needs []string
	// means tells for headers what they mean here. colNone: kept for the
	// report only.
	means map[string]columnID
	// typeIsModel tells that a "device type" is the model of a phone, unless
	// it is one of our types.
	typeIsModel bool
}

// foreignLayouts are tried in this order. The first three are sheets of the
// service's professional services: the upload of devices, the mapping of
// devices to emergency locations, and the export of users for a migration. The
// last is the admin portal's sheet to set up users; its guide names the columns
// but does not show the sheet, so that it is told by few of them.
var foreignLayouts = []foreignLayout{
	{
		name:        "device upload (professional services)",
		needs:       []string{"Extension|Extension Number", "Device Type", "MAC Address", "Device Name"},
		means:       map[string]columnID{"Device Type": colModel},
		typeIsModel: true,
	},
	{
		name:  "devices and their emergency locations (professional services)",
		needs: []string{"Device Name|Device ID", "Extension Name|Extension", "Phone number(s)", "ERL"},
		means: map[string]columnID{"Extension Name": colUserName, "Phone number(s)": colNone, "Model": colModel},
	},
	{
		name:  "user data for a migration (professional services)",
		needs: []string{"Extension", "Phone S/N", "Phone Nickname", "E911 Customer Name"},
		means: map[string]columnID{
			"Phone S/N": colSerial, "Phone Nickname": colDeviceName, "Phone Model": colModel, "Default Area Code": colAreaCode,
			"E911 Customer Name": colCustomerName, "E911 Town/City/Locality/Municipality": colCity, "E911 State/Province/County": colState,
			"Department": colNone, "User Type": colNone,
		},
	},
	{
		name:  "users to set up (admin portal)",
		needs: []string{"License Billing ID|License ID", "First Name", "Last Name", "Extension|Extension Number"},
		means: map[string]columnID{"Device": colModel, "Phone Make/Model": colModel, "Device Type": colModel, "Direct Number": colPhoneNumber, "Number": colPhoneNumber},
		// The portal's sheet names softphones there, too.
		typeIsModel: true,
	},
}

// layoutOf recognises a foreign layout by its header; nil if it is none.
func layoutOf(header []string) *foreignLayout {
	there := make(map[string]bool, len(header))
	for _, h := range header {
		there[foldHeader(h)] = true
	}
	for i := range foreignLayouts {
		if foreignLayouts[i].fits(there) {
			return &foreignLayouts[i]
		}
	}
	return nil
}

func (f *foreignLayout) fits(there map[string]bool) bool {
	for _, need := range f.needs {
		if !anyThere(need, there) {
			return false
		}
	}
	return true
}

// anyThere reports whether one of the headers joined by "|" is there.
func anyThere(need string, there map[string]bool) bool {
	for one := range strings.SplitSeq(need, "|") {
		if there[foldHeader(one)] {
			return true
		}
	}
	return false
}

// column tells what a folded header means in the layout.
func (f *foreignLayout) column(folded string) (columnID, bool) {
	for header, id := range f.means {
		if foldHeader(header) == folded {
			return id, true
		}
	}
	return colNone, false
}
