package rcsim

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

// Account is the account file: what a simulated account starts from. The
// records have the shapes of the REST answers; ids may be numbers or strings
// everywhere, uris are left out (each answer makes its own).
type Account struct {
	Account            AccountInfo         `json:"account"`
	Settings           Settings            `json:"settings"`
	Credentials        *Credentials        `json:"credentials,omitempty"`
	Sites              []Site              `json:"sites"`
	CostCenters        []CostCenter        `json:"cost_centers"`
	EmergencyLocations []EmergencyLocation `json:"emergency_locations"`
	Extensions         []Extension         `json:"extensions"`
	Devices            []Device            `json:"devices"`
	Numbers            []Number            `json:"numbers"`
}

// AccountInfo is the account as readAccountInfo shows it.
type AccountInfo struct {
	ID               IntID           `json:"id"`
	URI              string          `json:"uri,omitempty"`
	MainNumber       string          `json:"mainNumber,omitempty"`
	Status           string          `json:"status,omitempty"`
	Operator         *ExtensionRef   `json:"operator,omitempty"`
	PartnerID        string          `json:"partnerId,omitempty"`
	ServiceInfo      json.RawMessage `json:"serviceInfo,omitempty"`
	SetupWizardState string          `json:"setupWizardState,omitempty"`
	SignupInfo       json.RawMessage `json:"signupInfo,omitempty"`
	RegionalSettings json.RawMessage `json:"regionalSettings,omitempty"`
	Limits           json.RawMessage `json:"limits,omitempty"`
}

// Credentials are enforced where they are filled; an empty one lets any
// non-empty value pass.
type Credentials struct {
	ClientID     string `json:"client_id,omitempty"`
	ClientSecret string `json:"client_secret,omitempty"`
	JWT          string `json:"jwt,omitempty"`
}

// LoadAccount reads an account file.
func LoadAccount(path string) (*Account, error) {
	if info, err := os.Stat(path); err == nil && !info.IsDir() && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("read account file: %s is a device or a pipe: its state could not be kept beside it", path)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read account file: %w", err)
	}
	account, err := ParseAccount(data)
	if err != nil {
		return nil, fmt.Errorf("read account file %s: %w", path, err)
	}
	return account, nil
}

// ParseAccount decodes an account file. Unknown keys at the top level and in
// settings and credentials are refused by name; unknown fields of records are
// dropped, as no operation here would show them. What the records leave out is
// completed ([Account] stays valid input for ParseAccount).
func ParseAccount(data []byte) (*Account, error) {
	if err := refuseUnknownKeys(data); err != nil {
		return nil, err
	}
	account := &Account{}
	decoder := json.NewDecoder(bytes.NewReader(data))
	if err := decoder.Decode(account); err != nil {
		return nil, jsonTrouble(data, err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("more than one JSON document")
	}
	if err := account.Settings.check(); err != nil {
		return nil, err
	}
	if err := account.complete(); err != nil {
		return nil, err
	}
	return account, nil
}

// Encode writes the account file: indented, keys in a fixed order, the same
// account always as the same bytes.
func (a *Account) Encode() ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(a); err != nil {
		return nil, fmt.Errorf("encode account: %w", err)
	}
	return out.Bytes(), nil
}

// clone is a deep copy: a server never shares memory with its caller.
func (a *Account) clone() (*Account, error) {
	data, err := json.Marshal(a)
	if err != nil {
		return nil, fmt.Errorf("copy account: %w", err)
	}
	return ParseAccount(data)
}

// refuseUnknownKeys decodes into the shapes that are the simulator's own (not
// the service's), where an unknown key is a misspelt one.
func refuseUnknownKeys(data []byte) error {
	var top struct {
		Account            json.RawMessage `json:"account"`
		Settings           Settings        `json:"settings"`
		Credentials        *Credentials    `json:"credentials"`
		Sites              json.RawMessage `json:"sites"`
		CostCenters        json.RawMessage `json:"cost_centers"`
		EmergencyLocations json.RawMessage `json:"emergency_locations"`
		Extensions         json.RawMessage `json:"extensions"`
		Devices            json.RawMessage `json:"devices"`
		Numbers            json.RawMessage `json:"numbers"`
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&top); err != nil {
		return jsonTrouble(data, err)
	}
	return nil
}
