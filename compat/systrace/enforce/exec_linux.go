package enforce

import (
	"encoding/binary"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/compat/systrace/policy"
	"github.com/pledge-linux/pledge/compat/systrace/syntax"
	"github.com/pledge-linux/pledge/internal/abi"
	"github.com/pledge-linux/pledge/internal/sys"
)

// image is what an execve was judged to be.
type image struct {
	program string   // the path that its policy goes by
	prefix  []string // what the kernel puts before a script's arguments
	argv    []string // as they were judged; only if hasArgv
	hasArgv bool
	exe     unix.Stat_t // the program, or a script's interpreter
	script  bool
}

// execve lets the kernel execute a program, and looks at it before its first
// instruction runs: if it is another than was judged it is killed.
func (w *worker) execve(c *call, q *policy.Question, v policy.Verdict) {
	img, e := w.imageOf(c, q)
	if e != 0 {
		c.fail(e)
		return
	}
	next, err := w.policyAfter(c, img, v)
	if err != nil {
		c.engine.problem("%s[%d] may not execute %s: %v", c.program, c.process.pid, img.program, err)
		c.fail(unix.EPERM)
		return
	}
	if sys.PtraceSeize(c.tid(), unix.PTRACE_O_TRACEEXEC) != nil {
		c.engine.problem("%s[%d]: ptrace is refused here, so programs cannot be executed", c.program, c.process.pid)
		c.fail(unix.EPERM)
		return
	}
	unix.PtraceInterrupt(c.tid())
	c.carryOn()
	c.engine.leadOn()
	c.seeThrough(img, next)
}

// seeThrough sees the execve through.
func (c *call) seeThrough(img *image, next *live) {
	for {
		id, ws, ok := stopsOf(c.tid(), c.process.pid)
		switch {
		case !ok:
			return
		case ws.Exited() || ws.Signaled():
			c.engine.ended(id, ws)
			return
		case ptraceEvent(ws) == unix.PTRACE_EVENT_EXEC:
			if why := img.differs(c.process.pid); why != "" {
				unix.Kill(c.process.pid, unix.SIGKILL)
				c.engine.problem("killed %s[%d]: it executed something else than %s: %s", c.program, c.process.pid, img.program, why)
				// Its parent hears of its end when the tracer has.
				unix.PtraceCont(id, 0)
				continue
			}
			c.engine.executed(c.process, c.domain, img.program, next)
			// The stop that was asked for is taken back by this one: ptrace_stop().
			unix.PtraceDetach(id)
			return
		case ptraceEvent(ws) == eventStop: // the execve failed
			unix.PtraceDetach(id)
			return
		default: // a signal of its own
			unix.PtraceCont(id, int(ws.StopSignal()))
		}
	}
}

// imageOf reads what is about to be executed from the file itself.
func (w *worker) imageOf(c *call, q *policy.Question) (*image, unix.Errno) {
	img := &image{}
	at := 0
	if c.name == "execveat" {
		at = 1
	}
	name, _ := c.knownString(c.Args[at])
	for _, a := range q.Args {
		if a.Name == "argv" {
			img.argv, img.hasArgv = c.arguments(c.Args[at+1]), true
		}
	}
	fd := -1
	var e error
	err := w.as(c.creds, -1, func() {
		if fd, e = c.executable(); e == nil {
			e = unix.Faccessat2(fd, "", unix.X_OK, unix.AT_EMPTY_PATH|unix.AT_EACCESS)
		}
		if e == nil {
			e = img.read(c, fd, c.shownAs(name))
		}
	})
	if fd >= 0 {
		defer unix.Close(fd)
	}
	if err == nil {
		err = e
	}
	if err != nil {
		return nil, errno(err)
	}
	if img.program, err = c.engine.nameOf(fd); err != nil {
		return nil, errno(err)
	}
	return img, 0
}

