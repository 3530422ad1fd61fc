package rules

// protBTI is PROT_READ, PROT_EXEC and arm64's PROT_BTI, which no other machine knows.
const protBTI = 0x15

// memoryTable: PROT_EXEC (4) is what separates prot_exec from stdio. While the
// loader's needs are admitted, executable mappings must come from a file.
var memoryTable = []Rule{
	{"mmap", protExec, 0, nil, Allow, "any protection"},
	{"mmap", stdio, 0, when{{2, in, 4, zero}}, Allow, "memory without PROT_EXEC"},
	{"mmap", stdio | Loads, 0, when{{3, in, 0x20, zero}, {2, in, 2, zero}}, Allow, "the loader maps the code of libraries: from a file, not writable"},
	{"mmap2", protExec, 0, nil, Allow, "any protection (i386)"},
	{"mmap2", stdio, 0, when{{2, in, 4, zero}}, Allow, "memory without PROT_EXEC (i386)"},
	{"mmap2", stdio | Loads, 0, when{{3, in, 0x20, zero}, {2, in, 2, zero}}, Allow, "the loader maps the code of libraries: from a file, not writable (i386)"},
	{"mprotect", protExec, 0, nil, Allow, "any protection"},
	{"mprotect", stdio, 0, when{{2, in, 4, zero}}, Allow, "protection without PROT_EXEC"},
	{"mprotect", stdio | Loads, 0, when{{2, in, all, v{protBTI}}}, ePERM, "arm64's loader marks the program's code with PROT_BTI: that could make any memory code, and the program runs without the mark"},
	{"pkey_mprotect", protExec, 0, nil, Allow, "any protection"},
	{"pkey_mprotect", stdio, 0, when{{2, in, 4, zero}}, Allow, "protection without PROT_EXEC"},
	{"munmap", stdio, 0, nil, Allow, "own memory"},
	{"mremap", stdio, 0, nil, Allow, "own memory"},
	{"madvise", stdio, 0, nil, Allow, "own memory"},
	{"mincore", stdio, 0, nil, Allow, "own memory"},
	{"msync", stdio, 0, nil, Allow, "own memory"},
	{"brk", stdio, 0, nil, Allow, "own memory"},
	{"mseal", stdio, 0, nil, Allow, "own memory"},
	{"pkey_alloc", stdio, 0, nil, Allow, "own memory"},
	{"pkey_free", stdio, 0, nil, Allow, "own memory"},
	{"membarrier", stdio, 0, nil, Allow, "own threads"},
	{"mlock", stdio, 0, nil, ePERM, "OpenBSD has it in no promise; callers treat it as best effort"},
	{"mlock2", stdio, 0, nil, ePERM, "as mlock"},
	{"mlockall", stdio, 0, nil, ePERM, "as mlock"},
	{"munlock", stdio, 0, nil, ePERM, "as mlock"},
	{"munlockall", stdio, 0, nil, ePERM, "as mlock"},
	{"memfd_create", stdio, exec, nil, Allow, "anonymous file"},
	{"memfd_create", 0, 0, nil, eNOSYS, "under exec it would run code that no path rule sees"},
	{"set_thread_area", stdio, 0, nil, Allow, "thread-local storage (i386)"},
	{"get_thread_area", stdio, 0, nil, Allow, "thread-local storage (i386)"},
	{"arch_prctl", stdio, 0, when{{0, in, m32, v{0x1001, 0x1002, 0x1003, 0x1004}}}, Allow, "FS and GS base"},
	{"arch_prctl", stdio, 0, when{{0, in, m32, v{0x3001, 0x5001, 0x5002, 0x5003, 0x5004, 0x5005}}}, Allow, "shadow stack state of this process"},
	{"arch_prctl", stdio, 0, nil, eINVAL, "as the kernel answers an unknown option"},
}

// threadTable: a thread shares everything with its process; anything less is a
// process and needs proc. The flag words are 0x10f00 (VM FS FILES SIGHAND
// THREAD), 0x7e020080 (namespaces), 0x2000 0x800000 (PTRACE, UNTRACED) and
// 0x8000 (PARENT).
var threadTable = []Rule{
	{"clone", proc, 0, when{{0, in, 0x7e020080 | 0x2000 | 0x800000 | 0x8000, zero}}, Allow, "processes and threads, no namespace"},
	{"clone", stdio, 0, when{{0, in, 0x10f00 | 0x7e020080 | 0x2000 | 0x800000 | 0x8000, v{0x10f00}}}, Allow, "threads"},
	{"clone3", 0, 0, nil, eNOSYS, "its flags are in a structure; libc falls back to clone"},
	{"futex", stdio, 0, nil, Allow, "thread synchronisation"},
	{"futex_time64", stdio, 0, nil, Allow, "thread synchronisation (i386)"},
	{"futex_waitv", stdio, 0, nil, Allow, "thread synchronisation"},
	{"futex_wake", stdio, 0, nil, Allow, "thread synchronisation"},
	{"futex_wait", stdio, 0, nil, Allow, "thread synchronisation"},
	{"futex_requeue", stdio, 0, nil, Allow, "thread synchronisation"},
	{"set_robust_list", stdio, 0, nil, Allow, "thread synchronisation"},
	{"get_robust_list", stdio, 0, when{{0, in, m32, zero}}, Allow, "of this thread"},
	{"get_robust_list", stdio, 0, when{{0, own, m32, thisPID}}, Allow, "of this process"},
	{"set_tid_address", stdio, 0, nil, Allow, "thread start"},
	{"rseq", stdio, 0, nil, Allow, "per-CPU data"},
	{"sched_yield", stdio, 0, nil, Allow, "gives up the processor"},
	{"getcpu", stdio, 0, nil, Allow, "which processor"},
	{"sched_getaffinity", proc, 0, nil, Allow, "of other processes"},
	{"sched_getaffinity", stdio, 0, when{{0, in, m32, zero}}, Allow, "of this thread"},
	{"sched_getaffinity", stdio, 0, when{{0, own, m32, thisPID}}, Allow, "of this process"},
	{"sched_get_priority_max", stdio, 0, nil, Allow, "a constant"},
	{"sched_get_priority_min", stdio, 0, nil, Allow, "a constant"},
	{"sched_getparam", proc, 0, nil, Allow, "of other processes"},
	{"sched_getparam", stdio, 0, when{{0, in, m32, zero}}, Allow, "of this thread"},
	{"sched_getscheduler", proc, 0, nil, Allow, "of other processes"},
	{"sched_getscheduler", stdio, 0, when{{0, in, m32, zero}}, Allow, "of this thread"},
	{"sched_getattr", proc, 0, nil, Allow, "of other processes"},
	{"sched_getattr", stdio, 0, when{{0, in, m32, zero}}, Allow, "of this thread"},
	{"sched_rr_get_interval", stdio, 0, when{{0, in, m32, zero}}, Allow, "of this thread"},
	{"sched_rr_get_interval_time64", stdio, 0, when{{0, in, m32, zero}}, Allow, "of this thread (i386)"},
	{"get_mempolicy", 0, 0, nil, eNOSYS, "no NUMA policy; libraries fall back"},
	{"set_mempolicy", 0, 0, nil, eNOSYS, "no NUMA policy; libraries fall back"},
	{"mbind", 0, 0, nil, eNOSYS, "no NUMA policy; libraries fall back"},
	{"set_mempolicy_home_node", 0, 0, nil, eNOSYS, "no NUMA policy; libraries fall back"},
}
