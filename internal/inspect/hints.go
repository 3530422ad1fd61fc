//go:build unix

package inspect

import "github.com/pledge-linux/pledge/promises"

// Shorthands of the tables.
const (
	rpath    = promises.Rpath
	wpath    = promises.Wpath
	cpath    = promises.Cpath
	fattr    = promises.Fattr
	chown    = promises.Chown
	flock    = promises.Flock
	inet     = promises.Inet
	unix     = promises.Unix
	dns      = promises.DNS
	getpw    = promises.Getpw
	tty      = promises.Tty
	proc     = promises.Proc
	exec     = promises.Exec
	protExec = promises.ProtExec
	id       = promises.ID
	settime  = promises.Settime
	dpath    = promises.Dpath
)

type words = []promises.Promise

// guessed are the words that the tables know signs of.
const guessed = promises.Set(1)<<rpath | 1<<wpath | 1<<cpath | 1<<fattr | 1<<chown | 1<<flock | 1<<inet | 1<<unix | 1<<dns | 1<<getpw |
	1<<tty | 1<<proc | 1<<exec | 1<<protExec | 1<<id | 1<<settime | 1<<dpath

// functions are those of libc and others that hint at a word.
var functions = map[string]words{
	"open": {rpath}, "openat": {rpath}, "fopen": {rpath}, "freopen": {rpath}, "opendir": {rpath}, "fdopendir": {rpath}, "scandir": {rpath}, "nftw": {rpath},
	"fts_open": {rpath}, "stat": {rpath}, "lstat": {rpath}, "fstatat": {rpath}, "statx": {rpath}, "access": {rpath}, "faccessat": {rpath},
	"__xstat": {rpath}, "__lxstat": {rpath}, "__fxstatat": {rpath}, "__open_2": {rpath}, "__openat_2": {rpath},
	"euidaccess": {rpath}, "realpath": {rpath}, "readlink": {rpath}, "readlinkat": {rpath}, "getcwd": {rpath}, "chdir": {rpath}, "glob": {rpath},
	"statfs": {rpath}, "statvfs": {rpath}, "inotify_add_watch": {rpath}, "setlocale": {}, "creat": {wpath, cpath}, "truncate": {wpath},
	"mkdir": {cpath}, "mkdirat": {cpath}, "rmdir": {cpath}, "unlink": {cpath}, "unlinkat": {cpath}, "remove": {cpath}, "rename": {cpath},
	"renameat": {cpath}, "renameat2": {cpath}, "link": {cpath}, "linkat": {cpath}, "symlink": {cpath}, "symlinkat": {cpath}, "mkstemp": {rpath, wpath, cpath},
	"mkostemp": {rpath, wpath, cpath}, "mkstemps": {rpath, wpath, cpath}, "mkdtemp": {cpath}, "tmpfile": {rpath, wpath, cpath}, "mkfifo": {dpath}, "mkfifoat": {dpath}, "mknod": {dpath},
	"chmod": {fattr}, "fchmod": {fattr}, "fchmodat": {fattr}, "utimensat": {fattr}, "futimens": {fattr}, "utimes": {fattr}, "utime": {fattr}, "setxattr": {fattr}, "lsetxattr": {fattr}, "fsetxattr": {fattr},
	"chown": {chown}, "fchown": {chown}, "lchown": {chown}, "fchownat": {chown}, "flock": {flock}, "lockf": {flock},
	"connect": {inet}, "bind": {inet}, "listen": {inet}, "accept": {inet}, "accept4": {inet}, "getaddrinfo": {dns, inet}, "gethostbyname": {dns, inet},
	"gethostbyname_r": {dns, inet}, "getnameinfo": {dns}, "res_query": {dns}, "__res_init": {dns}, "getifaddrs": {inet},
	"syslog": {unix}, "openlog": {unix}, "vsyslog": {unix}, "__syslog_chk": {unix},
	"getpwnam": {getpw}, "getpwuid": {getpw}, "getpwnam_r": {getpw}, "getpwuid_r": {getpw}, "getpwent": {getpw}, "getgrnam": {getpw}, "getgrgid": {getpw}, "getgrnam_r": {getpw},
	"getgrgid_r": {getpw}, "getgrent": {getpw}, "getgrouplist": {getpw}, "initgroups": {getpw, id}, "getlogin": {getpw},
	"tcsetattr": {tty}, "tcsetpgrp": {tty}, "openpty": {tty}, "forkpty": {tty, proc}, "getpass": {tty}, "initscr": {tty}, "newterm": {tty}, "rl_callback_handler_install": {tty}, "readline": {tty},
	"fork": {proc}, "vfork": {proc}, "daemon": {proc}, "setsid": {proc}, "setpgid": {proc}, "kill": {proc}, "killpg": {proc}, "setpriority": {proc}, "nice": {proc},
	"execve": {exec}, "execv": {exec}, "execvp": {exec}, "execvpe": {exec}, "execl": {exec}, "execlp": {exec}, "execle": {exec}, "fexecve": {exec},
	"system": {proc, exec}, "popen": {proc, exec}, "posix_spawn": {proc, exec}, "posix_spawnp": {proc, exec}, "wordexp": {proc, exec}, "dlopen": {protExec, rpath},
	"setuid": {id}, "setgid": {id}, "seteuid": {id}, "setegid": {id}, "setreuid": {id}, "setregid": {id}, "setresuid": {id}, "setresgid": {id}, "setgroups": {id}, "setrlimit": {id},
	"settimeofday": {settime}, "clock_settime": {settime}, "adjtimex": {settime},
}

