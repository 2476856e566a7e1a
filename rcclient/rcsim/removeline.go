package rcsim

import (
	"bytes"
	"encoding/json"
	"strings"
)

// removedLine is the answer of removeLineJWSPublic.
type removedLine struct {
	ID     ID     `json:"id"`
	Type   string `json:"type"`
	Name   string `json:"name"`
	Serial string `json:"serial,omitempty"`
}

// removeLine takes a phone off its extension. By default the device and its
// number go to the inventory (200); with keepAssetsInInventory false both leave
// the account for good (204).
func (s *Server) removeLine(c *call) answer {
	request := struct {
		Keep *bool `json:"keepAssetsInInventory"`
	}{}
	if len(bytes.TrimSpace(c.body)) > 0 {
		if err := json.Unmarshal(c.body, &request); err != nil {
			return unparsable(err).answer()
		}
	}
	device, failure := s.device(c)
	if failure != nil {
		return failure.answer()
	}
	if device.Extension == nil || len(device.PhoneLines) == 0 {
		err := badParameter("deviceId", string(device.ID))
		err.message += ": the device has no line"
		return err.answer()
	}
	c.effect(Effect{Kind: EffectRemoved, Extension: extensionOf(device), Device: device.ID,
		Number: strings.Join(lineNumbers(device), ","), Location: locationOf(device)})
	if request.Keep != nil && !*request.Keep {
		s.giveUp(c, device)
		return noContent()
	}
	s.putAway(device)
	removed := removedLine{ID: device.ID, Type: device.Type, Name: device.Name}
	if device.Type == typeHardPhone {
		removed.Serial = device.Serial
	}
	return ok(removed)
}

func (s *Server) giveUp(c *call, device Device) {
	for _, id := range numberIDs(device) {
		s.world.dropNumber(id)
		c.released++
	}
	s.world.dropDevice(device.ID)
}

func (s *Server) putAway(device Device) {
	for _, id := range numberIDs(device) {
		s.world.stockNumber(id)
	}
	s.world.putDevice(bare(device), 0)
}

// bare is the hardware without what belongs to the extension.
func bare(device Device) Device {
	device.Extension, device.PhoneLines = nil, nil
	device.Emergency, device.EmergencyServiceAddress = nil, nil
	device.UseAsCommonPhone, device.LinePooling = nil, "None"
	return device
}

func numberIDs(device Device) []ID {
	var ids []ID
	for _, line := range device.PhoneLines {
		// A shared line's number stays with the line's owner.
		if line.PhoneInfo != nil && line.LineType != "BlaSecondary" {
			ids = append(ids, line.PhoneInfo.ID.Text())
		}
	}
	return ids
}
