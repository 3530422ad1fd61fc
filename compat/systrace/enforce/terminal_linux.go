//go:build amd64 || arm64

package enforce

import (
	"bytes"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/compat/systrace/internal/perform"
)

// terminal opens the caller's own terminal where it asks for /dev/tty, which is
// this process's for this process. It goes by its own name then.
func (w *worker) terminal(c *call, flags int) perform.Answer {
	fail := func(e unix.Errno) perform.Answer { return perform.Answer{Err: e, FD: -1} }
	device := c.controlling()
	if device == 0 {
		return fail(unix.ENXIO)
	}
	name := "/dev/tty" + strconv.Itoa(int(unix.Minor(device)))
	const pts, perMajor = 136, 256 // UNIX98_PTY_SLAVE_MAJOR
	if major := unix.Major(device); major >= pts && major < pts+8 {
		name = "/dev/pts/" + strconv.Itoa(int(major-pts)*perMajor+int(unix.Minor(device)))
	}
	v, err := c.view()
	if err != nil {
		return fail(errno(err))
	}
	at, err := v.Find(v.Root, name, true)
	if err != nil {
		return fail(unix.ENXIO)
	}
	defer at.Close()
	object, err := at.Object()
	if err != nil {
		return fail(unix.ENXIO)
	}
	defer unix.Close(object)
	var st unix.Stat_t
	if unix.Fstat(object, &st) != nil || st.Mode&unix.S_IFMT != unix.S_IFCHR || st.Rdev != device {
		return fail(unix.ENXIO)
	}
	fd, err := unix.Open(procFD(object), flags&^(unix.O_CREAT|unix.O_EXCL|unix.O_NOFOLLOW)|unix.O_CLOEXEC|unix.O_NOCTTY, 0)
	if err != nil {
		return fail(errno(err))
	}
	return perform.Answer{FD: fd, Flags: flags}
}

// controlling is the caller's terminal, 0 if it has none.
func (c *call) controlling() uint64 {
	b, err := os.ReadFile(c.proc("stat"))
	if err != nil {
		return 0
	}
	f := strings.Fields(string(b[bytes.LastIndexByte(b, ')')+1:]))
	const at = 4 // tty_nr, field 7; what is behind the name begins with field 3
	if len(f) <= at {
		return 0
	}
	n, _ := strconv.ParseInt(f[at], 10, 64)
	dev := uint32(n)
	return unix.Mkdev(dev>>8&0xfff, dev&0xff|dev>>12&0xfff00)
}
