package main

import (
	"math"
	"os"
	"os/user"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/launcher"
)

// resources are the names that --limit knows. Those of Linux alone are added in
// limits_linux.go.
var resources = map[string]int{
	"core": unix.RLIMIT_CORE, "cpu": unix.RLIMIT_CPU, "data": unix.RLIMIT_DATA,
	"fsize": unix.RLIMIT_FSIZE, "nofile": unix.RLIMIT_NOFILE, "stack": unix.RLIMIT_STACK,
}

func (o *options) setLimits(s *launcher.Spec) error {
	for _, l := range o.limits {
		name, text, ok := strings.Cut(l, "=")
		res, known := resources[name]
		if !ok || !known {
			return errorf("--limit %q: want NAME=VALUE with as, core, cpu, data, fsize, memlock, nofile, nproc or stack", l)
		}
		value, err := size(text)
		if err != nil {
			return errorf("--limit %q: %w", l, err)
		}
		s.Limits = append(s.Limits, launcher.Limit{Resource: res, Value: value})
	}
	if o.kill {
		// A piped core_pattern would hand the program's memory to root.
		s.Limits = append([]launcher.Limit{{Resource: unix.RLIMIT_CORE, Value: 0}}, s.Limits...)
	}
	return nil
}

// size reads a number with an optional K, M, G or T, or "unlimited".
func size(text string) (uint64, error) {
	if text == "unlimited" {
		return math.MaxUint64, nil
	}
	digits, shift := text, 0
	if i := strings.IndexAny(text, "KMGTkmgt"); i >= 0 && i == len(text)-1 {
		digits, shift = text[:i], 10*(1+strings.IndexByte("KMGT", text[i]&^0x20))
	}
	n, err := strconv.ParseUint(digits, 10, 64)
	if err != nil || n > math.MaxUint64>>shift {
		return 0, errorf("%q is no size: want a number, with K, M, G or T", text)
	}
	return n << shift, nil
}

func (o *options) setUser(s *launcher.Spec) error {
	if o.user == "" && o.group == "" {
		return nil
	}
	if os.Geteuid() != 0 {
		return errorf("--user and --group need root")
	}
	c := &launcher.Credentials{UID: uint32(os.Geteuid()), GID: uint32(os.Getegid())}
	if o.user != "" {
		u, err := user.Lookup(o.user)
		if err != nil {
			if u, err = user.LookupId(o.user); err != nil {
				return errorf("--user %s: no such user", o.user)
			}
		}
		c.UID, c.GID = number(u.Uid), number(u.Gid)
		ids, err := u.GroupIds()
		if err != nil {
			return errorf("--user %s: %w", o.user, err)
		}
		for _, id := range ids {
			c.Groups = append(c.Groups, number(id))
		}
	}
	if o.group != "" {
		g, err := user.LookupGroup(o.group)
		if err != nil {
			if g, err = user.LookupGroupId(o.group); err != nil {
				return errorf("--group %s: no such group", o.group)
			}
		}
		c.GID, c.Groups = number(g.Gid), nil
	}
	s.User = c
	return nil
}

func number(id string) uint32 {
	n, err := strconv.ParseUint(id, 10, 32)
	if err != nil {
		return math.MaxUint32 - 1
	}
	return uint32(n)
}
