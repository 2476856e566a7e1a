package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
)

// errorText is an error in one line, with our words for what the system says
// of files.
func errorText(err error) string {
	text := oneLine(err.Error())
	var file *fs.PathError
	if errors.As(err, &file) {
		text = strings.ReplaceAll(text, oneLine(file.Error()), fileTrouble(file.Path, file.Err))
	}
	var link *os.LinkError // of the rename that gives a new file its name
	if errors.As(err, &link) {
		text = strings.ReplaceAll(text, oneLine(link.Error()), fileTrouble(link.New, link.Err))
	}
	return text
}

// fileTrouble says in our words why a file can't be used. What we have no words
// for keeps the system's.
func fileTrouble(path string, err error) string {
	path = lastingName(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if folder := filepath.Dir(path); !fileExists(folder) {
			return "there is no folder " + folder
		}
		return path + ": there is no such file"
	case errors.Is(err, syscall.EISDIR):
		return path + " is a folder"
	case errors.Is(err, syscall.ENOTDIR):
		return path + ": a part of this path is a file, not a folder"
	case errors.Is(err, fs.ErrPermission):
		return path + ": the permissions do not allow it"
	case errors.Is(err, syscall.EROFS):
		return path + ": the disk can only be read"
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return path + ": the disk is full"
	}
	return path + ": " + err.Error()
}

// temporary is the name under which a file is written before it gets its own.
var temporary = regexp.MustCompile(`^\.(.+?)\d{6,}$`)

// lastingName is the name that a file will have: nobody knows the temporary
// one.
func lastingName(path string) string {
	if m := temporary.FindStringSubmatch(filepath.Base(path)); m != nil {
		return filepath.Join(filepath.Dir(path), m[1])
	}
	return path
}

// refuseFolder keeps a folder from being taken for the file to be written.
func refuseFolder(path string) error {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return usagef("%s is a folder: name a file in it", path)
	}
	return nil
}
