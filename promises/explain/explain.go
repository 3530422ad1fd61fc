// Package explain says what promises admit and why, in the words of the tables
// that decide it: which system calls a set of promises admits, and which promises
// a system call takes.
//
//	lines, err := explain.Call("socket(AF_INET6)")
//	lines := explain.Set(promises.Stdio.Set() | promises.Rpath.Set())
//
// # Limitations
//
// A seccomp filter sees numbers, not strings or structures. A line about a path or
// a structure says what the filter does; doc/security.md lists what follows from
// that.
//
// # Stability
//
// [Set], [Call] and [Line] stay as they are. Which lines there are, their order and
// their wording change with the kernel: show them to people, do not compare them.
package explain

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/pledge-linux/pledge/internal/rules"
	"github.com/pledge-linux/pledge/promises"
)

// What a line says of a call, if it is no error number such as "EPERM".
const (
	Allowed    = "allow"      // the kernel performs the call
	Refused    = "violation"  // the penalty
	Supervised = "supervised" // a supervisor decides, by more than numbers
)

// A Line is one thing that promises admit or refuse, in words.
type Line struct {
	Call   string       // system call, or the path of a whitelisted file
	Needs  promises.Set // all the words that this line takes
	Answer string       // Allowed, Refused, Supervised, or the name of an error
	Why    string
	// Situation says when the line holds, if it is not always.
	Situation string
}

// Set lists what a set admits: every line whose words it holds, of each
// call the lines that a set word takes part in. Lines that every process has
// are left out; Set(0) lists those.
func Set(s promises.Set) []Line {
	var lines []Line
	rules.All(func(call string, list []rules.Rule) bool {
		for _, r := range list {
			words := r.Needs.Words()
			if r.Action == rules.Violate || words&^s != 0 || (s != 0) != (words != 0) || r.Unless.Words()&s != 0 {
				continue
			}
			if s == 0 && r.Action != rules.Allow {
				continue
			}
			lines = append(lines, line(&r))
		}
		return true
	})
	for _, f := range rules.Files {
		if s != 0 && f.Needs&^s == 0 {
			lines = append(lines, fileLine(&f))
		}
	}
	return lines
}

func line(r *rules.Rule) Line {
	return Line{r.Call, r.Needs.Words(), r.Action.String(), r.Why, situation(r)}
}

func fileLine(f *rules.File) Line {
	l := Line{Call: f.Path, Needs: f.Needs, Answer: Supervised, Why: "open for reading: " + f.Why}
	if f.Write {
		l.Why = "open for reading and writing: " + f.Why
	}
	return l
}

var situations = []struct {
	bit        promises.Set
	held, lack string
}{
	{rules.Loads, "while programs are loaded", "once the program is loaded"},
	{rules.Unsupervised, "in place", "supervised"},
	{rules.SignalScope, "with Landlock's signal scope", "without Landlock's signal scope"},
	{rules.ConnectLimited, "with --tcp-connect or --tcp-bind", "without --tcp-connect and --tcp-bind"},
	{rules.NoBind, "without --tcp-bind", "unless only --tcp-connect is given"},
	{rules.NetAdmin, "with CAP_NET_ADMIN", "without CAP_NET_ADMIN"},
	{rules.UnixInherited, "with an inherited AF_UNIX socket", "without an inherited AF_UNIX socket"},
	{rules.UnixUnpaired, "with an inherited AF_UNIX socket that may choose its peer", "without an inherited AF_UNIX socket that may choose its peer"},
	{rules.InetInherited, "with an inherited Internet socket", "without an inherited Internet socket"},
	{rules.OtherInherited, "with an inherited socket of another family", "without an inherited socket of another family"},
	{rules.Veiled, "with unveiled paths, supervised", "unless unveiled paths are supervised"},
	{rules.CreateOnly, "with c unveiled without w", "unless c is unveiled without w"},
	{rules.TraceOpens, "with --report-unveil", "without --report-unveil"},
	{rules.StrictUnveil, "with --strict-unveil", "without --strict-unveil"},
	{rules.Whitelisted, "where Landlock limits reading", "where Landlock does not limit reading"},
	{rules.WritesListed, "where Landlock limits writing", "where Landlock does not limit writing"},
	{rules.Library, "by the library", "by the launcher"},
	{rules.ExecRefused, "under narrower execpromises", "without narrower execpromises"},
	{rules.Watched, "when only watched", "when not only watched"},
	{rules.Trapped, "with OnViolation", "without OnViolation"},
	{rules.Penalized, "with --kill", "without --kill"},
}

func situation(r *rules.Rule) string {
	var parts []string
	for _, s := range situations {
		if r.Needs&s.bit != 0 {
			parts = append(parts, s.held)
		}
		if r.Unless&s.bit != 0 {
			parts = append(parts, s.lack)
		}
	}
	if w := r.Unless.Words(); w != 0 {
		parts = append(parts, "without "+w.String())
	}
	return strings.Join(parts, ", ")
}

