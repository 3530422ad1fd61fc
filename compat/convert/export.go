package convert

import (
	"fmt"
	"strings"

	"github.com/pledge-linux/pledge/compat/systrace/syntax"
	"github.com/pledge-linux/pledge/compat/systrace/translate"
	"github.com/pledge-linux/pledge/internal/abi"
	"github.com/pledge-linux/pledge/internal/quote"
	"github.com/pledge-linux/pledge/internal/rules"
	"github.com/pledge-linux/pledge/promises"
	"github.com/pledge-linux/pledge/unveil"
)

// Expressible are the words that rules of systrace can stand for. Those of the
// others have no names of calls of their own.
const Expressible = promises.Set(1)<<promises.Stdio | 1<<promises.Rpath | 1<<promises.Wpath | 1<<promises.Cpath |
	1<<promises.Dpath | 1<<promises.Inet | 1<<promises.Fattr | 1<<promises.Chown | 1<<promises.Flock | 1<<promises.Unix |
	1<<promises.DNS | 1<<promises.Getpw | 1<<promises.Tty | 1<<promises.Proc | 1<<promises.Exec | 1<<promises.ProtExec |
	1<<promises.Settime | 1<<promises.ID

// Export writes a policy of systrace that permits what promises and unveiled
// paths do. unveils is nil if no path is hidden. What the language cannot say
// is a comment in it.
func Export(program string, set promises.Set, unveils []Unveil) *syntax.Section {
	x := &exporter{set: set, hidden: unveils != nil, unveils: unveils,
		section: &syntax.Section{Kind: syntax.Policy, Name: program, Emulation: "linux64"}}
	x.section.Lead = lead(set, unveils)
	if lost := set &^ Expressible; lost != 0 {
		x.section.Lead = append(x.section.Lead, "# systrace has no rules for: "+lost.String())
	}
	x.files()
	x.names()
	x.sockets()
	x.memory()
	x.calls()
	return x.section
}

// lead is the command line that a policy stands for, as comments: on one line, or
// a line a path where that is too long to be read.
func lead(set promises.Set, unveils []Unveil) []string {
	const longest = syntax.MaxLine - 46
	lines := []string{fmt.Sprintf("# pledge %q", set)}
	total := len(lines[0])
	for _, u := range unveils {
		lines = append(lines, quote.Short("# -u "+quote.Shell(u.String()), longest))
		total += len(lines[len(lines)-1])
	}
	if total > longest {
		return lines
	}
	for _, l := range lines[1:] {
		lines[0] += strings.TrimPrefix(l, "#")
	}
	return lines[:1]
}

type exporter struct {
	set     promises.Set
	hidden  bool
	unveils []Unveil
	section *syntax.Section
}

func (x *exporter) has(list ...promises.Promise) bool {
	for _, p := range list {
		if x.set&p.Set() == 0 {
			return false
		}
	}
	return true
}

// rule adds "linux64-CALL: TEXT".
func (x *exporter) rule(call, text, comment string) {
	r, err := syntax.ParseRule(text)
	if err != nil {
		panic("export: " + text + ": " + err.Error())
	}
	r.Emulation, r.Call, r.Comment = x.section.Emulation, call, comment
	x.section.Rules = append(x.section.Rules, r)
}

// admit adds a rule if the promises admit the call with these arguments.
func (x *exporter) admit(call, text string, args [6]uint64) {
	if admitted(call, args, x.set) {
		x.rule(call, text, "")
	}
}

// paths adds a rule for every path that has the permission, or one for all. A
// path that allows less than one above is denied first.
func (x *exporter) paths(call string, perm unveil.Perms, more string) {
	if !x.hidden {
		x.rule(call, "true"+more+" then permit", "")
		return
	}
	for i := len(x.unveils) - 1; i >= 0; i-- { // the deepest first
		u := x.unveils[i]
		action := "permit"
		if u.Perms&perm == 0 {
			if !x.above(u.Path, perm) {
				continue
			}
			action = "deny[eacces]"
		}
		x.rule(call, "filename "+below(u.Path)+more+" then "+action, "")
	}
}

func (x *exporter) above(path string, perm unveil.Perms) bool {
	for _, u := range x.unveils {
		if u.Path != path && u.Perms&perm != 0 && within(path, u.Path) {
			return true
		}
	}
	return false
}

