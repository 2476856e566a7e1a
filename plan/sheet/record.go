package sheet

// record is one row of a sheet by column, as text. gocsv fills it by the tags,
// which are the columns' names.
type record struct {
	Action            text `csv:"action"`
	Extension         text `csv:"extension"`
	Email             text `csv:"email"`
	UserName          text `csv:"user_name"`
	Site              text `csv:"site"`
	DeviceID          text `csv:"device_id"`
	PhoneNumber       text `csv:"phone_number"`
	Serial            text `csv:"serial"`
	DeviceName        text `csv:"device_name"`
	NewName           text `csv:"new_name"`
	NewSerial         text `csv:"new_serial"`
	Model             text `csv:"model"`
	NewModel          text `csv:"new_model"`
	DeviceType        text `csv:"device_type"`
	PhoneNumberID     text `csv:"phone_number_id"`
	AreaCode          text `csv:"area_code"`
	TollType          text `csv:"toll_type"`
	CostCenter        text `csv:"cost_center"`
	EmergencyLocation text `csv:"emergency_location"`
	Street            text `csv:"street"`
	Street2           text `csv:"street2"`
	City              text `csv:"city"`
	State             text `csv:"state"`
	Zip               text `csv:"zip"`
	Country           text `csv:"country"`
	CustomerName      text `csv:"customer_name"`
	ReplaceWith       text `csv:"replace_with"`
	KeepAssets        text `csv:"keep_assets"`
	CommonPhone       text `csv:"common_phone"`
	Quantity          text `csv:"quantity"`
	RowID             text `csv:"row_id"`
	Notes             text `csv:"notes"`
}

// text is a value of a record. It is a pointer in size, so that gocsv can look
// at it by reflection without a copy on the heap for each, which would double
// the garbage of a row.
type text struct{ s *string }

// UnmarshalCSV takes the value that gocsv found.
func (t *text) UnmarshalCSV(value string) error {
	t.s = nil
	if value != "" {
		t.s = &value
	}
	return nil
}

// MarshalCSV gives the value; by having it, gocsv takes the type for a value
// and not for a group of columns.
func (t text) MarshalCSV() (string, error) { return t.String(), nil }

// String gives the value.
func (t text) String() string {
	if t.s == nil {
		return ""
	}
	return *t.s
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
