package enforce

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strconv"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/sys"
)

// attach has a running process load the filter: all its threads are stopped, and
// its first one is made to call what a child of this process calls by itself.
// Children that it has already are not attached to.
func (e *engine) attach(pid int, path string, first *live, code []unix.SockFilter) (err error) {
	exe, err := os.Readlink("/proc/" + strconv.Itoa(pid) + "/exe")
	if err != nil {
		return fmt.Errorf("-p %d: %w", pid, errors.Unwrap(err))
	}
	if exe != path {
		return fmt.Errorf("-p %d: it runs %s, not %s", pid, exe, path)
	}
	pidfd, err := unix.PidfdOpen(pid, 0)
	if err != nil {
		return fmt.Errorf("-p %d: %w", pid, err)
	}
	e.child, e.processes[pid] = pid, &process{pid: pid, began: beganAt(pid), pidfd: pidfd, program: path, policy: first}
	e.runs(path, first)
	// What is attached to has a parent, children and a root of its own.
	e.processes[pid].mixed = true
	e.moved.Store(true)
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	threads, err := seizeAll(pid)
	if err == nil {
		a := &attached{pid: pid}
		err = a.load(e, pidfd, code)
	}
	for _, tid := range threads {
		e.untrace(tid)
	}
	if err != nil {
		return fmt.Errorf("-p %d: %w", pid, err)
	}
	return nil
}

// seizeAll stops all threads of a process, also those that they begin meanwhile.
// What it returns has to be detached from.
func seizeAll(pid int) (threads []int, err error) {
	stopped := map[int]bool{}
	for more := true; more; {
		more = false
		names, err := os.ReadDir("/proc/" + strconv.Itoa(pid) + "/task")
		if err != nil {
			return threads, err
		}
		for _, name := range names {
			tid, err := strconv.Atoi(name.Name())
			if err != nil || stopped[tid] {
				continue
			}
			if err := sys.PtraceSeize(tid, unix.PTRACE_O_TRACESYSGOOD); err == unix.ESRCH {
				continue // it has ended
			} else if err != nil {
				return threads, fmt.Errorf("ptrace: %w", err)
			}
			threads, stopped[tid], more = append(threads, tid), true, true
			unix.PtraceInterrupt(tid)
			for {
				_, ws, ok := stopsOf(tid, tid)
				if !ok || ws.Exited() || ws.Signaled() {
					return threads, unix.ESRCH
				}
				if ptraceEvent(ws) == eventStop {
					break
				}
				unix.PtraceCont(tid, int(ws.StopSignal()))
			}
		}
	}
	return threads, nil
}

// attached is a process that is stopped, with the registers of its first thread.
type attached struct {
	pid    int
	before unix.PtraceRegsAmd64
	held   []unix.Signal // that came meanwhile, for afterwards
}

