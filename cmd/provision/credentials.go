package main

import (
	"cmp"

	"provision/rcclient"
)

// Variables that hold credentials and server; both sets are in use.
var (
	envServer       = []string{"RC_SERVER_URL", "RINGCENTRAL_SERVER_URL"}                 //nolint:gochecknoglobals // a constant table
	envClientID     = []string{"RC_APP_CLIENT_ID", "RINGCENTRAL_CLIENT_ID"}               //nolint:gochecknoglobals // a constant table
	envClientSecret = []string{"RC_APP_CLIENT_SECRET", "RINGCENTRAL_CLIENT_SECRET"}       //nolint:gochecknoglobals // a constant table
	envJWT          = []string{"RC_USER_JWT", "RINGCENTRAL_JWT", "RINGCENTRAL_JWT_TOKEN"} //nolint:gochecknoglobals // a constant table
)

// credentialsFrom takes the credentials from variables.
func credentialsFrom(env environ) rcclient.Credentials {
	return rcclient.Credentials{
		ClientID: env.first(envClientID...), ClientSecret: env.first(envClientSecret...), JWT: env.first(envJWT...),
	}
}

// orCredentials fills what is missing.
func orCredentials(c, other rcclient.Credentials) rcclient.Credentials {
	return rcclient.Credentials{
		ClientID: cmp.Or(c.ClientID, other.ClientID), ClientSecret: cmp.Or(c.ClientSecret, other.ClientSecret), JWT: cmp.Or(c.JWT, other.JWT),
	}
}

// missingCredentials is what people see first who did not read the README.
func missingCredentials(c rcclient.Credentials) error {
	if c.ClientID != "" && c.ClientSecret != "" && c.JWT != "" {
		return nil
	}
	var missing string
	for _, m := range []struct{ value, name string }{
		{c.ClientID, envClientID[0]}, {c.ClientSecret, envClientSecret[0]}, {c.JWT, envJWT[0]},
	} {
		if m.value == "" {
			if missing != "" {
				missing += ", "
			}
			missing += m.name
		}
	}
	return withHint(usagef("credentials are missing: %s", missing),
		`set them in the environment, in a profile or in a file (chmod 600) named by --env-file, or try "--server sim:FILE" without any`)
}
