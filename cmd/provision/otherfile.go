package main

import (
	"encoding/json"
	"os"
)

// What a JSON file of the program is, for people.
const (
	isPlan     = "a saved plan"
	isSnapshot = "a saved snapshot"
	isAccount  = "an account of the simulator"
)

// whatIs tells by the first name in a file which of the program's JSON files
// it is; empty if it is none of them, or can't be read.
func whatIs(path string) string {
	name, _ := firstName(path)
	switch name {
	case "format_version":
		return isPlan
	case "snapshot_format":
		return isSnapshot
	case "account", "settings", "credentials", "sites", "cost_centers", "emergency_locations", "extensions", "devices", "numbers":
		return isAccount
	}
	return ""
}

// beginsAsSnapshot reports whether a file begins as a saved snapshot does, also
// if it is cut before its first name.
func beginsAsSnapshot(path string) bool {
	name, object := firstName(path)
	return object && (name == "" || name == "snapshot_format")
}

// firstName is the first name in a JSON object, empty if the file is cut
// before it; false for what begins as no object, or can't be read.
func firstName(path string) (name string, object bool) {
	f, err := openRegular(path)
	if err != nil {
		return "", false
	}
	defer func() { _ = f.Close() }()
	d := json.NewDecoder(f)
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return "", false
	}
	t, _ := d.Token()
	name, _ = t.(string)
	return name, true
}

// isNo says that a file is no wanted, and what it is if that is known.
func isNo(path, wanted string) string {
	text := path + " is no " + wanted
	if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() && info.Size() == 0 {
		return text + ": it is empty"
	}
	if what := whatIs(path); what != "" {
		text += " but " + what
	}
	return text
}
