//go:build amd64 || arm64

package enforce

import (
	"bytes"
	"encoding/binary"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/compat/systrace/internal/resolve"
	"github.com/pledge-linux/pledge/internal/sys"
)

// address is the socket address that was judged, as it was read; nil if the
// call has none.
func (c *call) address(at, length int) []byte {
	n := int32(c.Args[length])
	if c.Args[at] == 0 || n <= 0 {
		return nil
	}
	b := c.knownBytes(c.Args[at])
	if len(b) < int(n) {
		return nil
	}
	return b[:n]
}

// noAddress is what the kernel says of an address that is none.
func (c *call) noAddress() unix.Errno {
	const longest = 128 // sizeof(struct sockaddr_storage)
	if c.name != "bind" && c.name != "connect" {
		return 0
	}
	n := int32(c.Args[2])
	switch {
	case n <= 0 || n > longest:
		return unix.EINVAL
	case c.Args[1] == 0:
		return unix.EFAULT
	}
	return 0
}

// localName is the path of a local socket's address; "" if it has none.
func localName(b []byte) string {
	if len(b) < 3 || binary.NativeEndian.Uint16(b) != unix.AF_UNIX {
		return ""
	}
	name, _, _ := bytes.Cut(b[2:], []byte{0})
	return string(name)
}

// destination is an address that is used in a caller's stead. Where it is a path,
// what that leads to is found as the caller would find it.
type destination struct {
	addr  []byte
	name  string
	start int
	owned bool
}

func (c *call) destination(addr []byte) (*destination, error) {
	d := &destination{addr: addr, name: localName(addr), start: -1}
	var err error
	if d.name != "" {
		d.start, d.owned, err = c.start(unix.AT_FDCWD, d.name)
		d.owned = d.owned && err == nil
	}
	return d, err
}

func (d *destination) close() {
	if d.owned {
		unix.Close(d.start)
	}
}

// find resolves the path.
func (d *destination) find(c *call, follow bool) (*resolve.Place, error) {
	shared, err := c.view()
	if err != nil {
		return nil, err
	}
	v := *shared
	v.FSUID, v.NoLinks = c.identity().fsuid, c.as != nil
	return v.Find(d.start, d.name, follow)
}

// open names the socket that the address leads to by a descriptor.
func (d *destination) open(c *call) (addr []byte, object int, err error) {
	if d.name == "" {
		return d.addr, -1, nil
	}
	at, err := d.find(c, true)
	if err != nil {
		return nil, -1, err
	}
	defer at.Close()
	if object, err = at.Object(); err != nil {
		return nil, -1, err
	}
	return unixAddress(procFD(object)), object, nil
}

func unixAddress(name string) []byte {
	return append(append(binary.NativeEndian.AppendUint16(nil, unix.AF_UNIX), name...), 0)
}

// onSocket does something with the caller's socket and an address, again if a
// signal of this process's own ends it.
func (w *worker) onSocket(c *call, id *credentials, addr []byte, f func(fd int, addr []byte) unix.Errno) unix.Errno {
	fd, err := c.descriptorOf(c.Args[0])
	if err != nil {
		return errno(err)
	}
	defer unix.Close(fd)
	d, err := c.destination(addr)
	if err != nil {
		return errno(err)
	}
	defer d.close()
	var e unix.Errno
	err = w.as(id, -1, func() {
		real, object, failed := d.open(c)
		if e = errno(failed); e != 0 {
			return
		}
		if object >= 0 {
			defer unix.Close(object)
		}
		for e = unix.EINTR; e == unix.EINTR; {
			if e = f(fd, real); e == unix.EINTR && c.signalled.Load() {
				e = restart
			}
		}
	})
	if err != nil {
		return errno(err)
	}
	return e
}

