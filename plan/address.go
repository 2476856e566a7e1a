package plan

// Address is a postal address as one value. Country is the ISO 3166 alpha-2
// code and State the code that the country uses, where they could be told;
// otherwise both are as written.
type Address struct {
	Street       string `json:"street,omitempty"`
	Street2      string `json:"street2,omitempty"`
	City         string `json:"city,omitempty"`
	State        string `json:"state,omitempty"`
	Zip          string `json:"zip,omitempty"`
	Country      string `json:"country,omitempty"`
	CustomerName string `json:"customer_name,omitempty"` // not part of the place
}

// appendKey appends all but the customer's name: each text after its length, so
// that the keys of two addresses are alike only where all their texts are.
func (a *Address) appendKey(key []byte) []byte {
	for _, text := range [...]string{a.Street, a.Street2, a.City, a.State, a.Zip, a.Country} {
		key = appendText(key, text)
	}
	return key
}

func appendText(key []byte, text string) []byte {
	n := len(text)
	return append(append(key, byte(n), byte(n>>8), byte(n>>16), byte(n>>24)), text...) //nolint:gosec // the bytes of a length, one by one
}

// IsZero reports whether the address states nothing.
func (a Address) IsZero() bool { return a == Address{} }
