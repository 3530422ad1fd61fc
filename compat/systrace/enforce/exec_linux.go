package enforce

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"slices"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/compat/systrace/policy"
	"github.com/pledge-linux/pledge/compat/systrace/syntax"
	"github.com/pledge-linux/pledge/internal/abi"
	"github.com/pledge-linux/pledge/internal/sys"
)

// image is what an execve was judged to be.
type image struct {
	program string   // its text
	name    string   // as the caller gave it
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
		c.engine.problem("%s[%d] may not execute %s: %v", c.process.program, c.process.pid, img.program, err)
		c.fail(unix.EPERM)
		return
	}
	c.engine.tracer.do(func() {
		if sys.PtraceSeize(c.tid(), unix.PTRACE_O_TRACEEXEC) != nil {
			c.engine.problem("%s[%d]: ptrace is refused here, so programs cannot be executed", c.process.program, c.process.pid)
			c.fail(unix.EPERM)
			return
		}
		unix.PtraceInterrupt(c.tid())
		c.carryOn()
		c.seeThrough(img, next)
	})
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
				c.engine.problem("killed %s[%d]: it executed something else than %s: %s", c.process.program, c.process.pid, img.program, why)
				// Its parent hears of its end when the tracer has.
				unix.PtraceCont(id, 0)
				continue
			}
			c.engine.executed(c.process, img.program, next)
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
	img.name = c.strings[c.Args[at]]
	for _, a := range q.Args {
		switch a.Name {
		case "filename":
			img.program = a.Text
		case "argv":
			img.argv, img.hasArgv = c.arguments(c.Args[at+1]), true
		}
	}
	var fd int
	var e unix.Errno
	err := w.as(c.creds, func() {
		if fd, e = c.object(0); e == 0 {
			e = errno(unix.Faccessat(fd, "", unix.X_OK, unix.AT_EMPTY_PATH|unix.AT_EACCESS))
		}
	})
	if err != nil {
		e = errno(err)
	}
	if e != 0 {
		return nil, e
	}
	if text, err := c.textOf(fd); err == nil {
		img.program = strings.TrimSuffix(text, " (deleted)")
	}
	return img, img.read(c, fd)
}

// maxInterpreters is how many scripts may run each other, as in the kernel.
const maxInterpreters = 5

// read finds the file that the kernel will start: the file, or a script's
// interpreter.
func (img *image) read(c *call, fd int) unix.Errno {
	for range maxInterpreters {
		if err := unix.Fstat(fd, &img.exe); err != nil {
			return errno(err)
		}
		interpreter := shebang(fd)
		if interpreter == "" {
			return 0
		}
		img.script = true
		next, err := c.resolve(unix.AT_FDCWD, interpreter, false)
		if err != nil {
			return errno(err)
		}
		defer unix.Close(next)
		fd = next
	}
	return unix.ELOOP
}

// shebang is the interpreter that a script names; "" if the file is none or
// cannot be read, as the kernel then says.
func shebang(fd int) string {
	f, err := os.Open(procFD(fd))
	if err != nil {
		return ""
	}
	defer f.Close()
	head := make([]byte, 256)
	n, _ := f.Read(head)
	line, _, _ := bytes.Cut(head[:n], []byte("\n"))
	rest, ok := strings.CutPrefix(string(line), "#!")
	if !ok {
		return ""
	}
	fields := strings.Fields(rest)
	if len(fields) == 0 {
		return ""
	}
	return fields[0]
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
		// The kernel puts the interpreter before the script's name, and the
		// arguments but the first behind it.
		i := slices.Index(argv, img.name)
		if i < 1 {
			return "another script"
		}
		argv = argv[i:]
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
		b := c.bytes[at]
		if len(b) < int(word) {
			return list
		}
		pointer := uint64(binary.LittleEndian.Uint32(b))
		if word == 8 {
			pointer = binary.LittleEndian.Uint64(b)
		}
		s, ok := c.strings[pointer]
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
		e.mu.Lock()
		defer e.mu.Unlock()
		return c.process.policy, nil
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
func (e *engine) executed(p *process, program string, next *live) {
	e.mu.Lock()
	defer e.mu.Unlock()
	p.program, p.policy, p.creds, p.volatile = program, next, nil, false
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
