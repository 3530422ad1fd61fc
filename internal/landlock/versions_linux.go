package landlock

import (
	"os"
	"strings"
)

// A Version is what a kernel's Landlock can do: a line of the only table of it.
type Version struct {
	ABI   int
	Linux string // the first release that has it
	// Files, Net and Scopes are all the rights that can be handled.
	Files, Net, Scopes uint64
	// AllThreads is set where one call restricts every thread of a process.
	AllThreads bool
	What       string // what is new, in a few words
}

const (
	filesOf1  = MakeSym<<1 - 1
	filesOf2  = filesOf1 | Refer
	filesOf3  = filesOf2 | Truncate
	filesOf5  = filesOf3 | IoctlDev
	filesOf9  = filesOf5 | ResolveUnix
	netOf4    = BindTCP | ConnectTCP
	netOf10   = netOf4 | BindUDP | ConnectSendUDP
	scopesOf6 = ScopeAbstract | ScopeSignal
)

// Newest is the last version in the table; of a newer kernel as much is used.
const Newest = 10

// At returns what a version can do, the zero Version for a kernel without
// Landlock (a function: package variables would be made at every start).
func At(abi int) Version {
	versions := [Newest + 1]Version{
		{},
		{1, "5.13", filesOf1, 0, 0, false, "files"},
		{2, "5.19", filesOf2, 0, 0, false, "links and renames between directories"},
		{3, "6.2", filesOf3, 0, 0, false, "truncation"},
		{4, "6.7", filesOf3, netOf4, 0, false, "TCP ports"},
		{5, "6.10", filesOf5, netOf4, 0, false, "ioctl of devices"},
		{6, "6.12", filesOf5, netOf4, scopesOf6, false, "signals and abstract sockets"},
		{7, "6.15", filesOf5, netOf4, scopesOf6, false, "audit"},
		{8, "7.0", filesOf5, netOf4, scopesOf6, true, "all threads at once"},
		{9, "7.1", filesOf9, netOf4, scopesOf6, true, "sockets by path"},
		{10, "7.2", filesOf9, netOf10, scopesOf6, true, "UDP ports"},
	}
	return versions[max(0, min(abi, Newest))]
}

// Since returns the first version that has all of the rights.
func Since(files, net, scopes uint64) Version {
	for abi := 1; abi < Newest; abi++ {
		if v := At(abi); files&^v.Files|net&^v.Net|scopes&^v.Scopes == 0 {
			return v
		}
	}
	return At(Newest)
}

// Handled returns every file right that the ABI knows.
func Handled(abi int) uint64 { return At(abi).Files }

// PtraceFree reports whether processes of one user may look at each other's
// memory as far as Yama is concerned (kernel.yama.ptrace_scope).
func PtraceFree() bool {
	b, err := os.ReadFile("/proc/sys/kernel/yama/ptrace_scope")
	return err != nil || strings.HasPrefix(string(b), "0")
}
