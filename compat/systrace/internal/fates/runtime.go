// Package fates decides what a seccomp filter does by itself with the calls of
// programs under policies of systrace, so that it never differs from what the policies say, and
// which calls reach the supervisor.
//
//	code := fates.Assemble(fates.Sections(abi.AMD64, policies, false, false, false), key)
package fates

// runtimeCalls are those that every program of today makes and that old policies
// could not name: permitted unless the policy has a rule of its own for them.
var runtimeCalls = map[string]string{
	"exit":              "ends a thread",
	"exit_group":        "ends the process",
	"rt_sigreturn":      "returns from a signal handler",
	"sigreturn":         "returns from a signal handler (i386)",
	"restart_syscall":   "the kernel re-enters an interrupted call through it",
	"set_tid_address":   "libc, when a thread begins",
	"set_robust_list":   "libc, when a thread begins",
	"get_robust_list":   "libc",
	"rseq":              "libc, when a thread begins",
	"arch_prctl":        "libc: thread-local memory",
	"set_thread_area":   "libc: thread-local memory (i386)",
	"getrandom":         "libc: malloc's secrets",
	"futex":             "libc: locks",
	"gettid":            "libc",
	"getpid":            "before a signal to itself",
	"sched_yield":       "threads that wait for each other; it has no effect that could be seen",
	"sched_getaffinity": "Go's and others' run time: the number of processors",
}

// OfRunTime tells whether every program of today makes a call.
func OfRunTime(call string) bool { return runtimeCalls[call] != "" }
