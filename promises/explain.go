package promises

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A Line is one thing that a promise admits, in words.
type Line struct {
	Call   string // system call, or the path of a whitelisted file
	Needs  Set    // all the words that this line takes
	Action Action
	Why    string
	// Situation says when the line holds, if it is not always.
	Situation string
}

// Explain lists what a set admits: every line whose words it holds, of each
// call the lines that a set word takes part in. Lines that every process has
// are left out; Explain(0) lists those.
func Explain(s Set) []Line {
	var lines []Line
	Rules(func(call string, rules []Rule) bool {
		for _, r := range rules {
			words := r.Needs.Words()
			if r.Action == Violate || words&^s != 0 || (s != 0) != (words != 0) || r.Unless.Words()&s != 0 {
				continue
			}
			if s == 0 && r.Action != Allow {
				continue
			}
			lines = append(lines, line(&r))
		}
		return true
	})
	for _, f := range Files {
		if s != 0 && f.Needs&^s == 0 {
			lines = append(lines, fileLine(&f))
		}
	}
	return lines
}

func line(r *Rule) Line {
	return Line{r.Call, r.Needs.Words(), r.Action, r.Why, situation(r)}
}

func fileLine(f *File) Line {
	l := Line{Call: f.Path, Needs: f.Needs, Action: Notify, Why: "open for reading: " + f.Why}
	if f.Write {
		l.Why = "open for reading and writing: " + f.Why
	}
	return l
}

var situations = []struct {
	bit        Set
	held, lack string
}{
	{Loads, "while programs are loaded", "once the program is loaded"},
	{Unsupervised, "in place", "supervised"},
	{SignalScope, "with Landlock's signal scope", "without Landlock's signal scope"},
	{ConnectLimited, "with --tcp-connect or --tcp-bind", "without --tcp-connect and --tcp-bind"},
	{NoBind, "without --tcp-bind", "unless only --tcp-connect is given"},
	{NetAdmin, "with CAP_NET_ADMIN", "without CAP_NET_ADMIN"},
	{UnixInherited, "with an inherited AF_UNIX socket", "without an inherited AF_UNIX socket"},
	{UnixUnpaired, "with an inherited AF_UNIX socket that may choose its peer", "without an inherited AF_UNIX socket that may choose its peer"},
	{InetInherited, "with an inherited Internet socket", "without an inherited Internet socket"},
	{OtherInherited, "with an inherited socket of another family", "without an inherited socket of another family"},
	{Veiled, "with unveiled paths, supervised", "unless unveiled paths are supervised"},
	{CreateOnly, "with c unveiled without w", "unless c is unveiled without w"},
	{TraceOpens, "with --report-unveil", "without --report-unveil"},
	{StrictUnveil, "with --strict-unveil", "without --strict-unveil"},
	{Whitelisted, "where Landlock limits reading", "where Landlock does not limit reading"},
	{WritesListed, "where Landlock limits writing", "where Landlock does not limit writing"},
	{Library, "by the library", "by the launcher"},
	{ExecRefused, "under narrower execpromises", "without narrower execpromises"},
	{Watched, "when only watched", "when not only watched"},
	{Trapped, "with OnViolation", "without OnViolation"},
	{Penalized, "with --kill", "without --kill"},
}

func situation(r *Rule) string {
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

// ExplainCall lists, for a system call written as openat, or with arguments as
// socket(AF_INET6) or openat(_, _, O_RDWR), the lines that decide it; _ and
// arguments left out match anything. The error says what is not understood.
func ExplainCall(expr string) ([]Line, error) {
	name, rest, hasArgs := strings.Cut(strings.TrimSpace(expr), "(")
	name = strings.TrimSpace(name)
	rules := RulesOf(name)
	if rules == nil {
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
	return matching(rules, given), nil
}

// matching returns the lines of the rules that can hold with the arguments
// that are given.
func matching(rules []Rule, given map[uint8]uint64) []Line {
	var lines []Line
	for i := range rules {
		r := &rules[i]
		holds := true
		for _, c := range r.When {
			v, ok := given[c.Arg]
			if ok && c.Op != Own {
				var args [6]uint64
				args[c.Arg] = v
				holds = holds && c.Holds(args, Self{})
			}
		}
		if !holds {
			continue
		}
		lines = append(lines, line(r))
		if r.Needs == 0 && r.Unless == 0 && !slices.ContainsFunc(r.When, func(c Cond) bool { _, ok := given[c.Arg]; return !ok }) {
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

// constants are the names that ExplainCall understands.
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

// summaries says in a line what each promise is for.
var summaries = [count]string{
	Stdio:     "input and output on open descriptors, memory, threads, time, own signals",
	Rpath:     "read the file system",
	Wpath:     "write existing files",
	Cpath:     "create, rename and remove names",
	Dpath:     "make FIFOs",
	Tmppath:   "create and remove files in /tmp (legacy: OpenBSD up to 7.8)",
	Inet:      "Internet sockets",
	Mcast:     "multicast options, with inet",
	Fattr:     "change permissions, times, own ownership, extended attributes",
	Chown:     "change ownership to anybody",
	Flock:     "lock files",
	Unix:      "local sockets",
	DNS:       "ask name servers",
	Getpw:     "look up users and groups",
	Sendfd:    "send descriptors over local sockets",
	Recvfd:    "receive descriptors over local sockets",
	Tape:      "tape drive requests",
	Tty:       "terminal requests, /dev/tty",
	Proc:      "start processes, signal them, set priorities and limits",
	Exec:      "execute programs",
	ProtExec:  "executable memory",
	Settime:   "set the clock",
	PS:        "read what processes are running",
	Vminfo:    "read memory and processor statistics",
	ID:        "change user and group, limits",
	PF:        "packet filter (accepted; grants nothing on Linux)",
	Route:     "read interfaces and routes",
	Wroute:    "change interfaces and routes",
	Audio:     "audio device requests",
	Video:     "video device requests",
	BPF:       "packet statistics of an open packet socket",
	Unveil:    "hide more paths later",
	Error:     "a mode: refused calls fail with ENOSYS and nothing is said",
	Disklabel: "block device requests",
	DRM:       "graphics device requests",
	VMM:       "virtual machine device requests",
}

// Summary says in a line what the promise is for.
func (p Promise) Summary() string {
	if p < count {
		return summaries[p]
	}
	return ""
}
