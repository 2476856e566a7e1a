package main

import "testing"

// A licence is told by its sentences, however its lines break; what is not known is not allowed.
func TestTell(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		text, licence string
		ok            bool
	}{
		{"MIT License\n\nPermission is hereby granted, free of charge, to any\nperson obtaining a copy of", "MIT", true},
		{"Apache License\n  Version 2.0, January 2004", "Apache-2.0", true},
		{"Mozilla Public License, version 2.0", "MPL-2.0", true},
		{"GNU GENERAL PUBLIC LICENSE\nVersion 3", "GPL", false},
		{"GNU AFFERO GENERAL PUBLIC LICENSE\nVersion 3", "AGPL", false},
		{"All rights reserved.", "of no kind that is known", false},
	} {
		licence, ok := tell(tc.text)
		if licence != tc.licence || ok != tc.ok {
			t.Errorf("%.20q is %s, allowed %v; want %s, %v", tc.text, licence, ok, tc.licence, tc.ok)
		}
	}
}
