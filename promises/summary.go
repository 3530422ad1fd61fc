package promises

// summaries says in a line what each promise is for.
var summaries = [count]string{
	Stdio:     "input and output on open descriptors, memory, threads, time, own signals",
	Rpath:     "read the file system",
	Wpath:     "write existing files",
	Cpath:     "create, rename and remove names",
	Dpath:     "make FIFOs",
	Tmppath:   "create and remove files in /tmp (legacy: OpenBSD up to 7.8)",
	Inet:      "Internet sockets",
	Mcast:     "multicast options, with inet",
	Fattr:     "change permissions, times, own ownership, extended attributes",
	Chown:     "change ownership to anybody",
	Flock:     "lock files",
	Unix:      "local sockets",
	DNS:       "ask name servers",
	Getpw:     "look up users and groups",
	Sendfd:    "send descriptors over local sockets",
	Recvfd:    "receive descriptors over local sockets",
	Tape:      "tape drive requests",
	Tty:       "terminal requests, /dev/tty",
	Proc:      "start processes, signal them, set priorities and limits",
	Exec:      "execute programs",
	ProtExec:  "executable memory",
	Settime:   "set the clock",
	PS:        "read what processes are running",
	Vminfo:    "read memory and processor statistics",
	ID:        "change user and group, limits",
	PF:        "packet filter (accepted; grants nothing on Linux)",
	Route:     "read interfaces and routes",
	Wroute:    "change interfaces and routes",
	Audio:     "audio device requests",
	Video:     "video device requests",
	BPF:       "packet statistics of an open packet socket",
	Unveil:    "hide more paths later",
	Error:     "a mode: refused calls fail with ENOSYS and nothing is said",
	Disklabel: "block device requests",
	DRM:       "graphics device requests",
	VMM:       "virtual machine device requests",
}

// Summary says in a line what the promise is for.
func (p Promise) Summary() string {
	if p < count {
		return summaries[p]
	}
	return ""
}
