// Package browser opens the pages that the built program writes in a real
// Chromium, as a reviewer would: with a mouse, with the keyboard alone, in both
// themes, on paper, without JavaScript and without a network. It has tests only
// and is a module of its own, so that what drives a browser is none of the
// program's dependencies.
//
// "make browser" runs it. It needs Chromium (Debian: apt install chromium) and
// axe-core, which the Makefile fetches at a pinned version. Screenshots and a
// print go to the folder .shots, to be looked at.
package browser