// bind makes a local socket by the name that the caller gave, which it is called
// by from then on: the worker goes to the caller's directory for that.
func (w *worker) bind(c *call) {
	addr := c.address(1, 2)
	if addr == nil {
		c.fail(unix.EINVAL)
		return
	}
	if localName(addr) == "" {
		c.fail(w.onSocket(c, c.identity(), addr, sys.Bind))
		return
	}
	fd, err := c.descriptorOf(c.Args[0])
	if err != nil {
		c.answer(err)
		return
	}
	defer unix.Close(fd)
	d, err := c.destination(addr)
	if err == nil {
		defer d.close()
		st, e := readStatus(c.tid())
		if err = e; err == nil {
			var failed error
			err = w.as(c.identity(), st.creds.umask, func() { failed = w.bindLocal(c, d, fd) })
			if err == nil {
				err = failed
			}
		}
	}
	c.answer(err)
}

func (w *worker) bindLocal(c *call, d *destination, fd int) error {
	at, err := d.find(c, false)
	if err != nil {
		return err
	}
	defer at.Close()
	if at.FD >= 0 || at.Whole() {
		return unix.EADDRINUSE
	}
	if v, err := c.view(); err == nil && v.Own && c.as == nil && !resolve.IsProc(at.Dir) && d.plain() {
		if err := unix.Fchdir(d.start); err == nil {
			e := sys.Bind(fd, d.addr)
			if err := unix.Fchdir(w.engine.root); err != nil {
				w.engine.fatal("come back from a caller's directory: %v", err)
			}
			return failure(e)
		}
	}
	text := procFD(at.Dir) + "/" + at.Name()
	const longest = 107 // of a path in an address
	if len(text) > longest {
		return unix.ENAMETOOLONG
	}
	return failure(sys.Bind(fd, unixAddress(text)))
}

func failure(e unix.Errno) error {
	if e == 0 {
		return nil
	}
	return e
}

// plain tells whether the kernel comes to the same directory for this process
// as for the caller.
func (d *destination) plain() bool {
	i := strings.LastIndexByte(d.name, '/')
	if i < 0 {
		return true
	}
	fd, err := unix.Openat2(d.start, d.name[:i+1], &unix.OpenHow{Flags: openPath, Resolve: unix.RESOLVE_NO_MAGICLINKS})
	if err == nil {
		unix.Close(fd)
	}
	return err == nil
}

func (w *worker) connect(c *call) {
	addr := c.address(1, 2)
	if addr == nil {
		c.fail(unix.EINVAL)
		return
	}
	c.fail(w.onSocket(c, c.identity(), addr, sys.Connect))
}

// mayWait tells whether performing a call may take long.
func (e *engine) mayWait(c *call) bool {
	return e.hired.Load() > maxWaiting
}

// socket is performed only where "as" says so: a raw socket for a program that
// may not make one.
func (w *worker) socket(c *call) {
	kind := int(int32(c.Args[1]))
	var fd int
	var err error
	if e := w.as(c.identity(), -1, func() { fd, err = unix.Socket(int(int32(c.Args[0])), kind|unix.SOCK_CLOEXEC, int(int32(c.Args[2]))) }); e != nil {
		err = e
	}
	if err != nil {
		c.answer(err)
		return
	}
	give(c, fd, kind&unix.SOCK_CLOEXEC)
}

// kill is performed only where "as" says so. Groups are the caller's, and this
// process is none that it could send anything.
func (w *worker) kill(c *call) {
	pid := int(int32(c.Args[0]))
	if pid == 0 {
		group, err := unix.Getpgid(c.process.pid)
		if err != nil {
			c.answer(err)
			return
		}
		pid = -group
	}
	if pid == -1 || pid == w.engine.pid || pid == -unix.Getpgrp() {
		c.fail(unix.EPERM)
		return
	}
	if pid > 0 {
		if st, err := readStatus(pid); err == nil && st.tgid == w.engine.pid {
			c.fail(unix.EPERM)
			return
		}
	}
	var err error
	if e := w.as(c.identity(), -1, func() { err = unix.Kill(pid, unix.Signal(c.Args[1])) }); e != nil {
		err = e
	}
	c.answer(err)
}
