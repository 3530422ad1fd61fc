package convert

import (
	"strings"

	"github.com/pledge-linux/pledge/compat/systrace/syntax"
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
const unseen = "Landlock does not look at %s: any path that the user's permissions allow"

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

// kinds has the calls whose arguments decide what they need.
var kinds = map[string]kind{
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
	"chroot":      {path: true, perms: 0, grant: grantRoot},
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

// grantRoot: the program does it before it is confined, or is started there.
func grantRoot(c *conversion, e *entry, t term) {
	dir := "DIR"
	for _, l := range t {
		if strings.EqualFold(l.Name, "filename") && l.Op == syntax.Eq && !l.negated {
			dir = l.Operand
		}
	}
	if c.options.Root != "" {
		e.note(Narrower, "no promise admits chroot: the program's root has to be %s before", c.options.Root)
		return
	}
	e.note(Narrower, "no promise admits chroot: if paths are meant below it, convert with --root %s", dir)
}

func grantPlain(call string, args [6]uint64) func(*conversion, *entry, term) {
	return func(c *conversion, e *entry, t term) {
		if e.call.Fidelity == "lossy" {
			e.note(NoCounterpart, "%s", nearest(e.call))
		}
		c.need(e, call, args)
	}
}
