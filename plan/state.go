package plan

// stateCodes are the postal codes of a country's states by their names in
// upper case. Countries that are not listed have none.
func stateCodes(country string) map[string]string {
	switch country {
	case "US":
		return usStates
	case "CA":
		return caProvinces
	case "AU":
		return auStates
	case "GB":
		return gbParts
	default:
		return nil
	}
}

var usStates = map[string]string{
	"ALABAMA": "AL", "ALASKA": "AK", "ARIZONA": "AZ", "ARKANSAS": "AR", "CALIFORNIA": "CA", "COLORADO": "CO", "CONNECTICUT": "CT",
	"DELAWARE": "DE", "DISTRICT OF COLUMBIA": "DC", "FLORIDA": "FL", "GEORGIA": "GA", "HAWAII": "HI", "IDAHO": "ID", "ILLINOIS": "IL",
	"INDIANA": "IN", "IOWA": "IA", "KANSAS": "KS", "KENTUCKY": "KY", "LOUISIANA": "LA", "MAINE": "ME", "MARYLAND": "MD",
	"MASSACHUSETTS": "MA", "MICHIGAN": "MI", "MINNESOTA": "MN", "MISSISSIPPI": "MS", "MISSOURI": "MO", "MONTANA": "MT", "NEBRASKA": "NE",
	"NEVADA": "NV", "NEW HAMPSHIRE": "NH", "NEW JERSEY": "NJ", "NEW MEXICO": "NM", "NEW YORK": "NY", "NORTH CAROLINA": "NC",
	"NORTH DAKOTA": "ND", "OHIO": "OH", "OKLAHOMA": "OK", "OREGON": "OR", "PENNSYLVANIA": "PA", "RHODE ISLAND": "RI",
	"SOUTH CAROLINA": "SC", "SOUTH DAKOTA": "SD", "TENNESSEE": "TN", "TEXAS": "TX", "UTAH": "UT", "VERMONT": "VT", "VIRGINIA": "VA",
	"WASHINGTON": "WA", "WEST VIRGINIA": "WV", "WISCONSIN": "WI", "WYOMING": "WY",
	"AMERICAN SAMOA": "AS", "GUAM": "GU", "NORTHERN MARIANA ISLANDS": "MP", "PUERTO RICO": "PR", "VIRGIN ISLANDS": "VI",
}

var caProvinces = map[string]string{
	"ALBERTA": "AB", "BRITISH COLUMBIA": "BC", "MANITOBA": "MB", "NEW BRUNSWICK": "NB", "NEWFOUNDLAND AND LABRADOR": "NL",
	"NOVA SCOTIA": "NS", "NORTHWEST TERRITORIES": "NT", "NUNAVUT": "NU", "ONTARIO": "ON", "PRINCE EDWARD ISLAND": "PE",
	"QUEBEC": "QC", "QUÉBEC": "QC", "SASKATCHEWAN": "SK", "YUKON": "YT", "YUKON TERRITORY": "YT",
	// Older codes and the usual short forms.
	"PQ": "QC", "QUE": "QC", "QUÉ": "QC", "ONT": "ON", "ALTA": "AB", "MAN": "MB", "SASK": "SK", "NF": "NL", "NFLD": "NL", "NEWFOUNDLAND": "NL", "PEI": "PE", "YK": "YT", "NWT": "NT",
}

var auStates = map[string]string{
	"AUSTRALIAN CAPITAL TERRITORY": "ACT", "NEW SOUTH WALES": "NSW", "NORTHERN TERRITORY": "NT", "QUEENSLAND": "QLD",
	"SOUTH AUSTRALIA": "SA", "TASMANIA": "TAS", "VICTORIA": "VIC", "WESTERN AUSTRALIA": "WA",
}

var gbParts = map[string]string{
	"ENGLAND": "ENG", "NORTHERN IRELAND": "NIR", "SCOTLAND": "SCT", "WALES": "WLS",
}
