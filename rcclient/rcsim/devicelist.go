package rcsim

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// maxBatch is the most extension ids of one call. For this list none is stated;
// 30 is what the guide gives for presence.
const maxBatch = 30

// listExtensionDevices lists one extension's devices, or those of several: a
// batch, answered with 207 and each part with its own paging.
func (s *Server) listExtensionDevices(c *call) answer {
	ids := strings.Split(c.param("extensionId"), ",")
	if len(ids) > maxBatch {
		return (&apiError{status: http.StatusBadRequest, code: "CMN-106",
			message: fmt.Sprintf("The batch is too large: at most %d ids are allowed", maxBatch), parameter: "extensionId"}).answer()
	}
	if len(ids) == 1 {
		return s.extensionDevices(c, ids[0])
	}
	parts := make([]part, 0, len(ids))
	for _, id := range ids {
		parts = append(parts, part{id: id, href: c.link(s.extensionPath(ID(id)) + "/device"), answer: s.extensionDevices(c, id)})
	}
	return answer{status: http.StatusMultiStatus, parts: parts}
}

func (s *Server) extensionDevices(c *call, asked string) answer {
	id := ID(asked)
	if id == "~" {
		id = s.world.owner()
	}
	if s.world.extensions[id] == nil {
		return notFound(http.StatusNotFound, "extensionId", asked).answer()
	}
	var all []Device
	for _, deviceID := range s.world.byExtension[id] {
		if device, _ := s.world.devices.get(deviceID); deviceWanted(c, device) {
			all = append(all, device)
		}
	}
	page := pageOf(c, all, perPage(c.query), func(d Device) Device { return s.showDevice(c, d) })
	return ok(page.withLinks(c, c.link(s.extensionPath(id)+"/device")))
}

// listAccountDevices lists all devices, assigned or not. It is not in the
// public contract; an account may not have it.
func (s *Server) listAccountDevices(c *call) answer {
	if !s.world.settings().deviceList() {
		return (&apiError{status: http.StatusForbidden, code: "CMN-109", message: "The account's device list is not available"}).answer()
	}
	all := make([]Device, 0, len(s.world.devices.order))
	for _, id := range s.world.devices.order {
		if device := s.world.devices.rows[id]; deviceWanted(c, device) && wantsFold(c.query["serial"], device.Serial) {
			all = append(all, device)
		}
	}
	page := pageOf(c, all, perPage(c.query), func(d Device) Device { return s.showDevice(c, d) })
	return ok(page.withLinks(c, c.link(s.accountPath()+"/device")))
}

// deviceWanted applies the filters that both lists have.
func deviceWanted(c *call, device Device) bool {
	if len(c.query) == 0 {
		return true
	}
	return wants(c.query["type"], device.Type) && wants(c.query["linePooling"], cmp.Or(device.LinePooling, "None")) &&
		wantsAny(c.query["feature"], modelFeatures(device)) && wantsAny(c.query["lineType"], lineTypes(device))
}

func wantsAny(filter, values []string) bool {
	return len(filter) == 0 || slices.ContainsFunc(values, func(value string) bool { return slices.Contains(filter, value) })
}

func modelFeatures(device Device) []string {
	if device.Model == nil {
		return nil
	}
	return device.Model.Features
}

func lineTypes(device Device) []string {
	var types []string
	for _, line := range device.PhoneLines {
		types = append(types, line.LineType)
	}
	return types
}
