//go:build unix

package main

import (
	"slices"

	"github.com/pledge-linux/pledge/internal/profile"
)

// merge takes from the profile what the command line leaves open; lists are
// joined. Promises on the command line replace the profile's.
func (o *commandLine) merge(p *profile.Profile) {
	if !o.HavePromises {
		o.Promises, o.HavePromises = p.Promises, true
	}
	o.Unveil = slices.Concat(p.Unveil, o.Unveil)
	o.Optional = slices.Concat(p.Optional, o.Optional)
	o.Require = slices.Concat(p.Require, o.Require)
	o.Env = slices.Concat(p.Env, o.Env)
	o.KeepFDs = slices.Concat(p.KeepFDs, o.KeepFDs)
	o.Connect = slices.Concat(p.TCPConnect, o.Connect)
	o.Bind = slices.Concat(p.TCPBind, o.Bind)
	for name, value := range p.Limit {
		o.Limits = append([]string{name + "=" + value}, o.Limits...)
	}
	o.Exec = o.Exec || p.Exec
	o.Kill = o.Kill || p.Kill
	o.BestEffort = o.BestEffort || p.BestEffort
	o.ClearEnv = o.ClearEnv || p.ClearEnv
	o.KeepCaps = o.KeepCaps || p.KeepCaps
	for _, s := range []struct{ own, profile *string }{{&o.Chdir, &p.Chdir}, {&o.User, &p.User}, {&o.Group, &p.Group}} {
		if *s.own == "" {
			*s.own = *s.profile
		}
	}
}
