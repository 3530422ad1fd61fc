package translate

import (
	"fmt"
	"strconv"
	"strings"
)

// Flags of open that have a letter.
const (
	oWronly   = 1
	oRdwr     = 2
	oCreat    = 0x40
	oTrunc    = 0x200
	oAppend   = 0x400
	oNonblock = 0x800
	oPath     = 0x200000
)

// OpenFlags is the text of the flags of open: the access mode, then a letter a
// flag. O_NONBLOCK has one on BSD only.
func OpenFlags(flags uint64, linux bool) string {
	if flags&oPath != 0 {
		return "ro" // nothing is opened, whatever else is asked for
	}
	text := [...]string{"ro", "wo", "rw", "--"}[flags&3]
	if flags&oNonblock != 0 && !linux {
		text += "n"
	}
	for _, f := range []struct {
		bit    uint64
		letter string
	}{{oAppend, "a"}, {oCreat, "c"}, {oTrunc, "t"}} {
		if flags&f.bit != 0 {
			text += f.letter
		}
	}
	return text
}

var domains = map[int32]string{1: "AF_UNIX", 2: "AF_INET", 4: "AF_IPX", 10: "AF_INET6"}

// Domain is the text of an address family.
func Domain(family int32) string {
	if s, ok := domains[family]; ok {
		return s
	}
	return fmt.Sprintf("AF_UNKNOWN(%d)", family)
}

var socketTypes = map[int32]string{1: "SOCK_STREAM", 2: "SOCK_DGRAM", 3: "SOCK_RAW", 4: "SOCK_RDM", 5: "SOCK_SEQPACKET"}

// sockFlags are SOCK_NONBLOCK and SOCK_CLOEXEC, which the original did not know.
const sockFlags = 0x800 | 0x80000

// SocketType is the text of a socket's type, without its flags.
func SocketType(kind int32) string {
	if s, ok := socketTypes[kind&^sockFlags]; ok {
		return s
	}
	return fmt.Sprintf("SOCK_UNKNOWN(%d)", kind)
}

// signals are those that the original had a name for.
var signals = map[int32]string{
	1: "SIGHUP", 2: "SIGINT", 3: "SIGQUIT", 4: "SIGILL", 6: "SIGABRT", 7: "SIGBUS", 8: "SIGFPE", 9: "SIGKILL",
	10: "SIGUSR1", 11: "SIGSEGV", 12: "SIGUSR2", 13: "SIGPIPE", 14: "SIGALRM", 15: "SIGTERM", 17: "SIGCHLD",
	18: "SIGCONT", 19: "SIGSTOP", 20: "SIGTSTP", 21: "SIGTTIN", 22: "SIGTTOU", 23: "SIGURG", 27: "SIGPROF",
	28: "SIGWINCH", 29: "SIGIO", 31: "SIGSYS",
}

// Signal is the text of a signal's number.
func Signal(sig int32) string {
	if s, ok := signals[sig]; ok {
		return s
	}
	return "<unknown>: " + strconv.Itoa(int(sig))
}

var fcntlCommands = map[int32]string{
	0: "F_DUPFD", 1: "F_GETFD", 2: "F_SETFD", 3: "F_GETFL", 4: "F_SETFL", 5: "F_GETLK", 6: "F_SETLK", 7: "F_SETLKW",
	8: "F_SETOWN", 9: "F_GETOWN", 10: "F_SETSIG", 11: "F_GETSIG",
	12: "F_GETLK", 13: "F_SETLK", 14: "F_SETLKW", // the 64-bit forms of i386
}

// FcntlCommand is the text of a command of fcntl.
func FcntlCommand(cmd int32) string {
	if s, ok := fcntlCommands[cmd]; ok {
		return s
	}
	return "<unknown>: " + strconv.Itoa(int(cmd))
}

// Protection is the text of the protection of mmap and mprotect.
func Protection(prot uint32) string {
	if prot == 0 {
		return "PROT_NONE"
	}
	var words []string
	for _, p := range []struct {
		bit  uint32
		name string
	}{{1, "PROT_READ"}, {2, "PROT_WRITE"}, {4, "PROT_EXEC"}, {0x01000000, "PROT_GROWSDOWN"}, {0x02000000, "PROT_GROWSUP"}} {
		if prot&p.bit != 0 {
			words = append(words, p.name)
			prot &^= p.bit
		}
	}
	if prot != 0 {
		words = append(words, fmt.Sprintf("<unknown:0x%x>", prot))
	}
	return strings.Join(words, "|")
}
