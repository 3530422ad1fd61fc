// Package probe finds out what this kernel and the sandboxes around this
// process allow. Nothing that a launch does not need is asked at a launch.
package probe

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/abi"
	"github.com/pledge-linux/pledge/internal/landlock"
	"github.com/pledge-linux/pledge/internal/sys"
)

// A Feature is one thing that the product rests on or profits from.
type Feature struct {
	Name     string `json:"name"`
	OK       bool   `json:"ok"`
	Value    string `json:"value,omitempty"`
	Needs    string `json:"needs"`    // kernel version or setting
	Fallback string `json:"fallback"` // what happens without it
}

// A Result is what the machine can do.
type Result struct {
	Kernel   string    `json:"kernel"`
	Arch     string    `json:"arch"`
	Landlock int       `json:"landlock_abi"`
	Features []Feature `json:"features"`
	ABIs     []ABI     `json:"landlock_abis"`
}

// An ABI is a Landlock version and what it adds.
type ABI struct {
	Version int    `json:"abi"`
	Kernel  string `json:"kernel"`
	Adds    string `json:"adds"`
	OK      bool   `json:"ok"`
}

var abis = []ABI{
	{1, "5.13", "read, write, execute, create and remove", false},
	{2, "5.19", "rename and link between directories", false},
	{3, "6.2", "truncate; needed for --unveil", false},
	{4, "6.7", "TCP ports; needed for --tcp-connect and --tcp-bind", false},
	{5, "6.10", "device ioctls", false},
	{6, "6.12", "signal and abstract socket scopes: a second wall, and tkill under stdio for musl", false},
	{7, "6.15", "refusals in the audit log", false},
}

// Run asks everything.
func Run() *Result {
	r := &Result{Kernel: release(), Arch: runtime.GOARCH, Landlock: landlock.ABI()}
	for _, a := range abis {
		a.OK = r.Landlock >= a.Version
		r.ABIs = append(r.ABIs, a)
	}
	add := func(name string, ok bool, value, needs, fallback string) {
		r.Features = append(r.Features, Feature{name, ok, value, needs, fallback})
	}
	add("arch", abi.ByName(runtime.GOARCH) != nil, runtime.GOARCH, "amd64 or arm64", "nothing is run")
	add("seccomp", SeccompFilters() == nil, "", "CONFIG_SECCOMP_FILTER", "nothing is run")
	for _, a := range []struct {
		name   string
		action uint32
		needs  string
	}{{"kill_process", unix.SECCOMP_RET_KILL_PROCESS, "4.14"}, {"errno", unix.SECCOMP_RET_ERRNO, "3.5"}, {"user_notif", unix.SECCOMP_RET_USER_NOTIF, "5.0"}, {"log", unix.SECCOMP_RET_LOG, "4.14"}} {
		add("seccomp_"+a.name, sys.SeccompAction(a.action), "", "Linux "+a.needs, actionFallback(a.name))
	}
	add("supervisor", Listener() == nil, "", "Linux 5.14, no supervisor around this process",
		"one merged filter: refusals are not reported, the loader's rights stay; the report says so")
	add("ptrace", true, yama(), "Yama's ptrace_scope below 3; no outer filter against it", "the loader's rights stay after start-up; the report says so")
	add("landlock", r.Landlock > 0, strconv.Itoa(r.Landlock), "Linux 5.13, lsm=landlock", "--unveil and the port rules are errors; --best-effort runs without them")
	add("unveil", r.Landlock >= 3, "", "Landlock ABI 3 (Linux 6.2)", "an error; --best-effort runs with less")
	add("tcp_ports", r.Landlock >= 4, "", "Landlock ABI 4 (Linux 6.7)", "an error; --best-effort runs without")
	add("scopes", r.Landlock >= 6, "", "Landlock ABI 6 (Linux 6.12)", "the filter alone guards signals and abstract sockets")
	add("sync_wakeup", atLeast(r.Kernel, 6, 6), "", "Linux 6.6", "supervised calls take longer")
	add("libseccomp", libseccomp() != "", libseccomp(), "a build with -tags libseccomp", "filters come from the assembler; tests hold both to the same verdicts")
	return r
}

func actionFallback(name string) string {
	if name == "log" {
		return "not used"
	}
	return "nothing is run"
}

// SeccompFilters reports whether filters can be loaded.
func SeccompFilters() error {
	if e := sys.SeccompFilter(0); e != unix.EFAULT && e != unix.EACCES {
		return fmt.Errorf("seccomp filters: %w", e)
	}
	return nil
}

// Listener reports whether the kernel knows the flags of a supervised filter.
func Listener() error {
	const flags = unix.SECCOMP_FILTER_FLAG_NEW_LISTENER
	if e := sys.SeccompFilter(flags); e != unix.EFAULT && e != unix.EACCES {
		return fmt.Errorf("seccomp listener: %w", e)
	}
	return nil
}

func yama() string {
	b, err := os.ReadFile("/proc/sys/kernel/yama/ptrace_scope")
	if errors.Is(err, os.ErrNotExist) {
		return "no Yama"
	}
	return "ptrace_scope " + strings.TrimSpace(string(b))
}

func release() string {
	var u unix.Utsname
	if unix.Uname(&u) != nil {
		return "?"
	}
	return unix.ByteSliceToString(u.Release[:])
}

func atLeast(release string, major, minor int) bool {
	var a, b int
	fmt.Sscanf(release, "%d.%d", &a, &b)
	return a > major || a == major && b >= minor
}

// Require checks a requirement: landlock=N, kernel=X.Y, or the name of a
// feature.
func Require(want string) error {
	name, value, _ := strings.Cut(want, "=")
	r := Run()
	switch name {
	case "landlock":
		n, err := strconv.Atoi(value)
		if value != "" && err != nil {
			return fmt.Errorf("--require %s: want landlock=NUMBER", want)
		}
		if r.Landlock < max(n, 1) {
			return fmt.Errorf("--require %s: this kernel has Landlock ABI %d", want, r.Landlock)
		}
		return nil
	case "kernel":
		var a, b int
		if n, _ := fmt.Sscanf(value, "%d.%d", &a, &b); n != 2 {
			return fmt.Errorf("--require %s: want kernel=X.Y", want)
		}
		if !atLeast(r.Kernel, a, b) {
			return fmt.Errorf("--require %s: this kernel is %s", want, r.Kernel)
		}
		return nil
	}
	var names []string
	for _, f := range r.Features {
		if f.Name == name {
			if !f.OK {
				return fmt.Errorf("--require %s: not here; it needs %s", want, f.Needs)
			}
			return nil
		}
		names = append(names, f.Name)
	}
	return fmt.Errorf("--require %s: no such feature; there are landlock=N, kernel=X.Y, %s", want, strings.Join(names, ", "))
}
