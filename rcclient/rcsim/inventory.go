package rcsim

import (
	"encoding/json"
	"net/http"
)

// Limits of the inventory calls (API reference).
const (
	maxStock   = 50 // addDeviceToInventory, quantity
	maxUnstock = 10 // deleteDeviceFromInventory, prose
)

// deviceID is a device in the answer of addDeviceToInventory.
type deviceID struct {
	ID ID `json:"id"`
}

// addDeviceToInventory makes anonymous slots: devices without name, serial,
// number or extension.
func (s *Server) addDeviceToInventory(c *call) answer {
	var request struct {
		Type     string `json:"type"`
		Quantity int    `json:"quantity"`
		Site     *struct {
			ID ID `json:"id"`
		} `json:"site"`
	}
	if err := json.Unmarshal(c.body, &request); err != nil {
		return unparsable(err).answer()
	}
	if request.Quantity < 1 || request.Quantity > maxStock {
		return badParameter("quantity", "").answer()
	}
	id := ID(mainSite)
	if request.Site != nil && request.Site.ID != "" {
		id = request.Site.ID
	}
	site, known := s.world.site(id)
	if !known {
		return notFound(http.StatusNotFound, "site.id", string(id)).answer()
	}
	if failure := c.slotFault(); failure != nil {
		return failure.answer()
	}
	devices := make([]deviceID, 0, request.Quantity)
	for range request.Quantity {
		slot := Device{ID: s.world.newID(), Type: request.Type, Status: "Offline", Site: &site, LinePooling: "None"}
		s.world.putDevice(slot, 0)
		c.effect(Effect{Kind: EffectStocked, Device: slot.ID})
		devices = append(devices, deviceID{slot.ID})
	}
	return answer{status: http.StatusCreated, body: struct {
		Devices []deviceID `json:"devices"`
		Site    SiteRef    `json:"site"`
	}{arranged(c, devices), site}}
}

// unstockResult is one item of the answer of deleteDeviceFromInventory.
type unstockResult struct {
	Successful bool        `json:"bulkItemSuccessful"`
	DeviceID   ID          `json:"deviceId"`
	Errors     []errorItem `json:"bulkItemErrors,omitempty"`
}

// deleteDeviceFromInventory deletes unassigned devices, each by itself.
func (s *Server) deleteDeviceFromInventory(c *call) answer {
	var request struct {
		Records []struct {
			DeviceID ID `json:"deviceId"`
		} `json:"records"`
	}
	if err := json.Unmarshal(c.body, &request); err != nil {
		return unparsable(err).answer()
	}
	if len(request.Records) > maxUnstock {
		return tooMany(maxUnstock).answer()
	}
	records := make([]unstockResult, 0, len(request.Records))
	for i, record := range request.Records {
		result := unstockResult{Successful: true, DeviceID: record.DeviceID}
		failure := c.itemFault(i, len(request.Records))
		if failure == nil {
			failure = s.unstock(c, record.DeviceID)
		}
		if failure != nil {
			result.Successful, result.Errors = false, []errorItem{failure.item()}
		}
		records = append(records, result)
	}
	return ok(list[unstockResult]{Records: arranged(c, records)})
}

func (s *Server) unstock(c *call, id ID) *apiError {
	device, known := s.world.devices.get(id)
	if !known {
		return notFound(http.StatusBadRequest, "deviceId", string(id))
	}
	if device.Extension != nil || len(device.PhoneLines) > 0 {
		err := badParameter("deviceId", string(id))
		err.message += ": the device has an extension or a line"
		return err
	}
	s.world.dropDevice(id)
	c.effect(Effect{Kind: EffectUnstocked, Device: id})
	return nil
}
