//go:build amd64 || arm64

package enforce

import (
	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/compat/systrace/internal/perform"
	"github.com/pledge-linux/pledge/internal/abi"
	"github.com/pledge-linux/pledge/internal/sys"
)

// performers perform calls that are not about files alone. A call without a
// performer is refused if its verdict depends on the caller's memory.
var performers map[string]func(w *worker, c *call)

func init() {
	performers = map[string]func(w *worker, c *call){
		"bind":     (*worker).bind,
		"connect":  (*worker).connect,
		"sendto":   (*worker).sendto,
		"sendmsg":  (*worker).sendmsg,
		"sendmmsg": (*worker).sendmmsg,
		"socket":   (*worker).socket,
		"kill":     (*worker).kill,
		"chdir":    (*worker).chdir,
		"chroot":   (*worker).chroot,
	}
}

// performer is what performs the call; nil if nothing does.
func (c *call) performer() func(w *worker, c *call) {
	if c.arch == abi.I386 {
		return performer386(c.name)
	}
	if c.arch != c.engine.arch {
		return nil
	}
	if f := performers[c.name]; f != nil {
		return f
	}
	if perform.Performs(c.name) {
		return (*worker).onFiles
	}
	return nil
}

// onFiles performs a call on paths as the caller, and answers it.
func (w *worker) onFiles(c *call) { w.deliver(c, w.performed(c, c.name, c.Args)) }

// performed performs a call by the name and the arguments that it has on amd64.
// A signal of this process's own is none of the caller's.
func (w *worker) performed(c *call, name string, args [6]uint64) (a perform.Answer) {
	umask := -1
	if perform.Creates(name, args, c.knownBytes(args[2])) {
		st, err := readStatus(c.tid())
		if err != nil {
			return perform.Answer{Err: unix.ESRCH, FD: -1}
		}
		umask = st.creds.umask // the threads of other processes may share it
	}
	if len(c.places) == 0 && c.mayBeEmpty() {
		// It is opened before this thread becomes less than it is.
		fd, err := c.opened(int32(args[0]))
		if err != nil {
			return perform.Answer{Err: errno(err), FD: -1}
		}
		c.places = append(c.places, &place{start: fd, owned: true, empty: true})
	}
	if name == "truncate" {
		c.readFileSize()
	}
	id := c.identity()
	if name == "access" || name == "faccessat" || name == "faccessat2" && args[3]&unix.AT_EACCESS == 0 {
		id = c.realIdentity()
	}
	for {
		err := w.as(id, umask, func() { a, _ = perform.Call(name, args, c) })
		if err != nil {
			return perform.Answer{Err: errno(err), FD: -1}
		}
		if a.Err != unix.EINTR {
			return a
		}
		if c.signalled.Load() {
			a.Err = restart
			return a
		}
	}
}

// realIdentity is whom access(2) judges by: the real ids, and the capabilities
// that those would have.
func (c *call) realIdentity() *credentials {
	if c.as != nil {
		return c.identity()
	}
	id := *c.creds
	id.fsuid, id.fsgid, id.caps = id.ruid, id.rgid, 0
	if id.ruid == 0 {
		id.caps = id.permitted
	}
	if id.same(c.creds) {
		return c.creds
	}
	id.unchanged = false
	return &id
}

// restart is ERESTARTSYS, which never reaches programs: the kernel makes the call
// again or fails it with EINTR, as the handler of the signal says.
const restart = unix.Errno(512)

// deliver gives the caller its answer.
func (w *worker) deliver(c *call, a perform.Answer) {
	switch {
	case a.Terminal:
		a = w.terminal(c, a.Flags)
	case a.Path:
		w.givePath(c, a.FD, a.Flags)
		return
	}
	if a.FD >= 0 {
		give(c, a.FD, a.Flags)
		return
	}
	if a.Signal != 0 {
		unix.Tgkill(c.process.pid, c.tid(), a.Signal)
	}
	if a.Err == 0 && a.Data != nil {
		if w.engine.leader.Load() != w && !c.waits() {
			return // it has waited, and its memory may be another's
		}
		a.Err = errno(sys.WriteMemory(c.tid(), a.Addr, a.Data))
	}
	if a.Err != 0 {
		c.fail(a.Err)
		return
	}
	c.result(a.Value)
}

// give puts a descriptor into the caller, closes it here, and answers: nobody is
// to notice that it is still open here. To put it there and answer in one step
// (SECCOMP_ADDFD_FLAG_SEND) is slower where a processor is idle: the caller goes
// on there, and both are woken from afar by every call.
func give(c *call, fd, flags int) {
	n, e := sys.NotifInstallFD(c.engine.listener, c.ID, fd, uint32(flags)&unix.O_CLOEXEC)
	unix.Close(fd)
	switch e {
	case 0:
		c.result(int64(n))
	case unix.ENOENT: // the caller is gone
	default:
		c.fail(e)
	}
}

// isInjected tells whether this process has the thread make the call.
func (e *engine) isInjected(c *call) bool {
	if _, ours := e.injected.Load(c.tid()); !ours {
		return false
	}
	if c.Arch == abi.I386.Audit && e.arch == abi.AMD64 {
		return isPuppet386(uint64(c.Nr))
	}
	if c.Arch != e.arch.Audit {
		return false
	}
	switch c.Nr {
	case unix.SYS_FCHDIR, unix.SYS_CLOSE, unix.SYS_CHROOT, unix.SYS_RECVMSG, unix.SYS_FCNTL:
		return true
	}
	return false
}
