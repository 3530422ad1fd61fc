//go:build amd64 || arm64

package launcher

import (
	"errors"
	"slices"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/notify"
	"github.com/pledge-linux/pledge/internal/rules"
	"github.com/pledge-linux/pledge/internal/sys"
	"github.com/pledge-linux/pledge/unveil"
)

// A socket is a copy of one of the caller's descriptors, and of what family it
// is. The copy cannot be exchanged by the caller.
type socket struct {
	rules.Socket
	fd int
}

// socketOf copies the caller's descriptor. What is no socket is told so, as the
// kernel does.
func socketOf(c *notify.Call, fd uint64) (socket, error) {
	own, err := c.Dup(fd)
	if err != nil {
		return socket{}, err
	}
	return asSocket(own)
}

// asSocket takes over a copy of a descriptor of the caller's.
func asSocket(own int) (k socket, err error) {
	k.fd = own
	for _, o := range []struct {
		option int
		to     *int
	}{{unix.SO_DOMAIN, &k.Domain}, {unix.SO_TYPE, &k.Type}, {unix.SO_PROTOCOL, &k.Protocol}} {
		if *o.to, err = unix.GetsockoptInt(own, unix.SOL_SOCKET, o.option); err != nil {
			unix.Close(own)
			return socket{}, err
		}
	}
	k.Bound = hasPort(own)
	return k, nil
}

// hasPort reports whether an Internet socket has a local port.
func hasPort(fd int) bool {
	name, err := unix.Getsockname(fd)
	if err != nil {
		return false
	}
	switch a := name.(type) {
	case *unix.SockaddrInet4:
		return a.Port != 0
	case *unix.SockaddrInet6:
		return a.Port != 0
	}
	return false
}

func (k socket) close() { unix.Close(k.fd) }

// waits reports whether calls on the socket wait for what they need.
func (k socket) waits() bool {
	fl, err := unix.FcntlInt(uintptr(k.fd), unix.F_GETFL, 0)
	return err == nil && fl&unix.O_NONBLOCK == 0
}

// readAddress copies an address from the caller. The error is EINVAL if it is
// longer than any.
func readAddress(c *notify.Call, addr, length uint64) (address, error) {
	if int32(length) < 0 || length > maxAddress {
		return nil, unix.EINVAL
	}
	b, err := c.Bytes(addr, int(length))
	return b, err
}

// addressed is what connect, bind and sendto have in common: a socket and an
// address, judged together.
type addressed struct {
	socket
	address address
	text    string // of the call
	// from is where the path of a local socket starts; its at is -1 if there is
	// none, or once reached is the socket itself, opened as O_PATH.
	from    place
	local   bool
	reached int
}

func (a *addressed) close() {
	a.socket.close()
	a.from.close()
	if a.reached >= 0 {
		unix.Close(a.reached)
	}
}

// judged reads the address, copies the socket and asks the rules. The refusal is
// nil if they admit it.
func (s *supervisor) judged(c *notify.Call, op string, fd, addr, length uint64) (*addressed, *refusal, error) {
	own, err := c.Dup(fd)
	if err != nil {
		return nil, nil, err
	}
	// connect looks at the address first, the others at the descriptor.
	var a address
	if op == "connect" {
		if a, err = readAddress(c, addr, length); err != nil {
			unix.Close(own)
			return nil, nil, err
		}
	}
	k, err := asSocket(own)
	if err != nil {
		return nil, nil, err
	}
	if op != "connect" {
		if a, err = readAddress(c, addr, length); err != nil {
			k.close()
			return nil, nil, err
		}
	}
	to := &addressed{socket: k, from: place{at: -1}, reached: -1}
	if why, err := s.judgeAddress(c, op, to, a, fd); why != nil || err != nil {
		to.close()
		return nil, why, err
	}
	return to, nil, nil
}

