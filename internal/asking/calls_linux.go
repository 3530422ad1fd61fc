//go:build amd64 || arm64

package asking

import "github.com/pledge-linux/pledge/unveil"

// use is what a call does with one of its paths.
type use byte

const (
	looks use = iota // Landlock does not see it
	opens
	executes
	writes
	makes // makes or removes the name
)

// uses has the calls with paths, one use for each path in the order of the
// arguments; the others that have paths look.
var uses = map[string][]use{
	"open": {opens}, "openat": {opens}, "creat": {opens},
	"truncate": {writes}, "truncate64": {writes},
	"mkdir": {makes}, "mkdirat": {makes}, "rmdir": {makes}, "unlink": {makes}, "unlinkat": {makes}, "mknod": {makes}, "mknodat": {makes},
	"symlink": {makes}, "symlinkat": {makes}, "link": {makes, makes}, "linkat": {makes, makes},
	"rename": {makes, makes}, "renameat": {makes, makes}, "renameat2": {makes, makes},
	"execve": {executes}, "execveat": {executes},
	"bind": {makes}, "connect": {writes}, "sendto": {writes}, "sendmsg": {writes}, "sendmmsg": {writes},
}

// permsOf are the permissions that unveil asks for a use; opening says it by
// flags.
var permsOf = map[use]unveil.Perms{executes: unveil.Exec, writes: unveil.Write, makes: unveil.Create}

// stats are the calls that a whitelist answers which lets files be looked at.
var stats = map[string]bool{
	"stat": true, "lstat": true, "newfstatat": true, "statx": true, "stat64": true, "lstat64": true, "fstatat64": true,
	"access": true, "faccessat": true, "faccessat2": true, "readlink": true, "readlinkat": true,
}

// sockets are the calls that are judged by a socket and an address.
var sockets = map[string]bool{"connect": true, "bind": true, "listen": true, "accept": true, "accept4": true, "sendto": true, "sendmsg": true, "sendmmsg": true}
