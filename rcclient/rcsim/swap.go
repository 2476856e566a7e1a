package rcsim

import (
	"encoding/json"
	"net/http"
	"strings"
)

// replaceDevice swaps hardware: number, line and emergency address stay with
// the extension. A target in the inventory takes the source's place and the
// source goes to the inventory; a target on another extension trades places.
func (s *Server) replaceDevice(c *call) answer {
	extension, failure := s.extension(c)
	if failure != nil {
		failure.status = http.StatusBadRequest // 404 is not among the documented answers
		return failure.answer()
	}
	var request struct {
		TargetDeviceID ID `json:"targetDeviceId"`
	}
	if err := json.Unmarshal(c.body, &request); err != nil {
		return unparsable(err).answer()
	}
	source, known := s.world.devices.get(ID(c.param("deviceId")))
	if !known || source.Extension == nil || source.Extension.ID != extension.ID {
		return notFound(http.StatusBadRequest, "deviceId", c.param("deviceId")).answer()
	}
	target, known := s.world.devices.get(request.TargetDeviceID)
	if !known {
		return notFound(http.StatusBadRequest, "targetDeviceId", string(request.TargetDeviceID)).answer()
	}
	if source.ID == target.ID || !swappable(target) {
		return badParameter("targetDeviceId", string(target.ID)).answer()
	}
	if !swappable(source) {
		return badParameter("deviceId", string(source.ID)).answer()
	}
	c.effect(Effect{Kind: EffectSwapped, Extension: extension.ID.Text(), Device: source.ID, Target: target.ID,
		Number: strings.Join(lineNumbers(source), ","), Location: locationOf(source)})
	s.trade(source, target)
	return noContent()
}

// swappable tells whether a device can be swapped (API reference,
// replaceDevicesJWSPublic, prose).
func swappable(device Device) bool {
	return device.Type == typeHardPhone || device.Type == typeOtherPhone
}

// trade gives each device the other's place; an unassigned device's place is
// the inventory.
func (s *Server) trade(a, b Device) {
	dueA, dueB := s.world.dues.devices[a.ID], s.world.dues.devices[b.ID]
	inA, inB := inPlaceOf(a, b), inPlaceOf(b, a)
	s.world.putDevice(inA, dueB)
	s.world.putDevice(inB, dueA)
}

// inPlaceOf is the hardware of one device with what stays at the other's place.
func inPlaceOf(hardware, at Device) Device {
	moved := hardware
	moved.Extension, moved.PhoneLines = at.Extension, at.PhoneLines
	moved.Emergency, moved.EmergencyServiceAddress = at.Emergency, at.EmergencyServiceAddress
	moved.UseAsCommonPhone, moved.LinePooling = at.UseAsCommonPhone, at.LinePooling
	moved.InCompanyNet, moved.Site = at.InCompanyNet, at.Site
	if at.Extension == nil {
		// What comes to the inventory stays at the site it was at.
		moved.Site, moved.LinePooling = hardware.Site, "None"
	}
	return moved
}
