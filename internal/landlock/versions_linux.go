package landlock

import "github.com/pledge-linux/pledge/internal/procfs"

// A Version is what a kernel's Landlock can do: a line of the only table of it.
type Version struct {
	ABI   int
	Linux string // the first release that has it
	// Files, Net and Scopes are all the rights that can be handled.
	Files, Net, Scopes uint64
	// AllThreads is set where one call restricts every thread of a process.
	AllThreads bool
	What       string // what is new, in a few words
	Without    string // what happens on older kernels
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
		{1, "5.13", filesOf1, 0, 0, false, "read, write, execute, create and remove files", "--unveil is an error"},
		{2, "5.19", filesOf2, 0, 0, false, "links and renames between directories", "they fail with EXDEV under --unveil"},
		{3, "6.2", filesOf3, 0, 0, false, "truncation by a path", "the supervisor truncates the file that it judged; without one truncate(2) is refused under --unveil"},
		{4, "6.7", filesOf3, netOf4, 0, false, "TCP ports", "the supervisor judges ports; without one --tcp-connect and --tcp-bind are errors"},
		{5, "6.10", filesOf5, netOf4, 0, false, "ioctl of devices", "ioctl of an open device is the filter's alone"},
		{6, "6.12", filesOf5, netOf4, scopesOf6, false, "signals and abstract sockets", "the filter alone guards them"},
		{7, "6.15", filesOf5, netOf4, scopesOf6, false, "refusals in the audit log", "they are not in it"},
		{8, "7.0", filesOf5, netOf4, scopesOf6, true, "all threads at once", "the library asks each thread in turn"},
		{9, "7.1", filesOf9, netOf4, scopesOf6, true, "local sockets by path", "the supervisor judges them; without one --unveil with unix is an error"},
		{10, "7.2", filesOf9, netOf10, scopesOf6, true, "UDP ports", "dns without a supervisor may send to any port by UDP"},
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
// memory as far as Yama is concerned.
func PtraceFree() bool { return procfs.PtraceScope() == procfs.Everybody }
