package enforce

import (
	"strconv"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/abi"
	"github.com/pledge-linux/pledge/internal/sys"
)

// chdir makes the caller change to the directory that was judged: it gets a
// descriptor of it, and is made to call fchdir with that instead.
func (w *worker) chdir(c *call) {
	dir, e := w.judgedDirectory(c)
	if e != 0 {
		c.fail(e)
		return
	}
	defer unix.Close(dir)
	var given int
	if flags, err := unix.FcntlInt(uintptr(dir), unix.F_GETFL, 0); err == nil && flags&unix.O_PATH != 0 {
		w.chdirThere(c, dir)
		return
	}
	if given, e = c.install(dir); e != 0 {
		c.fail(e)
		return
	}
	c.inject(given, func(p *puppet) { p.enter(dir, given) })
}

// chdirThere makes the caller change to a directory that it may search and not
// read.
func (w *worker) chdirThere(c *call, dir int) {
	socket, e := w.posted(c, dir)
	if e != 0 {
		c.fail(e)
		return
	}
	c.inject(-1, func(p *puppet) {
		p.receive(uint64(socket), true)
		if p.failed() {
			return
		}
		given := int(p.result)
		p.result = 0
		p.enter(dir, given)
		p.call(unix.SYS_CLOSE, uint64(given))
	})
}

