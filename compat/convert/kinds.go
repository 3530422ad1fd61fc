package convert

import (
	"slices"
	"strings"

	"github.com/pledge-linux/pledge/compat/systrace/policy"
	"github.com/pledge-linux/pledge/compat/systrace/syntax"
	"github.com/pledge-linux/pledge/compat/systrace/translate"
	"github.com/pledge-linux/pledge/promises"
	"github.com/pledge-linux/pledge/unveil"
)

// kind is how rules of some calls are converted.
type kind struct {
	path  bool         // its arguments are paths
	perms unveil.Perms // that its paths need
	grant func(c *conversion, e *entry, t term)
	note  *Reason
}

const (
	r   = unveil.Read
	w   = unveil.Write
	x   = unveil.Exec
	cr  = unveil.Create
	rwc = r | w | cr
)

// Open flags and modes of example calls.
const (
	oRdonly   = 0
	oWronly   = 1
	oCreat    = 0x40
	oTrunc    = 0x200
	oAppend   = 0x400
	oNonblock = 0x800

	sIFIFO = 0o010000
	sIFREG = 0o100000
)

// unseen is what Landlock does not look at.
var unseen = "Landlock does not look at %s: any path that the user's permissions allow"

// exampleArgs are arguments with which calls are judged, where not all zero.
var exampleArgs = map[string][][6]uint64{
	"arch_prctl":        {{0x1002, 0x1000}},     // ARCH_SET_FS
	"getpeername":       nil,                    // sockets: see network
	"getsockopt":        {{3, 1, 4}},            // SO_ERROR
	"ioctl":             {{0, 0x541b}},          // FIONREAD
	"prlimit64":         {{0, 7, 0, 0x1000}},    // reads
	"sched_getaffinity": {{0, 128, 0x1000}},     //
	"setpriority":       {{0, 0, 5}},            // PRIO_PROCESS, this process
	"socketpair":        {{1, 1, 0}},            // AF_UNIX
	"tgkill":            {{4242, 4242, 6}},      // abort()
	"tkill":             {{4242, 6}},            //
	"timer_create":      {{0, 0, 0x1000}},       //
	"mremap":            {{0x1000, 4096, 8192}}, //
	"prctl":             {{15, 0x1000}},         // PR_SET_NAME
	"madvise":           {{0x1000, 4096, 4}},    // MADV_DONTNEED
	"fstat":             {{0, 0x1000}},          //
	"recvfrom":          {{0, 0x1000, 1}},       //
	"mknod":             {{0x1000, sIFIFO | 0o600}},
	"mknodat":           {{3, 0x1000, sIFIFO | 0o600}},
}

var kinds map[string]kind

