//go:build amd64 || arm64

package enforce

import (
	"encoding/binary"
	"errors"
	"fmt"
	"runtime"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/compat/systrace/internal/fates"
	"github.com/pledge-linux/pledge/compat/systrace/policy"
	"github.com/pledge-linux/pledge/internal/filter"
	"github.com/pledge-linux/pledge/internal/procfs"
	"github.com/pledge-linux/pledge/internal/sys"
)

// start makes the filter and the child, and the workers that answer it.
func (e *engine) start(path string, first *live) error {
	// Nobody whom the program could be may look into this process.
	unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0)
	list, err := e.fast(first)
	if err != nil {
		return err
	}
	key := &filter.ExecKey{}
	for i := range key {
		var b [8]byte
		if _, e := sys.Random(b[:]); e != 0 {
			return e
		}
		key[i] = binary.NativeEndian.Uint64(b[:])
	}
	code := fates.Assemble(list, key)
	if len(code) > 4096 {
		return fmt.Errorf("filter of %d instructions, the kernel takes 4096", len(code))
	}
	if why := procfs.PtraceScope().Blind(sys.Capabilities().Effective); why != "" {
		return errors.New(why)
	}
	if e.o.Attach != 0 {
		return e.attach(e.o.Attach, path, first, code)
	}
	sc := sys.NewScript()
	if files := sys.FileLimit(); files != nil {
		sc.Add("restore the limit of descriptors", unix.SYS_PRLIMIT64, 0, unix.RLIMIT_NOFILE, sys.Keep(sc, files), 0)
	}
	if u := e.o.As; u != nil {
		groups := append([]uint32{u.GID}, u.Groups...)
		sc.Add("set groups", unix.SYS_SETGROUPS, uintptr(len(groups)), sys.Keep(sc, &groups[0]))
		sc.Add("set the group", unix.SYS_SETRESGID, uintptr(u.GID), uintptr(u.GID), uintptr(u.GID))
		sc.Add("set the user", unix.SYS_SETRESUID, uintptr(u.UID), uintptr(u.UID), uintptr(u.UID))
	}
	sc.Add("set no_new_privs", unix.SYS_PRCTL, unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
	var listener uint32
	sc.Store("load the seccomp filter", &listener, unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER,
		unix.SECCOMP_FILTER_FLAG_NEW_LISTENER|unix.SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, sys.Keep(sc, sys.SockFprog(code)))
	sc.Add("execute "+path, unix.SYS_EXECVE, sc.KeepString(path), sc.KeepStrings(e.o.Argv), sc.KeepStrings(e.o.Env),
		uintptr(key[0]), uintptr(key[1]), uintptr(key[2]))
	runtime.LockOSThread()
	e.child, err = sc.Start()
	runtime.UnlockOSThread()
	if err != nil {
		return explain(err)
	}
	e.listener = int(listener)
	sys.NotifSyncWakeup(e.listener)
	pidfd, err := unix.PidfdOpen(e.child, 0)
	if err == nil {
		e.childFD, err = unix.FcntlInt(uintptr(pidfd), unix.F_DUPFD_CLOEXEC, 3)
	}
	if err != nil {
		unix.Kill(e.child, unix.SIGKILL)
		return err
	}
	e.processes[e.child] = &process{pid: e.child, began: beganAt(e.child), pidfd: pidfd, program: path, policy: first}
	e.runs(path, first)
	if e.o.Started != nil {
		e.o.Started(e.child)
	}
	return e.employ()
}

func explain(err error) error {
	var step *sys.StepError
	if errors.As(err, &step) && step.Step == "load the seccomp filter" {
		switch step.Errno {
		case unix.EBUSY:
			return fmt.Errorf("%w: something around this process listens to its calls already", err)
		case unix.EINVAL:
			return fmt.Errorf("%w: SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV needs Linux 5.19", err)
		}
	}
	return err
}

// fast is what the filter decides by itself. Where programs may be executed
// that have policies of their own, all of those must agree.
func (e *engine) fast(first *live) ([]fates.Section, error) {
	p, err := first.compile(e, e.uid, e.gid)
	if err != nil {
		return nil, err
	}
	policies := []*policy.Policy{p}
	releasing := p.Releases
	switching := !e.o.Inherit && e.switches(p)
	e.switching = switching
	if e.o.Mode != Automatic && switching {
		return fates.Sections(e.arch, nil, e.o.NoAlias, switching, releasing), nil // a program without a policy is asked about everything
	}
	if switching {
		others, err := e.o.Store.All()
		if err != nil {
			return nil, err
		}
		for _, s := range others {
			q, err := policy.Compile(s, e.environment(e.uid, e.gid))
			if err != nil {
				return nil, err
			}
			releasing = releasing || s.Detached || q.Releases
			if !s.Detached {
				policies = append(policies, q)
			}
		}
	}
	return fates.Sections(e.arch, policies, e.o.NoAlias, switching, releasing), nil
}

// switches tells whether the policy lets programs be executed that then have
// policies of their own.
func (e *engine) switches(p *policy.Policy) bool {
	return e.o.Mode != Automatic || p.Has("execve") && p.Simple("execve") == nil || p.Has("execveat")
}
