//go:build amd64 || arm64

package launcher

import (
	"errors"
	"fmt"
	"io/fs"
	"runtime"
	"sync"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/filter"
	"github.com/pledge-linux/pledge/internal/landlock"
	"github.com/pledge-linux/pledge/internal/procfs"
	"github.com/pledge-linux/pledge/internal/program"
	"github.com/pledge-linux/pledge/internal/rules"
	"github.com/pledge-linux/pledge/internal/sys"
	"github.com/pledge-linux/pledge/promises"
)

// A launch is one run of a Spec.
type launch struct {
	spec  *Spec
	image *image
	// key is on its way from where it was drawn to where it is used.
	key filter.ExecKey
	// core is the limit of core files that the program gets back.
	core *unix.Rlimit
	// files is the limit of descriptors that the program gets back.
	files *unix.Rlimit
	// before is where the launcher may run; it is pinned while it launches.
	before *sys.Affinity
	// set is the promises with the situations of this launch, and added are the
	// path rules beside those that were asked for: see situate.
	set   promises.Set
	added []landlock.PathRule
	// libraries are where the program's loader may find some; see library.
	libraries   *libraries
	libraryOnce sync.Once
	// deps are what the rules of the program's libraries are made of.
	deps program.Deps
	// stub is set where somebody else starts the program later: which files, user
	// and capabilities it has then is not known.
	stub bool
	// unsupervised is set where the kernel refuses a listener.
	unsupervised bool
	// interruptible is set where signals can interrupt a call that waits for
	// the supervisor, because the kernel is older than 5.19.
	interruptible bool
	// scope is who may look at the program.
	scope procfs.Scope
	// untraced is set where ptrace is refused.
	untraced bool
}

func newLaunch(s *Spec) (*launch, error) {
	if s.Report == nil {
		s.Report = &Report{}
	}
	im, err := findImage(s)
	if err != nil {
		return nil, err
	}
	if err := runnable(im, s); err != nil {
		im.close()
		return nil, err
	}
	return &launch{spec: s, image: im}, nil
}

// runnable refuses programs of an architecture that this kernel's launcher has
// no business with, and those whose memory is all code.
func runnable(im *image, s *Spec) error {
	host := hostArch()
	if host == nil {
		return failf("no filters are built for %s (amd64 and arm64 are)", runtime.GOARCH)
	}
	if im.arch == host || im.arch.Name == "386" && host.Name == "amd64" {
		return codeOf(im, s)
	}
	return &Error{statusNotExec, fmt.Errorf("%s is a program for %s, this machine is %s", im.path, im.arch.Name, host.Name)}
}

// guardSelf keeps other processes of the same user out of this one, which knows
// the key for a while and performs calls later on: its memory cannot be opened,
// and it cannot be traced. Executing a program ends that.
func guardSelf() error {
	if err := unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0); err != nil {
		return failf("keep others out of the launcher: PR_SET_DUMPABLE: %w", err)
	}
	return nil
}

// leaveNoCore has this process write no core file, whatever becomes of its
// credentials; the program gets the limit back.
func (l *launch) leaveNoCore() {
	var was unix.Rlimit
	if unix.Prlimit(0, unix.RLIMIT_CORE, nil, &was) == nil && was.Cur != 0 &&
		unix.Prlimit(0, unix.RLIMIT_CORE, &unix.Rlimit{Cur: 0, Max: was.Max}, nil) == nil {
		l.core = &was
	}
}

// closeInherited makes every descriptor above 2 close on exec, but for those to
// keep.
func closeInherited(keep []int) error {
	if err := sys.CloseInherited(); err != nil {
		return failf("%w", err)
	}
	for _, fd := range keep {
		if _, err := unix.FcntlInt(uintptr(fd), unix.F_SETFD, 0); err != nil {
			return failf("--keep-fd %d: %w: the launcher did not inherit it", fd, err)
		}
	}
	for _, fd := range append([]int{0, 1, 2}, keep...) {
		if sys.Ring(fd) {
			return failf("descriptor %d is a ring of io_uring, whose calls no filter sees: close it for the program", fd)
		}
	}
	return nil
}

// inheritedSockets are the sockets that the program has from the start.
func inheritedSockets(keep []int) (list []rules.InheritedSocket) {
	for _, fd := range append([]int{0, 1, 2}, keep...) {
		if k, ok := sys.Socket(fd); ok {
			list = append(list, rules.InheritedSocket(k))
		}
	}
	return list
}