// kindTable has the calls whose arguments decide what they need.
func kindTable() map[string]kind {
	return map[string]kind{
		"fsread":      {path: true, perms: r, grant: grantRead},
		"fswrite":     {path: true, perms: w | cr, grant: grantWrite},
		"open":        {path: true, perms: rwc, grant: grantOpen},
		"openat":      {path: true, perms: rwc, grant: grantOpen},
		"creat":       {path: true, perms: w | cr, grant: grantWrite},
		"stat":        {path: true, perms: 0, grant: grantLook("stat")},
		"lstat":       {path: true, perms: 0, grant: grantLook("lstat")},
		"newfstatat":  {path: true, perms: 0, grant: grantLook("newfstatat")},
		"access":      {path: true, perms: 0, grant: grantLook("access")},
		"faccessat":   {path: true, perms: 0, grant: grantLook("faccessat")},
		"readlink":    {path: true, perms: 0, grant: grantLook("readlink")},
		"readlinkat":  {path: true, perms: 0, grant: grantLook("readlinkat")},
		"chdir":       {path: true, perms: 0, grant: grantLook("chdir")},
		"execve":      {path: true, perms: x, grant: grantExec},
		"unlink":      {path: true, perms: cr, grant: grantCreate("unlink")},
		"unlinkat":    {path: true, perms: cr, grant: grantCreate("unlinkat")},
		"rmdir":       {path: true, perms: cr, grant: grantCreate("rmdir")},
		"mkdir":       {path: true, perms: cr, grant: grantCreate("mkdir")},
		"mkdirat":     {path: true, perms: cr, grant: grantCreate("mkdirat")},
		"mkfifo":      {path: true, perms: cr, grant: grantCreate("mkfifo")},
		"rename":      {path: true, perms: cr, grant: grantCreate("rename")},
		"renameat":    {path: true, perms: cr, grant: grantCreate("renameat")},
		"link":        {path: true, perms: cr, grant: grantCreate("link")},
		"linkat":      {path: true, perms: cr, grant: grantCreate("linkat")},
		"symlink":     {path: true, perms: cr, grant: grantCreate("symlink")},
		"symlinkat":   {path: true, perms: cr, grant: grantCreate("symlinkat")},
		"mknod":       {path: true, perms: cr, grant: grantDevice("mknod")},
		"mknodat":     {path: true, perms: cr, grant: grantDevice("mknodat")},
		"truncate":    {path: true, perms: w, grant: grantTruncate},
		"chmod":       {path: true, perms: 0, grant: grantAttributes("chmod")},
		"fchmodat":    {path: true, perms: 0, grant: grantAttributes("fchmodat")},
		"chown":       {path: true, perms: 0, grant: grantAttributes("chown")},
		"lchown":      {path: true, perms: 0, grant: grantAttributes("lchown")},
		"fchownat":    {path: true, perms: 0, grant: grantAttributes("fchownat")},
		"mmap":        {grant: grantMap("mmap")},
		"mprotect":    {grant: grantMap("mprotect")},
		"kill":        {grant: grantKill},
		"fcntl":       {grant: grantFcntl},
		"clone":       {grant: grantFork},
		"fork":        {grant: grantFork},
		"vfork":       {grant: grantFork},
		"ioctl":       {grant: grantIoctl},
		"socket":      {grant: grantSocket},
		"bind":        {grant: grantAddress},
		"connect":     {grant: grantAddress},
		"sendto":      {grant: grantAddress},
		"sendmsg":     {grant: grantAddress},
		"recvmsg":     {grant: grantTransfer},
		"accept":      {grant: grantOnSocket},
		"accept4":     {grant: grantOnSocket},
		"listen":      {grant: grantOnSocket},
		"setsockopt":  {grant: grantOnSocket},
		"getpeername": {grant: grantOnSocket},
		"uname":       {grant: grantPlain("uname", [6]uint64{})},
	}
}

func init() { kinds = kindTable() } // kindTable's functions use kinds

func grantPlain(call string, args [6]uint64) func(*conversion, *entry, term) {
	return func(c *conversion, e *entry, t term) {
		if e.call.Fidelity == "lossy" {
			e.note(NoCounterpart, "%s", nearest(e.call))
		}
		c.need(e, call, args)
	}
}

// literals returns those of a term about an argument, and notes the others as
// conditions that are lost.
func (c *conversion) literals(e *entry, t term, keep ...string) (list []literal) {
	for _, l := range t {
		if slices.ContainsFunc(keep, func(name string) bool { return strings.EqualFold(name, l.Name) }) {
			list = append(list, l)
			continue
		}
		e.note(Wider, "whatever the %s is: not only %s", l.Name, l.text())
	}
	return list
}

// pathsOf finds where the paths of a term are on Linux. all is set if the term
// names none, ok is false if the rule asks for nothing that can be unveiled.
func (c *conversion) pathsOf(e *entry, t term, keep ...string) (list []place, all, ok bool) {
	literals := c.literals(e, t, append(keep, "filename")...)
	named := false
	for _, l := range literals {
		if !strings.EqualFold(l.Name, "filename") {
			continue
		}
		named = true
		p := c.place(l)
		e.reasons = append(e.reasons, fresh(e, p.reasons)...)
		if p.path == "" {
			continue
		}
		paths, said := onLinux(p.path)
		if said != nil {
			e.note(said.Class, "%s", said.Text)
		}
		for _, q := range paths {
			list = append(list, place{path: q, subtree: p.subtree})
		}
	}
	if !named {
		return nil, true, true
	}
	return list, false, len(list) > 0
}

func fresh(e *entry, reasons []Reason) (list []Reason) {
	for _, r := range reasons {
		if !slices.Contains(e.reasons, r) {
			list = append(list, r)
		}
	}
	return list
}

// unveil grants permissions on the paths of a term.
func (c *conversion) unveil(e *entry, list []place, all bool, perms unveil.Perms) {
	if all {
		c.anyPath |= perms
		return
	}
	for _, p := range list {
		c.paths = append(c.paths, pathGrant{entry: e, path: p.path, perms: perms, subtree: p.subtree})
	}
}

