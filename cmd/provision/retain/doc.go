// Package retain decides how long runs are kept, and removes, redacts, seals
// and packs their folders.
//
// A run's folder is removed, or sealed into one encrypted file, by steps that
// are durable in their order: what is to be kept stands on the disk under its
// name before anything is taken away. A folder that is taken away first gets a
// trash name; from then on nobody needs it, and whoever finds it may finish its
// removal.
//
// Glossary:
//
//   - archive: the file RUN.tar.age beside the place of a sealed run's folder
//   - trash: a folder or file named .trash-RUN, only waiting to be removed
//   - redacted run: a folder that holds a summary and redacted reports, and
//     neither plan nor journal
//
// It never decides whether a run is open: its caller reads plan and journal and
// holds the account's lock. It reads no clock.
package retain
