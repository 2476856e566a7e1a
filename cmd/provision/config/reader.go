package config

import (
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"
)

// reader turns a document into a File and gathers what is wrong with it.
type reader struct {
	file     *File
	keys     Keys
	home     string
	private  bool // only the owner may read the file
	problems []error
}

func (r *reader) problem(at *yaml.Node, hint, format string, args ...any) {
	p := &ProblemError{File: r.file.Path, Message: fmt.Sprintf(format, args...), Hint: hint}
	if at != nil {
		p.Line, p.Column = at.Line, at.Column
	}
	r.problems = append(r.problems, p)
}

// abs makes a path that holds from everywhere: relative ones begin at the
// file's folder, "~/" at home.
func (r *reader) abs(path string) string {
	if rest, ok := strings.CutPrefix(path, "~/"); ok && r.home != "" {
		return filepath.Join(r.home, rest)
	}
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(filepath.Dir(r.file.Path), path)
}

// fields are what a mapping may hold: a function for each key.
type fields map[string]func(key, value *yaml.Node)

// mapping reads a mapping strictly. other, if not nil, is asked about keys that
// are not listed, and says whether it took one.
func (r *reader) mapping(n *yaml.Node, what string, known fields, other func(key, value *yaml.Node) bool) {
	n = follow(n)
	if empty(n) {
		return
	}
	if n.Kind != yaml.MappingNode {
		r.problem(n, "", "%s is not a mapping of keys to values", what)
		return
	}
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], follow(n.Content[i+1])
		if first, twice := seen[key.Value]; twice {
			r.problem(key, "", "%s: %q stands twice, also in line %d", what, key.Value, first)
			continue
		}
		seen[key.Value] = key.Line
		if read, ok := known[key.Value]; ok {
			read(key, value)
			continue
		}
		if other != nil && other(key, value) {
			continue
		}
		names := slices.Collect(maps.Keys(known))
		if other != nil {
			names = append(names, r.settingNames()...)
		}
		hint := didYouMean(key.Value, names)
		if hint == "" && len(names) < 12 {
			slices.Sort(names)
			hint = "there are " + strings.Join(names, ", ")
		}
		r.problem(key, hint, "%s: unknown key %q", what, key.Value)
	}
}

func (r *reader) settingNames() []string {
	var names []string
	for name, key := range r.keys {
		if key.Refused == "" {
			names = append(names, name)
		}
	}
	return names
}

// follow resolves an alias.
func follow(n *yaml.Node) *yaml.Node {
	for range 10 {
		if n.Kind != yaml.AliasNode || n.Alias == nil {
			return n
		}
		n = n.Alias
	}
	return n
}

func empty(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Tag == "!!null" }

// text reads a scalar as it is written: "01:00" stays that, and so do ids with
// zeros in front.
func (r *reader) text(n *yaml.Node, what string) (string, bool) {
	switch {
	case n.Kind != yaml.ScalarNode:
		r.problem(n, "", "%s is not one value", what)
		return "", false
	case empty(n) || strings.TrimSpace(n.Value) == "":
		r.problem(n, "give it a value, or leave it away", "%s is set to nothing", what)
		return "", false
	}
	return n.Value, true
}

// texts reads a list of scalars, or one.
func (r *reader) texts(n *yaml.Node, what string) []string {
	if n.Kind != yaml.SequenceNode {
		if one, ok := r.text(n, what); ok {
			return []string{one}
		}
		return nil
	}
	if len(n.Content) == 0 {
		r.problem(n, "name something, or leave it away", "%s lists nothing", what)
	}
	var all []string
	for _, item := range n.Content {
		if one, ok := r.text(follow(item), what); ok {
			all = append(all, one)
		}
	}
	return all
}

// duration reads a length of time; not positive is a problem.
func (r *reader) duration(n *yaml.Node, what string) time.Duration {
	text, ok := r.text(n, what)
	if !ok {
		return 0
	}
	d, err := time.ParseDuration(text)
	if err != nil || d <= 0 {
		r.problem(n, "", "%s: %q is not a length of time like 10s", what, text)
		return 0
	}
	return d
}

