package syntax

import "strings"

// An Errno is an error that deny[...] can name.
type Errno struct {
	Name   string
	Number int    // on BSD; files and vectors of the original use these
	Linux  uint16 // EPERM where Linux has no such error
	Exact  bool   // Linux has it
}

// The original gave EPERM for errors that the system did not have.
const eperm = 1

// errnoTable has the BSD errors from 1 on (errno.h), and their numbers on
// Linux (asm-generic/errno-base.h, errno.h); 0 where it has none.
var errnoTable = [...]struct {
	name  string
	linux uint16
}{
	{"EPERM", 1}, {"ENOENT", 2}, {"ESRCH", 3}, {"EINTR", 4}, {"EIO", 5},
	{"ENXIO", 6}, {"E2BIG", 7}, {"ENOEXEC", 8}, {"EBADF", 9}, {"ECHILD", 10},
	{"EDEADLK", 35}, {"ENOMEM", 12}, {"EACCES", 13}, {"EFAULT", 14}, {"ENOTBLK", 15},
	{"EBUSY", 16}, {"EEXIST", 17}, {"EXDEV", 18}, {"ENODEV", 19}, {"ENOTDIR", 20},
	{"EISDIR", 21}, {"EINVAL", 22}, {"ENFILE", 23}, {"EMFILE", 24}, {"ENOTTY", 25},
	{"ETXTBSY", 26}, {"EFBIG", 27}, {"ENOSPC", 28}, {"ESPIPE", 29}, {"EROFS", 30},
	{"EMLINK", 31}, {"EPIPE", 32}, {"EDOM", 33}, {"ERANGE", 34}, {"EAGAIN", 11},
	{"EINPROGRESS", 115}, {"EALREADY", 114}, {"ENOTSOCK", 88}, {"EDESTADDRREQ", 89}, {"EMSGSIZE", 90},
	{"EPROTOTYPE", 91}, {"ENOPROTOOPT", 92}, {"EPROTONOSUPPORT", 93}, {"ESOCKTNOSUPPORT", 94}, {"EOPNOTSUPP", 95},
	{"EPFNOSUPPORT", 96}, {"EAFNOSUPPORT", 97}, {"EADDRINUSE", 98}, {"EADDRNOTAVAIL", 99}, {"ENETDOWN", 100},
	{"ENETUNREACH", 101}, {"ENETRESET", 102}, {"ECONNABORTED", 103}, {"ECONNRESET", 104}, {"ENOBUFS", 105},
	{"EISCONN", 106}, {"ENOTCONN", 107}, {"ESHUTDOWN", 108}, {"ETOOMANYREFS", 109}, {"ETIMEDOUT", 110},
	{"ECONNREFUSED", 111}, {"ELOOP", 40}, {"ENAMETOOLONG", 36}, {"EHOSTDOWN", 112}, {"EHOSTUNREACH", 113},
	{"ENOTEMPTY", 39}, {"EPROCLIM", 0}, {"EUSERS", 87}, {"EDQUOT", 122}, {"ESTALE", 116},
	{"EREMOTE", 66}, {"EBADRPC", 0}, {"ERPCMISMATCH", 0}, {"EPROGUNAVAIL", 0}, {"EPROGMISMATCH", 0},
	{"EPROCUNAVAIL", 0}, {"ENOLCK", 37}, {"ENOSYS", 38}, {"EFTYPE", 0}, {"EAUTH", 0},
	{"ENEEDAUTH", 0}, {"EIPSEC", 0},
}

// errnoAliases are second names.
var errnoAliases = map[string]string{"EWOULDBLOCK": "EAGAIN", "ELAST": "EIPSEC"}

// ErrnoByName returns the error of a name, in any case.
func ErrnoByName(name string) (Errno, bool) {
	name = strings.ToUpper(name)
	known := name
	if alias, ok := errnoAliases[name]; ok {
		known = alias
	}
	for i, line := range errnoTable {
		if line.name != known {
			continue
		}
		e := Errno{name, i + 1, line.linux, line.linux != 0}
		if !e.Exact {
			e.Linux = eperm
		}
		return e, true
	}
	return Errno{}, false
}
