package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"provision/plan"
)

// keptSheets are the files that the plan was made from, each once.
func keptSheets(p *plan.Plan) []plan.SheetInfo {
	seen := map[string]bool{}
	var files []plan.SheetInfo
	for _, s := range p.Sheets {
		if s.Path != "" && !seen[s.Path] {
			seen[s.Path] = true
			files = append(files, s)
		}
	}
	return files
}

// copySheet copies one file. Two files of one base name are told apart by the
// hash that the plan has of them.
func copySheet(s plan.SheetInfo, dir string) error {
	data, err := os.ReadFile(s.Path)
	if err != nil {
		return fmt.Errorf("read sheet: %w", err)
	}
	sum := sha256.Sum256(data)
	if hex.EncodeToString(sum[:]) != s.SHA256 {
		return errors.New("the file was changed since the plan was made")
	}
	to := filepath.Join(dir, filepath.Base(s.Path))
	if _, err := os.Stat(to); err == nil {
		to = filepath.Join(dir, s.SHA256[:8]+"-"+filepath.Base(s.Path))
	}
	return writePrivate(to, data)
}