// openRuleset returns the descriptor of the ruleset, or -1.
func openRuleset(r *landlock.Ruleset) (int, error) {
	if r.Empty() {
		return -1, nil
	}
	fd, err := r.Open()
	if err != nil {
		return -1, failf("%w", err)
	}
	return fd, nil
}

// violationVerdict is what the kernel answers where no supervisor does.
func (l *launch) violationVerdict() filter.Verdict {
	switch {
	case l.spec.Promises.Has(promises.Error):
		return filter.NoSys
	case l.spec.Penalty == Kill:
		return filter.KillProcess
	}
	return filter.Perm
}

// Exec confines this process and turns it into the program. It returns only an
// error.
func Exec(s *Spec) error {
	l, err := newLaunch(s)
	if err != nil {
		return err
	}
	if err := guardSelf(); err != nil {
		return err
	}
	if err := closeInherited(s.KeepFDs); err != nil {
		return err
	}
	defer l.close()
	l.files = sys.FileLimit()
	sc, _, err := l.inPlaceScript(true)
	if err != nil {
		return err
	}
	if s.Started != nil {
		s.Started() // there is no later moment
	}
	return l.explainFailure(sc.Run())
}

func (l *launch) inPlaceScript(thisProcess bool) (*sys.Script, *filter.Program, error) {
	plan, err := l.situate(true)
	if err != nil {
		return nil, nil, err
	}
	v := l.violationVerdict()
	p, err := l.compile(plan.Set, v, v)
	if err != nil {
		return nil, nil, err
	}
	fd, err := openRuleset(&plan.Ruleset)
	if err != nil {
		return nil, nil, err
	}
	sc := sys.NewScript()
	l.environment(sc)
	if !thisProcess {
		l.restoreProcessors(sc)
		// After the identity: changing that clears it.
		sc.Add("die with the launcher", unix.SYS_PRCTL, unix.PR_SET_PDEATHSIG, uintptr(unix.SIGKILL), 0, 0, 0)
	}
	return sc, p, l.confine(sc, fd, p, 0, nil)
}

// explainFailure turns a failed step into an error that says what to do.
func (l *launch) explainFailure(err error) error {
	var step *sys.StepError
	if !errors.As(err, &step) {
		return err
	}
	switch step.Step {
	case stepExec:
		if errors.Is(step.Errno, fs.ErrNotExist) {
			return &Error{statusNotFound, fmt.Errorf("%s: %w: the file or its ELF interpreter is missing", l.image.path, step.Errno)}
		}
		if step.Errno == unix.ENOEXEC && l.image.arch != hostArch() {
			return &Error{statusNotExec, fmt.Errorf("execute %s: %w: this kernel runs no %s programs (CONFIG_IA32_EMULATION, ia32_emulation=on)", l.image.path, step.Errno, l.image.arch.Name)}
		}
		if n, err := unix.Getxattr(l.image.path, "security.capability", nil); step.Errno == unix.EPERM && err == nil && n > 0 {
			return &Error{statusNotExec, fmt.Errorf("execute %s: %w: the file has capabilities (getcap), which a launch as root gives up; --keep-caps keeps them, an ordinary user runs it without", l.image.path, step.Errno)}
		}
		return &Error{statusNotExec, fmt.Errorf("execute %s: %w", l.image.path, step.Errno)}
	case stepLandlock:
		if step.Errno == unix.E2BIG {
			return failf("landlock: this process is under %d rulesets already, the kernel's limit: start it from fewer nested sandboxes", landlock.MaxLayers)
		}
		return failf("landlock: %w", step.Errno)
	case stepSeccomp:
		return failf("seccomp: %w%s", step.Errno, seccompHint(step.Errno))
	}
	return failf("cannot %s: %w", step.Step, step.Errno)
}

func seccompHint(e unix.Errno) string {
	switch e {
	case unix.ENOSYS, unix.EINVAL:
		return ": this kernel has no seccomp filters (CONFIG_SECCOMP_FILTER), or an outer sandbox hides them; see \"pledge doctor\""
	case unix.ENOMEM:
		return ": the filters of this process exceed the kernel's limit of 32768 instructions: start it from fewer nested sandboxes"
	case unix.EPERM:
		return ": an outer sandbox refuses it"
	}
	return ""
}
