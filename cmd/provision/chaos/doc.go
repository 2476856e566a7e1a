// Package chaos tests the program through a proxy that is not this project's:
// toxiproxy, which delays, throttles, slices, cuts, swallows and resets what
// goes between a client and a service.
//
// The tests build the program, let it carry plans out against a simulator in
// another process with the proxy between them, and go on with "resume" until
// the run is done. Each change must have had exactly the effects that the report
// claims, and planning the sheet again must ask for nothing but what the report
// leaves open.
//
// It is a module of its own, so that the proxy's dependencies are none of the
// program's. It shares no code with the program: it reads the files that a
// person would. "make chaos" runs it.
//
// Glossary:
//
//   - toxic: one thing that the proxy does to a connection, in one direction.
//   - weather: the toxics of a run, as they come and go by seed.
//   - scene: an account and a sheet for it.
//   - undisturbed run: the scene's plan carried out with no toxics.
package chaos