// grantRead: fsread is opening to read, stat, access and readlink.
func grantRead(c *conversion, e *entry, t term) {
	list, all, ok := c.pathsOf(e, t)
	if !ok {
		return
	}
	var files []place
	for _, p := range list {
		if !c.readsByWord(e, p) {
			files = append(files, p)
		}
	}
	if !all && len(files) == 0 {
		return
	}
	c.unveil(e, files, all, r)
	c.open(e, oRdonly)
	c.need(e, "stat", [6]uint64{0x1000, 0x1000})
}

// readsByWord: files that a promise reads without rpath.
func (c *conversion) readsByWord(e *entry, p place) bool {
	readable, user := userFiles[p.path]
	switch {
	case c.whitelisted(p, false) && !isTerminal(p.path):
		return true
	case user && readable:
		c.definite |= promises.Getpw.Set()
		e.note(Exact, "%s: %s", p.path, getpwWhy)
		return true
	case user:
		c.definite |= promises.Getpw.Set()
		e.note(Narrower, "%s holds passwords and stays shut; unveil r:/etc/shadow for them", p.path)
		return true
	case isTerminal(p.path):
		c.definite |= promises.Tty.Set()
	}
	return c.whitelisted(p, false)
}

// whitelisted tells whether a promise opens the file without rpath and wpath:
// stdio, tty for a terminal, dns for what libc's resolver reads.
func (c *conversion) whitelisted(p place, write bool) bool {
	s := promises.Stdio.Set() | promises.Tty.Set() | c.net.words&promises.DNS.Set()
	if p.path == "/" { // dns and getpw look at its status only
		return false
	}
	f := promises.Find(promises.Files, s, p.path)
	if f == nil && p.subtree {
		f = promises.Find(promises.Files, s, p.path+"/x")
	}
	return f != nil && (f.Write || !write)
}

func (c *conversion) open(e *entry, flags uint64) {
	c.need(e, "openat", [6]uint64{^uint64(99), 0x1000, flags, 0o600})
}

// grantWrite: fswrite is opening to write, mkdir, rmdir and unlink.
func grantWrite(c *conversion, e *entry, t term) {
	list, all, ok := c.pathsOf(e, t)
	if !ok {
		return
	}
	var files, devices []place
	for _, p := range list {
		if isTerminal(p.path) {
			c.definite |= promises.Tty.Set()
		}
		switch {
		case c.whitelisted(p, true):
		case strings.HasPrefix(p.path, "/dev/"):
			devices = append(devices, p)
		default:
			files = append(files, p)
		}
	}
	if len(devices) > 0 {
		c.unveil(e, devices, false, w)
		c.open(e, oWronly)
	}
	if all || len(files) > 0 {
		c.unveil(e, files, all, w|cr)
		c.open(e, oWronly|oCreat)
		c.need(e, "mkdir", [6]uint64{0x1000, 0o700})
	}
}

// grantOpen: rules on open itself may look at its flags.
func grantOpen(c *conversion, e *entry, t term) {
	list, all, ok := c.pathsOf(e, t, "oflags")
	if !ok {
		return
	}
	perms, flags := openings(t)
	if len(flags) == 0 {
		e.note(Exact, "never decides: no flags are like that")
		return
	}
	c.unveil(e, list, all, perms)
	for _, f := range flags {
		c.open(e, f)
	}
}

// openings tries all flags of open on a term: what the paths need, and an
// example of each way of opening.
func openings(t term) (perms unveil.Perms, flags []uint64) {
	for access, need := range []unveil.Perms{r, w, r | w} {
		for _, create := range []bool{false, true} {
			f := uint64(access)
			if create {
				f, need = f|oCreat, need|cr
			}
			if opens(t, f) {
				perms |= need
				flags = append(flags, f)
			}
		}
	}
	return perms, flags
}

// opens tells whether a term holds for these flags with some of those that do
// not matter: O_APPEND, O_NONBLOCK, O_TRUNC.
func opens(t term, flags uint64) bool {
	for _, more := range []uint64{0, oAppend, oTrunc, oNonblock, oAppend | oNonblock, oTrunc | oNonblock, oAppend | oTrunc} {
		text := translate.OpenFlags(flags|more, false)
		if !slices.ContainsFunc(t, func(l literal) bool {
			return strings.EqualFold(l.Name, "oflags") && policy.Holds(l.Cond, text) == l.negated
		}) {
			return true
		}
	}
	return false
}

// grantLook: Landlock does not look at these; rpath admits them.
func grantLook(call string) func(*conversion, *entry, term) {
	return func(c *conversion, e *entry, t term) {
		_, all, ok := c.pathsOf(e, t)
		if !ok {
			return
		}
		if !all {
			e.note(Wider, unseen, call)
		}
		c.need(e, call, exampleLook(call))
	}
}