// callHints are system calls that hint at a word.
var callHints = map[string]words{
	"open": {rpath}, "openat": {rpath}, "openat2": {rpath}, "stat": {rpath}, "lstat": {rpath}, "newfstatat": {rpath}, "statx": {rpath}, "access": {rpath}, "faccessat": {rpath},
	"faccessat2": {rpath}, "readlink": {rpath}, "readlinkat": {rpath}, "getcwd": {rpath}, "chdir": {rpath}, "getdents64": {rpath}, "statfs": {rpath}, "inotify_add_watch": {rpath},
	"creat": {wpath, cpath}, "truncate": {wpath}, "mkdir": {cpath}, "mkdirat": {cpath}, "rmdir": {cpath}, "unlink": {cpath}, "unlinkat": {cpath}, "rename": {cpath}, "renameat": {cpath},
	"renameat2": {cpath}, "link": {cpath}, "linkat": {cpath}, "symlink": {cpath}, "symlinkat": {cpath}, "mknod": {dpath}, "mknodat": {dpath},
	"chmod": {fattr}, "fchmod": {fattr}, "fchmodat": {fattr}, "fchmodat2": {fattr}, "utimensat": {fattr}, "setxattr": {fattr}, "chown": {chown}, "fchown": {chown}, "lchown": {chown}, "fchownat": {chown},
	"flock": {flock}, "socket": {inet}, "connect": {inet}, "bind": {inet}, "listen": {inet}, "accept4": {inet}, "socketpair": {},
	"fork": {proc}, "vfork": {proc}, "setsid": {proc}, "setpgid": {proc}, "setpriority": {proc}, "execve": {exec}, "execveat": {exec},
	"setuid": {id}, "setgid": {id}, "setreuid": {id}, "setregid": {id}, "setresuid": {id}, "setresgid": {id}, "setgroups": {id}, "setrlimit": {id}, "clock_settime": {settime}, "settimeofday": {settime},
}

// libraries are those that hint at a word by themselves; their names are without
// versions.
var libraries = map[string]words{
	"libcurl": {rpath, inet, dns}, "libcurl-gnutls": {rpath, inet, dns}, "libssl": {rpath, inet}, "libgnutls": {rpath, inet}, "libresolv": {dns, inet},
	"libX": {unix, rpath}, "libwayland-client": {unix}, "libsystemd": {unix}, "libdbus": {unix}, "libreadline": {tty, rpath}, "libedit": {tty, rpath},
	"libncurses": {tty}, "libncursesw": {tty}, "libtinfo": {tty}, "libpython": {rpath, protExec}, "libnode": {rpath, protExec}, "libluajit": {protExec},
	"libffi": {protExec}, "libsqlite": {rpath, wpath, cpath, fattr, flock}, "libpcap": {inet},
}
