package rcsim

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"
)

// maxLocations is the most company ERLs of an account (emergency guide).
const maxLocations = 10_000

// noLocations is what ERL calls answer in the other emergency regime.
func (s *Server) noLocations() *apiError {
	if s.world.settings().erlRegime() {
		return nil
	}
	return &apiError{status: http.StatusForbidden, code: "CMN-109", message: "Emergency locations are not available for this account"}
}

func (s *Server) listEmergencyLocations(c *call) answer {
	if failure := s.noLocations(); failure != nil {
		return failure.answer()
	}
	var all []EmergencyLocation
	for _, erl := range s.world.erls.all() {
		if locationWanted(c, erl) {
			all = append(all, erl)
		}
	}
	sortLocations(all, cmp.Or(c.query.Get("orderBy"), "+address"))
	size := perPage(c.query)
	if c.query.Get("perPage") == "Max" {
		size = maxPerPage
	}
	page := pageOf(c, all, size, func(erl EmergencyLocation) EmergencyLocation { return s.showLocation(c, erl) })
	return ok(page.withLinks(c, c.link(s.accountPath()+"/emergency-locations")))
}

// locationWanted applies the filters of listEmergencyLocations. Private ERLs
// are not in this list.
func locationWanted(c *call, erl EmergencyLocation) bool {
	site := ID("")
	if erl.Site != nil {
		site = erl.Site.ID
	}
	search := strings.ToLower(c.query.Get("searchString"))
	return erl.Visibility != "Private" &&
		wants(c.query["siteId"], string(site)) &&
		wants(c.query["addressStatus"], erl.AddressStatus) &&
		wants(c.query["usageStatus"], erl.UsageStatus) &&
		wants(c.query["domesticCountryId"], erl.Address.text("countryId")) &&
		(search == "" || strings.Contains(strings.ToLower(erl.Name+" "+addressLine(erl.Address)), search))
}

// addressLine is an address in one line, to search in and to sort by.
func addressLine(a Address) string {
	var parts []string
	for _, field := range []string{"street", "street2", "city", "state", "zip", "country"} {
		if text := a.text(field); text != "" {
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, " ")
}

func sortLocations(all []EmergencyLocation, order string) {
	key := func(erl EmergencyLocation) string {
		switch strings.TrimLeft(order, "+- ") {
		case "name":
			return erl.Name
		case "siteName":
			if erl.Site != nil {
				return erl.Site.Name
			}
			return ""
		case "addressStatus":
			return erl.AddressStatus
		case "usageStatus":
			return erl.UsageStatus
		}
		return addressLine(erl.Address)
	}
	slices.SortStableFunc(all, func(a, b EmergencyLocation) int {
		if strings.HasPrefix(order, "-") {
			a, b = b, a
		}
		return cmp.Compare(key(a), key(b))
	})
}

func (s *Server) showLocation(c *call, erl EmergencyLocation) EmergencyLocation {
	erl.URI = c.link(s.accountPath() + "/emergency-locations/" + string(erl.ID))
	return erl
}

func (s *Server) readEmergencyLocation(c *call) answer {
	if failure := s.noLocations(); failure != nil {
		return failure.answer()
	}
	erl, known := s.world.erls.get(ID(c.param("locationId")))
	if !known {
		return notFound(http.StatusNotFound, "locationId", c.param("locationId")).answer()
	}
	erl = s.showLocation(c, erl)
	if c.query.Get("syncEmergencyAddress") == "true" {
		erl.SyncStatus = syncStatus(erl.AddressStatus)
	}
	return ok(erl)
}

// syncStatus is what a sync with the provider finds. The words are the
// reference's; which one goes with which status is assumed.
func syncStatus(addressStatus string) string {
	switch addressStatus {
	case statusValid:
		return "Verified"
	case statusProvisioning:
		return "Updated"
	}
	return "Failed"
}

// locationRequest is the body of createEmergencyLocation.
type locationRequest struct {
	Address         Address  `json:"address"`
	Name            string   `json:"name"`
	Site            *SiteRef `json:"site"`
	AddressFormatID ID       `json:"addressFormatId"`
	Visibility      string   `json:"visibility"`
	Trusted         bool     `json:"trusted"`
}

func (s *Server) createEmergencyLocation(c *call) answer {
	if failure := s.noLocations(); failure != nil {
		return failure.answer()
	}
	var request locationRequest
	if err := json.Unmarshal(c.body, &request); err != nil {
		return unparsable(err).answer()
	}
	erl, failure := s.newLocation(request)
	if failure != nil {
		return failure.answer()
	}
	var due int64
	if erl.AddressStatus == statusProvisioning {
		due = s.due(c.now)
	}
	s.world.putERL(erl, due)
	c.effect(Effect{Kind: EffectLocation, Location: erl.ID})
	return ok(s.showLocation(c, erl))
}

// newLocation is the ERL that a request asks for. It is not refused for a name
// that exists: names are not said to be unique.
func (s *Server) newLocation(request locationRequest) (EmergencyLocation, *apiError) {
	if len(s.world.erls.rows) >= maxLocations {
		return EmergencyLocation{}, &apiError{status: 400, code: "CMN-106", message: "The limit of 10000 emergency locations is reached"}
	}
	if request.Address == nil {
		return EmergencyLocation{}, badParameter("address", "")
	}
	if failure := s.world.checkAddress(request.Address, "address"); failure != nil {
		return EmergencyLocation{}, failure
	}
	address := s.world.storeAddress(request.Address)
	erl := EmergencyLocation{
		Address: address, Name: cmp.Or(strings.TrimSpace(request.Name), address.text("street")),
		AddressStatus: statusProvisioning, UsageStatus: "Active", AddressType: "LocationWithEndpoint", Visibility: "Public",
		AddressFormatID: ID(cmp.Or(string(request.AddressFormatID), "1")), AddressFormatStatus: "Actual", Trusted: ptr(request.Trusted),
	}
	if request.Site != nil {
		site, known := s.world.site(request.Site.ID)
		if !known {
			return EmergencyLocation{}, notFound(http.StatusBadRequest, "site.id", string(request.Site.ID))
		}
		erl.Site = &site
	}
	// A trusted address outside the US is not validated (emergency guide).
	if request.Trusted && address.text("country") != "US" {
		erl.AddressStatus = statusValid
	}
	erl.ID = s.world.newID()
	return erl, nil
}

// unparsable is the error for a body that is JSON of another shape. The
// contract check stands before it, so it is rare.
func unparsable(err error) *apiError {
	return &apiError{status: http.StatusBadRequest, code: "CMN-103", message: "The request cannot be parsed: " + err.Error()}
}

// due is when an address accepted now gets its verdict.
func (s *Server) due(now int64) int64 {
	return now + max(int64(s.world.settings().validationTime()), int64(time.Nanosecond))
}