// exampleLook are arguments of a call that looks at the path "x".
func exampleLook(call string) [6]uint64 {
	if strings.HasSuffix(call, "at") && call != "stat" && call != "lstat" {
		return [6]uint64{^uint64(99), 0x1000, 0x1000, 0}
	}
	return [6]uint64{0x1000, 0x1000, 0x1000}
}

func grantExec(c *conversion, e *entry, t term) {
	list, all, ok := c.pathsOf(e, t)
	if !ok {
		return
	}
	if !e.rule.Simple && e.rule.Flags&syntax.Inherit == 0 && !c.options.Inherit {
		e.note(Narrower, "what is executed keeps these promises; under systrace it got a policy of its own (--inherit if it did not)")
	}
	for i := range list {
		if c.isScript(list[i].path) {
			c.unveil(e, list[i:i+1], false, r|x)
		}
	}
	c.unveil(e, list, all, x)
	c.need(e, "execve", [6]uint64{0x1000, 0x1000, 0x1000})
}

// grantCreate: calls that make and remove names.
func grantCreate(call string) func(*conversion, *entry, term) {
	return func(c *conversion, e *entry, t term) {
		list, all, ok := c.pathsOf(e, t)
		if !ok {
			return
		}
		if both := countNames(t) > 1; both {
			e.note(Wider, "each path with each: not only in these pairs")
		} else if twoNames(call) && !all {
			c.secondAnywhere(e, call)
			return
		}
		c.unveil(e, list, all, cr)
		c.need(e, nameOf(call), exampleCreate(call))
	}
}

// secondAnywhere: a rule on one of two paths permits the other to be anywhere.
func (c *conversion) secondAnywhere(e *entry, call string) {
	c.anyPath |= cr
	c.need(e, nameOf(call), exampleCreate(call))
	e.note(Wider, "both paths may be anywhere: the rule names one of two")
}

func nameOf(call string) string {
	if call == "mkfifo" {
		return "mknod"
	}
	return call
}

func twoNames(call string) bool {
	return strings.HasPrefix(call, "rename") || strings.HasPrefix(call, "link")
}

func countNames(t term) int {
	seen := map[int]bool{}
	for _, l := range t {
		if strings.EqualFold(l.Name, "filename") {
			seen[max(l.Index, 0)] = true
		}
	}
	return len(seen)
}

func exampleCreate(call string) [6]uint64 {
	switch call {
	case "mkfifo":
		return [6]uint64{0x1000, sIFIFO | 0o600}
	case "mkdirat", "unlinkat":
		return [6]uint64{^uint64(99), 0x1000, 0}
	case "symlinkat":
		return [6]uint64{0x1000, ^uint64(99), 0x1000}
	case "renameat", "linkat":
		return [6]uint64{^uint64(99), 0x1000, ^uint64(99), 0x1000}
	}
	return [6]uint64{0x1000, 0o700 & uint64(len(call))}
}

// grantDevice: of what mknod makes, dpath admits FIFOs.
func grantDevice(call string) func(*conversion, *entry, term) {
	return func(c *conversion, e *entry, t term) {
		list, all, ok := c.pathsOf(e, t)
		if !ok {
			return
		}
		c.unveil(e, list, all, cr)
		c.need(e, call, exampleArgs[call]...)
		e.note(Narrower, "FIFOs only: no promise lets devices be made")
	}
}

func grantTruncate(c *conversion, e *entry, t term) {
	list, all, ok := c.pathsOf(e, t)
	if !ok {
		return
	}
	c.unveil(e, list, all, w)
	c.need(e, "truncate", [6]uint64{0x1000, 0})
}

// grantAttributes: unveil does not reach chmod and its like.
func grantAttributes(call string) func(*conversion, *entry, term) {
	return func(c *conversion, e *entry, t term) {
		_, all, ok := c.pathsOf(e, t)
		if !ok {
			return
		}
		if !all {
			e.note(Wider, unseen, call)
		}
		c.need(e, call, exampleAttributes(call))
	}
}

func exampleAttributes(call string) [6]uint64 {
	switch call {
	case "fchmodat":
		return [6]uint64{^uint64(99), 0x1000, 0o644}
	case "fchownat":
		return [6]uint64{^uint64(99), 0x1000, 1, 1}
	case "chown", "lchown":
		return [6]uint64{0x1000, 1, 1}
	}
	return [6]uint64{0x1000, 0o644}
}