func (r *reader) root(n *yaml.Node) {
	var asked *yaml.Node
	r.mapping(n, "the file", fields{
		"default-profile": func(_, v *yaml.Node) {
			r.file.Default, _ = r.text(v, "default-profile")
			asked = v
		},
		"profiles": func(_, v *yaml.Node) { r.profiles(v) },
	}, nil)
	if r.file.Default == "" || r.file.Default == NoProfile {
		return
	}
	if _, ok := r.file.Profile(r.file.Default); !ok {
		r.problem(asked, didYouMean(r.file.Default, r.file.Names()), "default-profile: there is no profile %q", r.file.Default)
	}
}

var profileName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`) //nolint:gochecknoglobals // a constant

func (r *reader) profiles(n *yaml.Node) {
	r.mapping(n, "profiles", nil, func(key, value *yaml.Node) bool {
		switch {
		case !profileName.MatchString(key.Value):
			r.problem(key, "use letters, digits, dots, dashes and underscores", "%q cannot be the name of a profile", key.Value)
		case key.Value == NoProfile:
			r.problem(key, "", "%q stands for no profile and cannot be the name of one", NoProfile)
		default:
			r.profile(key, value)
		}
		return true
	})
}

func (r *reader) profile(name, n *yaml.Node) {
	p := &Profile{Name: name.Value, File: r.file.Path, Line: name.Line}
	r.file.Profiles = append(r.file.Profiles, p)
	r.mapping(n, "profile "+p.Name, fields{
		"account": func(k, v *yaml.Node) {
			p.Account.Value, _ = r.text(v, "account")
			p.Account.Line = k.Line
		},
		"credentials": func(_, v *yaml.Node) {
			r.mapping(v, "credentials", fields{
				"client-id":     func(k, v *yaml.Node) { p.ClientID = r.secret(k, v) },
				"client-secret": func(k, v *yaml.Node) { p.ClientSecret = r.secret(k, v) },
				"jwt":           func(k, v *yaml.Node) { p.JWT = r.secret(k, v) },
			}, nil)
		},
		"metrics-push-credentials": func(k, v *yaml.Node) { p.MetricsPush = r.pushCredentials(k, v) },
		"notifications":            func(_, v *yaml.Node) { p.Notifications = r.notifications(v) },
	}, func(key, value *yaml.Node) bool { return r.setting(p, key, value) })
	for _, s := range p.Settings {
		if s.Key == "env-file" && (p.ClientID != nil || p.ClientSecret != nil || p.JWT != nil) {
			r.problem(&yaml.Node{Line: s.Line}, "keep one of them", "profile %s has both env-file and credentials", p.Name)
		}
	}
}

func (r *reader) pushCredentials(key, n *yaml.Node) PushCredentials {
	var c PushCredentials
	r.mapping(n, key.Value, fields{
		"user":     func(k, v *yaml.Node) { c.User = r.secret(k, v) },
		"password": func(k, v *yaml.Node) { c.Password = r.secret(k, v) },
		"token":    func(k, v *yaml.Node) { c.Token = r.secret(k, v) },
	}, nil)
	if (c.User == nil) != (c.Password == nil) || (c.User == nil) == (c.Token == nil) {
		r.problem(key, "", "%s has either user and password, or a token", key.Value)
	}
	return c
}

// setting reads a key that stands for a flag.
func (r *reader) setting(p *Profile, key, value *yaml.Node) bool {
	known, ok := r.keys[key.Value]
	switch {
	case !ok:
		return false
	case known.Refused != "":
		r.problem(key, "", "%s is not for a profile: %s", key.Value, known.Refused)
		return true
	}
	s := Setting{Key: key.Value, Line: key.Line}
	if known.List {
		s.Values = r.texts(value, key.Value)
	} else if one, ok := r.text(value, key.Value); ok {
		s.Values = []string{one}
	}
	if known.Path != nil {
		for i, v := range s.Values {
			s.Values[i] = known.Path(v, r.abs)
		}
	}
	if len(s.Values) > 0 {
		p.Settings = append(p.Settings, s)
	}
	return true
}
