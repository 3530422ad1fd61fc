//go:build unix

package options

import (
	"math"
	"os"
	"os/user"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/launcher"
)

// resource returns the limit that --limit knows by a name. Those of Linux alone
// are in limits_linux.go.
func resource(name string) (int, bool) {
	switch name {
	case "core":
		return unix.RLIMIT_CORE, true
	case "cpu":
		return unix.RLIMIT_CPU, true
	case "data":
		return unix.RLIMIT_DATA, true
	case "fsize":
		return unix.RLIMIT_FSIZE, true
	case "nofile":
		return unix.RLIMIT_NOFILE, true
	case "stack":
		return unix.RLIMIT_STACK, true
	}
	return systemResource(name)
}

func (o *Options) setLimits(s *launcher.Spec) error {
	for _, l := range o.Limits {
		name, text, ok := strings.Cut(l, "=")
		res, known := resource(name)
		if !ok || !known {
			return errorf("--limit %q: want NAME=VALUE with as, core, cpu, data, fsize, memlock, nofile, nproc or stack", l)
		}
		value, err := size(text)
		if err != nil {
			return errorf("--limit %q: %w", l, err)
		}
		s.Limits = append(s.Limits, launcher.Limit{Resource: res, Value: value})
	}
	if o.Kill {
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

func (o *Options) setUser(s *launcher.Spec) error {
	if o.User == "" && o.Group == "" {
		return nil
	}
	if os.Geteuid() != 0 {
		return errorf("--user and --group need root")
	}
	c := &launcher.Credentials{UID: uint32(os.Geteuid()), GID: uint32(os.Getegid())}
	if o.User != "" {
		u, err := user.Lookup(o.User)
		if err != nil {
			if u, err = user.LookupId(o.User); err != nil {
				return errorf("--user %s: no such user", o.User)
			}
		}
		c.UID, c.GID = number(u.Uid), number(u.Gid)
		ids, err := u.GroupIds()
		if err != nil {
			return errorf("--user %s: %w", o.User, err)
		}
		for _, id := range ids {
			c.Groups = append(c.Groups, number(id))
		}
	}
	if o.Group != "" {
		g, err := user.LookupGroup(o.Group)
		if err != nil {
			if g, err = user.LookupGroupId(o.Group); err != nil {
				return errorf("--group %s: no such group", o.Group)
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
