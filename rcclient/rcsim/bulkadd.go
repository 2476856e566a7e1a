package rcsim

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// bulkAddRecord is one record of bulkAddDevicesV2.
type bulkAddRecord struct {
	Extension struct {
		ID ID `json:"id"`
	} `json:"extension"`
	Type         string `json:"type"`
	CostCenterID ID     `json:"costCenterId"`
	Emergency    struct {
		Location *struct {
			ID ID `json:"id"`
		} `json:"location"`
		Address Address `json:"address"`
	} `json:"emergency"`
	PhoneInfo numberWish `json:"phoneInfo"`
}

// bulkAddResult is one item of the answer. A failed one names neither its
// extension nor its place in the request.
type bulkAddResult struct {
	Successful  bool           `json:"successful"`
	ID          ID             `json:"id,omitempty"`
	Extension   *LineExtension `json:"extension,omitempty"`
	PhoneNumber string         `json:"phoneNumber,omitempty"`
	Errors      []errorItem    `json:"errors,omitempty"`
}

// tooMany is the error for a request with more records than allowed.
func tooMany(n int) *apiError {
	return &apiError{status: http.StatusBadRequest, code: "CMN-106",
		message: fmt.Sprintf("Too many records in one request: at most %d are allowed", n), parameter: "records"}
}

// bulkAddDevices makes a phone with a line for each record. The answer is 200
// even if all records fail; a call that is refused as a whole makes nothing.
func (s *Server) bulkAddDevices(c *call) answer {
	var request struct {
		Records []bulkAddRecord `json:"records"`
	}
	if err := json.Unmarshal(c.body, &request); err != nil {
		return unparsable(err).answer()
	}
	if n := s.world.settings().bulkMax(); len(request.Records) > n {
		return tooMany(n).answer()
	}
	results := make([]bulkAddResult, 0, len(request.Records))
	for i, record := range request.Records {
		if failure := c.itemFault(i, len(request.Records)); failure != nil {
			results = append(results, failedAdd(failure))
			continue
		}
		results = append(results, s.bulkAdd(c, record))
	}
	return ok(struct {
		Results []bulkAddResult `json:"results"`
	}{arranged(c, results)})
}

func (s *Server) bulkAdd(c *call, record bulkAddRecord) bulkAddResult {
	device, failure := s.newPhone(c, record)
	if failure != nil {
		return failedAdd(failure)
	}
	number := device.PhoneLines[0].PhoneInfo.PhoneNumber
	c.effect(Effect{Kind: EffectAdded, Extension: record.Extension.ID, Device: device.ID, Number: number, Location: locationOf(device)})
	return bulkAddResult{Successful: true, ID: device.ID, Extension: &LineExtension{ID: record.Extension.ID}, PhoneNumber: number}
}

func failedAdd(failure *apiError) bulkAddResult {
	return bulkAddResult{Errors: []errorItem{failure.item()}}
}

// newPhone makes the phone that a record asks for. Its cost center is checked
// and not kept: no call shows a line's.
func (s *Server) newPhone(c *call, record bulkAddRecord) (Device, *apiError) {
	extension, failure := s.world.phoneUser(record.Extension.ID, "extension.id")
	if failure != nil {
		return Device{}, failure
	}
	if record.CostCenterID != "" && !s.world.costs[record.CostCenterID] {
		return Device{}, notFound(http.StatusBadRequest, "costCenterId", string(record.CostCenterID))
	}
	var location ID
	if record.Emergency.Location != nil {
		location = record.Emergency.Location.ID
	}
	where, failure := s.world.choosePlace(location, record.Emergency.Address, "emergency")
	if failure != nil {
		return Device{}, failure
	}
	return s.makePhone(c, extension, where, record)
}

// makePhone makes one phone with one line. The number is chosen last, so that a
// record that fails uses up none.
func (s *Server) makePhone(c *call, extension *Extension, where place, record bulkAddRecord) (Device, *apiError) {
	number, failure := s.world.findNumber(record.PhoneInfo)
	if failure != nil {
		return Device{}, failure
	}
	number = s.world.takeNumber(number, extension)
	c.taken++
	device := Device{
		ID: s.world.newID(), Type: record.Type, Name: s.world.settings().DefaultDeviceName, Status: "Offline",
		Extension: refTo(extension), Site: s.world.siteOf(extension, nil), LinePooling: "None",
		UseAsCommonPhone: ptr(false), InCompanyNet: ptr(true),
	}
	device.PhoneLines = []PhoneLine{{
		ID: s.world.newID(), LineType: "Standalone", PhoneInfo: lineNumber(number),
		EmergencyAddress: &LineEmergency{Required: ptr(true), LocalOnly: ptr(false)},
	}}
	device = where.settled(device)
	s.world.putDevice(device, s.due(c.now))
	return device, nil
}