// chroot makes the caller change to the directory that was judged, make it its
// root, and come back to its own.
func (w *worker) chroot(c *call) {
	dir, e := w.judgedDirectory(c)
	if e != 0 {
		c.fail(e)
		return
	}
	defer unix.Close(dir)
	var cwd int
	err := w.as(c.creds, -1, func() {
		fd, err := unix.Open(c.proc("cwd"), unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
		cwd, e = fd, errno(err)
	})
	if err != nil {
		e = errno(err)
	}
	if e != 0 {
		c.fail(e)
		return
	}
	defer unix.Close(cwd)
	given, e := c.install(dir)
	if e != 0 {
		c.fail(e)
		return
	}
	back, e := c.install(cwd)
	if e != 0 {
		c.fail(e) // the other one stays: it is of a directory that it may read
		return
	}
	c.inject(given, func(p *puppet) {
		p.enter(dir, given)
		p.rootHere(dir)
		result := p.result
		p.enter(cwd, back)
		p.call(unix.SYS_CLOSE, uint64(back))
		p.result = result
	})
}

// judgedDirectory opens the directory that a call is about, for reading: the
// kernel takes no O_PATH descriptor for another process. Searching it is what
// is asked for.
func (w *worker) judgedDirectory(c *call) (dir int, e unix.Errno) {
	err := w.as(c.identity(), -1, func() {
		at, failed := c.Place(0, true)
		if e = errno(failed); e != 0 {
			return
		}
		defer at.Close()
		object, failed := at.Object()
		if e = errno(failed); e != 0 {
			return
		}
		defer unix.Close(object)
		var st unix.Stat_t
		if e = errno(unix.Fstat(object, &st)); e == 0 && st.Mode&unix.S_IFMT != unix.S_IFDIR {
			e = unix.ENOTDIR
		}
		if e == 0 {
			e = errno(unix.Faccessat2(object, "", unix.X_OK, unix.AT_EMPTY_PATH|unix.AT_EACCESS))
		}
		if e == 0 {
			fd, err := unix.Open(procFD(object), unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
			if err == unix.EACCES && c.name == "chdir" {
				fd, err = unix.FcntlInt(uintptr(object), unix.F_DUPFD_CLOEXEC, 0)
			}
			dir, e = fd, errno(err)
		}
	})
	if err != nil {
		e = errno(err)
	}
	return dir, e
}

// give puts a descriptor into the caller and returns its number there.
func (c *call) install(fd int) (int, unix.Errno) {
	sys.BlockSignals(^uint64(mistakes)) // one would take it back
	defer sys.BlockSignals(quietly)
	return sys.NotifInstallFD(c.engine.listener, c.ID, fd, unix.O_CLOEXEC)
}

// inject stops the caller behind its call and has it make other calls instead.
// They reach the filter like all its calls, where their thread is known. given
// is closed in the end, unless it is -1.
func (c *call) inject(given int, f func(p *puppet)) {
	c.engine.leadOn() // somebody has to let pass what it is made to call
	c.engine.traces(c, func(kept bool) { c.injectThere(given, kept, f) })
}

func (c *call) injectThere(given int, kept bool, f func(p *puppet)) {
	e := c.engine
	if !kept && sys.PtraceSeize(c.tid(), unix.PTRACE_O_TRACESYSGOOD) != nil {
		e.problem("%s[%d]: ptrace is refused here, so directories cannot be changed under a rule on their path", c.program, c.process.pid)
		c.fail(unix.EPERM)
		return
	}
	unix.PtraceInterrupt(c.tid())
	e.injected.Store(c.tid(), true)
	e.leadOn()          // somebody has to let pass what it is made to call
	c.fail(unix.ENOSYS) // it stops before it sees this
	if !c.stopped() {
		e.injected.Delete(c.tid())
		return
	}
	defer func() {
		e.injected.Delete(c.tid()) // before it can call anything by itself
		e.goOn(c.tid(), kept)
	}()
	p := &puppet{c: c}
	if unix.PtraceGetRegsAmd64(c.tid(), &p.before) != nil {
		return
	}
	// Signals wait with all that they carry until the thread goes on by itself.
	if mask, err := sys.PtraceSigmask(c.tid(), ^uint64(0)); err == nil {
		defer sys.PtraceSigmask(c.tid(), mask)
	}
	f(p)
	result := p.result
	if given >= 0 {
		p.call(unix.SYS_CLOSE, uint64(given))
	}
	p.before.Rax = result
	p.before.Orig_rax = ^uint64(0) // no call that could be made again
	unix.PtraceSetRegsAmd64(c.tid(), &p.before)
	for _, s := range p.held {
		unix.Tgkill(c.process.pid, c.tid(), s)
	}
}

// puppet is a stopped thread that is made to call something.
type puppet struct {
	c      *call
	before unix.PtraceRegsAmd64
	result uint64 // of the first call that failed, or of the last one
	// held are signals that came meanwhile. Sent again at once they would stop it
	// again before it had called anything.
	held []unix.Signal
}

func (p *puppet) failed() bool { return int64(p.result) < 0 }

// call makes one call, unless one before has failed and it is not to close.
func (p *puppet) call(nr uint64, args ...uint64) {
	r := p.callInstead(nr, args...)
	if !p.failed() && nr != unix.SYS_CLOSE {
		p.result = r
	}
}

// enter changes to a directory. If the thread came to be somewhere else,
// because another one put its own descriptor in the place of ours, it is killed.
func (p *puppet) enter(dir, given int) {
	failed := p.failed()
	p.call(unix.SYS_FCHDIR, uint64(given))
	if failed || !p.failed() {
		p.mustBe("cwd", dir)
	}
}

// rootHere makes the working directory the root.
func (p *puppet) rootHere(dir int) {
	if p.failed() {
		return
	}
	dot := p.scratch()
	if err := sys.WriteMemory(p.c.tid(), dot, []byte{'.', 0}); err != nil {
		e := errno(err)
		p.result = uint64(-int64(e))
		return
	}
	p.call(unix.SYS_CHROOT, dot)
	if !p.failed() {
		p.mustBe("root", dir)
	}
}

// scratch is memory of the stack that is free, behind what a function may use
// there.
func (p *puppet) scratch() uint64 {
	const below = 1024
	return (p.before.Rsp - below) &^ 15
}

func (p *puppet) mustBe(what string, dir int) {
	var is, want unix.Stat_t
	err := unix.Fstat(dir, &want)
	if err == nil {
		err = unix.Stat("/proc/"+strconv.Itoa(p.c.tid())+"/"+what, &is)
	}
	if err != nil || is.Dev != want.Dev || is.Ino != want.Ino {
		unix.Kill(p.c.process.pid, unix.SIGKILL)
		p.c.engine.problem("killed %s[%d]: it changed to another directory than was judged", p.c.program, p.c.process.pid)
	}
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

// callInstead makes the stopped thread perform a call, by the
// instruction that it came from, and returns the result.
func (p *puppet) callInstead(nr uint64, args ...uint64) uint64 {
	c, regs := p.c, p.before
	const instruction = 2 // bytes of syscall, and of int $0x80
	failed := func() uint64 { e := unix.EPERM; return uint64(-int64(e)) }
	places := []*uint64{&regs.Rdi, &regs.Rsi, &regs.Rdx}
	if c.arch == abi.I386 {
		own, known := puppet386[nr]
		if !known {
			return failed()
		}
		nr, places = own, []*uint64{&regs.Rbx, &regs.Rcx, &regs.Rdx}
	}
	regs.Rip -= instruction
	regs.Rax, regs.Orig_rax = nr, ^uint64(0)
	for i, to := range places {
		if i < len(args) {
			*to = args[i]
		}
	}
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
		if ptraceEvent(ws) == 0 {
			p.held = append(p.held, ws.StopSignal())
		}
	}
	var after unix.PtraceRegsAmd64
	if unix.PtraceGetRegsAmd64(c.tid(), &after) != nil {
		return failed()
	}
	if c.arch == abi.I386 {
		return uint64(int64(int32(after.Rax)))
	}
	return after.Rax
}
