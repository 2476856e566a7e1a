package plan

import "testing"

func TestFloor(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		street, street2, want string
	}{
		{"100 Main St", "Floor 2", "2"},
		{"100 Main St, 3rd Floor", "", "3"},
		{"100 Main St", "Fl 12 Suite 1200", "12"},
		{"100 Main St", "Ground Floor", "ground"},
		{"100 Main St", "Apt 4", ""},
		{"100 Main St", "", ""},
		{"2 Floor Ave", "", ""},
	} {
		if got := (Address{Street: c.street, Street2: c.street2, City: "Belmont", State: "CA", Zip: "94002", Country: "US"}).Floor(); got != c.want {
			t.Errorf("Floor of %q, %q: got %q, want %q", c.street, c.street2, got, c.want)
		}
	}
}

func TestPhoneOf(t *testing.T) {
	t.Parallel()
	p := &Plan{Phones: []NamedPhone{Phone{Device: "9"}.Named(), Phone{Device: "80"}.Named(), Phone{Device: "800"}.Named()}}
	for _, id := range []DeviceID{"9", "80", "800"} {
		if f := p.PhoneOf(id); f == nil || f.Device != id {
			t.Errorf("PhoneOf(%s) = %v", id, f)
		}
	}
	for _, id := range []DeviceID{"", "8", "801"} {
		if f := p.PhoneOf(id); f != nil {
			t.Errorf("PhoneOf(%s) = %v, want none", id, f)
		}
	}
}
