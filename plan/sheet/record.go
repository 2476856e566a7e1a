package sheet

// record is one row of a sheet by column, as text. gocsv fills it by the tags,
// which are the columns' names.
type record struct {
	Action            string `csv:"action"`
	Extension         string `csv:"extension"`
	Email             string `csv:"email"`
	UserName          string `csv:"user_name"`
	Site              string `csv:"site"`
	DeviceID          string `csv:"device_id"`
	PhoneNumber       string `csv:"phone_number"`
	Serial            string `csv:"serial"`
	DeviceName        string `csv:"device_name"`
	NewName           string `csv:"new_name"`
	NewSerial         string `csv:"new_serial"`
	Model             string `csv:"model"`
	NewModel          string `csv:"new_model"`
	DeviceType        string `csv:"device_type"`
	PhoneNumberID     string `csv:"phone_number_id"`
	AreaCode          string `csv:"area_code"`
	TollType          string `csv:"toll_type"`
	CostCenter        string `csv:"cost_center"`
	EmergencyLocation string `csv:"emergency_location"`
	Street            string `csv:"street"`
	Street2           string `csv:"street2"`
	City              string `csv:"city"`
	State             string `csv:"state"`
	Zip               string `csv:"zip"`
	Country           string `csv:"country"`
	CustomerName      string `csv:"customer_name"`
	ReplaceWith       string `csv:"replace_with"`
	KeepAssets        string `csv:"keep_assets"`
	CommonPhone       string `csv:"common_phone"`
	Quantity          string `csv:"quantity"`
	RowID             string `csv:"row_id"`
	Notes             string `csv:"notes"`
}

// columnID is a column of ours as an index into the registry.
type columnID int16

// The columns, in the order in which they are offered. colNone marks a header
// that is none of ours.
const (
	colNone columnID = iota - 1
	colAction
	colExtension
	colEmail
	colUserName
	colSite
	colDeviceID
	colPhoneNumber
	colSerial
	colDeviceName
	colNewName
	colNewSerial
	colModel
	colNewModel
	colDeviceType
	colPhoneNumberID
	colAreaCode
	colTollType
	colCostCenter
	colLocation
	colStreet
	colStreet2
	colCity
	colState
	colZip
	colCountry
	colCustomerName
	colReplaceWith
	colKeepAssets
	colCommonPhone
	colQuantity
	colRowID
	colNotes
	columnCount
)

// field gives the record's text of a column; the empty text for colNone.
func (r *record) field(c columnID) string {
	if c < 0 || c >= columnCount {
		return ""
	}
	return registry[c].get(r)
}
