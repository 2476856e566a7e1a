package rcsim_test

import (
	"testing"
	"testing/synctest"
	"time"

	"provision/rcclient/rcsim"
)

// pass lets service time pass inside a synctest bubble.
func pass(d time.Duration) {
	timer := time.NewTimer(d)
	<-timer.C
}

func TestAddressesAreJudgedLate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := start(t)
		create := func(street string) string {
			return s.post(v1+"/emergency-locations", `{"name":"N","address":{"street":"`+street+`","city":"Reno","state":"NV","zip":"89501","country":"US"}}`).
				want(200).is("Provisioning", "addressStatus").is("Active", "usageStatus").is("Public", "visibility").text("id")
		}
		good, bad := create("9 Fine St"), create("9 INVALID St")
		// Not Valid yet: nobody can be put there.
		s.put(v1+"/device/2002", `{"emergency":{"location":{"id":"`+good+`"}}}`).fails(400, "CMN-101")
		pass(29 * time.Second)
		s.get(v1+"/emergency-locations/"+good+"?syncEmergencyAddress=true").is("Provisioning", "addressStatus").is("Updated", "syncStatus")
		pass(time.Second)
		s.get(v1+"/emergency-locations/"+good+"?syncEmergencyAddress=true").is("Valid", "addressStatus").is("Verified", "syncStatus")
		s.get(v1+"/emergency-locations/"+bad).is("Invalid", "addressStatus")
		s.get(v1+"/emergency-locations/5004").is("Valid", "addressStatus") // Provisioning in the account file

		s.put(v1+"/device/2002", `{"emergency":{"location":{"id":"`+good+`"}}}`).want(200)
		added := s.bulkAdd(add("106", good, anyNumber)).want(200).text("results", 0, "id")
		pass(15 * time.Second)
		// A change of the name alone does not start the validation anew.
		s.put(v1+"/device/2002", `{"name":"Other"}`).want(200).is("Provisioning", "emergency", "addressStatus")
		pass(15 * time.Second)
		for _, id := range []string{"2002", added} {
			s.get(v1+"/device/"+id+"?syncEmergencyAddress=true").is("Valid", "emergency", "addressStatus").is("Verified", "emergency", "syncStatus").
				is("Valid", "phoneLines", 0, "emergencyAddress", "lineProvisioningStatus").is("Valid", "emergencyServiceAddress", "lineProvisioningStatus")
			s.device(id).is("", "emergency", "syncStatus")
		}
		s.counts(rcsim.EffectCounts{Added: 1, NumbersTaken: 1, Emergency: 1, Updated: 1, LocationsCreated: 2})
	})
}

func TestInvalidPlainAddress(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := start(t, `"erl_regime": false`, `"validation": {"seconds": 5, "invalid": "Nowhere"}`)
		const body = `{"emergency":{"address":{"street":"1 nowhere Rd","city":"Reno","state":"NV","zip":"89501","country":"US"}}}`
		s.put(v1+"/device/2002", body).want(200)
		pass(5 * time.Second)
		s.get(v1+"/device/2002?syncEmergencyAddress=true").is("Invalid", "emergency", "addressStatus").is("Failed", "emergency", "syncStatus")
		// Sent again it is judged again, unlike an address that stands.
		s.put(v1+"/device/2002", body).want(200).is("Provisioning", "emergency", "addressStatus")
		s.put(v1+"/device/2002", body).want(200)
		s.counts(rcsim.EffectCounts{Emergency: 2})
	})
}

// TestValidationFollowsTheLine: the address stays with the extension in a swap,
// and so does its coming verdict.
func TestValidationFollowsTheLine(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := start(t)
		s.put(v1+"/device/2002", `{"emergency":{"location":{"id":"5001"}}}`).want(200)
		s.post(v2+"/extensions/102/devices/2002/replace", `{"targetDeviceId":"2004"}`).want(204)
		s.device("2004").is("Provisioning", "emergency", "addressStatus")
		pass(30 * time.Second)
		s.device("2004").is("Valid", "emergency", "addressStatus")
		s.device("2002").is("", "emergency", "addressStatus")
	})
}

func TestCreateEmergencyLocationRefuses(t *testing.T) {
	t.Parallel()
	s := start(t)
	const address = `"address":{"street":"9 Fine St","city":"Reno","state":"NV","zip":"89501","country":"US"}`
	const path = v1 + "/emergency-locations"
	s.post(path, `{"name":"X"}`).fails(400, "CMN-101")
	s.post(path, `{"name":"X","address":{"street":"PO Box 3","city":"Reno","state":"NV","zip":"89501","country":"US"}}`).fails(400, "EME-201")
	s.post(path, `{"name":"X","site":{"id":"77","name":"?"},`+address+`}`).fails(400, "CMN-102")
	s.post(path, `{"name":"X","site":{"id":"7001","name":"West"},`+address+`}`).want(200).is("West", "site", "name")
	s.post(path, `{`+address+`}`).want(200).is("9 Fine St", "name")
	// Trusted skips the validation outside the US, and only there.
	s.post(path, `{"trusted":true,`+address+`}`).want(200).is("Provisioning", "addressStatus")
	s.post(path, `{"trusted":true,"address":{"street":"1 Weg","city":"Bonn","country":"DE"}}`).want(200).is("Valid", "addressStatus")
	s.counts(rcsim.EffectCounts{LocationsCreated: 4})
}
