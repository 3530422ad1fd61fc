// Package procfs reads what /proc says of a process.
package procfs

import (
	"bytes"
	"strconv"

	"golang.org/x/sys/unix"
)

// Path is the name of one of a process's or thread's files: Path(12, "fd/3") is
// /proc/12/fd/3.
func Path(id int, name string) string { return "/proc/" + strconv.Itoa(id) + "/" + name }

// Read reads one of a process's files, a page of it at the most: os.ReadFile
// would first set up Go's network poller.
func Read(id int, name string) ([]byte, error) {
	fd, err := unix.Open(Path(id, name), unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	defer unix.Close(fd)
	b := make([]byte, 4096)
	n, err := unix.Read(fd, b)
	return b[:max(n, 0)], err
}

// Comm is the name of a thread as the kernel has it: up to 15 bytes that the
// thread chooses, or "?".
func Comm(tid int) string {
	b, err := Read(tid, "comm")
	if err != nil {
		return "?"
	}
	return string(bytes.TrimSuffix(b, []byte("\n")))
}

// A Status is the text of /proc/TID/status (proc_pid_status(5)).
type Status []byte

// ReadStatus reads the status of a process or thread. It is longer than a page
// where there are many groups.
func ReadStatus(tid int) (Status, error) {
	fd, err := unix.Open(Path(tid, "status"), unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	defer unix.Close(fd)
	b := make([]byte, 0, 4096)
	for {
		n, err := unix.Read(fd, b[len(b):cap(b)])
		switch {
		case err != nil:
			return nil, err
		case n == 0 && len(b) == 0:
			return nil, unix.ESRCH
		case n == 0:
			return b, nil
		}
		b = b[:len(b)+n]
		if len(b) == cap(b) {
			b = append(make([]byte, 0, 2*cap(b)), b...)
		}
	}
}

// field returns the words of a line. The name of the thread comes first in the
// file and is the thread's own choice, but the kernel escapes its newlines.
func (s Status) field(name string) [][]byte {
	_, rest, ok := bytes.Cut(s, []byte("\n"+name+":"))
	if !ok {
		return nil
	}
	line, _, _ := bytes.Cut(rest, []byte("\n"))
	return bytes.Fields(line)
}

func (s Status) number(name string, base int) (uint64, bool) {
	f := s.field(name)
	if len(f) == 0 {
		return 0, false
	}
	n, err := strconv.ParseUint(string(f[0]), base, 64)
	return n, err == nil
}

// Process is the id of the process that the thread belongs to, 0 if the text
// does not say.
func (s Status) Process() int {
	n, _ := s.number("Tgid", 10)
	return int(n)
}

// Umask is the creation mask, 077 if the text does not say (Linux 4.7).
func (s Status) Umask() uint32 {
	if n, ok := s.number("Umask", 8); ok {
		return uint32(n)
	}
	return 0o077
}

// Ended reports whether it has ended, and only its parent has not taken note.
func (s Status) Ended() bool {
	state := s.field("State")
	return len(state) > 0 && (state[0][0] == 'Z' || state[0][0] == 'X')
}

// Stopped reports whether the thread is stopped by a signal.
func (s Status) Stopped() bool {
	f := s.field("State")
	return len(f) > 0 && string(f[0]) == "T"
}

// Traced reports whether the thread is stopped for its tracer.
func (s Status) Traced() bool {
	f := s.field("State")
	return len(f) > 0 && string(f[0]) == "t"
}

// Continues reports whether the process was continued and does not know it yet.
func (s Status) Continues() bool {
	shared, _ := s.number("ShdPnd", 16)
	own, _ := s.number("SigPnd", 16)
	return (own|shared)&(1<<(unix.SIGCONT-1)) != 0
}

// Pending are the signals that wait for the thread, and for its process, and that
// it does not block.
func (s Status) Pending() (own, shared uint64) {
	own, _ = s.number("SigPnd", 16)
	shared, _ = s.number("ShdPnd", 16)
	blocked, _ := s.number("SigBlk", 16)
	return own &^ blocked, shared &^ blocked
}

// Threads is how many threads the process has, 0 if the text does not say.
func (s Status) Threads() int {
	n, _ := s.number("Threads", 10)
	return int(n)
}

// IDs are the real, effective, saved and file system ids.
type IDs [4]uint32

// An Identity is as whom a thread makes its calls.
type Identity struct {
	UIDs, GIDs IDs
	Groups     string // decimal numbers and blanks, as the kernel writes them
	// Effective is the effective capability set.
	Effective uint64
}

// Identity returns as whom the thread makes its calls, false if the text does
// not say.
func (s Status) Identity() (id Identity, ok bool) {
	u, g := s.field("Uid"), s.field("Gid")
	if len(u) != len(id.UIDs) || len(g) != len(id.GIDs) {
		return id, false
	}
	for i := range u {
		uid, err1 := strconv.ParseUint(string(u[i]), 10, 32)
		gid, err2 := strconv.ParseUint(string(g[i]), 10, 32)
		if err1 != nil || err2 != nil {
			return id, false
		}
		id.UIDs[i], id.GIDs[i] = uint32(uid), uint32(gid)
	}
	id.Groups = string(bytes.Join(s.field("Groups"), []byte(" ")))
	id.Effective, ok = s.number("CapEff", 16)
	return id, ok
}

// GroupList is Groups as numbers.
func (id *Identity) GroupList() ([]uint32, bool) {
	var list []uint32
	for _, w := range bytes.Fields([]byte(id.Groups)) {
		n, err := strconv.ParseUint(string(w), 10, 32)
		if err != nil {
			return nil, false
		}
		list = append(list, uint32(n))
	}
	return list, true
}
