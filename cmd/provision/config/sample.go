package config

import _ "embed"

// Sample is a commented example of a configuration file.
//
//go:embed sample.yaml
var Sample string
