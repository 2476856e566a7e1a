package sheet

import (
	"strings"

	"provision/templates"
)

// Column is a column that a sheet may have.
type Column struct {
	Name        string   // the canonical name
	Description string   // for the person who fills it
	Aliases     []string // other headers that mean it without doubt, as people write them
	Example     string   // a value; empty where only few rows fill it
}

// columnDef is a column's entry in the registry, which is in columnID order.
type columnDef struct {
	name    string
	aliases []string
	get     func(*record) string
}

// registry holds the columns. Aliases are only such headers as could mean
// nothing else on a sheet about phones: a bare "Name", "Location", "Number",
// "Type", "Status" or "ID" needs --map.
var registry = [columnCount]columnDef{
	colAction:        {"action", nil, func(r *record) string { return r.Action }},
	colExtension:     {"extension", []string{"Ext", "Ext.", "Extn", "Ext No", "Ext #", "Ext Number", "Extension Number", "Extension No", "Extension #"}, func(r *record) string { return r.Extension }},
	colEmail:         {"email", []string{"E-mail", "Email Address", "User Email", "Contact Email", "Work Email", "Primary Email"}, func(r *record) string { return r.Email }},
	colUserName:      {"user_name", []string{"User", "Full Name", "Display Name", "Employee Name", "Extension Name", "User Full Name"}, func(r *record) string { return r.UserName }},
	colSite:          {"site", []string{"Site Name", "Office Site"}, func(r *record) string { return r.Site }},
	colDeviceID:      {"device_id", []string{"Phone ID"}, func(r *record) string { return r.DeviceID }},
	colPhoneNumber:   {"phone_number", []string{"Phone Number", "Direct Number", "DID", "Telephone Number", "DID Number", "Direct Number (DID)", "Digital Line Number"}, func(r *record) string { return r.PhoneNumber }},
	colSerial:        {"serial", []string{"MAC", "MAC Address", "Serial Number", "Serial No", "Serial #", "S/N", "Device MAC", "Device MAC Address", "Device Serial", "Device Serial Number", "Phone MAC", "Phone S/N"}, func(r *record) string { return r.Serial }},
	colDeviceName:    {"device_name", []string{"Device Label", "Device Nickname", "Phone Name", "Phone Nickname"}, func(r *record) string { return r.DeviceName }},
	colNewName:       {"new_name", []string{"New Device Name", "Rename To"}, func(r *record) string { return r.NewName }},
	colNewSerial:     {"new_serial", []string{"New MAC", "New MAC Address", "New Serial Number"}, func(r *record) string { return r.NewSerial }},
	colModel:         {"model", []string{"Device Model", "Phone Model", "Model #"}, func(r *record) string { return r.Model }},
	colNewModel:      {"new_model", []string{"New Device Model", "New Phone Model"}, func(r *record) string { return r.NewModel }},
	colDeviceType:    {"device_type", []string{"Phone Type"}, func(r *record) string { return r.DeviceType }},
	colPhoneNumberID: {"phone_number_id", []string{"Number ID"}, func(r *record) string { return r.PhoneNumberID }},
	colAreaCode:      {"area_code", []string{"Preferred Area Code", "Default Area Code"}, func(r *record) string { return r.AreaCode }},
	colTollType:      {"toll_type", []string{"Toll/Toll-Free"}, func(r *record) string { return r.TollType }},
	colCostCenter:    {"cost_center", []string{"Cost Centre", "Cost Center Code", "Cost Center Name"}, func(r *record) string { return r.CostCenter }},
	colLocation:      {"emergency_location", []string{"ERL", "ERL Name", "Emergency Response Location", "Emergency Response Location (ERL)", "Emergency Response Location Name", "Emergency Location Name"}, func(r *record) string { return r.EmergencyLocation }},
	colStreet:        {"street", []string{"Street Address", "Address Line 1", "Address 1", "Street 1", "Street Line 1", "Street Address Line 1", "Street Address 1"}, func(r *record) string { return r.Street }},
	colStreet2:       {"street2", []string{"Street Address 2", "Address Line 2", "Address 2", "Street Line 2", "Street Address Line 2", "Floor/Suite", "Suite/Floor"}, func(r *record) string { return r.Street2 }},
	colCity:          {"city", []string{"Town", "City/Town", "Town/City", "Town/City/Locality/Municipality"}, func(r *record) string { return r.City }},
	colState:         {"state", []string{"Province", "State/Province", "State or Province", "State/Province/County"}, func(r *record) string { return r.State }},
	colZip:           {"zip", []string{"Zip Code", "Postal Code", "Postcode", "ZIP/Postal Code", "Zip/Postal"}, func(r *record) string { return r.Zip }},
	colCountry:       {"country", []string{"Country Code", "Country Name"}, func(r *record) string { return r.Country }},
	colCustomerName:  {"customer_name", []string{"Emergency Customer Name", "E911 Name", "Emergency Name", "Emergency Contact Name"}, func(r *record) string { return r.CustomerName }},
	colReplaceWith:   {"replace_with", []string{"Replacement", "Replacement Device", "Swap With"}, func(r *record) string { return r.ReplaceWith }},
	colKeepAssets:    {"keep_assets", []string{"Keep Asset"}, func(r *record) string { return r.KeepAssets }},
	colCommonPhone:   {"common_phone", []string{"Is Common Phone", "Common Area Phone"}, func(r *record) string { return r.CommonPhone }},
	colQuantity:      {"quantity", []string{"Qty"}, func(r *record) string { return r.Quantity }},
	colRowID:         {"row_id", nil, func(r *record) string { return r.RowID }},
	colNotes:         {"notes", []string{"Note", "Comment", "Comments", "Remarks"}, func(r *record) string { return r.Notes }},
}

