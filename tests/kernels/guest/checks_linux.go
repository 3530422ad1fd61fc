package main

// A check is a script, and what it has to end with and say, as root and as nobody. It
// runs in a directory of its own with the files f, g and d/f.
type check struct {
	name   string
	script string
	status int
	want   []string // expressions that lines match; with ! in front, that none does
	only   who
}

// who is a user id and one more; 0 is everyone.
type who int

func says(want ...string) []string { return want }

var table = []check{
	// Launches.
	{"launch-dynamic", "pledge 'stdio rpath' -- cat f", 0, says("^hello$", "!pledge:"), 0},
	{"launch-bare", "pledge stdio -- date -u -d @0 +%Y", 0, says("^1970$", "!pledge:"), 0},
	{"launch-static", "pledge 'stdio rpath' -- busybox cat f", 0, says("^hello$"), 0},
	{"launch-go", "pledge 'stdio rpath' -- probe open f", 0, says("^open: ok$", "!pledge:"), 0},
	{"launch-shell", "pledge 'stdio rpath proc exec' -- sh -c 'cat f | cat'", 0, says("^hello$", "!pledge:"), 0},
	{"launch-bash", "pledge 'stdio rpath proc exec' -- bash -c 'cat <f; exit 7'", 7, says("^hello$"), 0},
	{"launch-signal", "pledge 'stdio rpath proc' -- sh -c 'kill -TERM $$'", 143, nil, 0},
	{"launch-missing", "pledge stdio -- nosuchprogram", 127, nil, 0},
	{"launch-script", "printf '#!/bin/sh\\ncat f\\n' >s; chmod +x s; pledge 'stdio rpath proc exec' -- ./s", 0, says("^hello$"), 0},

	// Refusals.
	{"deny-dynamic", "pledge stdio -- cat f", 1, says(`openat\("f", O_RDONLY\): needs promise "rpath"`, `refused 1 call; to allow, add "rpath"`), 0},
	{"deny-static", "pledge stdio -- busybox cat f", 1, says(`needs promise "rpath"`), 0},
	{"deny-write", "pledge 'stdio rpath' -- sh -c 'echo x >n'", 2, says(`needs promises "wpath cpath"`), 0},
	{"deny-socket", "pledge stdio -- probe socket", 0, says(`^socket: operation not permitted`, `needs promise "inet"`), 0},
	{"deny-fork", "pledge 'stdio rpath' -- sh -c 'cat f; true'", 2, says(`needs promise "proc"`), 0},
	{"kill-dynamic", "pledge --kill stdio -- cat f", 134, says(`pledge "rpath", syscall [0-9]+ \(openat\)`), 0},
	{"kill-static", "pledge --kill stdio -- probe socket", 134, says(`pledge "inet", syscall [0-9]+ \(socket\)`), 0},
	{"error-dynamic", "pledge 'stdio error' -- cat f", 1, says("Function not implemented"), 0},
	{"quiet", "pledge -q stdio -- cat f", 1, says("!pledge:"), 0},
	{"report-json", "pledge --report r --report-format json stdio -- cat f; cat r", 0, says(`rpath`), 0},
	{"orphan-served", "pledge 'stdio proc rpath exec' -- sh -c '(sh -c \"sleep 0.2; echo x >n\" &) ; sleep 1'", 0, says(`needs promises "wpath cpath"`, `openat\("n"`), 0},
	{"fresh-memory", "pledge stdio -- probe fresh", 0, says("^send: ok$", "^receive: ok$", "^send gone: bad address$", "^receive gone: bad address$", "^fresh: ok$"), 0},

	// In place.
	{"place-dynamic", "pledge --exec 'stdio rpath' -- cat f", 0, says("^hello$"), 0},
	{"place-same", `sh -c 'echo $$; exec pledge --exec "stdio rpath" -- sh -c "echo \$\$"' | busybox uniq | busybox wc -l`, 0, says("^1$"), 0},
	{"place-deny", "pledge --exec stdio -- cat f", 1, says("denied|not permitted"), 0},
	{"place-bare", "pledge --exec stdio -- date -u -d @0 +%Y", 0, says("^1970$"), 0},
	{"place-kill", "pledge --exec --kill stdio -- probe socket", 159, nil, 0},

	// Paths.
	{"unveil-in", "pledge -u r:d 'stdio rpath' -- cat d/f", 0, says("^one$", "!pledge:"), 0},
	{"unveil-out", "pledge -u r:d 'stdio rpath' -- cat g", 1, says("denied"), 0},
	{"unveil-report", "pledge --report-unveil -u r:d 'stdio rpath' -- cat g", 1, says(`needs --unveil r:.*/g$`), 0},
	{"unveil-read-only", "pledge -u r:d 'stdio rpath wpath cpath' -- sh -c 'echo x >>d/f'", 2, nil, 0},
	{"unveil-write", "pledge -u rw:d 'stdio rpath wpath cpath' -- sh -c 'echo x >>d/f' && cat d/f", 0, says("^x$"), 0},
	{"unveil-no-create", "pledge -u rw:d 'stdio rpath wpath cpath' -- sh -c 'echo x >d/n'", 2, nil, 0},
	{"unveil-create", "pledge -u rwc:d 'stdio rpath wpath cpath' -- sh -c 'echo x >d/n' && cat d/n", 0, says("^x$"), 0},
	{"unveil-place", "pledge --exec -u r:d 'stdio rpath' -- cat d/f", 0, says("^one$"), 0},
	{"unveil-place-out", "pledge --exec -u r:d 'stdio rpath' -- cat g", 1, says("denied"), 0},
	{"unveil-only", "pledge -u r:d -- cat d/f", 0, says("^one$"), 0},
	{"unveil-only-out", "pledge -u r:d -- cat g", 1, says("denied"), 0},
	{"unveil-truncate", "pledge -u r:d 'stdio rpath wpath cpath fattr' -- probe truncate g d/f; busybox wc -c g d/f", 0, says("truncate g: (permission|operation)", "truncate d/f: (permission|operation)", "^ *6 g$", "^ *4 d/f$"), 0},
	{"unveil-empty", "pledge -u r:d 'stdio rpath wpath cpath' -- probe empty g d/f; busybox wc -c g d/f", 0, says("empty g: permission", "empty d/f: permission", "^ *6 g$", "^ *4 d/f$"), 0},
	{"unveil-truncate-in", "pledge -u rw:d 'stdio rpath wpath cpath fattr' -- probe truncate d/f; busybox wc -c d/f", 0, says("^ *0 d/f$"), 0},
	{"unveil-truncate-link", "ln -s ../g d/l; pledge -u r:d 'stdio rpath wpath cpath fattr' -- probe truncate d/l; busybox wc -c g", 0, says("truncate d/l: permission", "^ *6 g$"), 0},
	{"unveil-truncate-none", "pledge -u rw:d 'stdio rpath wpath cpath fattr' -- probe truncate d/none", 0, says("truncate d/none: no such file"), 0},
	{"unveil-truncate-race", "pledge -u rwc:d 'stdio rpath wpath cpath fattr' -- probe swap d/l f ../g; busybox wc -c g d/f", 0, says("^ *6 g$", "^ *0 d/f$"), 0},
	{"unveil-truncate-paths-only", "pledge -u r:d -- probe truncate g d/f; busybox wc -c g d/f", 0, says("truncate g: permission", "truncate d/f: permission", "^ *6 g$", "^ *4 d/f$"), 0},
	{"unveil-truncate-place", "pledge --exec -u r:d 'stdio rpath wpath cpath fattr' -- probe truncate g d/f; busybox wc -c g d/f", 0, says("truncate g: permission", "truncate d/f: permission", "^ *6 g$", "^ *4 d/f$"), 0},
	{"unveil-empty-read", "pledge -u r:d 'stdio rpath wpath cpath' -- probe emptyread d/f; busybox wc -c d/f", 0, says("emptyread d/f: invalid argument", "^ *4 d/f$"), 0},
	{"unveil-rename-away", "mkdir d/e; pledge -u rwc:d 'stdio rpath wpath cpath' -- mv d/f d/e/f; cat d/e/f", 0, says("^one$"), 0},
	{"unveil-library", "probe unveiled 'stdio rpath wpath fattr' d g d/f; busybox wc -c g", 0, says("truncate g: permission", "open g: permission", "open d/f: ok", "^ *6 g$"), 0},
	{"unveil-rename", "pledge -u rwc:d 'stdio rpath wpath cpath' -- mv d/f d/e && cat d/e", 0, says("^one$"), 0},
	{"strict-stat", "pledge -q --strict-unveil -u r:d 'stdio rpath' -- stat g", 1, says("No such file"), 0},
	{"strict-in", "pledge -q --strict-unveil -u r:d 'stdio rpath' -- cat d/f", 0, says("^one$"), 0},

	// Ports.
	{"tcp-bind", "pledge --tcp-bind 7007 'stdio inet' -- probe bind 7007", 0, says("^bind: ok$"), 0},
	{"tcp-bind-other", "pledge --tcp-bind 7007 'stdio inet' -- probe bind 7008", 0, says("^bind: permission denied$", "needs --tcp-bind 7008"), 0},
	{"tcp-connect", "pledge --tcp-connect 7007 'stdio inet' -- probe connect 7007", 0, says("^connect: connection refused$"), 0},
	{"tcp-connect-other", "pledge --tcp-connect 7007 'stdio inet' -- probe connect 7008", 0, says("^connect: permission denied$", "needs --tcp-connect 7008"), 0},
	{"tcp-neither", "pledge --tcp-connect 7007 'stdio inet' -- probe bind 0", 0, says("^bind: permission denied$"), 0},
	{"tcp-fastopen", "pledge -q --tcp-connect 7007 'stdio inet' -- probe fastopen 7008", 0, says("^fastopen: operation not permitted$"), 0},
	{"tcp-listen", "pledge -q --tcp-connect 7007 'stdio inet' -- probe listen", 0, says("^listen: (operation not permitted|permission denied)$"), 0},
	{"tcp-six", "pledge -q --tcp-bind 7007 'stdio inet' -- probe bind6 7008", 0, says("^bind6: permission denied$"), 0},
	{"tcp-child", "pledge -q --tcp-bind 7007 'stdio inet proc exec rpath' -- sh -c 'probe bind 7008; :'", 0, says("^bind: permission denied$"), 0},
	{"tcp-place-bind", "pledge --exec --tcp-bind 7007 'stdio inet' -- probe bind 7008", 0, says("^bind: permission denied$"), 0},
	{"tcp-place-connect", "pledge --exec --tcp-connect 7007 'stdio inet' -- probe connect 7007", 0, says("^connect: connection refused$"), 0},

	// Learning.
	{"learn", "pledge learn -o line -- cat f; cat line", 0, says("^hello$", `^pledge "stdio rpath"`, `r:.*/f"`, "!prot_exec"), 0},
	{"learn-orphan", `pledge learn -o line -- sh -c '(sh -c "sleep 0.2; cat f" &); sleep 1; :'; cat line`, 0, says("^hello$", `r:.*/f"`), 0},
	{"learn-run", "pledge learn -o line -- cat f >/dev/null && sh line", 0, says("^hello$"), 0},
	{"learn-check", "pledge learn --check -o line -- cat f", 0, says("the same status, nothing refused"), 0},
	{"learn-within", "pledge learn --within stdio -o line -- cat f", 1, says(`needs promise "rpath"`), 0},
	{"try", "pledge try stdio -- cat f", 0, says("^hello$", `add "rpath"`, "!prot_exec"), 0},
	{"try-nothing", "pledge try 'stdio rpath' -- cat f", 0, says("^hello$", "nothing would have been refused"), 0},

	// Signals.
	{"storm-messages", "pledge stdio -- probe storm 100", 0, says("^sent=100 got=100$"), 0},
	{"storm-opens", "pledge stdio -- probe opens /etc/localtime 100", 0, says("^ok=100$"), 0},

	// The library.
	{"library-deny", "probe library stdio f", 0, says("^open: permission denied$"), 0},
	{"library-allow", "probe library 'stdio rpath' f", 0, says("^open: ok$"), 0},
	{"library-command", "probe command stdio date -u -d @0 +%Y", 0, says("^1970$"), 0},
	{"library-command-go", "ulimit -Sn 1024; ulimit -Hn 4096; probe command stdio probe hello", 0, says("^hello$"), 0},
	{"library-onviolation", "probe onviolation", 159, says(`pledge "inet", syscall [0-9]+ \(socket\)`), 0},

	// Limits.
	{"nofile-kept", "ulimit -Sn 1024; pledge 'stdio rpath' -- sh -c 'ulimit -n'", 0, says("^1024$"), 0},
	{"nofile-kept-place", "ulimit -Sn 1024; pledge --exec 'stdio rpath' -- sh -c 'ulimit -n'", 0, says("^1024$"), 0},

	// Systrace.
	{"systrace-learn", "systrace -d $D/p -A /usr/bin/cat f && busybox find p -type f", 0, says("^hello$", "usr_bin_cat"), 0},
	{"systrace-enforce", "systrace -d $D/p -A /usr/bin/cat f >/dev/null && systrace -d $D/p -a -e /usr/bin/cat f", 0, says("^hello$"), 0},
	{"systrace-deny", "systrace -d $D/p -A /usr/bin/cat f >/dev/null && systrace -d $D/p -a -e /usr/bin/cat g", 1, says("not permitted"), 0},
	{"systrace-status", "systrace -d $D/p -A /bin/sh -c 'exit 7'", 7, nil, 0},
	{"systrace-signal", "systrace -d $D/p -A /bin/sh -c 'kill -TERM $$'", 143, nil, 0},
	{"systrace-static", "systrace -d $D/p -A /usr/bin/busybox cat f", 0, says("^hello$"), 0},
	{"systrace-orphan", `systrace -d $D/p -A /bin/sh -c '(sh -c "sleep 0.2; cat f" &); sleep 1; :'`, 0, says("^hello$"), 0},

	// The doctor.
	{"doctor", "pledge doctor", 0, says("landlock"), 0},
}