// Call lists, for a system call written as openat, or with arguments as
// socket(AF_INET6) or openat(_, _, O_RDWR), the lines that decide it; _ and
// arguments left out match anything. The error says what is not understood.
func Call(expr string) ([]Line, error) {
	name, rest, hasArgs := strings.Cut(strings.TrimSpace(expr), "(")
	name = strings.TrimSpace(name)
	found := rules.Of(name)
	if found == nil {
		return nil, fmt.Errorf("%q is neither a promise nor a system call", name)
	}
	given := map[uint8]uint64{}
	if hasArgs {
		list, ok := strings.CutSuffix(strings.TrimSpace(rest), ")")
		if !ok {
			return nil, fmt.Errorf("%s: the closing parenthesis is missing", expr)
		}
		for i, text := range strings.Split(list, ",") {
			text = strings.TrimSpace(text)
			if text == "_" || text == "" {
				continue
			}
			if i > 5 {
				return nil, fmt.Errorf("%s: a system call has six arguments at most", expr)
			}
			v, err := constant(text)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", expr, err)
			}
			given[uint8(i)] = v
		}
	}
	return matching(found, given), nil
}

// matching returns the lines of the rules that can hold with the arguments
// that are given.
func matching(list []rules.Rule, given map[uint8]uint64) []Line {
	var lines []Line
	for i := range list {
		r := &list[i]
		holds := true
		for _, c := range r.When {
			v, ok := given[c.Arg]
			if ok && c.Op != rules.Own {
				var args [6]uint64
				args[c.Arg] = v
				holds = holds && c.Holds(args, rules.Self{})
			}
		}
		if !holds {
			continue
		}
		lines = append(lines, line(r))
		if r.Needs == 0 && r.Unless == 0 && !slices.ContainsFunc(r.When, func(c rules.Cond) bool { _, ok := given[c.Arg]; return !ok }) {
			break // decides whatever is held
		}
	}
	return lines
}

// constant reads a number or names joined by |.
func constant(text string) (uint64, error) {
	var v uint64
	for part := range strings.SplitSeq(text, "|") {
		part = strings.TrimSpace(part)
		if n, ok := constantValue(part); ok {
			v |= n
			continue
		}
		n, err := strconv.ParseUint(part, 0, 64)
		if err != nil {
			return 0, fmt.Errorf("%q is no number and no constant that is known here", part)
		}
		v |= n
	}
	return v, nil
}

func constantValue(name string) (uint64, bool) {
	for _, c := range constants {
		if c.name == name {
			return c.value, true
		}
	}
	return 0, false
}

// constants are the names that Call understands.
var constants = [...]struct {
	name  string
	value uint64
}{
	{"NULL", 0}, {"AF_UNIX", 1}, {"AF_LOCAL", 1}, {"AF_INET", 2}, {"AF_INET6", 10}, {"AF_NETLINK", 16}, {"AF_PACKET", 17}, {"AF_VSOCK", 40}, {"AF_ALG", 38},
	{"SOCK_STREAM", 1}, {"SOCK_DGRAM", 2}, {"SOCK_RAW", 3}, {"SOCK_SEQPACKET", 5}, {"SOCK_CLOEXEC", 0x80000}, {"SOCK_NONBLOCK", 0x800},
	{"IPPROTO_TCP", 6}, {"IPPROTO_UDP", 17}, {"IPPROTO_ICMP", 1}, {"IPPROTO_MPTCP", 262}, {"IPPROTO_SCTP", 132}, {"IPPROTO_IP", 0}, {"IPPROTO_IPV6", 41},
	{"O_RDONLY", 0}, {"O_WRONLY", 1}, {"O_RDWR", 2}, {"O_CREAT", 0x40}, {"O_EXCL", 0x80}, {"O_TRUNC", 0x200}, {"O_APPEND", 0x400},
	{"O_TMPFILE", 0x410000}, {"O_DIRECTORY", 0x10000}, {"O_CLOEXEC", 0x80000}, {"O_PATH", 0x200000}, {"O_NONBLOCK", 0x800},
	{"PROT_NONE", 0}, {"PROT_READ", 1}, {"PROT_WRITE", 2}, {"PROT_EXEC", 4}, {"MAP_PRIVATE", 2}, {"MAP_ANONYMOUS", 0x20},
	{"F_GETFL", 3}, {"F_SETFL", 4}, {"F_GETLK", 5}, {"F_SETLK", 6}, {"F_SETLKW", 7}, {"F_SETOWN", 8}, {"F_SETSIG", 10}, {"F_DUPFD_CLOEXEC", 1030},
	{"TCGETS", 0x5401}, {"TCSETS", 0x5402}, {"TIOCGWINSZ", 0x5413}, {"TIOCSWINSZ", 0x5414}, {"TIOCSTI", 0x5412}, {"TIOCLINUX", 0x541c},
	{"TIOCSPGRP", 0x5410}, {"TIOCGPGRP", 0x540f}, {"FIONREAD", 0x541b}, {"FIONBIO", 0x5421}, {"FICLONE", 0x40049409}, {"SIOCGIFFLAGS", 0x8913},
	{"SOL_SOCKET", 1}, {"SO_KEEPALIVE", 9}, {"SO_REUSEADDR", 2}, {"SO_ERROR", 4}, {"SO_MARK", 36}, {"SO_BINDTODEVICE", 25}, {"TCP_NODELAY", 1},
	{"PR_SET_NAME", 15}, {"PR_SET_NO_NEW_PRIVS", 38}, {"PR_SET_DUMPABLE", 4}, {"PR_SET_MM", 35}, {"CLONE_NEWUSER", 0x10000000},
	{"CLONE_NEWNET", 0x40000000}, {"CLONE_NEWPID", 0x20000000}, {"CLONE_NEWNS", 0x20000}, {"S_IFIFO", 0x1000}, {"S_IFREG", 0x8000},
	{"MSG_FASTOPEN", 0x20000000}, {"AT_EMPTY_PATH", 0x1000},
}
