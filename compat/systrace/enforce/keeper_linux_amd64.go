package enforce

import (
	"encoding/binary"
	"runtime"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/compat/systrace/internal/perform"
	"github.com/pledge-linux/pledge/internal/sys"
)

// keeper traces threads that have handlers which do not have calls made again. A
// signal that comes before a call was received here ends the call, which has not
// begun, with EINTR; the kernel would have made most of them all the same. The
// keeper has such a call made again behind the handler.
type keeper struct {
	engine *engine
	work   chan func()
	kept   sync.Map // threads
	// given up are threads whose call was interrupted after it had begun: that
	// is theirs to know.
	givenUp sync.Map
	once    sync.Once
	tid     int
}

// keeps has a thread traced that is about to have such a handler. Nothing
// depends on what is read here but whether it is traced.
func (e *engine) keeps(c *call) {
	const size, flagsAt, restarts = 32, 8, 0x10000000 // struct sigaction; SA_RESTART
	if c.name != "rt_sigaction" || c.Args[1] == 0 || c.arch != e.arch {
		return
	}
	if _, known := e.keeper.kept.Load(c.tid()); known {
		return
	}
	b := make([]byte, size)
	if n, err := sys.ReadMemory(c.tid(), c.Args[1], b); err != nil || n < size {
		return
	}
	if handler := nativeWord(b); handler <= 1 || binary.NativeEndian.Uint64(b[flagsAt:])&restarts != 0 {
		return
	}
	e.keeper.do(func() {
		if sys.PtraceSeize(c.tid(), unix.PTRACE_O_TRACESYSGOOD|unix.PTRACE_O_TRACEEXEC) == nil {
			e.keeper.kept.Store(c.tid(), true)
		}
	})
}

// traces runs what uses ptrace on a caller on the thread that may.
func (e *engine) traces(c *call, f func(kept bool)) {
	if _, kept := e.keeper.kept.Load(c.tid()); kept {
		e.keeper.do(func() { f(true) })
		return
	}
	f(false)
}

// do runs f on the keeper's thread.
func (k *keeper) do(f func()) {
	k.once.Do(func() {
		k.work = make(chan func(), 64)
		begun := make(chan struct{})
		go k.run(begun)
		<-begun
	})
	started, done := make(chan struct{}), make(chan struct{})
	k.work <- func() {
		close(started)
		f()
		close(done)
	}
	for {
		unix.Tgkill(k.engine.pid, k.tid, interruption) // it may be waiting for a stop
		select {
		case <-started:
			<-done
			return
		case <-time.After(500 * time.Microsecond):
		}
	}
}

func (k *keeper) run(begun chan struct{}) {
	runtime.LockOSThread()
	sys.BlockSignals(quietly)
	k.tid = unix.Gettid()
	close(begun)
	for {
		select {
		case f := <-k.work:
			f()
			continue
		default:
		}
		var ws unix.WaitStatus
		id, err := unix.Wait4(-1, &ws, unix.WALL|unix.WNOTHREAD, nil)
		switch err {
		case nil:
			k.stop(id, ws)
		case unix.EINTR:
		default: // nobody is traced
			f := <-k.work
			f()
		}
	}
}

// stop lets a thread that has stopped go on.
func (k *keeper) stop(tid int, ws unix.WaitStatus) {
	switch {
	case ws.Exited() || ws.Signaled():
		k.kept.Delete(tid)
		k.engine.ended(tid, ws)
	case ptraceEvent(ws) == unix.PTRACE_EVENT_EXEC: // its handlers are gone
		k.kept.Delete(tid)
		k.engine.untrace(tid)
	case ptraceEvent(ws) == eventStop:
		switch ws.StopSignal() {
		case unix.SIGSTOP, unix.SIGTSTP, unix.SIGTTIN, unix.SIGTTOU:
			sys.PtraceListen(tid)
		default:
			unix.PtraceCont(tid, 0)
		}
	case ptraceEvent(ws) != 0 || ws.StopSignal() == unix.SIGTRAP|0x80:
		unix.PtraceCont(tid, 0)
	default:
		k.again(tid)
		unix.PtraceCont(tid, int(ws.StopSignal()))
	}
}

// again has a call that had not begun when a signal came be made again.
func (k *keeper) again(tid int) {
	const noIntr = 513 // ERESTARTNOINTR
	var regs unix.PtraceRegsAmd64
	if unix.PtraceGetRegsAmd64(tid, &regs) != nil || int64(regs.Orig_rax) < 0 || int64(regs.Rax) != -int64(restart) {
		return
	}
	if _, begun := k.givenUp.LoadAndDelete(tid); begun || !k.engine.judges(regs.Orig_rax) {
		return
	}
	regs.Rax = negative(noIntr)
	unix.PtraceSetRegsAmd64(tid, &regs)
}

// interrupted notes that a call which had begun is given up.
func (k *keeper) interrupted(tid int) {
	if _, kept := k.kept.Load(tid); kept {
		k.givenUp.Store(tid, true)
	}
}

// drop forgets a thread.
func (k *keeper) drop(tid int) { k.kept.Delete(tid) }

// judges tells whether a call by its number is one that waits here.
func (e *engine) judges(nr uint64) bool {
	name := e.arch.CallName(uint32(nr))
	return perform.Performs(name) || performers[name] != nil || name == "execve" || name == "execveat"
}
