package enforce

import (
	"strconv"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/sys"
)

// chdir makes the caller change to the directory that was judged: it gets a
// descriptor of it, and is made to call fchdir with that instead.
func (w *worker) chdir(c *call) {
	var dir int
	var e unix.Errno
	err := w.as(c.identity(), func() {
		object, failed := c.object(0)
		if e = failed; e != 0 {
			return
		}
		// The kernel takes no O_PATH descriptor for another process, so the
		// directory has to be one that may be read. Searching it is asked for.
		if e = errno(unix.Faccessat(object, "", unix.X_OK, unix.AT_EMPTY_PATH|unix.AT_EACCESS)); e == 0 {
			fd, err := unix.Open(procFD(object), unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
			dir, e = fd, errno(err)
		}
	})
	if err != nil {
		e = errno(err)
	}
	if e != 0 {
		c.fail(e)
		return
	}
	defer unix.Close(dir)
	var st unix.Stat_t
	if err := unix.Fstat(dir, &st); err != nil {
		c.answer(err)
		return
	}
	given, e := sys.NotifInstallFD(c.engine.listener, c.ID, dir, unix.O_CLOEXEC)
	if e != 0 {
		c.fail(e)
		return
	}
	c.engine.tracer.do(func() { c.inject(given, &st) })
}

// inject stops the caller behind its call and has it call fchdir and close.
// Both reach the filter like all its calls, where their thread is known. If it
// came to be somewhere else, because another thread put its own descriptor in
// the place of ours, it is killed.
func (c *call) inject(fd int, dir *unix.Stat_t) {
	e := c.engine
	if sys.PtraceSeize(c.tid(), unix.PTRACE_O_TRACESYSGOOD) != nil {
		e.problem("%s[%d]: ptrace is refused here, so directories cannot be changed under a rule on their path", c.process.program, c.process.pid)
		c.fail(unix.EPERM)
		return
	}
	unix.PtraceInterrupt(c.tid())
	e.injected.Store(c.tid(), true)
	defer e.injected.Delete(c.tid())
	c.fail(unix.ENOSYS) // it stops before it sees this
	if !c.stopped() {
		return
	}
	defer unix.PtraceDetach(c.tid())
	var before unix.PtraceRegsAmd64
	if unix.PtraceGetRegsAmd64(c.tid(), &before) != nil {
		return
	}
	result := c.callInstead(before, unix.SYS_FCHDIR, uint64(fd))
	var st unix.Stat_t
	if err := unix.Stat("/proc/"+strconv.Itoa(c.tid())+"/cwd", &st); result == 0 && (err != nil || st.Dev != dir.Dev || st.Ino != dir.Ino) {
		unix.Kill(c.process.pid, unix.SIGKILL)
		e.problem("killed %s[%d]: it changed to another directory than was judged", c.process.program, c.process.pid)
	}
	c.callInstead(before, unix.SYS_CLOSE, uint64(fd))
	before.Rax = result
	before.Orig_rax = ^uint64(0) // no call that could be made again
	unix.PtraceSetRegsAmd64(c.tid(), &before)
}

// stopped waits for the stop that was asked for; signals are passed on.
func (c *call) stopped() bool {
	for {
		_, ws, ok := stopsOf(c.tid(), c.tid())
		switch {
		case !ok || ws.Exited() || ws.Signaled():
			if ok {
				c.engine.ended(c.tid(), ws)
			}
			return false
		case ptraceEvent(ws) == eventStop:
			return true
		}
		unix.PtraceCont(c.tid(), int(ws.StopSignal()))
	}
}

// callInstead makes the stopped thread perform a call with one argument, by the
// instruction that it came from, and returns the result.
func (c *call) callInstead(regs unix.PtraceRegsAmd64, nr, arg uint64) uint64 {
	const instruction = 2 // bytes of syscall
	regs.Rip -= instruction
	regs.Rax, regs.Rdi, regs.Orig_rax = nr, arg, ^uint64(0)
	failed := func() uint64 { e := unix.EPERM; return uint64(-int64(e)) }
	if unix.PtraceSetRegsAmd64(c.tid(), &regs) != nil {
		return failed()
	}
	for stops := 0; stops < 2; { // one before the call, one behind it
		if unix.PtraceSyscall(c.tid(), 0) != nil {
			return failed()
		}
		_, ws, ok := stopsOf(c.tid(), c.tid())
		if !ok || ws.Exited() || ws.Signaled() {
			if ok {
				c.engine.ended(c.tid(), ws)
			}
			return failed()
		}
		if ws.StopSignal() == unix.SIGTRAP|0x80 {
			stops++
			continue
		}
		if ptraceEvent(ws) == 0 { // a signal: it is sent again, for afterwards
			unix.Tgkill(c.process.pid, c.tid(), ws.StopSignal())
		}
	}
	var after unix.PtraceRegsAmd64
	if unix.PtraceGetRegsAmd64(c.tid(), &after) != nil {
		return failed()
	}
	return after.Rax
}