const wholeAddress = "street, if it holds the street alone; split a whole address into street, city, state, zip and country"

// noneOfOurs is said of a header that means no column of ours by itself.
const noneOfOurs = "none of ours as it stands"

// unclearHeaders lists the headers that could mean several of our columns, with
// those.
var unclearHeaders = map[string]string{
	"name":     "user_name, device_name or new_name",
	"location": "emergency_location or site",
	"number":   "extension or phone_number",
	"phone":    "phone_number or device_name",
	"type":     "device_type or toll_type",
	"id":       "device_id or row_id",
	"status":   noneOfOurs,
	"address":  wholeAddress,
	"device":   "device_name or device_id",

	"emergency address": wholeAddress,
	"e911 address":      wholeAddress,
	"911 address":       wholeAddress,
	"directory number":  "extension or phone_number",
	"durchwahl":         "extension or phone_number",
	"standort":          "emergency_location or site",
	"poste":             "extension or none of ours (a job)",
	"estado":            "state or none of ours (a status)",
}

// needsMap is unclearHeaders by the folded header.
var needsMap = func() map[string]string {
	folded := map[string]string{}
	for header, meant := range unclearHeaders {
		folded[foldHeader(header)] = meant
	}
	return folded
}()

// Columns lists the columns of a sheet in the order of the template.
func Columns() []Column {
	byName := map[string]templates.Column{}
	if described, err := templates.Columns(); err == nil {
		for _, c := range described {
			byName[c.Name] = c
		}
	}
	columns := make([]Column, 0, columnCount)
	for _, def := range registry {
		c := Column{Name: def.name, Description: byName[def.name].Description, Aliases: append([]string(nil), def.aliases...)}
		for _, example := range byName[def.name].Examples {
			if example != "" {
				c.Example = example
				break
			}
		}
		columns = append(columns, c)
	}
	return columns
}

// foldHeader brings a header to the form in which headers are compared: lower
// case, letters and digits only.
func foldHeader(s string) string {
	s = foldWidth(s)
	var b strings.Builder
	for _, r := range strings.ToLower(s) {
		if isLetterOrDigit(r) || r == '#' {
			b.WriteRune(r)
		}
	}
	return b.String()
}
