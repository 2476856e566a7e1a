package rcsim

import (
	"cmp"
	"fmt"
	"strings"
)

// defaultAreaCodes are tried when neither the wish nor the pool names one.
const defaultAreaCode = "650"

// tollFreeCodes are the North American toll-free codes.
var tollFreeCodes = []string{"800", "833", "844", "855", "866", "877", "888"}

func tollType(number string) string {
	for _, code := range tollFreeCodes {
		if strings.HasPrefix(number, "+1"+code) {
			return "TollFree"
		}
	}
	return "Toll"
}

func (s *Server) listAccountPhoneNumbers(c *call) answer {
	var all []Number
	for _, number := range s.world.numbers.all() {
		if s.numberWanted(c, number) {
			all = append(all, number)
		}
	}
	return ok(pageOf(c, all, perPage(c.query), func(n Number) Number { return n }))
}

func (s *Server) numberWanted(c *call, n Number) bool {
	status := ""
	if n.Extension != nil {
		if extension := s.world.extensions[n.Extension.ID]; extension != nil {
			status = extension.Status
		}
	}
	return wants(c.query["usageType"], n.UsageType) && wants(c.query["type"], n.Type) &&
		wants(c.query["status"], n.Status) && wants(c.query["tollType"], n.TollType) &&
		wants(c.query["extensionStatus"], status) &&
		wantsBool(c.query.Get("byocNumber"), n.ByocNumber) && wantsBool(c.query.Get("mobileNumber"), n.MobileNumber) &&
		matchNumber(c.query.Get("phoneNumber"), n.PhoneNumber)
}

func wantsBool(filter string, value *bool) bool {
	return filter == "" || (filter == "true") == (value != nil && *value)
}

// matchNumber compares with a number or with one that ends in wildcards, each
// of which stands for the rest (API reference, listAccountPhoneNumbersV2).
func matchNumber(pattern, number string) bool {
	start := strings.TrimRight(pattern, "*")
	if start != pattern {
		return strings.HasPrefix(number, start)
	}
	return pattern == "" || pattern == number
}

// numberWish is phoneInfo of a bulk-add record.
type numberWish struct {
	TollType          string `json:"tollType"`
	PreferredAreaCode string `json:"preferredAreaCode"`
	PhoneNumber       string `json:"phoneNumber"`
	PhoneNumberID     ID     `json:"phoneNumberId"`
	ReservationID     string `json:"reservationId"`
	Type              string `json:"type"`
}

// findNumber is the number that a wish gets. It is not taken yet; a number of
// the pool has no id.
func (w *world) findNumber(wish numberWish) (Number, *apiError) {
	switch {
	case wish.PhoneNumberID != "":
		number, known := w.numbers.get(wish.PhoneNumberID)
		if !known {
			return Number{}, notFound(400, "phoneInfo.phoneNumberId", string(wish.PhoneNumberID))
		}
		return freeNumber(number, "phoneInfo.phoneNumberId", string(wish.PhoneNumberID))
	case wish.PhoneNumber != "":
		if !e164.MatchString(wish.PhoneNumber) {
			return Number{}, badParameter("phoneInfo.phoneNumber", wish.PhoneNumber)
		}
		id, known := w.byNumber[wish.PhoneNumber]
		if !known {
			if !w.settings().OrderNumbers {
				return Number{}, notFound(400, "phoneInfo.phoneNumber", wish.PhoneNumber)
			}
			return w.poolNumber(wish.PhoneNumber, wish)
		}
		number, _ := w.numbers.get(id)
		return freeNumber(number, "phoneInfo.phoneNumber", wish.PhoneNumber)
	case wish.PreferredAreaCode != "" || wish.TollType != "":
		return w.poolNumber("", wish)
	}
	return Number{}, badParameter("phoneInfo", "")
}

// freeNumber refuses a number that is not free in the inventory.
func freeNumber(number Number, parameter, value string) (Number, *apiError) {
	if number.UsageType != usageInventory || number.Status != "Normal" || number.Extension != nil {
		err := badParameter(parameter, value)
		err.message += ": the number is in use"
		return Number{}, err
	}
	return number, nil
}

