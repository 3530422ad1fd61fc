package rules

// baselineTable is what every process may do, even under "" (OpenBSD: _exit,
// thrkill, pledge itself; the rest is what Linux needs to do the same).
var baselineTable = []Rule{
	{"exit", 0, 0, nil, Allow, "always allowed"},
	{"exit_group", 0, 0, nil, Allow, "always allowed"},
	{"rt_sigreturn", 0, 0, nil, Allow, "return from a signal handler"},
	{"sigreturn", 0, 0, nil, Allow, "return from a signal handler (i386)"},
	{"restart_syscall", 0, 0, nil, Allow, "the kernel re-enters an interrupted call through it"},
	{"getpid", 0, 0, nil, Allow, "raise() needs it"},
	{"gettid", 0, 0, nil, Allow, "raise() needs it"},
	{"tgkill", proc, 0, nil, Allow, "any process, under proc"},
	{"tgkill", 0, 0, when{{0, own, m32, thisPID}}, Allow, "raise() and abort(): threads of this process"},
	{"seccomp", 0, 0, when{{0, in, m32, v{2, 3}}}, Allow, "GET_ACTION_AVAIL, GET_NOTIF_SIZES"},
	{"seccomp", Penalized, 0, when{{0, in, m32, v{1}}, {1, in, 8, zero}}, eINVAL, "its answer would come before the penalty"},
	{"seccomp", 0, 0, when{{0, in, m32, v{1}}, {1, in, 8, zero}}, Allow, "a later pledge(); never with a listener of its own"},
}

// prctlTable: what is not listed is answered as an unknown option is.
var prctlTable = []Rule{
	{"prctl", 0, 0, when{{0, in, m32, v{38}}, {1, in, all, v{1}}}, Allow, "PR_SET_NO_NEW_PRIVS to 1"},
	{"prctl", 0, 0, when{{0, in, m32, v{39, 21}}}, Allow, "PR_GET_NO_NEW_PRIVS, PR_GET_SECCOMP"},
	{"prctl", Penalized, 0, when{{0, in, m32, v{22}}}, eINVAL, "its answer would come before the penalty"},
	{"prctl", 0, 0, when{{0, in, m32, v{22}}, {1, in, all, v{2}}}, Allow, "PR_SET_SECCOMP in filter mode: a later pledge()"},
	{"prctl", stdio, 0, when{{0, in, m32, v{15, 16}}}, Allow, "PR_SET_NAME, PR_GET_NAME"},
	{"prctl", stdio, 0, when{{0, in, m32, v{0x53564d41}}}, Allow, "PR_SET_VMA: allocators name anonymous memory"},
	{"prctl", stdio, 0, when{{0, in, m32, v{2, 3, 23, 27, 30, 42, 66}}}, Allow, "reads: PDEATHSIG, DUMPABLE, CAPBSET, SECUREBITS, TIMERSLACK, THP, MDWE"},
	{"prctl", stdio, Unsupervised, when{{0, in, m32, v{4}}, {1, in, all, zero}}, Notify, "PR_SET_DUMPABLE to 0: answered as done, or the supervisor could read nothing any more"},
	{"prctl", stdio, 0, when{{0, in, m32, v{4}}, {1, in, all, zero}}, Allow, "PR_SET_DUMPABLE to 0"},
	{"prctl", stdio, 0, when{{0, in, m32, v{29, 41, 65}}}, Allow, "PR_SET_TIMERSLACK, PR_SET_THP_DISABLE, PR_SET_MDWE"},
	{"prctl", stdio, 0, when{{0, in, m32, v{0x41555856}}}, Allow, "PR_GET_AUXV"},
	{"prctl", stdio, 0, when{{0, in, m32, v{51, 54, 56, 61, 64}}}, Allow, "arm64: SVE, PAC and tagged address state, read or reset"},
	{"prctl", stdio, 0, when{{0, in, m32, v{47}}, {1, in, m32, v{1}}}, Allow, "PR_CAP_AMBIENT_IS_SET"},
	{"prctl", stdio, 0, when{{0, in, m32, v{47}}, {1, in, m32, v{3, 4}}}, Allow, "PR_CAP_AMBIENT_LOWER, PR_CAP_AMBIENT_CLEAR_ALL: take away"},
	{"prctl", stdio, 0, when{{0, in, m32, v{7, 8, 24}}}, Allow, "KEEPCAPS, which means something to who may change its ids, and CAPBSET_DROP, which takes away"},
	{"prctl", id, 0, when{{0, in, m32, v{7, 8, 24, 28, 47}}}, Allow, "KEEPCAPS, CAPBSET_DROP, SECUREBITS, CAP_AMBIENT"},
	{"prctl", 0, 0, when{{0, in, m32, v{28, 47}}}, Violate, "SECUREBITS and PR_CAP_AMBIENT_RAISE without id"},
	{"prctl", proc, Unsupervised, when{{0, in, m32, v{1}}}, Notify, "PR_SET_PDEATHSIG: the program itself ends with its launcher, its children as they like"},
	{"prctl", proc, 0, when{{0, in, m32, v{36, 37, 1}}}, Allow, "CHILD_SUBREAPER, SET_PDEATHSIG"},
	{"prctl", 0, 0, when{{0, in, m32, v{35, 0x59616d61, 59, 22}}}, Violate, "SET_MM, SET_PTRACER, SYSCALL_USER_DISPATCH, strict seccomp"},
	{"prctl", 0, 0, nil, eINVAL, "as the kernel answers an unknown option"},
}
