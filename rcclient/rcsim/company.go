package rcsim

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// featureERL tells the emergency regime (emergency guide).
const featureERL = "NewEmergencyCallingFramework"

func (s *Server) readAccountInfo(c *call) answer {
	info := s.world.file.Account
	info.URI = c.link("/restapi/v1.0/account/" + string(info.ID.Text()))
	if info.Operator != nil {
		operator := *info.Operator
		operator.URI = c.link(s.extensionPath(operator.ID.Text()))
		info.Operator = &operator
	}
	return ok(info)
}

func (s *Server) accountPath() string {
	return "/restapi/v1.0/account/" + string(s.world.file.Account.ID.Text())
}

func (s *Server) extensionPath(id ID) string { return s.accountPath() + "/extension/" + string(id) }

func (s *Server) listExtensions(c *call) answer {
	number, emails := c.query.Get("extensionNumber"), c.query["email"]
	all := make([]*Extension, 0, len(s.world.file.Extensions))
	for i := range s.world.file.Extensions {
		extension := &s.world.file.Extensions[i]
		email := ""
		if extension.Contact != nil {
			email = extension.Contact.Email
		}
		if (number == "" || extension.ExtensionNumber == number) && wantsFold(emails, email) &&
			wants(c.query["status"], extension.Status) && wants(c.query["type"], extension.Type) {
			all = append(all, extension)
		}
	}
	page := pageOf(c, all, perPage(c.query), func(e *Extension) Extension {
		shown := *e
		shown.URI = c.link(s.extensionPath(e.ID.Text()))
		return shown
	})
	return ok(page.withLinks(c, c.link(s.accountPath()+"/extension")))
}

func wantsFold(filter []string, value string) bool {
	for _, one := range filter {
		if strings.EqualFold(one, value) {
			return true
		}
	}
	return len(filter) == 0
}

func (s *Server) listSites(c *call) answer {
	all := s.world.file.Sites
	size := min(max(len(all), 1), maxPerPage)
	page := pageOf(c, all, size, func(site Site) Site {
		site.URI = c.link(s.accountPath() + "/sites/" + string(site.ID))
		return site
	})
	return ok(page.withLinks(c, c.link(s.accountPath()+"/sites")))
}

func (s *Server) listCostCenters(*call) answer {
	return ok(list[CostCenter]{Records: s.world.file.CostCenters})
}

// site finds a site by id; the main site is there even if the file lists none.
func (w *world) site(id ID) (SiteRef, bool) {
	for _, site := range w.file.Sites {
		if site.ID == id {
			return SiteRef{ID: site.ID, Name: site.Name}, true
		}
	}
	if id == mainSite {
		return SiteRef{ID: mainSite, Name: "Main Site"}, true
	}
	return SiteRef{}, false
}

// feature is one answer of readExtensionFeatures.
type feature struct {
	ID        string         `json:"id"`
	Available bool           `json:"available"`
	Params    []featureParam `json:"params,omitempty"`
	Reason    *featureReason `json:"reason,omitempty"`
}

type featureParam struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type featureReason struct {
	Code       string `json:"code"`
	Message    string `json:"message"`
	Permission string `json:"permission,omitempty"`
}

func (s *Server) readExtensionFeatures(c *call) answer {
	if _, failure := s.extension(c); failure != nil {
		return failure.answer()
	}
	asked := c.query["featureId"]
	if len(asked) == 0 {
		asked = []string{featureERL, "EditAccountDevices", "AddRemoveDevices", "ReadAccountDevices", "ReadExtensionDevices"}
	}
	records := []feature{}
	for _, id := range asked {
		one := s.feature(id)
		if one.Available || c.query.Get("availableOnly") != "true" {
			records = append(records, one)
		}
	}
	return ok(list[feature]{Records: records})
}

func (s *Server) feature(id string) feature {
	switch {
	case id == featureERL && s.world.settings().erlRegime():
		return feature{ID: id, Available: true, Params: []featureParam{
			{"maxNumberOfCompanyERLs", "10000"}, {"maxNumberOfPrivateERLsForSingleUser", "20"}, // emergency guide
		}}
	case slices.Contains(s.world.settings().FeaturesOff, id):
		return feature{ID: id, Reason: &featureReason{Code: "InsufficientPermissions", Message: "The user lacks a permission", Permission: id}}
	case strings.HasSuffix(id, "Devices"):
		return feature{ID: id, Available: true}
	}
	return feature{ID: id, Reason: &featureReason{Code: "AccountLimitation", Message: "Feature " + strconv.Quote(id) + " is not available for this account"}}
}

// extension finds the one extension that the path names.
func (s *Server) extension(c *call) (*Extension, *apiError) {
	id := ID(c.param("extensionId"))
	if id == "~" {
		id = s.world.owner()
	}
	extension := s.world.extensions[id]
	if extension == nil {
		return nil, notFound(http.StatusNotFound, "extensionId", string(id))
	}
	return extension, nil
}
