package fuzz

// tame are arguments that keep a call from doing harm to the machine if it gets
// through: a test of a wall must not rely on the wall. Calls with nil are never
// made.
var tame = map[string]map[int]uint64{
	"kill": {1: 0}, "tkill": {1: 0}, "tgkill": {2: 0}, "rt_sigqueueinfo": {1: 0}, "rt_tgsigqueueinfo": {2: 0},
	"pidfd_send_signal": {1: 0}, "setpriority": nil, "ioprio_set": nil, "nice": nil,
	"settimeofday": {0: 1, 1: 1}, "clock_settime": {1: 1}, "clock_settime64": {1: 1}, "clock_adjtime": {1: 1}, "clock_adjtime64": {1: 1},
	"adjtimex": {0: 1}, "stime": nil, "reboot": {0: 0}, "kexec_load": {1: 99}, "kexec_file_load": {0: 0xffffffff}, "sethostname": {1: 0xffffffff},
	"setdomainname": {1: 0xffffffff}, "acct": {0: 1}, "vhangup": nil, "syslog": {0: 99}, "bdflush": nil,
	"ptrace": {0: 0x4206, 1: nobody}, "process_vm_writev": {0: nobody}, "process_vm_readv": {0: nobody}, "kcmp": {0: nobody, 1: nobody},
	"prlimit64": {0: nobody}, "migrate_pages": {0: nobody}, "move_pages": {0: nobody}, "perf_event_open": {1: nobody, 2: 0xffffffff},
	"sched_setaffinity": {0: nobody}, "sched_setparam": {0: nobody}, "sched_setscheduler": {0: nobody}, "sched_setattr": {0: nobody},
	"shmctl": {1: 2}, "semctl": {2: 2}, "msgctl": {1: 2}, "ipc": {0: 99}, "semtimedop": nil, "semop": nil, "msgrcv": nil, "msgsnd": nil,
	"shmget": {1: 0}, "semget": {1: 0xffffffff}, "msgget": {1: 0}, "iopl": {0: 9}, "ioperm": {1: 0}, "quotactl": {0: 0xffffffff}, "quotactl_fd": {1: 0xffffffff},
	"swapoff": {0: 1}, "swapon": {0: 1}, "umount": {0: 1}, "umount2": {0: 1}, "mount": {1: 1}, "pivot_root": {0: 1}, "delete_module": {0: 1},
	"init_module": {0: 1}, "finit_module": {0: 0xffffffff}, "bpf": {0: 9999}, "keyctl": {0: 9999}, "fanotify_mark": {0: 0xffffffff},
	"setns": {0: 0xffffffff}, "nfsservctl": {0: 9999}, "ustat": nil, "lookup_dcookie": nil, "uselib": {0: 1}, "sync": nil, "syncfs": {0: 0xffffffff},
	"pause": nil, "exit": nil, "exit_group": nil, "rt_sigreturn": nil, "sigreturn": nil, "restart_syscall": nil, "fork": nil, "vfork": nil, "clone": nil,
	"clone3": {1: 0}, "vm86": {0: 99}, "vm86old": {0: 1}, "modify_ldt": {0: 99}, "socketcall": {0: 99},
	"uretprobe": nil, "uprobe": nil, // the kernel ends whoever makes them by SIGILL, and asks no filter
	"truncate": {0: 1}, "truncate64": {0: 1},
}

// nobody is a process id that no process has.
const nobody = 0x7ffffff0
