package rcsim_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"provision/rcclient/rcsim"
)

// A simulated account behind a handler: sign in, and rename a phone.
func Example() {
	account, err := rcsim.ParseAccount([]byte(`{"devices": [{"id": "2001", "name": "Desk"}]}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	server, err := rcsim.New(rcsim.Options{Account: account})
	if err != nil {
		fmt.Println(err)
		return
	}

	form := "grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer&assertion=any"
	signIn := httptest.NewRequest(http.MethodPost, "/restapi/oauth/token", strings.NewReader(form))
	signIn.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	signIn.SetBasicAuth("any", "any")
	answer := httptest.NewRecorder()
	server.ServeHTTP(answer, signIn)
	_, token, _ := strings.Cut(answer.Body.String(), `"access_token":"`)
	token, _, _ = strings.Cut(token, `"`)

	rename := httptest.NewRequest(http.MethodPut, "/restapi/v1.0/account/~/device/2001", strings.NewReader(`{"name": "Lobby"}`))
	rename.Header.Set("Content-Type", "application/json")
	rename.Header.Set("Authorization", "Bearer "+token)
	answer = httptest.NewRecorder()
	server.ServeHTTP(answer, rename)

	fmt.Println(answer.Code, answer.Header().Get("X-Rate-Limit-Group"), answer.Header().Get("X-Rate-Limit-Remaining"))
	fmt.Println(server.Snapshot().Devices[0].Name, server.Stats().Effects.Updated, server.Stats().ContractViolations)
	// Output:
	// 200 medium 39
	// Lobby 1 0
}

// A rename is answered with 504 and takes effect half a minute later.
func ExampleParseFaults() {
	faults, err := rcsim.ParseFaults([]byte(`{"rules":[{"on":"updateDevice","kind":"late","seconds":30,"status":504}]}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(faults.Rules[0].Kind, faults.Rules[0].On)

	_, err = rcsim.ParseFaults([]byte(`{"rules":[{"on":"updateDevice","kind":"bulk_fail"}]}`))
	fmt.Println(err)
	// Output:
	// late [updateDevice]
	// parse faults: rules[0]: kind bulk_fail cannot happen to updateDevice
}