// executable opens the file that is to be executed (O_PATH).
func (c *call) executable() (int, error) {
	if c.Empty(0) {
		return c.Descriptor(c.Args[0])
	}
	at, err := c.Place(0, true)
	if err != nil {
		return -1, err
	}
	defer at.Close()
	if c.name == "execveat" && c.Args[4]&unix.AT_SYMLINK_NOFOLLOW != 0 {
		if named, err := c.Place(0, false); err == nil {
			same := named.Same(at)
			named.Close()
			if !same {
				return -1, unix.ELOOP
			}
		}
	}
	return at.Object()
}

// shownAs is what the kernel calls the file: a script's interpreter gets that.
func (c *call) shownAs(name string) string {
	dir := int32(c.Args[0])
	switch {
	case c.name != "execveat" || dir == unix.AT_FDCWD || strings.HasPrefix(name, "/"):
		return name
	case name == "":
		return "/dev/fd/" + strconv.Itoa(int(dir))
	}
	return "/dev/fd/" + strconv.Itoa(int(dir)) + "/" + name
}

// nameOf is the path that a program's policy goes by: the file's own, as this
// process sees it. A file that does not lie where it says, because it was
// removed or lies in another mount namespace, goes by a name that no file has.
func (e *engine) nameOf(fd int) (string, error) {
	text, err := e.textOf(fd)
	if err != nil {
		return "", err
	}
	var is, there unix.Stat_t
	if err := unix.Fstat(fd, &is); err != nil {
		return "", err
	}
	if unix.Stat(text, &there) != nil || is.Dev != there.Dev || is.Ino != there.Ino {
		return text + " (not there)", nil
	}
	return text, nil
}

// maxInterpreters is how many scripts may run each other, as in the kernel.
const maxInterpreters = 5

// read finds the file that the kernel will start: the file, or a script's
// interpreter; and what that gets before the arguments.
func (img *image) read(c *call, fd int, name string) error {
	for range maxInterpreters {
		if err := unix.Fstat(fd, &img.exe); err != nil {
			return err
		}
		interpreter, arg := shebang(fd)
		if interpreter == "" {
			return nil
		}
		img.script = true
		words := []string{interpreter}
		if arg != "" {
			words = append(words, arg)
		}
		if len(img.prefix) == 0 {
			img.prefix = append(words, name)
		} else {
			img.prefix = append(words, img.prefix...)
		}
		next, err := c.found(interpreter)
		if err != nil {
			return err
		}
		defer unix.Close(next)
		fd = next
	}
	return unix.ELOOP
}

// found opens a file of the caller's (O_PATH).
func (c *call) found(name string) (int, error) {
	v, err := c.view()
	if err != nil {
		return -1, err
	}
	start, owned, err := c.start(unix.AT_FDCWD, name)
	if err != nil {
		return -1, err
	}
	if owned {
		defer unix.Close(start)
	}
	at, err := v.Find(start, name, true)
	if err != nil {
		return -1, err
	}
	defer at.Close()
	return at.Object()
}

