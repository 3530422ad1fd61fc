package probe

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/abi"
	"github.com/pledge-linux/pledge/internal/landlock"
	"github.com/pledge-linux/pledge/internal/procfs"
	"github.com/pledge-linux/pledge/internal/sys"
)

// A feature is a probe of what will be used, and what happens without it.
type feature struct {
	name            string
	probe           func() (value string, ok bool)
	needs, fallback string
}

// features are in the order in which the product rests on them (a function: package
// variables would be made at every start).
func features() []feature {
	const nothing, outside = "nothing is run", ", no outer sandbox that hides it"
	return []feature{
		{"arch", arch, "amd64 or arm64", nothing},
		{"seccomp", failing(SeccompFilters), "Linux 3.17 with CONFIG_SECCOMP_FILTER" + outside, nothing},
		{"seccomp_kill_process", action(unix.SECCOMP_RET_KILL_PROCESS), "Linux 4.14", nothing},
		{"seccomp_errno", action(unix.SECCOMP_RET_ERRNO), "Linux 3.5", nothing},
		{"seccomp_user_notif", action(unix.SECCOMP_RET_USER_NOTIF), "Linux 5.0", nothing},
		{"seccomp_log", action(unix.SECCOMP_RET_LOG), "Linux 4.14", "not used"},
		{"supervisor", failing(Listener), "Linux 5.9, no supervisor around this process" + outside,
			"one merged filter: refusals are not reported, the loader's rights stay; the report says so"},
		{"wait_killable", failing(waitKillable), "Linux 5.19", "a signal can interrupt a call that the supervisor performs, and the program makes it again; systrace does not run"},
		{"sync_wakeup", failing(syncWakeup), "Linux 6.6", "supervised calls take longer"},
		{"ptrace", failing(traces), "kernel.yama.ptrace_scope below 2, or CAP_SYS_PTRACE and 2" + outside,
			"one merged filter, as without a supervisor; systrace and learning do not run"},
		{"landlock", atABI(1), "Linux 5.13, lsm=landlock" + outside, "--unveil is an error; --best-effort runs without"},
		{"unveil", atABI(1), "Landlock ABI 1 (Linux 5.13)", "an error; --best-effort runs with less"},
		{"tcp_ports", atABI(4), "Landlock ABI 4 (Linux 6.7)", "a supervisor looks at ports; with --exec an error, --best-effort runs without"},
		{"scopes", atABI(6), "Landlock ABI 6 (Linux 6.12)", "the filter alone guards signals and abstract sockets"},
		{"libseccomp", func() (string, bool) { return libseccomp(), libseccomp() != "" }, "a build with -tags libseccomp", "filters come from the assembler; tests hold both to the same verdicts"},
	}
}

func arch() (string, bool) { return runtime.GOARCH, abi.ByName(runtime.GOARCH) != nil }

func failing(probe func() error) func() (string, bool) {
	return func() (string, bool) {
		if err := probe(); err != nil {
			return err.Error(), false
		}
		return "", true
	}
}

func action(a uint32) func() (string, bool) {
	return func() (string, bool) { return "", sys.SeccompAction(a) }
}

func atABI(n int) func() (string, bool) {
	return func() (string, bool) {
		have := landlock.ABI()
		return fmt.Sprintf("ABI %d", have), have >= n
	}
}

// SeccompFilters reports whether filters can be loaded.
func SeccompFilters() error {
	if e := sys.SeccompFilter(0); e != unix.EFAULT && e != unix.EACCES {
		return fmt.Errorf("seccomp filters: %w", e)
	}
	return nil
}

// Listener reports whether a process can be supervised: a filter with a listener can be
// loaded here, and a descriptor given. It is tried with a thread that
// ends with that.
func Listener() error {
	return withListener(func(fd int) error {
		if _, e := sys.NotifInstallFD(fd, 0, fd, 0); e != unix.ENOENT { // no call waits
			return fmt.Errorf("SECCOMP_IOCTL_NOTIF_ADDFD: %w", e)
		}
		return nil
	})
}

func waitKillable() error {
	const flags = unix.SECCOMP_FILTER_FLAG_NEW_LISTENER | unix.SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
	if e := sys.SeccompFilter(flags); e != unix.EFAULT && e != unix.EACCES {
		return fmt.Errorf("SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV: %w", e)
	}
	return nil
}

func syncWakeup() error {
	return withListener(func(fd int) error {
		if e := sys.NotifSyncWakeup(fd); e != 0 {
			return fmt.Errorf("SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP: %w", e)
		}
		return nil
	})
}

// withListener calls f with the listener of a filter that admits everything.
func withListener(f func(fd int) error) error {
	got := make(chan error, 1)
	go func() {
		runtime.LockOSThread() // for ever: the thread has the filter, and ends with this function
		fd, e := sys.ListenHere()
		if e != 0 {
			got <- fmt.Errorf("a filter with a listener: %w", e)
			return
		}
		defer unix.Close(fd)
		got <- f(fd)
	}()
	return <-got
}

// traces reports whether a program that this process starts can be traced and its memory
// read, by starting itself and killing that before its first instruction.
func traces() error {
	if why := procfs.PtraceScope().Blind(sys.Capabilities().Effective); why != "" {
		return errors.New(why)
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	cmd := exec.Command("/proc/self/exe")
	cmd.SysProcAttr = &unix.SysProcAttr{Ptrace: true}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("ptrace: %w", err)
	}
	defer func() {
		cmd.Process.Kill()
		cmd.Process.Wait()
	}()
	if _, err := unix.Wait4(cmd.Process.Pid, nil, 0, nil); err != nil {
		return err
	}
	at, err := firstMapped(cmd.Process.Pid)
	if err != nil {
		return err
	}
	if _, err := sys.ReadMemory(cmd.Process.Pid, at, make([]byte, 8)); err != nil {
		return fmt.Errorf("process_vm_readv: %w", err)
	}
	return nil
}

func firstMapped(pid int) (uint64, error) {
	f, err := os.Open("/proc/" + strconv.Itoa(pid) + "/maps")
	if err != nil {
		return 0, err
	}
	defer f.Close()
	in := bufio.NewScanner(f)
	if !in.Scan() {
		return 0, errors.New("nothing is mapped")
	}
	first, _, _ := strings.Cut(in.Text(), "-")
	return strconv.ParseUint(first, 16, 64)
}
