package main

// A difference is what a check does not do on some kernels.
type difference struct{ kernels, checks, why string }

var differences = []difference{
	{"6.1", "tcp-place-*", "Landlock ABI 2 knows no ports, and without a supervisor nobody looks at them: an error"},
	{"*-yama1 6.12-nolandlock", "systrace-orphan", "an ordinary user's systrace may not look at processes that lost their parent: refused, and said"},
	{"*-yama[23]", "launch-dynamic launch-bare launch-go launch-shell unveil-in quiet", "a note says that there is no supervisor; all else is as everywhere"},
	{"*-yama[23]", "deny-dynamic deny-static deny-write deny-socket deny-fork report-json unveil-report tcp-bind-other tcp-connect-other orphan-served", "refused without a word: no supervisor may look at the program"},
	{"*-yama[23]", "kill-dynamic kill-static error-dynamic storm-messages fresh-memory", "the kernel kills or refuses by itself: another status, another errno"},
	{"*-yama[23]", "strict-stat", "--strict-unveil needs a supervisor: a note says so"},
	{"*-yama[23]", "learn learn-* try try-*", "an error that names the setting"},
	{"*-yama[23]", "systrace-*", "an error that names the setting, for who has no CAP_SYS_PTRACE"},
	{"*-arm64*", "systrace-*", "systrace's enforcement is written for amd64: an error"},
	{"5.10", "storm-messages", "before Linux 5.19 a signal interrupts a call that is performed, and the program makes it again"},
	{"5.10", "systrace-*", "an error that names Linux 5.19"},
	{"*-nolandlock 5.10", "unveil-* strict-* learn-run learn-check tcp-place-*", "an error that names Landlock: nothing else hides paths, or ports without a supervisor"},
	{"*-nolandlock 5.10", "place-deny place-bare place-kill library-deny library-command library-command-go library-onviolation", "an error that names Landlock: without rpath nobody else would limit opens to the whitelist"},
}