// load has it load the filter, and takes the listener from it. Everything is as
// it was when it goes on.
func (a *attached) load(e *engine, pidfd int, code []unix.SockFilter) error {
	if err := unix.PtraceGetRegsAmd64(a.pid, &a.before); err != nil {
		return err
	}
	const longMode = 0x33 // its code segment; system calls of i386 are made otherwise
	if a.before.Cs != longMode {
		return errors.New("it runs code of i386, which is not attached to")
	}
	// Its next instruction becomes a system call.
	at := uintptr(a.before.Rip)
	saved := make([]byte, 8)
	if _, err := unix.PtracePeekText(a.pid, at, saved); err != nil {
		return err
	}
	patched := append([]byte{0x0f, 0x05}, saved[2:]...)
	if _, err := unix.PtracePokeText(a.pid, at, patched); err != nil {
		return err
	}
	defer func() {
		unix.PtracePokeText(a.pid, at, saved)
		a.resume()
	}()
	const header = 16 // sizeof(struct sock_fprog)
	instructions := sys.Instructions(code)
	size := uint64(header + len(instructions))
	memory, err := a.call(unix.SYS_MMAP, 0, size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANONYMOUS, ^uint64(0), 0)
	if err != nil {
		return err
	}
	b := binary.NativeEndian.AppendUint64(nil, uint64(len(code)))
	b = append(binary.NativeEndian.AppendUint64(b, memory+header), instructions...)
	if err := sys.WriteMemory(a.pid, memory, b); err != nil {
		return err
	}
	if _, err := a.call(unix.SYS_PRCTL, unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0, 0); err != nil {
		return err
	}
	const flags = unix.SECCOMP_FILTER_FLAG_NEW_LISTENER | unix.SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV | unix.SECCOMP_FILTER_FLAG_TSYNC | unix.SECCOMP_FILTER_FLAG_TSYNC_ESRCH
	listener, err := a.call(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, flags, memory, 0, 0, 0)
	if err != nil {
		return explain(&sys.StepError{Step: "load the seccomp filter", Errno: errno(err)})
	}
	if e.listener, err = unix.PidfdGetfd(pidfd, int(listener), 0); err != nil {
		unix.Kill(a.pid, unix.SIGKILL) // nobody could answer it
		return err
	}
	sys.NotifSyncWakeup(e.listener)
	if err := e.employ(); err != nil {
		return err
	}
	// It must not keep the listener: it could answer itself.
	e.injected.Store(a.pid, true)
	defer e.injected.Delete(a.pid)
	if _, err := a.call(unix.SYS_CLOSE, listener, 0, 0, 0, 0, 0); err != nil {
		unix.Kill(a.pid, unix.SIGKILL)
		return fmt.Errorf("it keeps the listener, and was killed: %w", err)
	}
	return nil
}

// resume gives it its registers back. A call that the stop has interrupted is
// made again, which the kernel does only for signals.
func (a *attached) resume() {
	const restartBlock = 516 // ERESTART_RESTARTBLOCK
	regs := a.before
	if int64(regs.Orig_rax) >= 0 {
		switch -int64(regs.Rax) {
		case 512, 513, 514: // ERESTARTSYS, ERESTARTNOINTR, ERESTARTNOHAND
			regs.Rax = regs.Orig_rax
			regs.Rip -= 2
		case restartBlock:
			regs.Rax = unix.SYS_RESTART_SYSCALL
			regs.Rip -= 2
		}
	}
	regs.Orig_rax = ^uint64(0)
	unix.PtraceSetRegsAmd64(a.pid, &regs)
	for _, s := range a.held {
		unix.Tgkill(a.pid, a.pid, s)
	}
}

// call makes the first thread perform a call.
func (a *attached) call(nr uint64, args ...uint64) (uint64, error) {
	regs := a.before
	regs.Rax, regs.Orig_rax = nr, ^uint64(0)
	regs.Rdi, regs.Rsi, regs.Rdx, regs.R10, regs.R8, regs.R9 = args[0], args[1], args[2], args[3], args[4], args[5]
	if err := unix.PtraceSetRegsAmd64(a.pid, &regs); err != nil {
		return 0, err
	}
	for stops := 0; stops < 2; { // one before the call, one behind it
		if err := unix.PtraceSyscall(a.pid, 0); err != nil {
			return 0, err
		}
		_, ws, ok := stopsOf(a.pid, a.pid)
		switch {
		case !ok || ws.Exited() || ws.Signaled():
			return 0, unix.ESRCH
		case ws.StopSignal() == unix.SIGTRAP|0x80:
			stops++
		case ptraceEvent(ws) == 0:
			a.held = append(a.held, ws.StopSignal())
		}
	}
	if err := unix.PtraceGetRegsAmd64(a.pid, &regs); err != nil {
		return 0, err
	}
	if result := int64(regs.Rax); result < 0 && result > -4096 {
		return 0, unix.Errno(-result)
	}
	return regs.Rax, nil
}
