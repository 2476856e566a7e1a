package journal_test

import (
	"fmt"
	"os"
	"path/filepath"

	"provision/executor/journal"
)

// A process writes an intent and dies; the next one finds it open.
func Example() {
	dir, err := os.MkdirTemp("", "journal")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = os.RemoveAll(dir) }()
	path := filepath.Join(dir, journal.FileName)

	j, err := journal.Create(path, journal.Options{Run: &journal.Run{Program: "1.0"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	err = j.Append(journal.Record{Type: journal.TypeIntent, Changes: []string{"remove-101"},
		Intent: &journal.Intent{Attempt: 1, Operation: "removeLineJWSPublic"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	_ = j.Close() // dies

	records, err := journal.Read(path)
	if err != nil {
		fmt.Println(err)
		return
	}
	state := journal.Fold(records)
	fmt.Println(len(records), "records, in doubt:", state.Unsettled([]string{"remove-101"}))
	// Output: 2 records, in doubt: [remove-101]
}