// shebang is the interpreter that a script names, and the one argument that may
// stand behind it; "" if the file is none or cannot be read, as the kernel then
// says. It takes blanks and tabs for white, nothing else.
func shebang(fd int) (interpreter, arg string) {
	const head = 256 // BINPRM_BUF_SIZE
	f, err := unix.Open(procFD(fd), unix.O_RDONLY|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
	if err != nil {
		return "", ""
	}
	defer unix.Close(f)
	b := make([]byte, head)
	n, err := unix.Read(f, b)
	if err != nil || n < 2 || b[0] != '#' || b[1] != '!' {
		return "", ""
	}
	line, _, whole := strings.Cut(string(b[2:n]), "\n")
	line = strings.Trim(line, " \t")
	interpreter, arg, found := cutAny(line)
	if !whole && n == head && !found {
		return "", "" // the name is cut: the kernel does not take it
	}
	if i := strings.IndexByte(arg, 0); i >= 0 {
		arg = arg[:i]
	}
	return interpreter, strings.Trim(arg, " \t")
}

// cutAny cuts a line at its first blank, tab or NUL.
func cutAny(line string) (before, after string, found bool) {
	i := strings.IndexAny(line, " \t\x00")
	switch {
	case i < 0:
		return line, "", false
	case line[i] == 0:
		return line[:i], "", true
	}
	return line[:i], line[i+1:], true
}

// differs says how a process that has just executed is another than was judged.
func (img *image) differs(pid int) string {
	var st unix.Stat_t
	if err := unix.Stat(fmt.Sprintf("/proc/%d/exe", pid), &st); err != nil {
		return err.Error()
	}
	if st.Dev != img.exe.Dev || st.Ino != img.exe.Ino {
		return "another file"
	}
	args, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	if err != nil {
		return err.Error()
	}
	argv := strings.Split(strings.TrimSuffix(string(args), "\x00"), "\x00")
	if img.script {
		if len(argv) < len(img.prefix) || !slices.Equal(argv[:len(img.prefix)], img.prefix) {
			return "another script"
		}
		argv = argv[len(img.prefix)-1:]
	}
	if img.hasArgv && !img.sameArguments(argv) {
		return "other arguments"
	}
	return ""
}

// sameArguments compares what was executed with what was judged, which was
// read as far as it is judged. A script's first argument is its name.
func (img *image) sameArguments(argv []string) bool {
	judged := img.argv
	if len(judged) == 0 {
		judged = []string{""} // the kernel gives a program one argument at least
	}
	size := 0
	for i, a := range judged {
		size += len(a) + 1
		if i >= len(argv) || argv[i] != a && !(img.script && i == 0) {
			return false
		}
	}
	return len(argv) == len(judged) || size > maxJudged
}

// maxJudged is how much of the arguments package translate reads.
const maxJudged = 2047

// arguments are those that were read when the call was judged, from what is
// kept of them: the caller's memory is not looked at again.
func (c *call) arguments(at uint64) (list []string) {
	word := uint64(8)
	if c.arch == abi.I386 {
		word = 4
	}
	for ; ; at += word {
		b := c.knownBytes(at)
		if len(b) < int(word) {
			return list
		}
		pointer := uint64(binary.LittleEndian.Uint32(b))
		if word == 8 {
			pointer = binary.LittleEndian.Uint64(b)
		}
		s, ok := c.knownString(pointer)
		if !ok {
			return list
		}
		list = append(list, s)
	}
}

// policyAfter is the policy that the program will have.
func (w *worker) policyAfter(c *call, img *image, v policy.Verdict) (*live, error) {
	e := c.engine
	keep := e.o.Inherit || v.Rule != nil && (v.Rule.Simple || v.Rule.Flags&syntax.Inherit != 0)
	if keep {
		return c.live, nil
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if v.Rule != nil && v.Rule.Flags&syntax.Detach != 0 {
		return e.released(), nil
	}
	next, err := e.policyOf(img.program)
	if err == nil && next.loaded == nil && e.o.Mode == Automatic {
		err = fmt.Errorf("there is no policy for it")
	}
	if err == nil && next.section.Detached {
		return e.released(), nil
	}
	return next, err
}

// executed notes that a process runs another program.
func (e *engine) executed(p *process, d *domain, program string, next *live) {
	e.mu.Lock()
	defer e.mu.Unlock()
	// Other threads are gone: whoever they have begun since is known now.
	e.noteChildren(p)
	p.program, p.policy, p.creds, p.volatile = program, next, nil, false
	p.domain, p.domains = d, nil
	// A script's process is found by its interpreter when it is orphaned.
	e.runs(program, next)
	if exe, err := os.Readlink(fmt.Sprintf("/proc/%d/exe", p.pid)); err == nil {
		e.runs(exe, next)
	}
}

// ended notes the end of a process that the tracer has waited for.
func (e *engine) ended(id int, ws unix.WaitStatus) {
	if id != e.child {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.ends = &ws
}
