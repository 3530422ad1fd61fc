package main

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/pledge-linux/pledge/internal/event"
	"github.com/pledge-linux/pledge/internal/probe"
	"github.com/pledge-linux/pledge/launcher"
	"github.com/pledge-linux/pledge/profile"
	"github.com/pledge-linux/pledge/promises"
	"github.com/pledge-linux/pledge/unveil"
)

// spec turns the command line, and the profile it names, into what to launch.
func (o *options) spec() (*launcher.Spec, error) {
	if o.profile != "" {
		p, err := profile.Find(o.profile)
		if err != nil {
			return nil, err
		}
		o.merge(p)
	}
	if !o.havePromises && len(o.unveil)+len(o.optional) == 0 {
		return nil, errNoCommand
	}
	if len(o.command) == 0 {
		return nil, errNoCommand
	}
	set := promises.Everything | promises.Unpledged
	if o.havePromises {
		var err error
		if set, err = promises.Parse(o.promises); err != nil {
			return nil, err
		}
	}
	for _, r := range o.require {
		if err := probe.Require(r); err != nil {
			return nil, err
		}
	}
	s := &launcher.Spec{
		Argv: o.command, Dir: o.chdir, Promises: set, KeepFDs: o.keepFDs, KeepCaps: o.keepCaps,
		BestEffort: o.bestEffort, TraceUnveil: o.reportUnveil, StrictUnveil: o.strictUnveil,
	}
	if o.kill {
		s.Penalty = launcher.Kill
	}
	return s, errors.Join(o.setUnveil(s), o.setEnvironment(s), o.setPorts(s), o.setLimits(s), o.setUser(s))
}

// merge takes from the profile what the command line leaves open; lists are
// joined. Promises on the command line replace the profile's.
func (o *options) merge(p *profile.Profile) {
	if !o.havePromises {
		o.promises, o.havePromises = p.Promises, true
	}
	o.unveil = slices.Concat(p.Unveil, o.unveil)
	o.optional = slices.Concat(p.Optional, o.optional)
	o.require = slices.Concat(p.Require, o.require)
	o.env = slices.Concat(p.Env, o.env)
	o.keepFDs = slices.Concat(p.KeepFDs, o.keepFDs)
	o.connect = slices.Concat(p.TCPConnect, o.connect)
	o.bind = slices.Concat(p.TCPBind, o.bind)
	for name, value := range p.Limit {
		o.limits = append([]string{name + "=" + value}, o.limits...)
	}
	o.exec = o.exec || p.Exec
	o.kill = o.kill || p.Kill
	o.bestEffort = o.bestEffort || p.BestEffort
	o.clearEnv = o.clearEnv || p.ClearEnv
	o.keepCaps = o.keepCaps || p.KeepCaps
	for _, s := range []struct{ own, profile *string }{{&o.chdir, &p.Chdir}, {&o.user, &p.User}, {&o.group, &p.Group}} {
		if *s.own == "" {
			*s.own = *s.profile
		}
	}
}

func (o *options) setUnveil(s *launcher.Spec) error {
	if len(o.unveil)+len(o.optional) == 0 {
		return nil
	}
	s.Unveil = &unveil.Plan{}
	for i, u := range slices.Concat(o.unveil, o.optional) {
		perms, path, err := unveil.Split(u)
		if err != nil {
			return err
		}
		err = s.Unveil.Add(path, perms)
		if errors.Is(err, fs.ErrNotExist) {
			switch {
			case i >= len(o.unveil):
				continue
			case o.create && perms&unveil.Create != 0:
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

func (o *options) setEnvironment(s *launcher.Spec) error {
	s.Env = os.Environ()
	if o.clearEnv {
		s.Env = nil
		for _, name := range kept {
			if v, ok := os.LookupEnv(name); ok {
				s.Env = append(s.Env, name+"="+v)
			}
		}
	}
	for _, e := range o.env {
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

func (o *options) setPorts(s *launcher.Spec) error {
	for _, list := range []struct {
		from []int
		to   *[]uint16
		name string
	}{{o.connect, &s.TCPConnect, "--tcp-connect"}, {o.bind, &s.TCPBind, "--tcp-bind"}} {
		for _, p := range list.from {
			if p < 0 || p > 65535 {
				return errorf("%s %d: no TCP port", list.name, p)
			}
			*list.to = append(*list.to, uint16(p))
		}
	}
	return nil
}

// sinks opens what the report goes to.
func (o *options) sinks(stderr io.Writer) (*launcher.Report, error) {
	r := &launcher.Report{}
	if !o.quiet {
		r.Sinks = append(r.Sinks, event.Lines{W: stderr})
	}
	if o.report != "" {
		f, err := openReport(o.report)
		if err != nil {
			return nil, err
		}
		switch o.reportFormat {
		case "text":
			r.Sinks = append(r.Sinks, event.Lines{W: f})
		case "json":
			r.Sinks = append(r.Sinks, event.JSON{W: f})
		default:
			return nil, errorf("--report-format %q: want text or json", o.reportFormat)
		}
	}
	if o.syslog {
		s, err := event.NewSyslog()
		if err != nil {
			return nil, errorf("--syslog: no log daemon listens at /dev/log: %w", err)
		}
		r.Sinks = append(r.Sinks, s)
	}
	if o.journal {
		if err := event.JournalReachable(); err != nil {
			return nil, errorf("--journal: %w", err)
		}
		r.Sinks = append(r.Sinks, event.Journal{})
	}
	return r, nil
}
