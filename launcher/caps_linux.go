package launcher

import (
	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/promises"
)

// promiseCaps lists the capabilities that a promise would be empty without.
// When root launches a program it keeps these of its words and loses all
// others, unless asked to keep them.
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
