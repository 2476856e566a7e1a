package rcsim

import "testing"

// What is no account is refused in words that tell where to look.
func TestParseAccountTrouble(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ data, want string }{
		"a sheet":        {"extension,site\n101,HQ\n", "line 1 is no JSON"},
		"nothing":        {" \n", "the file is empty"},
		"cut":            {"{\"account\": {\"id\": 1},\n", "the file ends before its JSON does"},
		"a comma":        {"{\n\"account\": {\"id\": 1},\n}\n", "line 3 is no JSON"},
		"a list":         {"[]", "the file holds a JSON value of type array, want an object"},
		"a wrong value":  {"{\n\"account\": {\"id\": 1}, \"extensions\":\n{}}", "line 3: the value of extensions has the wrong type, object"},
		"misspelled key": {`{"acount": {"id": 1}}`, `unknown key "acount"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := ParseAccount([]byte(c.data))
			if err == nil || err.Error() != c.want {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}