// judgeAddress asks the rules about an address for a socket.
func (s *supervisor) judgeAddress(c *notify.Call, op string, to *addressed, a address, fd uint64) (*refusal, error) {
	to.address, to.text = a, c.Name+"("+itoa(int32(fd))+", "+decodeAddress(a)+")"
	if ok, need := rules.JudgeSocket(s.set, op, to.Socket, a); !ok {
		return &refusal{promise: need, call: to.text}, nil
	}
	if s.nested.Load() {
		return nil, unix.EACCES // some process here is under a ruleset of its own, which nobody would ask
	}
	to.address = to.Destination(op, a)
	if to.Domain != unix.AF_UNIX || a.path() == "" || op == "bind" {
		return nil, nil // Landlock knows who may make a socket's name
	}
	from, err := placeOf(c, unix.AT_FDCWD, a.path())
	if err == nil {
		to.from, to.local = from, true
	}
	return nil, err
}

// reach follows the path of a local socket, from where the caller is and with
// its rights, and asks unveil about where it leads. What it leads to is used
// from then on.
func (s *supervisor) reach(c *notify.Call, to *addressed) (*refusal, error) {
	if !to.local {
		return nil, nil
	}
	var at int
	var err error
	if e := s.perform.as(c, func() { at, err = to.from.lookUp(0) }); e != nil {
		return nil, e
	}
	if errors.Is(err, unix.ENOENT) {
		// The kernel says so when it comes to it.
		to.local, to.address = false, localAddress("/proc/self/fd/none")
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	to.reached, to.local, to.address = at, false, localAddress("/proc/self/fd/"+itoa(int32(at)))
	if s.veil.plan == nil {
		return nil, nil
	}
	real, err := realPath(at)
	if err != nil {
		return nil, err
	}
	if missing, e := s.veil.lacking(real, unveil.Write); missing != "" {
		s.hidden(c, &refusal{unveil: missing, call: to.text})
		if s.set&rules.StrictUnveil == 0 {
			e = unix.EACCES // as Landlock answers
		}
		return nil, e
	}
	return nil, nil
}

// connect connects the caller's socket, in its place.
func (s *supervisor) connect(c *notify.Call) (bool, error) {
	if done, err := s.byPort(c, connectOption, s.launch.spec.TCPConnect); done || err != nil {
		return done, err
	}
	if err := c.MayWait(); err != nil {
		return false, err
	}
	k, why, err := s.judged(c, "connect", c.Args[0], c.Args[1], c.Args[2]&0xffffffff)
	if err == nil && why == nil {
		defer k.close()
		why, err = s.reach(c, k)
	}
	if err == nil && why == nil && k.address.family() != unix.AF_UNSPEC {
		err = s.judgePort(c, k, connectOption, s.launch.spec.TCPConnect)
	}
	switch {
	case why != nil:
		return s.refuse(c, why)
	case err != nil:
		return failed(c, err)
	}
	var e unix.Errno
	if err := s.perform.inDomain(c, func() {
		s.lateness.add(c) // nothing but this may be ended by a signal
		defer s.lateness.remove(c)
		e = sys.Connect(k.fd, k.address)
	}); err != nil {
		return failed(c, err)
	}
	if e == unix.EACCES && s.set&rules.ConnectLimited != 0 {
		s.portRefused(c, k, connectOption, s.launch.spec.TCPConnect)
	}
	c.Fail(e)
	return true, nil
}

// bind names the caller's socket, in its place.
func (s *supervisor) bind(c *notify.Call) (bool, error) {
	if done, err := s.byPort(c, bindOption, s.launch.spec.TCPBind); done || err != nil {
		return done, err
	}
	if err := c.MayWait(); err != nil {
		return false, err
	}
	k, why, err := s.judged(c, "bind", c.Args[0], c.Args[1], c.Args[2]&0xffffffff)
	if why != nil {
		return s.refuse(c, why)
	}
	if err != nil {
		return failed(c, err)
	}
	defer k.close()
	if err := s.judgePort(c, k, bindOption, s.launch.spec.TCPBind); err != nil {
		return failed(c, err)
	}
	// A local socket's name is a file: it is made in the caller's directory, with
	// its creation mask.
	dir, umask := -1, uint32(0)
	if k.address.path() != "" {
		if s.set&rules.StrictUnveil != 0 {
			e, err := s.hiddenName(c, unix.AT_FDCWD, k.address.path())
			if err == nil && e != 0 {
				err = e
			}
			if err != nil {
				return failed(c, err)
			}
		}
		st, err := c.Status()
		if err == nil {
			umask = st.Umask()
			dir, err = c.Directory(unix.AT_FDCWD)
		}
		if err != nil {
			return failed(c, err)
		}
		defer unix.Close(dir)
	}
	if err := s.perform.inDomain(c, func() { err = bindFrom(dir, umask, k.fd, k.address) }); err != nil {
		return failed(c, err)
	}
	if errors.Is(err, unix.EACCES) && s.set&rules.ConnectLimited != 0 {
		s.portRefused(c, k, bindOption, s.launch.spec.TCPBind)
	}
	c.Fail(errno(err))
	return true, nil
}

// bindFrom binds a socket from a directory, which is -1 where that is of no
// importance. The thread's own directory and mask are nobody else's.
func bindFrom(dir int, umask uint32, fd int, a address) error {
	if dir >= 0 {
		if err := unix.Fchdir(dir); err != nil {
			return err
		}
		defer unix.Chdir("/")
		unix.Umask(int(umask))
	}
	if e := sys.Bind(fd, a); e != 0 {
		return e
	}
	return nil
}

// listen lets the caller's socket accept connections.
func (s *supervisor) listen(c *notify.Call) (bool, error) {
	k, err := socketOf(c, c.Args[0])
	if err != nil {
		return failed(c, err)
	}
	defer k.close()
	if ok, need := rules.JudgeSocket(s.set, "listen", k.Socket, nil); !ok {
		return s.refuse(c, &refusal{promise: need})
	}
	backlog := int(int32(c.Args[1]))
	do := func() error { return unix.Listen(k.fd, backlog) }
	perform := s.perform.as
	if s.set&rules.ConnectLimited != 0 && (k.Domain == unix.AF_INET || k.Domain == unix.AF_INET6) {
		if err := c.MayWait(); err != nil {
			return false, err
		}
		do, perform = func() error { return listenAtPort(k.fd, backlog, s.launch.spec.TCPBind) }, s.perform.inDomain
	}
	if e := perform(c, func() { err = do() }); e != nil {
		return failed(c, e)
	}
	if errors.Is(err, errElsewhere) {
		return s.refuse(c, &refusal{call: c.Name + "(" + itoa(int32(c.Args[0])) + ") of a socket that is bound to no port of --tcp-bind"})
	}
	c.Fail(errno(err))
	return true, nil
}

// errElsewhere is the error of a listener that would be at another port.
var errElsewhere = portError{}

type portError struct{}

func (portError) Error() string { return "not one of the ports" }

// listenAtPort has a socket listen where it is bound to one of the ports. What
// getsockname(2) tells may be left over from a connection, and listen(2) would
// bind another port, which Landlock does not look at: so the address is bound
// once more. The kernel refuses that (EINVAL) where it is bound indeed.
func listenAtPort(fd, backlog int, ports []uint16) error {
	name, err := unix.Getsockname(fd)
	if err != nil || !atPort(name, ports) {
		return errElsewhere
	}
	if err := unix.Bind(fd, name); err != nil && err != unix.EINVAL {
		return errElsewhere
	}
	if err := unix.Listen(fd, backlog); err != nil {
		return err
	}
	if name, err = unix.Getsockname(fd); err != nil || !atPort(name, ports) {
		unix.Shutdown(fd, unix.SHUT_RDWR) // another thread let go of the port meanwhile
		return errElsewhere
	}
	return nil
}

func atPort(name unix.Sockaddr, ports []uint16) bool {
	switch a := name.(type) {
	case *unix.SockaddrInet4:
		return slices.Contains(ports, uint16(a.Port))
	case *unix.SockaddrInet6:
		return slices.Contains(ports, uint16(a.Port))
	}
	return false
}

// failed answers with an error that the kernel would give as well, and leaves
// others to who asked.
func failed(c *notify.Call, err error) (bool, error) {
	if errors.Is(err, notify.ErrWait) || errors.Is(err, unix.EPERM) || errors.Is(err, unix.ESRCH) || !errors.As(err, new(unix.Errno)) {
		return false, err
	}
	c.Fail(errno(err))
	return true, nil
}
