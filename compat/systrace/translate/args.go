package translate

import (
	"encoding/binary"
	"strconv"
	"strings"

	"github.com/pledge-linux/pledge/internal/abi"
)

// arg is one translated argument of a shape.
type arg struct {
	name string
	at   int // position of the value
	only only
	text func(c *Call, linux bool, caller Caller) (text string, ok bool, err error)
}

// only says for which emulations an argument is translated.
type only uint8

const (
	everywhere only = iota
	bsd
	linuxOnly
)

const atFdcwd = -100

// unreadable is an [ErrPath] with its cause.
type unreadable struct{ cause error }

func (e unreadable) Error() string        { return ErrPath.Error() + ": " + e.cause.Error() }
func (e unreadable) Unwrap() error        { return e.cause }
func (e unreadable) Is(target error) bool { return target == ErrPath }

// path is a file name relative to the working directory.
func path(at int, onBSD, onLinux Links) arg {
	return arg{name: "filename", at: at, text: func(c *Call, linux bool, caller Caller) (string, bool, error) {
		return filename(caller, atFdcwd, c.Args[at], pick(linux, onBSD, onLinux))
	}}
}

// pathAt is a file name relative to a directory descriptor.
func pathAt(dir, at int, onBSD, onLinux Links) arg {
	return arg{name: "filename", at: at, text: func(c *Call, linux bool, caller Caller) (string, bool, error) {
		return filename(caller, int32(c.Args[dir]), c.Args[at], pick(linux, onBSD, onLinux))
	}}
}

func pathOn(o only, at int) arg {
	a := path(at, AllLinks, Lexical)
	a.only = o
	return a
}

func pick(linux bool, onBSD, onLinux Links) Links {
	if linux {
		return onLinux
	}
	return onBSD
}

func filename(caller Caller, dir int32, addr uint64, links Links) (string, bool, error) {
	name, err := caller.String(addr)
	if err != nil {
		return "", false, unreadable{err}
	}
	text, err := caller.Path(dir, name, links)
	if err != nil {
		return "", false, unreadable{err}
	}
	return text, true, nil
}

// value makes an argument of a function of its value.
func value(name string, at int, text func(v uint64, linux bool) string) arg {
	return arg{name: name, at: at, text: func(c *Call, linux bool, _ Caller) (string, bool, error) {
		return text(c.Args[at], linux), true, nil
	}}
}

func number(name string, at int) arg {
	return value(name, at, func(v uint64, _ bool) string { return strconv.Itoa(int(int32(v))) })
}

func mode(at int) arg {
	return value("mode", at, func(v uint64, _ bool) string { return strconv.FormatUint(v&0o7777, 8) })
}

func oflags(at int) arg { return value("oflags", at, OpenFlags) }
func sockdom(at int) arg {
	return value("sockdom", at, func(v uint64, _ bool) string { return Domain(int32(v)) })
}
func socktype(at int) arg {
	return value("socktype", at, func(v uint64, _ bool) string { return SocketType(int32(v)) })
}
func signame(at int) arg {
	return value("signame", at, func(v uint64, _ bool) string { return Signal(int32(v)) })
}
func cmd(at int) arg {
	return value("cmd", at, func(v uint64, _ bool) string { return FcntlCommand(int32(v)) })
}
func requestArg(at int) arg {
	return value("cmd", at, func(v uint64, _ bool) string { return Request(uint32(v)) })
}
func prot(at int) arg {
	return value("prot", at, func(v uint64, _ bool) string { return Protection(uint32(v)) })
}

// howFlags reads the flags of openat2, which are in a structure; it goes by
// the name of the flags of open.
func howFlags(at int) arg {
	return arg{name: "oflags", at: at, text: func(c *Call, linux bool, caller Caller) (string, bool, error) {
		size, ok := HowSize(c)
		if !ok {
			return "", false, nil
		}
		b, err := caller.Bytes(c.Args[at], size)
		if err != nil {
			return "", false, unreadable{err}
		}
		return OpenFlags(binary.LittleEndian.Uint64(b), linux), true, nil
	}}
}

// HowSize is how much of openat2's structure there is to read: all of it, once.
// Sizes that the kernel does not take are not ok.
func HowSize(c *Call) (size int, ok bool) {
	const least, most = 24, 4096
	n := c.Args[3]
	return int(n), n >= least && n <= most
}

// creatFlags are those that creat implies.
func creatFlags() arg {
	return value("oflags", 1, func(_ uint64, linux bool) string { return OpenFlags(oWronly|oCreat|oTrunc, linux) })
}

// str is a string that is no file name.
func str(at int) arg {
	return arg{name: "string", at: at, text: func(c *Call, _ bool, caller Caller) (string, bool, error) {
		s, err := caller.String(c.Args[at])
		if err != nil {
			return "", false, unreadable{err}
		}
		return s, true, nil
	}}
}

// uname is the login name of a uid.
func uname(at int) arg {
	return arg{name: "uname", at: at, text: func(c *Call, _ bool, caller Caller) (string, bool, error) {
		if name, ok := caller.UserName(uint32(c.Args[at])); ok {
			return name, true, nil
		}
		return "<unknown>", true, nil
	}}
}

// maxArgv is how much of the arguments of an execve is kept.
const maxArgv = 2047

// argv is all arguments joined by a space; only BSD's emulations had it.
func argv(at int) arg {
	return arg{name: "argv", at: at, only: bsd, text: func(c *Call, _ bool, caller Caller) (string, bool, error) {
		var b strings.Builder
		size := wordSize(c.Arch)
		for addr := c.Args[at]; b.Len() <= maxArgv; addr += uint64(size) {
			p, ok := readWord(caller, addr, size)
			if !ok {
				return "", false, nil
			}
			if p == 0 {
				break
			}
			s, err := caller.String(p)
			if err != nil {
				return "", false, nil
			}
			if addr != c.Args[at] {
				b.WriteByte(' ')
			}
			b.WriteString(s)
		}
		return b.String()[:min(b.Len(), maxArgv)], true, nil
	}}
}

func wordSize(arch string) int {
	if arch == abi.I386.Name {
		return 4
	}
	return 8
}

func readWord(caller Caller, addr uint64, size int) (uint64, bool) {
	b, err := caller.Bytes(addr, size)
	if err != nil {
		return 0, false
	}
	if size == 4 {
		return uint64(binary.LittleEndian.Uint32(b)), true
	}
	return binary.LittleEndian.Uint64(b), true
}

// pidname is the program of the process that a signal goes to.
func pidname(at int) arg {
	return arg{name: "pidname", at: at, text: func(c *Call, _ bool, caller Caller) (string, bool, error) {
		return pidText(int32(c.Args[at]), caller), true, nil
	}}
}

func pidText(pid int32, caller Caller) string {
	switch {
	case pid == 0:
		return "<own process group>"
	case pid == -1:
		return "<every process: -1>"
	case pid < 0:
		if program, ok := caller.Program(-pid); ok {
			return "pg:" + program
		}
		return "pg:unknown"
	}
	if program, ok := caller.Program(pid); ok {
		return program
	}
	return "<unknown>"
}
