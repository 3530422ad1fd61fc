//go:build amd64 || arm64

package launcher

import (
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/filter"
	"github.com/pledge-linux/pledge/internal/rules"
	"github.com/pledge-linux/pledge/internal/sys"
	"github.com/pledge-linux/pledge/promises"
)

// Names of steps whose failure is looked at.
const (
	stepPtrace   = "ptrace"
	stepSeccomp  = "load the seccomp filter"
	stepLandlock = "enforce the Landlock ruleset"
	stepExec     = "execute"
)

// readImpliesExec makes readable mappings executable (personality(2)).
const readImpliesExec = 0x0400000

// drawKey draws the secret of the starting execve.
func drawKey(k *filter.ExecKey) error {
	b := sys.Bytes(k)
	for n := 0; n < len(b); {
		m, e := sys.Random(b[n:])
		if e != 0 && e != unix.EINTR {
			return failf("draw the key of the starting execve: getrandom: %w", e)
		}
		n += m
	}
	reveal(k)
	return nil
}

// placeholder is the key that filters are compiled with. Only the launch that
// loads a filter draws the real one, and forgets it.
func placeholder() *filter.ExecKey {
	return &filter.ExecKey{0x5ec7e70ff00d0001, 0x5ec7e70ff00d0002, 0x5ec7e70ff00d0003}
}

// forget wipes the key out of this process once the program has it no more. What
// can be read of a launcher must not start programs under the filter.
func forget(sc *sys.Script, p *filter.Program) {
	if !remembers() {
		sc.Wipe()
		p.Wipe()
	}
}

// environment is the part of the script that has nothing to do with promises:
// directory, limits, identity.
func (l *launch) environment(sc *sys.Script) {
	s := l.spec
	if dir := l.directory(); dir != "" {
		sc.Add("change to directory "+dir, unix.SYS_CHDIR, sc.KeepString(dir))
	}
	if l.core != nil {
		sc.Add("restore the limit of cores", unix.SYS_PRLIMIT64, 0, unix.RLIMIT_CORE, sys.Keep(sc, l.core), 0)
	}
	if l.files != nil {
		sc.Add("restore the limit of descriptors", unix.SYS_PRLIMIT64, 0, unix.RLIMIT_NOFILE, sys.Keep(sc, l.files), 0)
	}
	for _, lim := range s.Limits {
		sc.Add(fmt.Sprintf("set resource limit %d", lim.Resource), unix.SYS_PRLIMIT64, 0, uintptr(lim.Resource),
			sys.Keep(sc, &unix.Rlimit{Cur: lim.Value, Max: lim.Value}), 0)
	}
	if p := sys.Personality(); p&readImpliesExec != 0 {
		sc.Add("reset the personality", unix.SYS_PERSONALITY, p&^readImpliesExec)
	}
	l.identity(sc)
	sc.Add("set no_new_privs", unix.SYS_PRCTL, unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
}

// directory is where the program starts, "" for where the launcher is. A
// working directory that is hidden, with nothing unveiled below it, would still
// serve relative stat and chdir, which Landlock does not look at: the program
// starts in / then.
func (l *launch) directory() string {
	s := l.spec
	if s.Unveil == nil {
		return s.Dir
	}
	wd, err := os.Getwd()
	if s.Dir != "" {
		wd, err = s.Dir, nil
	}
	if real, e := filepath.EvalSymlinks(wd); err == nil && e == nil && s.Unveil.Reaches(real) {
		return s.Dir
	}
	return "/"
}

// identity gives up capabilities and changes user.
func (l *launch) identity(sc *sys.Script) {
	s := l.spec
	l.dropBounding(sc)
	if u := s.User; u != nil {
		groups := append([]uint32{u.GID}, u.Groups...)
		sc.Add("set groups", unix.SYS_SETGROUPS, uintptr(len(groups)), sys.Keep(sc, &groups[0]))
		sc.Add(fmt.Sprintf("become group %d", u.GID), unix.SYS_SETRESGID, uintptr(u.GID), uintptr(u.GID), uintptr(u.GID))
		sc.Add(fmt.Sprintf("become user %d", u.UID), unix.SYS_SETRESUID, uintptr(u.UID), uintptr(u.UID), uintptr(u.UID))
	}
	l.dropCaps(sc)
}

// confine appends the layers and the program: Landlock first, because the
// filter need not allow it then. It draws the key; see forget.
func (l *launch) confine(sc *sys.Script, ruleset int, p *filter.Program, flags uintptr, listener *uint32) error {
	if ruleset >= 0 {
		sc.Add(stepLandlock, unix.SYS_LANDLOCK_RESTRICT_SELF, uintptr(ruleset), 0)
	}
	for _, i := range p.PIDs {
		sc.Store("getpid", sys.Word(&p.Code[i]), unix.SYS_GETPID)
	}
	prog := sys.Keep(sc, sys.SockFprog(p.Code))
	if listener != nil {
		sc.Store(stepSeccomp, listener, unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, flags|unix.SECCOMP_FILTER_FLAG_NEW_LISTENER, prog)
	} else {
		sc.Add(stepSeccomp, unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, flags, prog)
	}
	sc.Add(stepExec, unix.SYS_EXECVE, sc.KeepString(l.image.path), sc.KeepStrings(l.image.argv), sc.KeepStrings(l.spec.Env))
	if err := drawKey(&l.key); err != nil {
		return err
	}
	p.SetKey(&l.key)
	sc.Secret(3, l.key[:])
	if !remembers() {
		clear(l.key[:])
	}
	return nil
}

// compile makes the filter for a set with situations.
func (l *launch) compile(set promises.Set, violation, supervised filter.Verdict) (*filter.Program, error) {
	p, err := compiler(l.options(set, violation, supervised))
	if err != nil {
		return nil, failf("%w", err)
	}
	return p, nil
}

func (l *launch) options(set promises.Set, violation, supervised filter.Verdict) filter.Options {
	return filter.Options{
		Arch: l.image.arch, Set: set, Violation: violation, Supervised: supervised,
		Self: l.self(), Key: placeholder(), KeyArch: hostArch(),
	}
}

func (l *launch) self() rules.Self {
	if u := l.spec.User; u != nil {
		return rules.Self{UID: u.UID, GIDs: append([]uint32{u.GID}, u.Groups...)}
	}
	self := rules.Self{UID: uint32(os.Geteuid()), GIDs: []uint32{uint32(os.Getegid())}}
	if l.spec.Promises&(promises.Fattr.Set()|promises.Chown.Set()) != 0 {
		groups, _ := os.Getgroups()
		for _, g := range groups {
			self.GIDs = append(self.GIDs, uint32(g))
		}
	}
	return self
}
