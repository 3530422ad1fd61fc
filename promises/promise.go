// Package promises is the vocabulary of pledge(2): the promise words, sets of
// them, and how they are read and written.
//
// The words and their meaning are those of OpenBSD 7.9, and tmppath with the
// meaning it had up to 7.8.
//
//	set, err := promises.Parse("stdio rpath")
//
// Package [github.com/pledge-linux/pledge/promises/explain] says what a set of
// words admits, and which words a system call takes.
//
// # Stability
//
// All names of this package keep their meaning. A word is added when OpenBSD adds
// one, so the number behind a [Promise] may change: store the word.
package promises

// A Promise is one word of pledge(2).
type Promise uint8

// The promises, in the order in which OpenBSD's kernel reports a missing one.
const (
	Stdio Promise = iota
	Rpath
	Wpath
	Cpath
	Dpath
	Tmppath // accepted with its meaning up to OpenBSD 7.8; removed in 7.9
	Inet
	Mcast
	Fattr
	Chown
	Flock
	Unix
	DNS
	Getpw
	Sendfd
	Recvfd
	Tape
	Tty
	Proc
	Exec
	ProtExec
	Settime
	PS
	Vminfo
	ID
	PF
	Route
	Wroute
	Audio
	Video
	BPF
	Unveil
	Error
	Disklabel
	DRM
	VMM
	count
)

var words = [count]string{
	Stdio: "stdio", Rpath: "rpath", Wpath: "wpath", Cpath: "cpath", Dpath: "dpath",
	Tmppath: "tmppath", Inet: "inet", Mcast: "mcast", Fattr: "fattr", Chown: "chown",
	Flock: "flock", Unix: "unix", DNS: "dns", Getpw: "getpw", Sendfd: "sendfd",
	Recvfd: "recvfd", Tape: "tape", Tty: "tty", Proc: "proc", Exec: "exec",
	ProtExec: "prot_exec", Settime: "settime", PS: "ps", Vminfo: "vminfo", ID: "id",
	PF: "pf", Route: "route", Wroute: "wroute", Audio: "audio", Video: "video",
	BPF: "bpf", Unveil: "unveil", Error: "error", Disklabel: "disklabel", DRM: "drm",
	VMM: "vmm",
}

// String returns the word.
func (p Promise) String() string {
	if p < count {
		return words[p]
	}
	return "promise?"
}

// Set returns the set that holds only p.
func (p Promise) Set() Set { return 1 << p }

// All returns every promise in reporting order.
func All() []Promise {
	ps := make([]Promise, count)
	for i := range ps {
		ps[i] = Promise(i)
	}
	return ps
}
