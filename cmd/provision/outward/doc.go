// Package outward is how the program talks over HTTP to others than the
// service: to receivers of notifications, gateways and collectors that an
// operator named. It sends to nobody else, and shows nothing of what they say.
package outward
