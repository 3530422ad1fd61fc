//go:build amd64 || arm64

package launcher

import (
	"os"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/sys"
	"github.com/pledge-linux/pledge/promises"
)

// promiseCaps lists the capabilities that a promise would be empty without. A
// program keeps those of its words that the launcher has and loses all others,
// unless asked to keep them.
var promiseCaps = []struct {
	promise promises.Promise
	caps    []uintptr
	why     string
}{
	{promises.Chown, []uintptr{unix.CAP_CHOWN}, "any owner"},
	{promises.ID, []uintptr{unix.CAP_SETUID, unix.CAP_SETGID, unix.CAP_SETPCAP}, "changes identity"},
	{promises.Settime, []uintptr{unix.CAP_SYS_TIME}, "sets the clock"},
	{promises.Inet, []uintptr{unix.CAP_NET_BIND_SERVICE}, "ports below 1024"},
	{promises.Wroute, []uintptr{unix.CAP_NET_ADMIN}, "interfaces and routes"},
	{promises.VMM, []uintptr{}, "the device's permissions decide"},
}

// keptCaps returns the capabilities that stay, as a bit mask.
func keptCaps(s promises.Set) uint64 {
	var mask uint64
	for _, p := range promiseCaps {
		if s.Has(p.promise) {
			for _, c := range p.caps {
				mask |= 1 << c
			}
		}
	}
	return mask
}

// lastCap is well above CAP_LAST_CAP; the kernel refuses what it does not know.
const lastCap = 47

// holdings are the ids and capabilities that the program has once it runs.
type holdings struct {
	uid, gid uint32
	groups   []uint32
	// caps are its permitted and effective capabilities, ambient those of them
	// that it hands on to what it executes, and its inheritable ones too.
	caps, ambient uint64
	// kept says that nothing is dropped (--keep-caps): what execve(2) gives
	// counts then, and caps is what that can be at most.
	kept bool
}

func (h holdings) netAdmin() bool { return h.caps&(1<<unix.CAP_NET_ADMIN) != 0 }

// holds works out what the program will have; a supervisor has to have no more.
func (l *launch) holds() holdings {
	s := l.spec
	own := sys.Capabilities()
	h := holdings{uid: uint32(os.Geteuid()), gid: uint32(os.Getegid()), kept: s.KeepCaps, caps: own.Permitted, ambient: own.Ambient}
	if u := s.User; u != nil {
		h.uid, h.gid, h.groups = u.UID, u.GID, u.Groups
	} else if list, err := os.Getgroups(); err == nil {
		for _, g := range list {
			h.groups = append(h.groups, uint32(g))
		}
	}
	switch {
	case l.stub:
		h.caps = ^uint64(0) // execve, another user or a user namespace may give it more than there is here
	case h.uid != 0:
		h.caps = own.Ambient // all that execve leaves a user
		if s.User != nil && !staysThroughUsers() {
			h.caps, h.ambient = 0, 0
		}
	}
	if h.kept {
		if h.uid == 0 {
			h.caps |= own.Inheritable // which execve gives root back
		}
		return h
	}
	kept := keptCaps(s.Promises)
	if s.User != nil && s.User.UID != 0 {
		kept = 0
	}
	h.caps &= kept
	h.ambient &= h.caps
	return h
}

// staysThroughUsers reports whether capabilities stay through a change of user.
func staysThroughUsers() bool {
	const noSetuidFixup = 1 << 2 // SECBIT_NO_SETUID_FIXUP
	bits, err := unix.PrctlRetInt(unix.PR_GET_SECUREBITS, 0, 0, 0, 0)
	return err != nil || bits&noSetuidFixup != 0
}

// dropCaps appends the steps after which the program has the capabilities that it
// is to have, in every set and through execve: the bounding set where that may be
// changed, and permitted, effective, inheritable and ambient by one call. With
// no_new_privs execve gives root nothing that is not permitted then.
// Preconditions: the steps that change the user come before.
func (l *launch) dropCaps(sc *sys.Script) {
	h := l.holds()
	own := sys.Capabilities()
	if h.kept || own.None() {
		return
	}
	sc.Add("give up capabilities", unix.SYS_CAPSET, sys.Keep(sc, sys.CapHeader()), sys.Keep(sc, sys.CapData(h.caps, h.ambient)))
}

// dropBounding appends the steps that take what is not kept out of the bounding
// set. Without CAP_SETPCAP it stays, and capset alone counts.
func (l *launch) dropBounding(sc *sys.Script) {
	h := l.holds()
	if h.kept || !sys.Capabilities().Has(unix.CAP_SETPCAP) {
		return
	}
	for c := range uintptr(lastCap) {
		if h.caps&(1<<c) == 0 {
			sc.Try("drop capabilities", unix.SYS_PRCTL, unix.PR_CAPBSET_DROP, c)
		}
	}
}