var globber = strings.NewReplacer(`*`, `\*`, `?`, `\?`, `[`, `\[`, `\`, `\\`)

// below is a comparison with a path and what lies below.
func below(path string) string {
	if path == "/" {
		return `match "/*"`
	}
	return "match " + syntax.Quote(globber.Replace(path))
}

// files are the rules on opening: whitelisted files, then unveiled ones.
func (x *exporter) files() {
	for _, f := range rules.Files {
		if f.Needs&^x.set != 0 || f.Path == "/" {
			continue
		}
		text := "filename eq " + syntax.Quote(f.Path)
		if dir, ok := strings.CutSuffix(f.Path, "/**"); ok {
			text = "filename match " + syntax.Quote(dir+"/*")
		} else if strings.Contains(f.Path, "*") {
			text = "filename match " + syntax.Quote(f.Path)
		}
		x.rule("fsread", text+" then permit", "")
		if f.Write {
			x.rule("fswrite", text+" then permit", "")
		}
	}
	if x.has(promises.Rpath) {
		x.paths("fsread", unveil.Read, "")
		x.rule("chdir", "true then permit", "")
	}
	x.writes()
	if x.has(promises.Exec) {
		x.paths("execve", unveil.Exec, "")
	}
}

// writes are the rules on opening to write. fswrite is opening to write, also
// to read and write, creating and removing; where not all of that is allowed
// the rules are on open.
func (x *exporter) writes() {
	if !x.has(promises.Wpath) {
		return
	}
	if !x.hidden {
		x.writesTo("true", rwc)
		return
	}
	for i := len(x.unveils) - 1; i >= 0; i-- { // the deepest first
		u := x.unveils[i]
		name := "filename " + below(u.Path)
		if u.Perms&w != 0 && x.writesTo(name, u.Perms) {
			continue
		}
		if x.above(u.Path, w) {
			x.rule("open", name+` and not oflags match "ro*" then deny[eacces]`, "")
			x.rule("fswrite", name+" then deny[eacces]", "")
		}
	}
}

// writesTo adds the rules for one place; it returns whether all writing is
// permitted there.
func (x *exporter) writesTo(name string, perms unveil.Perms) bool {
	reads, creates := x.has(promises.Rpath) && perms&r != 0, x.has(promises.Cpath) && perms&cr != 0
	flags := ""
	if !creates {
		flags = ` and oflags nsub "c"`
	}
	if reads { // "not" takes all that follows, so it comes last
		flags += ` and not oflags match "ro*"`
	} else {
		flags += ` and oflags match "wo*"`
	}
	x.rule("open", name+flags+" then permit", "")
	if reads && creates {
		x.rule("fswrite", name+" then permit", "")
	}
	return reads && creates
}

// names are the rules on making, removing and changing names.
func (x *exporter) names() {
	if x.has(promises.Cpath) {
		for _, call := range []string{"mkdir", "rmdir", "unlink", "symlink"} {
			if admitted(call, exampleCreate(call), x.set) {
				x.paths(call, unveil.Create, "")
			}
		}
		for _, call := range []string{"rename", "link"} {
			if admitted(call, exampleCreate(call), x.set) {
				x.pairs(call)
			}
		}
	}
	if x.has(promises.Dpath) && admitted("mknod", exampleArgs["mknod"][0], x.set) {
		x.paths("mknod", unveil.Create, "")
	}
	if x.has(promises.Fattr) {
		x.admit("chmod", "true then permit", exampleAttributes("chmod"))
		for _, call := range []string{"utime", "utimes", "utimensat", "futimesat", "fchmod"} {
			x.admit(call, "permit", [6]uint64{})
		}
	}
	if x.has(promises.Chown) {
		x.admit("chown", "true then permit", exampleAttributes("chown"))
		x.admit("lchown", "true then permit", exampleAttributes("chown"))
		x.admit("fchown", "permit", [6]uint64{3, 1, 1})
	}
	if !x.hidden { // rules of linux64 cannot look at its path
		x.admit("truncate", "permit", [6]uint64{0x1000})
	}
}

// pairs: both names of a call must be where names may be made.
func (x *exporter) pairs(call string) {
	if !x.hidden {
		x.rule(call, "true then permit", "")
		return
	}
	if first := x.anywhere(""); first != "" {
		x.rule(call, first+" and "+x.anywhere("[1]")+" then permit", "")
	}
}

// anywhere is the expression that a name is where names may be made: below a
// path that has c, and not below one inside that has not.
func (x *exporter) anywhere(index string) string {
	var list []string
	for _, u := range x.unveils {
		if u.Perms&cr == 0 {
			continue
		}
		text := "filename" + index + " " + below(u.Path)
		if holes := x.inside(u.Path, index); holes != "" {
			text = "( " + text + " and not " + holes + " )"
		}
		list = append(list, text)
	}
	if list == nil {
		return ""
	}
	return "( " + strings.Join(list, " or ") + " )"
}

// inside is the expression that a name is below a path inside dir without c,
// unless one still deeper has it again; that is a place of its own.
func (x *exporter) inside(dir, index string) string {
	var list []string
	for _, u := range x.unveils {
		if u.Path != dir && u.Perms&cr == 0 && within(u.Path, dir) {
			list = append(list, "filename"+index+" "+below(u.Path))
		}
	}
	return strings.Join(list, " or ")
}

func within(path, dir string) bool { return dir == "/" || strings.HasPrefix(path, dir+"/") }

func (x *exporter) sockets() {
	inet, unix, dns := x.has(promises.Inet), x.has(promises.Unix), x.has(promises.DNS)
	if inet || dns {
		x.rule("socket", `sockdom eq "AF_INET" then permit`, "")
		x.rule("socket", `sockdom eq "AF_INET6" then permit`, "")
	}
	if unix {
		x.rule("socket", `sockdom eq "AF_UNIX" then permit`, "")
	}
	for _, call := range []string{"connect", "bind", "sendto", "sendmsg"} {
		switch {
		case inet:
			x.rule(call, `sockaddr match "inet-*" then permit`, "")
		case dns && call != "bind":
			x.rule(call, `sockaddr match "inet-*:53" then permit`, "")
		}
		if unix {
			x.local(call)
		}
	}
	if x.has(promises.Stdio) {
		x.rule("sendto", `not sockaddr sub "" then permit`, "# without an address")
		x.rule("sendmsg", `sockaddr eq "<unknown>" then permit`, "# without an address")
	}
	if inet || unix {
		for _, call := range []string{"accept", "accept4", "listen", "recvmsg", "recvmmsg"} {
			x.rule(call, "permit", "")
		}
	}
}

// local are rules on the paths of local sockets: one is made where names may
// be made.
func (x *exporter) local(call string) {
	if call != "bind" || !x.hidden {
		x.rule(call, `sockaddr match "/*" then permit`, "")
		return
	}
	for _, u := range x.unveils {
		if u.Perms&cr != 0 {
			x.rule(call, "sockaddr "+below(u.Path)+" then permit", "")
		}
	}
}

func (x *exporter) memory() {
	for _, call := range []string{"mmap", "mprotect"} {
		switch {
		case x.has(promises.ProtExec):
			x.rule(call, `prot sub "PROT_EXEC" then permit`, "")
			x.rule(call, `true then permit`, "")
		case x.has(promises.Stdio):
			x.rule(call, `prot nsub "PROT_EXEC" then permit`, "")
		}
	}
	switch {
	case x.has(promises.Proc):
		x.rule("kill", "true then permit", "")
		x.rule("clone", "permit", "")
		x.rule("fork", "permit", "")
		x.rule("vfork", "permit", "")
	case x.has(promises.Stdio):
		x.rule("kill", `pidname eq "<own process group>" then permit`, "")
	}
	if x.has(promises.Stdio) {
		for _, cmd := range []string{"F_DUPFD", "F_GETFD", "F_SETFD", "F_GETFL", "F_SETFL", "<unknown>: 1030"} {
			x.rule("fcntl", "cmd eq "+syntax.Quote(cmd)+" then permit", "")
		}
	}
	if x.has(promises.Flock) {
		for _, cmd := range []string{"F_GETLK", "F_SETLK", "F_SETLKW"} {
			x.rule("fcntl", "cmd eq "+syntax.Quote(cmd)+" then permit", "")
		}
	}
}

// asked are calls that the rules above are about, by other names.
var asked = map[string]bool{"fork": true, "vfork": true, "utime": true, "utimes": true, "utimensat": true, "futimesat": true,
	"accept": true, "accept4": true, "listen": true, "recvmsg": true, "recvmmsg": true}

// calls are those without arguments that rules need to look at.
func (x *exporter) calls() {
	for _, call := range abi.AMD64.Calls() {
		if translate.Judged(call.Name) && !strings.HasPrefix(call.Name, "set") && call.Name != "ioctl" || asked[call.Name] {
			continue
		}
		args, ok := exampleArgs[call.Name]
		if !ok {
			args = [][6]uint64{{}}
		}
		if len(args) == 0 || !admitted(call.Name, args[0], x.set) {
			continue
		}
		comment := ""
		if conditional(call.Name, x.set) {
			comment = "# promises look at its arguments; systrace does not"
		}
		x.rule(call.Name, "permit", comment)
	}
}

// conditional tells whether the promises admit some calls of that name only.
func conditional(call string, s promises.Set) bool {
	for _, r := range rules.Of(call) {
		if r.Applies(s) {
			return len(r.When) > 0
		}
	}
	return false
}
