package procfs

import (
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// A Scope is kernel.yama.ptrace_scope: who may look at whose memory. Yama is a part of the
// kernel that many distributions turn on.
type Scope int

// The scopes.
const (
	Everybody Scope = iota // as without Yama: processes of one user
	Ancestors              // a process looks at those that come from it
	Admins                 // who has CAP_SYS_PTRACE
	Nobody
)

// PtraceScope reads it.
func PtraceScope() Scope {
	b, err := os.ReadFile("/proc/sys/kernel/yama/ptrace_scope")
	if err != nil {
		return Everybody
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(b)))
	if err != nil || n < 0 {
		return Nobody
	}
	return Scope(n)
}

// Blind says why a process with those capabilities may not look at what it has started;
// "" if it may.
func (s Scope) Blind(caps uint64) string {
	switch {
	case s <= Ancestors || s == Admins && caps&(1<<unix.CAP_SYS_PTRACE) != 0:
		return ""
	case s == Admins:
		return "kernel.yama.ptrace_scope is 2: looking at another process takes CAP_SYS_PTRACE"
	default:
		return fmt.Sprintf("kernel.yama.ptrace_scope is %d: no process may look at another", s)
	}
}
