package rules

import "github.com/pledge-linux/pledge/promises"

// words that a rule names; unexported sets keep the tables short.
const (
	stdio     promises.Set = 1 << promises.Stdio
	rpath     promises.Set = 1 << promises.Rpath
	wpath     promises.Set = 1 << promises.Wpath
	cpath     promises.Set = 1 << promises.Cpath
	dpath     promises.Set = 1 << promises.Dpath
	tmppath   promises.Set = 1 << promises.Tmppath
	inet      promises.Set = 1 << promises.Inet
	mcast     promises.Set = 1 << promises.Mcast
	fattr     promises.Set = 1 << promises.Fattr
	chown     promises.Set = 1 << promises.Chown
	flock     promises.Set = 1 << promises.Flock
	unix      promises.Set = 1 << promises.Unix
	dns       promises.Set = 1 << promises.DNS
	getpw     promises.Set = 1 << promises.Getpw
	sendfd    promises.Set = 1 << promises.Sendfd
	recvfd    promises.Set = 1 << promises.Recvfd
	tape      promises.Set = 1 << promises.Tape
	tty       promises.Set = 1 << promises.Tty
	proc      promises.Set = 1 << promises.Proc
	exec      promises.Set = 1 << promises.Exec
	protExec  promises.Set = 1 << promises.ProtExec
	settime   promises.Set = 1 << promises.Settime
	ps        promises.Set = 1 << promises.PS
	vminfo    promises.Set = 1 << promises.Vminfo
	id        promises.Set = 1 << promises.ID
	route     promises.Set = 1 << promises.Route
	wroute    promises.Set = 1 << promises.Wroute
	audio     promises.Set = 1 << promises.Audio
	video     promises.Set = 1 << promises.Video
	bpf       promises.Set = 1 << promises.BPF
	unveil    promises.Set = 1 << promises.Unveil
	disklabel promises.Set = 1 << promises.Disklabel
	drm       promises.Set = 1 << promises.DRM
	vmm       promises.Set = 1 << promises.VMM
)

// Situations: what else than promises a rule may depend on. They share the
// bits of promises.Set so that a rule states both in one expression; none of them
// is a word, and its String leaves them out.
const (
	// Loads: the dynamic loader's needs stay admitted (exec is held, or no
	// supervisor can end them at the entry point).
	Loads promises.Set = 1 << (48 + iota)
	// Unsupervised: nobody answers notifications; opens for reading that only a
	// whitelist would admit are left to Landlock.
	Unsupervised
	// SignalScope: Landlock keeps signals inside the sandbox (ABI 6).
	SignalScope
	// ConnectLimited: TCP connects are limited to ports by Landlock.
	ConnectLimited
	// NoBind: TCP ports are limited and none may be bound.
	NoBind
	// NetAdmin: the process keeps CAP_NET_ADMIN.
	NetAdmin
	// UnixInherited: an AF_UNIX socket was inherited from outside.
	UnixInherited
	// CreateOnly: some path is unveiled "c" without "w".
	CreateOnly
	// TraceOpens: path calls are reported by a supervisor before Landlock judges.
	TraceOpens
	// Unpledged: no promises were asked for, only paths are hidden. No whitelist
	// pierces unveil then.
	Unpledged
	// StrictUnveil: a supervisor also answers stat, access and readlink, which
	// Landlock does not look at, and says ENOENT of hidden paths.
	StrictUnveil
	// Whitelisted: nobody answers notifications, and Landlock limits reading to
	// whitelisted files: opens for reading are left to it.
	Whitelisted
	// Library: the process pledged itself, and may do so again.
	Library
	// ExecRefused: execpromises lack what promises hold, and a plain execve could
	// not take that away.
	ExecRefused
	// WritesListed: as Whitelisted, for writing.
	WritesListed
	// Trapped: violations raise SIGSYS, whose handler must not be changed.
	Trapped
)

// More situations; the first of them are sockets that the program did not make
// itself, or may receive: see [Inherited].
const (
	// InetInherited: a socket of AF_INET or AF_INET6.
	InetInherited promises.Set = 1 << (40 + iota)
	// UnixUnpaired: an AF_UNIX socket that may still choose its peer: a datagram
	// socket, or one that neither is connected nor listens.
	UnixUnpaired
	// OtherInherited: a socket of any other family.
	OtherInherited
	// Veiled: paths are hidden, and a supervisor looks where the path of a local
	// socket leads.
	Veiled
	// Untruncated: paths are hidden, and the kernel's Landlock does not look at
	// truncation (before ABI 3).
	Untruncated
	// PortsJudged: TCP is limited to ports, the kernel's Landlock knows none (before
	// ABI 4), and a supervisor looks at them.
	PortsJudged
)

// Watched is a situation, too: the program is only watched, and what is done
// with a directory that it has opened says no more than that it opened it.
const Watched promises.Set = 1 << 47

// Penalized is a situation, too: a supervisor ends who makes a call that nothing
// admits. A filter of the program's own would answer before it.
const Penalized promises.Set = 1 << 46
