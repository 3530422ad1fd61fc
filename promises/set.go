package promises

import "strings"

// A Set is a set of promises. The zero Set is the promise string "".
type Set uint64

// Everything is the set of all words except error, which is a mode.
const Everything = Set(1)<<count - 1 - 1<<Error

// words that a rule names; unexported sets keep the tables short.
const (
	stdio     Set = 1 << Stdio
	rpath     Set = 1 << Rpath
	wpath     Set = 1 << Wpath
	cpath     Set = 1 << Cpath
	dpath     Set = 1 << Dpath
	tmppath   Set = 1 << Tmppath
	inet      Set = 1 << Inet
	mcast     Set = 1 << Mcast
	fattr     Set = 1 << Fattr
	chown     Set = 1 << Chown
	flock     Set = 1 << Flock
	unix      Set = 1 << Unix
	dns       Set = 1 << DNS
	getpw     Set = 1 << Getpw
	sendfd    Set = 1 << Sendfd
	recvfd    Set = 1 << Recvfd
	tape      Set = 1 << Tape
	tty       Set = 1 << Tty
	proc      Set = 1 << Proc
	exec      Set = 1 << Exec
	protExec  Set = 1 << ProtExec
	settime   Set = 1 << Settime
	ps        Set = 1 << PS
	vminfo    Set = 1 << Vminfo
	id        Set = 1 << ID
	route     Set = 1 << Route
	wroute    Set = 1 << Wroute
	audio     Set = 1 << Audio
	video     Set = 1 << Video
	bpf       Set = 1 << BPF
	unveil    Set = 1 << Unveil
	disklabel Set = 1 << Disklabel
	drm       Set = 1 << DRM
	vmm       Set = 1 << VMM
)

// Situations: what else than promises a rule may depend on. They share the
// bits of Set so that a rule states both in one expression; none of them is a
// word, and [Set.String] leaves them out.
const (
	// Loads: the dynamic loader's needs stay admitted (exec is held, or no
	// supervisor can end them at the entry point).
	Loads Set = 1 << (48 + iota)
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
	InetInherited Set = 1 << (40 + iota)
	// UnixUnpaired: an AF_UNIX socket that may still choose its peer: a datagram
	// socket, or one that neither is connected nor listens.
	UnixUnpaired
	// OtherInherited: a socket of any other family.
	OtherInherited
	// Veiled: paths are hidden, and a supervisor looks where the path of a local
	// socket leads.
	Veiled
)

// Watched is a situation, too: the program is only watched, and what is done
// with a directory that it has opened says no more than that it opened it.
const Watched Set = 1 << 47

// Penalized is a situation, too: a supervisor ends who makes a call that nothing
// admits. A filter of the program's own would answer before it.
const Penalized Set = 1 << 46

// String returns the words in reporting order, separated by single spaces.
func (s Set) String() string {
	var b strings.Builder
	for p := range count {
		if s&(1<<p) != 0 {
			if b.Len() > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(words[p])
		}
	}
	return b.String()
}

// Has reports whether s holds p.
func (s Set) Has(p Promise) bool { return s&(1<<p) != 0 }

// Union returns the promises of both.
func (s Set) Union(t Set) Set { return s | t }

// SubsetOf reports whether t holds every promise of s.
func (s Set) SubsetOf(t Set) bool { return s&^t == 0 }

// Missing returns what t holds and s does not.
func (s Set) Missing(t Set) Set { return t &^ s }

// Promises returns the members in reporting order.
func (s Set) Promises() []Promise {
	var ps []Promise
	for p := range count {
		if s.Has(p) {
			ps = append(ps, p)
		}
	}
	return ps
}

// Words returns s without the situations.
func (s Set) Words() Set { return s & (1<<count - 1) }
