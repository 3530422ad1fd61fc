package host

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/fleet/envelope"
	"github.com/pledge-linux/pledge/internal/procfs"
)

// peer is what the kernel says of a sender, and of the process that it tells
// about: only if that is the sender's own, or the sender is root.
func (l *Listener) peer(cred *unix.Ucred, pid int) *envelope.Peer {
	p := &envelope.Peer{UID: int(cred.Uid), GID: int(cred.Gid), PID: int(cred.Pid)}
	if pid <= 0 {
		return p
	}
	st, err := os.Stat("/proc/" + strconv.Itoa(pid))
	if err != nil {
		return p
	}
	if uid, ok := owner(st); !ok || uid != p.UID && p.UID != 0 {
		return p
	}
	exe := procfs.Path(pid, "exe")
	if name, err := os.Readlink(exe); err == nil {
		p.Exe, p.SHA256 = name, l.exes.of(exe)
	}
	for range 5 {
		name, parent := relation(pid)
		if name == "" {
			break
		}
		p.Tree = append(p.Tree, envelope.Proc{PID: pid, Name: name})
		if pid = parent; pid <= 1 {
			break
		}
	}
	return p
}

// relation is a process's name, as it gave it itself, and its parent.
func relation(pid int) (name string, parent int) {
	text, err := procfs.Read(pid, "stat")
	if err != nil {
		return "", 0
	}
	_, rest, _ := strings.Cut(string(text), "(")
	end := strings.LastIndex(rest, ")")
	if end < 0 {
		return "", 0
	}
	fields := strings.Fields(rest[end+1:])
	if len(fields) > 1 {
		parent, _ = strconv.Atoi(fields[1])
	}
	return rest[:end], parent
}

// hashes remembers what programs' files sum up to.
type hashes struct{ known map[file]string }

// file is a file as it was.
type file struct {
	dev, ino    uint64
	size        int64
	mtime, ctim unix.Timespec
}

// largest is how large a program may be to be summed.
const largest = 64 << 20

// of returns the sum of a program's file, "" of one that is too large or no file.
func (h *hashes) of(path string) string {
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC|unix.O_NONBLOCK|unix.O_NOCTTY, 0)
	if err != nil {
		return ""
	}
	f := os.NewFile(uintptr(fd), path)
	defer f.Close()
	var st unix.Stat_t
	if unix.Fstat(fd, &st) != nil || st.Mode&unix.S_IFMT != unix.S_IFREG || st.Size > largest {
		return ""
	}
	key := file{uint64(st.Dev), st.Ino, st.Size, st.Mtim, st.Ctim}
	if sum, ok := h.known[key]; ok {
		return sum
	}
	sum := sha256.New()
	if _, err := io.Copy(sum, io.LimitReader(f, largest)); err != nil {
		return ""
	}
	if h.known == nil || len(h.known) > 4096 {
		h.known = map[file]string{}
	}
	h.known[key] = hex.EncodeToString(sum.Sum(nil))
	return h.known[key]
}
