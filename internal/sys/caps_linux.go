package sys

import (
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// Caps are the capability sets of a thread (capabilities(7)), as bit masks.
type Caps struct{ Permitted, Effective, Inheritable, Ambient uint64 }

// None reports whether there is no capability in any set.
func (c Caps) None() bool { return c.Permitted|c.Effective|c.Inheritable|c.Ambient == 0 }

// Has reports whether a capability is effective.
func (c Caps) Has(capability uint) bool { return c.Effective&(1<<capability) != 0 }

// Capabilities returns those of the calling thread. A sandbox around it may refuse
// the call; where /proc does not tell either it is assumed that all are held.
func Capabilities() Caps {
	var data [2]unix.CapUserData
	if unix.Capget(CapHeader(), &data[0]) != nil {
		return statusCaps()
	}
	join := func(low, high uint32) uint64 { return uint64(high)<<32 | uint64(low) }
	c := Caps{
		Permitted:   join(data[0].Permitted, data[1].Permitted),
		Effective:   join(data[0].Effective, data[1].Effective),
		Inheritable: join(data[0].Inheritable, data[1].Inheritable),
	}
	// What is ambient is permitted and inheritable, too.
	for n, rest := uintptr(0), c.Permitted&c.Inheritable; rest>>n != 0; n++ {
		if rest&(1<<n) == 0 {
			continue
		}
		if set, _, e := unix.RawSyscall6(unix.SYS_PRCTL, unix.PR_CAP_AMBIENT, unix.PR_CAP_AMBIENT_IS_SET, n, 0, 0, 0); e == 0 && set == 1 {
			c.Ambient |= 1 << n
		}
	}
	return c
}

// CapHeader is what capget(2) and capset(2) take, for the calling thread.
func CapHeader() *unix.CapUserHeader {
	return &unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
}

// CapData are the sets for capset(2): held is permitted and effective. It takes
// out of the ambient set what is not inheritable.
func CapData(held, inheritable uint64) *[2]unix.CapUserData {
	var data [2]unix.CapUserData
	for i := range data {
		half := uint32(held >> (32 * i))
		data[i] = unix.CapUserData{Effective: half, Permitted: half, Inheritable: uint32(inheritable >> (32 * i))}
	}
	return &data
}

// statusCaps reads them from /proc.
func statusCaps() Caps {
	all := ^uint64(0)
	c := Caps{all, all, all, all}
	text, _ := os.ReadFile("/proc/thread-self/status")
	for _, set := range []struct {
		name string
		to   *uint64
	}{{"\nCapPrm:\t", &c.Permitted}, {"\nCapEff:\t", &c.Effective}, {"\nCapInh:\t", &c.Inheritable}, {"\nCapAmb:\t", &c.Ambient}} {
		if _, value, ok := strings.Cut(string(text), set.name); ok {
			value, _, _ = strings.Cut(value, "\n")
			if n, err := strconv.ParseUint(value, 16, 64); err == nil {
				*set.to = n
			}
		}
	}
	return c
}
