package rcsim

import (
	"cmp"
	"net/http"
	"net/url"
	"strings"
)

// operation is one call of the interface. Its shapes stand in the contract,
// under the same id.
type operation struct {
	id    string
	group string
	run   func(*Server, *call) answer
	// changes tells whether the call can have an effect.
	changes bool
	// open operations need no access token.
	open bool
}

// operations are the calls that the simulator serves, by operationId. Groups
// are the ones of the API reference; the two that are not in the public
// contract (listAccountDevices, bulkUpdateDevices) count as heavy, which is
// assumed.
var operations = named(map[string]*operation{
	"getToken":    {group: groupAuth, run: (*Server).getToken, open: true, changes: true},
	"revokeToken": {group: groupAuth, run: (*Server).revokeToken, open: true, changes: true},

	"readAccountInfo":           {group: groupLight, run: (*Server).readAccountInfo},
	"listExtensions":            {group: groupMedium, run: (*Server).listExtensions},
	"readExtensionFeatures":     {group: groupMedium, run: (*Server).readExtensionFeatures},
	"listSites":                 {group: groupLight, run: (*Server).listSites},
	"listCostCenters":           {group: groupLight, run: (*Server).listCostCenters},
	"listEmergencyLocations":    {group: groupLight, run: (*Server).listEmergencyLocations},
	"readEmergencyLocation":     {group: groupLight, run: (*Server).readEmergencyLocation},
	"createEmergencyLocation":   {group: groupMedium, run: (*Server).createEmergencyLocation, changes: true},
	"listAccountPhoneNumbersV2": {group: groupHeavy, run: (*Server).listAccountPhoneNumbers},

	"addDeviceToInventory":      {group: groupHeavy, run: (*Server).addDeviceToInventory, changes: true},
	"deleteDeviceFromInventory": {group: groupHeavy, run: (*Server).deleteDeviceFromInventory, changes: true},
	"removeLineJWSPublic":       {group: groupMedium, run: (*Server).removeLine, changes: true},
	"bulkAddDevicesV2":          {group: groupHeavy, run: (*Server).bulkAddDevices, changes: true},
	"replaceDevicesJWSPublic":   {group: groupMedium, run: (*Server).replaceDevice, changes: true},
	"readDevice":                {group: groupLight, run: (*Server).readDevice},
	"updateDevice":              {group: groupMedium, run: (*Server).updateDevice, changes: true},
	"readDeviceSipInfo":         {group: groupLight, run: (*Server).readDeviceSipInfo},
	"updateDeviceEmergency":     {group: groupMedium, run: (*Server).updateDeviceEmergency, changes: true},
	"listExtensionDevices":      {group: groupLight, run: (*Server).listExtensionDevices},

	"listAccountDevices": {group: groupHeavy, run: (*Server).listAccountDevices},
	"bulkUpdateDevices":  {group: groupHeavy, run: (*Server).bulkUpdateDevices, changes: true},
})

func named(table map[string]*operation) map[string]*operation {
	for id, op := range table {
		op.id = id
	}
	return table
}

// call is one request on its way through the server.
type call struct {
	op        *operation
	request   *http.Request
	shape     *shape
	query     url.Values
	body      []byte
	session   *session // nil on open operations
	app       string   // client id
	requestID string
	base      string // scheme and host, for links
	now       int64  // service time at which the call is being worked on

	faults *decision // nil without a fault
	late   string    // request id, if its effect came late

	quota   quota
	verdict verdict

	// What the call did, for the state file.
	effects  []Effect
	sessions []sessionChange
	taken    int // numbers that lines got
	released int // numbers that left the account
}

// param is a path parameter.
func (c *call) param(name string) string { return c.shape.params[name] }

// effect notes one effect of the call.
func (c *call) effect(e Effect) {
	e.Operation = c.op.id
	e.RequestID = c.requestID
	e.Time = stamp(c.now)
	c.effects = append(c.effects, e)
}

// link is an absolute link to a path of this server.
func (c *call) link(path string) string { return c.base + path }

// tunnelled is the request with the method that a header or the query asks for
// (guide, method tunnelling): some proxies drop bodies of DELETE.
func tunnelled(r *http.Request) *http.Request {
	if r.Method != http.MethodPost {
		return r
	}
	query := r.URL.Query()
	method := strings.ToUpper(cmp.Or(r.Header.Get("X-HTTP-Method-Override"), query.Get("_method")))
	if method == "" {
		return r
	}
	again := r.Clone(r.Context())
	again.Method = method
	query.Del("_method")
	again.URL.RawQuery = query.Encode()
	return again
}

func baseOf(r *http.Request) string {
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	return scheme + "://" + cmp.Or(r.Host, "localhost")
}
