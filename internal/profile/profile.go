// Package profile reads TOML profiles: what to promise and to unveil for a
// program, under a name.
//
//	p, err := profile.Find("nginx")
//
// A name is searched in $XDG_CONFIG_HOME/pledge (or ~/.config/pledge), then in
// /etc/pledge, then among those built in; NAME.toml each time. A name with a
// slash is a file. Unknown keys are errors, and keys that say nothing.
//
// A profile decides what a program may do and what is in its environment, so a
// file is taken only if nobody but root and the user could have made it what it
// is: it and every directory on the way are theirs, and others cannot write
// them. Root takes none of a user's, whatever HOME says.
package profile

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"unicode"

	"github.com/pelletier/go-toml/v2"

	"github.com/pledge-linux/pledge/internal/trust"
	"github.com/pledge-linux/pledge/promises"
	"github.com/pledge-linux/pledge/unveil"
)

//go:embed profiles/*.toml
var builtin embed.FS

// A Profile is the content of a file. Fields have the meaning of the options
// of the same name in pledge(1).
type Profile struct {
	Description string            `toml:"description,omitempty"`
	Promises    string            `toml:"promises"`
	Unveil      []string          `toml:"unveil,omitempty"`
	Optional    []string          `toml:"unveil_optional,omitempty"`
	Escaped     []string          `toml:"unveil_escaped,omitempty"`
	OptEscaped  []string          `toml:"unveil_optional_escaped,omitempty"`
	Exec        bool              `toml:"exec,omitempty"`
	Kill        bool              `toml:"kill,omitempty"`
	BestEffort  bool              `toml:"best_effort,omitempty"`
	Require     []string          `toml:"require,omitempty"`
	Chdir       string            `toml:"chdir,omitempty"`
	Env         []string          `toml:"env,omitempty"`
	ClearEnv    bool              `toml:"clear_env,omitempty"`
	Limit       map[string]string `toml:"limit,omitempty"`
	User        string            `toml:"user,omitempty"`
	Group       string            `toml:"group,omitempty"`
	KeepCaps    bool              `toml:"keep_caps,omitempty"`
	KeepFDs     []int             `toml:"keep_fd,omitempty"`
	TCPConnect  []int             `toml:"tcp_connect,omitempty"`
	TCPBind     []int             `toml:"tcp_bind,omitempty"`

	// Source is where it was read from.
	Source string `toml:"-"`
}

// A Place is a profile that can be found, by name.
type Place struct{ Name, Source string }

const builtinSource = "built in"

// dirs are searched in order.
func dirs() []string {
	var list []string
	if d := os.Getenv("XDG_CONFIG_HOME"); filepath.IsAbs(d) {
		list = append(list, filepath.Join(d, "pledge"))
	} else if home, err := os.UserHomeDir(); err == nil {
		list = append(list, filepath.Join(home, ".config", "pledge"))
	}
	return append(list, "/etc/pledge")
}

// Find reads the profile of a name, or the file if it has a slash.
func Find(name string) (*Profile, error) {
	if strings.Contains(name, "/") {
		return File(name)
	}
	if name == "" || name[0] == '.' || strings.Contains(name, "..") || strings.ContainsFunc(name, unicode.IsControl) {
		return nil, fmt.Errorf("%q is no name of a profile; a file is named with a slash, ./FILE", name)
	}
	for _, d := range dirs() {
		file := filepath.Join(d, name+".toml")
		p, err := File(file)
		if err == nil || !trust.Absent(file, err) {
			return p, err
		}
	}
	data, err := builtin.ReadFile("profiles/" + name + ".toml")
	if err != nil {
		return nil, fmt.Errorf("no profile %q in %s, nor built in; see \"pledge profile list\"", name, strings.Join(dirs(), ", "))
	}
	return Parse(data, builtinSource)
}

// MaxSize is how large a profile may be.
const MaxSize = 1 << 20

// File reads a profile from a file that nobody but root and the user could have
// made what it is.
func File(path string) (*Profile, error) {
	data, _, err := trust.ReadFile(path, MaxSize)
	if err != nil {
		return nil, fmt.Errorf("profile: %w", err)
	}
	return Parse(data, path)
}

// Parse reads the content of a profile; source is its name in errors.
func Parse(data []byte, source string) (*Profile, error) {
	p := &Profile{Source: source}
	d := toml.NewDecoder(bytes.NewReader(data)).DisallowUnknownFields()
	if err := d.Decode(p); err != nil {
		return nil, fmt.Errorf("profile %s: %s", source, reason(err))
	}
	if err := p.unescape(); err != nil {
		return nil, fmt.Errorf("profile %s: %w", source, err)
	}
	if err := errors.Join(said(data), p.Check()); err != nil {
		return nil, fmt.Errorf("profile %s: %w", source, err)
	}
	return p, nil
}

// said refuses keys without a value: somebody who writes unveil = [] means
// something, and it is not that every path can be seen.
func said(data []byte) error {
	var keys map[string]any
	if err := toml.Unmarshal(data, &keys); err != nil {
		return err
	}
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		if key == "promises" || key == "description" {
			continue
		}
		v := reflect.ValueOf(keys[key])
		if k := v.Kind(); (k == reflect.String || k == reflect.Slice || k == reflect.Map) && v.Len() == 0 {
			return fmt.Errorf("%s is empty: leave it out, or say what it shall be", key)
		}
	}
	return nil
}

// reason tells a TOML error on one line, with its place.
func reason(err error) string {
	var unknown *toml.StrictMissingError
	if errors.As(err, &unknown) && len(unknown.Errors) > 0 {
		e := unknown.Errors[0]
		line, column := e.Position()
		return fmt.Sprintf("%d:%d: unknown key %q", line, column, strings.Join(e.Key(), "."))
	}
	var bad *toml.DecodeError
	if errors.As(err, &bad) {
		line, column := bad.Position()
		return fmt.Sprintf("%d:%d: %s", line, column, strings.TrimPrefix(bad.Error(), "toml: "))
	}
	return err.Error()
}

// Check reports the first thing in the profile that pledge would refuse.
func (p *Profile) Check() error {
	if _, err := promises.Parse(p.Promises); err != nil {
		return err
	}
	for _, u := range slices.Concat(p.Unveil, p.Optional) {
		if _, _, err := unveil.Split(u); err != nil {
			return err
		}
	}
	for _, port := range slices.Concat(p.TCPConnect, p.TCPBind) {
		if port < 0 || port > 65535 {
			return fmt.Errorf("no TCP port: %d", port)
		}
	}
	return nil
}

// List returns every profile that can be found, those that hide others first.
func List() []Place {
	var list []Place
	seen := map[string]bool{}
	add := func(name, source string) {
		if name, ok := strings.CutSuffix(name, ".toml"); ok && !seen[name] {
			seen[name] = true
			list = append(list, Place{name, source})
		}
	}
	for _, d := range dirs() {
		names, _ := os.ReadDir(d)
		for _, n := range names {
			add(n.Name(), filepath.Join(d, n.Name()))
		}
	}
	names, _ := builtin.ReadDir("profiles")
	for _, n := range names {
		add(n.Name(), builtinSource)
	}
	return list
}
