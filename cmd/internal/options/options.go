//go:build unix

// Package options is the command line of pledge as far as it launches programs:
// what was asked for, its quick reading, and the launch. The full reading, with
// everything that is slow to start, is cmd/pledge-tools.
package options

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/pledge-linux/pledge/internal/rules"
	"github.com/pledge-linux/pledge/launcher"
	"github.com/pledge-linux/pledge/promises"
	"github.com/pledge-linux/pledge/unveil"
)

// Options are what a command line asks for.
type Options struct {
	Promises     string
	HavePromises bool
	Command      []string

	Unveil, Optional []string // PERMS:PATH
	Create           bool     // unveiled files that do not exist
	Exec, Kill       bool
	BestEffort       bool
	Chdir            string
	Env              []string // NAME or NAME=VALUE
	ClearEnv         bool
	Limits           []string // NAME=VALUE
	User, Group      string
	KeepCaps         bool
	KeepFDs          []int
	Connect, Bind    []int // TCP ports
	Quiet            bool
	StrictUnveil     bool
	ReportUnveil     bool
}

var errNoCommand = errors.New(`no command: pledge [options] "promises" -- command; see pledge --help`)

func errorf(format string, args ...any) error { return fmt.Errorf(format, args...) }

// Spec turns them into what to launch, with an empty report.
func (o *Options) Spec() (*launcher.Spec, error) {
	if !o.HavePromises && len(o.Unveil)+len(o.Optional) == 0 {
		return nil, errNoCommand
	}
	if len(o.Command) == 0 {
		return nil, errNoCommand
	}
	set := promises.Everything | rules.Unpledged
	if o.HavePromises {
		var err error
		if set, err = promises.Parse(o.Promises); err != nil {
			return nil, err
		}
	}
	s := &launcher.Spec{
		Argv: o.Command, Dir: o.Chdir, Promises: set, KeepFDs: o.KeepFDs, KeepCaps: o.KeepCaps,
		BestEffort: o.BestEffort, TraceUnveil: o.ReportUnveil, StrictUnveil: o.StrictUnveil,
		Report: &launcher.Report{},
	}
	if o.Kill {
		s.Penalty = launcher.Kill
	}
	return s, errors.Join(o.setUnveil(s), o.setEnvironment(s), o.setPorts(s), o.setLimits(s), o.setUser(s))
}

func (o *Options) setUnveil(s *launcher.Spec) error {
	if len(o.Unveil)+len(o.Optional) == 0 {
		return nil
	}
	s.Unveil = &unveil.Plan{}
	for i, u := range slices.Concat(o.Unveil, o.Optional) {
		perms, path, err := unveil.Split(u)
		if err != nil {
			return err
		}
		err = s.Unveil.Add(path, perms)
		if errors.Is(err, fs.ErrNotExist) {
			switch {
			case i >= len(o.Unveil):
				continue
			case o.Create && perms&unveil.Create != 0:
				if err = createEmpty(path); err == nil {
					err = s.Unveil.Add(path, perms)
				}
			default:
				return errorf("unveil %s: no such file or directory; --unveil-optional skips it", u)
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func createEmpty(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o666)
	if err != nil {
		return err
	}
	return f.Close()
}

// kept are the variables that --clear-env leaves.
var kept = []string{"PATH", "HOME", "TERM", "LANG", "USER"}

func (o *Options) setEnvironment(s *launcher.Spec) error {
	s.Env = os.Environ()
	if o.ClearEnv {
		s.Env = nil
		for _, name := range kept {
			if v, ok := os.LookupEnv(name); ok {
				s.Env = append(s.Env, name+"="+v)
			}
		}
	}
	for _, e := range o.Env {
		name, value, ok := strings.Cut(e, "=")
		if !ok {
			if value, ok = os.LookupEnv(name); !ok {
				continue
			}
		}
		if name == "" {
			return errorf("--env %q: want NAME or NAME=VALUE", e)
		}
		s.Env = slices.DeleteFunc(s.Env, func(kv string) bool { return strings.HasPrefix(kv, name+"=") })
		s.Env = append(s.Env, name+"="+value)
	}
	return nil
}

func (o *Options) setPorts(s *launcher.Spec) error {
	for _, list := range []struct {
		from []int
		to   *[]uint16
		name string
	}{{o.Connect, &s.TCPConnect, "--tcp-connect"}, {o.Bind, &s.TCPBind, "--tcp-bind"}} {
		for _, p := range list.from {
			if p < 0 || p > 65535 {
				return errorf("%s %d: no TCP port", list.name, p)
			}
			*list.to = append(*list.to, uint16(p))
		}
	}
	return nil
}
