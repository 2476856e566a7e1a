package rcsim

import (
	"cmp"
	"encoding/json"
	"regexp"
	"strings"
)

// bulkUpdateRecord is one record of device bulk-update. The call is in no
// public contract: the shape is the one that public programs send.
type bulkUpdateRecord struct {
	DeviceID ID     `json:"deviceId"`
	ID       ID     `json:"id"` // an older spelling of deviceId
	Serial   string `json:"serial"`
	Name     string `json:"name"`
	Model    *struct {
		ID ID `json:"id"`
	} `json:"model"`
}

// bulkUpdateResult is one item of the answer.
type bulkUpdateResult struct {
	DeviceID   ID         `json:"deviceId"`
	Successful bool       `json:"successful"`
	Error      *errorItem `json:"error,omitempty"`
}

var (
	serialSeparators = strings.NewReplacer(":", "", "-", "", ".", "", " ", "")
	macAddress       = regexp.MustCompile(`^[0-9A-Fa-f]{12}$`)
)

func (s *Server) bulkUpdateDevices(c *call) answer {
	if !s.world.settings().UnlistedOperations {
		return unknownURI().answer()
	}
	var request struct {
		Records []bulkUpdateRecord `json:"records"`
	}
	if err := json.Unmarshal(c.body, &request); err != nil {
		return unparsable(err).answer()
	}
	if n := s.world.settings().bulkMax(); len(request.Records) > n {
		return tooMany(n).answer()
	}
	records := make([]bulkUpdateResult, 0, len(request.Records))
	for i, record := range request.Records {
		result := bulkUpdateResult{DeviceID: ID(cmp.Or(string(record.DeviceID), string(record.ID))), Successful: true}
		failure := c.itemFault(i, len(request.Records))
		if failure == nil {
			failure = s.bulkUpdate(c, result.DeviceID, record)
		}
		if failure != nil {
			result.Successful, result.Error = false, ptr(failure.item())
		}
		records = append(records, result)
	}
	return ok(list[bulkUpdateResult]{Records: arranged(c, records)})
}

func (s *Server) bulkUpdate(c *call, id ID, record bulkUpdateRecord) *apiError {
	device, known := s.world.devices.get(id)
	if !known {
		return notFound(400, "deviceId", string(id))
	}
	before := device
	if record.Serial != "" {
		serial := serialSeparators.Replace(record.Serial)
		if !macAddress.MatchString(serial) {
			return badParameter("serial", record.Serial)
		}
		if holder, taken := s.world.bySerial[strings.ToLower(serial)]; taken && holder != id {
			err := badParameter("serial", record.Serial)
			err.message += ": another device has it"
			return err
		}
		device.Serial = serial
		if s.world.settings().SerialMakesHardphone && device.Type == typeOtherPhone {
			device.Type = typeHardPhone
		}
	}
	if record.Model != nil && record.Model.ID != "" && (device.Model == nil || device.Model.ID != record.Model.ID) {
		device.Model = &Model{ID: record.Model.ID}
	}
	if len([]rune(record.Name)) > maxName {
		return badParameter("name", record.Name)
	}
	device.Name = cmp.Or(record.Name, device.Name)
	if device.Serial == before.Serial && device.Type == before.Type && device.Model == before.Model && device.Name == before.Name {
		return nil
	}
	s.world.putDevice(device, s.world.dues.devices[id])
	c.effect(Effect{Kind: EffectUpdated, Extension: extensionOf(device), Device: id})
	return nil
}
