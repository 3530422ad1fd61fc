//go:build linux && (amd64 || arm64)

package sys

import (
	"sync"
	"unsafe"

	"golang.org/x/sys/unix"
)

// An Errand copies memory of another process from a process of its own, which
// may be left waiting: a page of a file system in user space that its server
// never brings holds whoever asks for it, even against SIGKILL.
type Errand struct {
	pid, pidfd int
	script     *Script
	failure    failure
	copied     uint32
	args       cloneArgs
	local      [1]unix.Iovec
	remote     [1]unix.RemoteIovec
}

// errands are those under way: the kernel writes into them and into their
// memory, whether anybody waits for them still or not.
var errands struct {
	mu   sync.Mutex
	list map[*Errand]bool
}

// maxErrands is how many may be under way. Those that never end were all
// caused by somebody's broken or hostile file system.
const maxErrands = 64

// StartErrand begins to copy len(p) bytes between p and another process:
// process_vm_readv(2), or process_vm_writev(2) if write is set. It fails with
// EAGAIN where too many wait already. Linux 5.3.
func StartErrand(pid int, addr uint64, p []byte, write bool) (*Errand, unix.Errno) {
	e := &Errand{script: NewScript()}
	e.local[0].Base = &p[0]
	e.local[0].SetLen(len(p))
	e.remote[0] = unix.RemoteIovec{Base: uintptr(addr), Len: len(p)}
	errands.mu.Lock()
	defer errands.mu.Unlock()
	if len(errands.list) >= maxErrands {
		return nil, unix.EAGAIN
	}
	if errno := e.start(pid, write); errno != 0 {
		return nil, errno
	}
	if errands.list == nil {
		errands.list = map[*Errand]bool{}
	}
	errands.list[e] = true
	return e, 0
}

func (e *Errand) start(pid int, write bool) unix.Errno {
	nr := uintptr(unix.SYS_PROCESS_VM_READV)
	if write {
		nr = unix.SYS_PROCESS_VM_WRITEV
	}
	e.script.Try("die with this process", unix.SYS_PRCTL, unix.PR_SET_PDEATHSIG, uintptr(unix.SIGKILL), 0, 0, 0)
	e.script.Store("copy", &e.copied, nr, uintptr(pid), Keep(e.script, &e.local[0]), 1, Keep(e.script, &e.remote[0]), 1, 0)
	var pidfd int32
	at := Keep(e.script, &pidfd)
	// Its signal mask stays full: it runs no handler of ours.
	e.args = cloneArgs{0: unix.CLONE_VM | unix.CLONE_FILES | unix.CLONE_PIDFD, 1: uint64(at)}
	full := ^uint64(0)
	var old uint64
	sigmask(unix.SIG_SETMASK, &full, &old)
	steps := e.script.steps[1:]
	p, errno := vforkSteps(unix.SYS_CLONE3, uintptr(unsafe.Pointer(&e.args)), unsafe.Sizeof(e.args), &steps[0], uintptr(len(steps)), &e.failure)
	sigmask(unix.SIG_SETMASK, &old, nil)
	e.pid, e.pidfd = int(p), int(pidfd)
	return unix.Errno(errno)
}

// Done waits for the copy, timeout milliseconds at most, and returns how many
// bytes were copied. It may be called again until it reports done.
func (e *Errand) Done(timeout int) (n int, errno unix.Errno, done bool) {
	fds := []unix.PollFd{{Fd: int32(e.pidfd), Events: unix.POLLIN}}
	if r, err := unix.Poll(fds, timeout); err != nil || r == 0 {
		return 0, 0, false
	}
	unix.Wait4(e.pid, nil, unix.WALL|unix.WNOHANG, nil)
	unix.Close(e.pidfd)
	errands.mu.Lock()
	delete(errands.list, e)
	errands.mu.Unlock()
	if e.failure.errno != 0 {
		return 0, unix.Errno(e.failure.errno), true
	}
	return int(e.copied), 0, true
}

// Abandon leaves an errand whose result nobody wants any more to itself.
func (e *Errand) Abandon() {
	PidfdSignal(e.pidfd, unix.SIGKILL)
	go func() {
		for {
			if _, _, done := e.Done(-1); done {
				return
			}
		}
	}()
}

// A MemoryMap tells which pages of another process are in memory: of those a
// copy cannot wait for anybody.
type MemoryMap struct{ fd int }

// OpenMemoryMap opens the page map of a process (proc_pid_pagemap(5)). It needs
// the right to trace the process.
func OpenMemoryMap(path string) (MemoryMap, error) {
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	return MemoryMap{fd}, err
}

// Close closes it.
func (m MemoryMap) Close() { unix.Close(m.fd) }

// Present reports whether all pages of n bytes at addr are in memory or in swap
// space. known is false if the process has another memory by now.
func (m MemoryMap) Present(addr uint64, n int) (present, known bool) {
	const inMemory, inSwap = 1 << 63, 1 << 62
	if n == 0 {
		return true, true
	}
	page := uint64(unix.Getpagesize())
	first, last := addr/page, (addr+uint64(n)-1)/page
	if last < first || last-first > 1<<20 {
		return false, true
	}
	entries := make([]uint64, last-first+1)
	b := unsafe.Slice((*byte)(unsafe.Pointer(&entries[0])), 8*len(entries))
	got, err := unix.Pread(m.fd, b, int64(first*8))
	if err != nil || got < len(b) {
		return false, err == nil && got > 0
	}
	for _, e := range entries {
		if e&(inMemory|inSwap) == 0 {
			return false, true
		}
	}
	return true, true
}
