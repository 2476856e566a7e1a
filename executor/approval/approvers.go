package approval

import (
	"bufio"
	"bytes"
	"fmt"
	"path"
	"strings"
	"time"

	"golang.org/x/crypto/ssh"
)

// Approvers are the people who may approve, with their keys.
type Approvers struct{ lines []approver }

// approver is one line: who, and with which key.
type approver struct {
	principals    []string // names or patterns; one that begins with ! excludes
	namespaces    []string // empty: all
	after, before time.Time
	key           ssh.PublicKey
}

// ParseApprovers reads a list in OpenSSH's format of allowed signers: names or
// patterns of names, options, type of the key, key. Known options are
// namespaces, valid-after and valid-before. A line that is not understood is an
// error: to pass over it could mean to pass over a limit. So is a line that
// names a certificate authority, which this program does not follow.
func ParseApprovers(data []byte) (*Approvers, error) {
	var list Approvers
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, maxSig)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		one, err := parseApprover(line)
		if err != nil {
			return nil, fmt.Errorf("read approvers: line %d: %w", n, err)
		}
		list.lines = append(list.lines, one)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read approvers: %w", err)
	}
	if len(list.lines) == 0 {
		return nil, fmt.Errorf("read approvers: the list names nobody")
	}
	return &list, nil
}

func parseApprover(line string) (approver, error) {
	names, rest, ok := cutNames(line)
	if !ok {
		return approver{}, fmt.Errorf("it is not of the form: name key-type key")
	}
	key, _, options, more, err := ssh.ParseAuthorizedKey([]byte(rest))
	if err != nil || len(more) > 0 {
		return approver{}, fmt.Errorf("it holds no key: name key-type key")
	}
	a := approver{key: key}
	for _, name := range strings.Split(names, ",") {
		if name = strings.TrimSpace(name); name != "" {
			a.principals = append(a.principals, name)
		}
	}
	for _, o := range options {
		name, value, _ := strings.Cut(o, "=")
		value = strings.Trim(value, `"`)
		switch strings.ToLower(name) {
		case "namespaces":
			a.namespaces = strings.Split(value, ",")
		case "valid-after":
			a.after, err = parseValidity(value)
		case "valid-before":
			a.before, err = parseValidity(value)
		case "cert-authority":
			return approver{}, fmt.Errorf("certificate authorities are not followed: name the key itself")
		default:
			return approver{}, fmt.Errorf("the option %s is not known", name)
		}
		if err != nil {
			return approver{}, err
		}
	}
	return a, nil
}

// cutNames separates the names, which may stand in double quotes, from the rest.
func cutNames(line string) (names, rest string, ok bool) {
	if quoted, found := strings.CutPrefix(line, `"`); found {
		names, rest, ok = strings.Cut(quoted, `"`)
		return names, strings.TrimSpace(rest), ok && names != ""
	}
	i := strings.IndexAny(line, " \t")
	if i <= 0 {
		return "", "", false
	}
	return line[:i], strings.TrimSpace(line[i:]), true
}

// parseValidity reads YYYYMMDD or YYYYMMDDHHMM[SS], in UTC with a Z behind it.
// Without one the format means the machine's own zone, which pure code does not
// know: it is taken as UTC.
func parseValidity(text string) (time.Time, error) {
	digits := strings.TrimSuffix(text, "Z")
	for _, layout := range []string{"20060102", "200601021504", "20060102150405"} {
		if t, err := time.Parse(layout, digits); err == nil && len(layout) == len(digits) {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is no date of the form YYYYMMDD[HHMM[SS]][Z]", text)
}

// holds reports whether the key is listed for that name at that time, and if
// not, what of it is not.
func (a *Approvers) holds(by string, key ssh.PublicKey, now time.Time) error {
	known := false
	for _, l := range a.lines {
		if !bytes.Equal(l.key.Marshal(), key.Marshal()) {
			continue
		}
		switch {
		case !matches(l.principals, by):
			known = true
		case len(l.namespaces) > 0 && !matches(l.namespaces, Namespace):
			return fmt.Errorf("the key of %q in the list of approvers is not for %s", by, Namespace)
		case !l.after.IsZero() && now.Before(l.after):
			return fmt.Errorf("the key of %q in the list of approvers is not yet valid", by)
		case !l.before.IsZero() && !now.Before(l.before):
			return fmt.Errorf("the key of %q in the list of approvers is no longer valid", by)
		default:
			return nil
		}
	}
	if known {
		return fmt.Errorf("it was signed with a key that the list of approvers has under another name than %q", by)
	}
	return fmt.Errorf("it was signed with the key %s, which the list of approvers does not have", ssh.FingerprintSHA256(key))
}

// matches is OpenSSH's list of patterns: * and ? stand for any characters and
// for one, and a pattern behind ! that fits excludes whatever else fits.
func matches(patterns []string, name string) bool {
	found := false
	for _, p := range patterns {
		pattern, not := strings.CutPrefix(strings.TrimSpace(p), "!")
		if !fits(pattern, name) {
			continue
		}
		if not {
			return false
		}
		found = true
	}
	return found
}

// fits matches * and ? only, over any characters.
func fits(pattern, name string) bool {
	// path.Match stops at slashes and knows brackets and backslashes: none of
	// them means anything here.
	hide := strings.NewReplacer("/", "\x00", "[", "\x01", "\\", "\x02")
	ok, err := path.Match(hide.Replace(pattern), hide.Replace(name))
	return ok && err == nil
}
