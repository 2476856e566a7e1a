package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"

	"provision/cmd/provision/wholefile"
)

// errorText is an error in one line, with our words for what the system says
// of files.
func errorText(err error) string {
	text := oneLine(err.Error())
	var file *fs.PathError
	if errors.As(err, &file) {
		text = replaceFile(text, file.Error(), lastingName(file.Path), fileTrouble(file.Path, file.Err))
	}
	var link *os.LinkError // of the rename that gives a new file its name
	if errors.As(err, &link) {
		text = replaceFile(text, link.Error(), lastingName(link.New), fileTrouble(link.New, link.Err))
	}
	return text
}

// replaceFile puts our words for a file's trouble in the place of the system's.
// What is wrapped around them often names the file already.
func replaceFile(text, old, path, trouble string) string {
	text = strings.ReplaceAll(text, oneLine(old), trouble)
	return strings.ReplaceAll(text, path+": "+path+": ", path+": ")
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
	case errors.Is(err, wholefile.ErrSpecial):
		return path + " is a device or a pipe: name a file"
	case errors.Is(err, syscall.EISDIR):
		return path + " is a folder"
	case errors.Is(err, syscall.ENOTDIR):
		return path + ": a part of this path is a file, not a folder"
	case errors.Is(err, fs.ErrPermission):
		return path + ": the permissions do not allow it"
	case errors.Is(err, syscall.EROFS):
		return path + ": the disk can only be read"
	case diskFull(err):
		return path + ": the disk is full"
	}
	return path + ": " + err.Error()
}

func diskFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
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

// refuseFolder keeps a folder, a device or a pipe from being taken for the file
// to be written.
func refuseFolder(path string) error {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return usagef("%s is a folder: name a file in it", path)
	}
	return wholefile.Check(path)
}

// openRegular opens a file to be read whole, and perhaps again. A device or a
// pipe is refused before it is opened, as opening a pipe waits for whoever
// writes into it; so is a folder, which fails only when it is read.
func openRegular(path string) (*os.File, error) {
	if info, err := os.Stat(path); err == nil {
		switch {
		case info.IsDir():
			return nil, &fs.PathError{Op: "open", Path: path, Err: syscall.EISDIR}
		case !info.Mode().IsRegular():
			return nil, &fs.PathError{Op: "open", Path: path, Err: wholefile.ErrSpecial}
		}
	}
	return os.Open(path)
}