// poolNumber is a number that the service still sells. The exchange and line
// count up, so that the same calls always get the same numbers.
func (w *world) poolNumber(exact string, wish numberWish) (Number, *apiError) {
	if w.noNumbers != nil {
		return Number{}, w.noNumbers
	}
	pool := w.settings().NumberPool
	if pool.Size != nil && w.pool.Taken >= *pool.Size {
		return Number{}, noNumbers()
	}
	number := Number{PhoneNumber: exact, Type: cmp.Or(wish.Type, "VoiceFax"), Status: "Normal"}
	if exact == "" {
		number.PhoneNumber = w.nextPoolNumber(areaCode(pool, wish))
	}
	if number.PhoneNumber == "" {
		return Number{}, noNumbers()
	}
	number.TollType = tollType(number.PhoneNumber)
	return number, nil
}

// noNumbers is the error of an empty pool. No source names the service's code
// for it; the client has to cope with an unknown one anyway.
func noNumbers() *apiError {
	return &apiError{status: 400, code: "CMN-211", message: "No phone numbers are available", parameter: "phoneInfo"}
}

// areaCode is the code that a wish gets: its own if the pool has it. Only codes
// of the North American plan are sold; any other wish gets the pool's first.
func areaCode(pool Pool, wish numberWish) string {
	if wish.TollType == "TollFree" {
		return "833"
	}
	first := defaultAreaCode
	if len(pool.AreaCodes) > 0 {
		first = pool.AreaCodes[0]
	}
	wanted := wish.PreferredAreaCode
	if len(wanted) != 3 || wanted[0] < '2' || !wants(pool.AreaCodes, wanted) || tollType("+1"+wanted) == "TollFree" {
		return first
	}
	return wanted
}

// nextPoolNumber is the first free number of an area code, from 555-0100 on and
// then through the other exchanges; "" if all are on the account.
func (w *world) nextPoolNumber(code string) string {
	const exchanges, perExchange = 800, 10_000
	start := w.pool.Next[code]
	for i := range exchanges * perExchange {
		n := start + i
		exchange := 200 + (355+n/perExchange)%exchanges
		number := fmt.Sprintf("+1%s%03d%04d", code, exchange, (100+n)%perExchange)
		if _, onAccount := w.byNumber[number]; !onAccount {
			w.pool.Next[code] = n + 1
			return number
		}
	}
	return ""
}

// takeNumber gives a number to an extension's line and puts it on the account
// if it comes from the pool.
func (w *world) takeNumber(number Number, extension *Extension) Number {
	if number.ID == "" {
		number.ID = w.newID()
		w.pool.Taken++
	}
	number.UsageType = usageDirect
	number.Extension = &NumberExtension{ID: extension.ID.Text(), ExtensionNumber: extension.ExtensionNumber}
	w.putNumber(number)
	return number
}

// stockNumber puts a line's number into the inventory.
func (w *world) stockNumber(id ID) {
	if number, known := w.numbers.get(id); known {
		number.UsageType, number.Extension = usageInventory, nil
		w.putNumber(number)
	}
}

// lineNumber is a number as a line shows it.
func lineNumber(number Number) *PhoneInfo {
	info := &PhoneInfo{
		ID: IntID(number.ID.number()), PhoneNumber: number.PhoneNumber, UsageType: lineUsage(number.UsageType),
		Type: cmp.Or(number.Type, "VoiceFax"), PaymentType: "Local", Status: number.Status, Label: number.Label,
	}
	if number.TollType == "TollFree" {
		info.PaymentType = "TollFree"
	}
	if number.Extension != nil {
		info.Extension = &LineExtension{ID: number.Extension.ID, ExtensionNumber: number.Extension.ExtensionNumber}
	}
	return info
}

// lineUsages are the usage types that a line can show (API reference,
// PhoneNumberInfoIntId); the number list has more.
var lineUsages = []string{"MainCompanyNumber", "AdditionalCompanyNumber", "CompanyNumber", "DirectNumber", "CompanyFaxNumber",
	"ForwardedNumber", "ForwardedCompanyNumber", "ContactCenterNumber", "IntegrationNumber"}

func lineUsage(usage string) string {
	for _, known := range lineUsages {
		if known == usage {
			return usage
		}
	}
	return usageDirect
}
