// Package profile reads TOML profiles: what to promise and to unveil for a
// program, under a name.
//
//	p, err := profile.Find("nginx")
//
// A name is searched in $XDG_CONFIG_HOME/pledge (or ~/.config/pledge), then in
// /etc/pledge, then among those built in; NAME.toml each time. A name with a
// slash is a file. Unknown keys are errors.
package profile

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"

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
	for _, d := range dirs() {
		p, err := File(filepath.Join(d, name+".toml"))
		if !errors.Is(err, fs.ErrNotExist) {
			return p, err
		}
	}
	data, err := builtin.ReadFile("profiles/" + name + ".toml")
	if err != nil {
		return nil, fmt.Errorf("no profile %q in %s, nor built in; see \"pledge profile list\"", name, strings.Join(dirs(), ", "))
	}
	return parse(data, builtinSource)
}

// File reads a profile from a file.
func File(path string) (*Profile, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("profile: %w", err)
	}
	return parse(data, path)
}

func parse(data []byte, source string) (*Profile, error) {
	p := &Profile{Source: source}
	d := toml.NewDecoder(bytes.NewReader(data)).DisallowUnknownFields()
	if err := d.Decode(p); err != nil {
		return nil, fmt.Errorf("profile %s: %s", source, reason(err))
	}
	if err := p.unescape(); err != nil {
		return nil, fmt.Errorf("profile %s: %w", source, err)
	}
	if err := p.Check(); err != nil {
		return nil, fmt.Errorf("profile %s: %w", source, err)
	}
	return p, nil
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
