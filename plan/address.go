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

// IsZero reports whether the address states nothing.
func (a Address) IsZero() bool { return a == Address{} }
