//go:build linux && (amd64 || arm64)

package sys

import (
	"fmt"
	"os"
	"strconv"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

// mostThreads is how many threads a process may have that is restricted thread by
// thread. The assembly knows it.
const mostThreads = 4096

// broadcast is what the handler needs: it restricts the thread that it runs on, if
// that was asked and has not done it yet. The assembly knows this layout.
var broadcast struct {
	n       uint32
	ruleset int32
	theirs  uintptr // the handler that a signal not of ours goes on to
	tid     [mostThreads]int32
	done    [mostThreads]int32 // 0 is asked, 1 done, else -errno
}

// broadcastSignal is one that C libraries use inside and let nobody block; Go's
// runtime leaves it alone. They queue, so none of theirs is lost.
const broadcastSignal = unix.Signal(33)

func broadcastAddress() uintptr

// broadcastRuleset brings each thread to restrict itself, by a signal. New threads
// are as restricted as the one that makes them, so it is done when a whole pass over
// all finds none that was not asked.
func broadcastRuleset(ruleset int) error {
	tasks, err := unix.Open("/proc/self/task", unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("list this process's threads: %w", err)
	}
	dir := os.NewFile(uintptr(tasks), "/proc/self/task")
	defer dir.Close()
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("set no_new_privs: %w", err)
	}
	if e := RestrictThread(ruleset, 0); e != 0 {
		return e
	}
	if err := restrictOthers(dir, ruleset); err != nil {
		return fmt.Errorf("%w; the ruleset stays in force for the threads that took it", err)
	}
	return nil
}

func restrictOthers(tasks *os.File, ruleset int) error {
	var theirs, ours sigaction
	if !kernelAction(broadcastSignal, nil, &theirs) || !kernelAction(unix.SIGSEGV, nil, &ours) { // flags and restorer of a handler of Go's runtime
		return unix.EINVAL
	}
	ours.handler, ours.mask = broadcastAddress(), ^uintptr(0)
	atomic.StoreUint32(&broadcast.n, 0)
	broadcast.ruleset, broadcast.theirs = int32(ruleset), theirs.handler
	if !kernelAction(broadcastSignal, &ours, nil) {
		return unix.EINVAL
	}
	defer kernelAction(broadcastSignal, &theirs, nil)
	self := unix.Gettid()
	for range 10000 {
		more, err := askThreads(tasks, self)
		if err == nil {
			err = awaitThreads()
		}
		if err != nil || !more {
			return err
		}
	}
	return fmt.Errorf("this process makes threads without end: %w", unix.EAGAIN)
}

// askThreads signals the threads that were not asked yet, and reports whether another
// pass is needed: some were, or one that ended may have hidden another.
func askThreads(tasks *os.File, self int) (more bool, err error) {
	if _, err := tasks.Seek(0, 0); err != nil {
		return false, err
	}
	names, err := tasks.Readdirnames(-1)
	if err != nil {
		return false, err
	}
	for _, name := range names {
		tid, err := strconv.Atoi(name)
		if err != nil || tid == self || asked(int32(tid)) {
			continue
		}
		i := broadcast.n
		if i == mostThreads {
			return false, fmt.Errorf("more than %d threads: %w", mostThreads, unix.EAGAIN)
		}
		broadcast.tid[i] = int32(tid)
		atomic.StoreInt32(&broadcast.done[i], 0)
		atomic.StoreUint32(&broadcast.n, i+1)
		more = true
		if unix.Tgkill(os.Getpid(), tid, broadcastSignal) != nil {
			atomic.StoreInt32(&broadcast.done[i], 1) // it has ended
		}
	}
	var st unix.Stat_t
	err = unix.Fstat(int(tasks.Fd()), &st)
	return more || int(st.Nlink)-2 != len(names), err
}

func asked(tid int32) bool {
	for _, t := range broadcast.tid[:broadcast.n] {
		if t == tid {
			return true
		}
	}
	return false
}

// awaitThreads waits for those that were asked. One that blocks the signal is waited
// for, up to ten seconds, one that has ended is not.
func awaitThreads() error {
	end := time.Now().Add(10 * time.Second)
	for i := range broadcast.n {
		for tries := 0; atomic.LoadInt32(&broadcast.done[i]) == 0; tries++ {
			switch {
			case tries%16 == 15 && unix.Tgkill(os.Getpid(), int(broadcast.tid[i]), 0) == unix.ESRCH:
				atomic.StoreInt32(&broadcast.done[i], 1)
			case time.Now().After(end):
				return fmt.Errorf("thread %d takes no signal: %w", broadcast.tid[i], unix.ETIMEDOUT)
			default:
				time.Sleep(20 * time.Microsecond)
			}
		}
		if e := atomic.LoadInt32(&broadcast.done[i]); e < 0 {
			return fmt.Errorf("thread %d: %w", broadcast.tid[i], unix.Errno(-e))
		}
	}
	return nil
}
