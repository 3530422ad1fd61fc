//go:build amd64 || arm64

package launcher

import (
	"path"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/filter"
	"github.com/pledge-linux/pledge/internal/landlock"
	"github.com/pledge-linux/pledge/internal/quote"
	"github.com/pledge-linux/pledge/internal/sys"
)

// Stub returns the descriptor of a small executable that confines itself as
// [Exec] would, and executes the program with the arguments and environment that
// it was started with. It is for callers who start programs by os/exec, where
// nothing of ours can run in the child. Of the Spec it takes the program, the
// promises, the paths, the penalty and BestEffort.
//
// Needs Linux 3.17 (memfd_create), and fails where vm.memfd_noexec forbids
// executing such memory.
func Stub(s *Spec) (fd int, err error) {
	l, err := newLaunch(s)
	if err != nil {
		return -1, err
	}
	defer l.close()
	l.stub = true
	plan, err := l.situate(true)
	if err != nil {
		return -1, err
	}
	v := l.violationVerdict()
	p, err := l.compile(plan.Set, v, v)
	if err != nil {
		return -1, err
	}
	st := &sys.Stub{}
	l.stubCaps(st)
	st.Add("set no_new_privs", unix.SYS_PRCTL, unix.PR_SET_NO_NEW_PRIVS, 1)
	if r := &plan.Ruleset; !r.Empty() {
		if err := stubLandlock(st, r); err != nil {
			return -1, err
		}
	}
	var key filter.ExecKey
	if err := drawKey(&key); err != nil {
		return -1, err
	}
	p.SetKey(&key)
	stubFilter(st, p)
	st.Exec(l.image.path, key)
	image, err := st.Image()
	defer clear(image) // the copy that is executed lies in a file that nobody else can open
	if err != nil {
		return -1, failf("%w", err)
	}
	fd, err = sys.Memfd("pledge", image)
	if err != nil {
		return -1, failf("memory for the program's start: memfd_create: %w (no promises admit it: prepare the program before this process pledges)", err)
	}
	return fd, nil
}

// stubCaps has the stub give up capabilities, as the launcher's child does. It
// looks at what it has itself: execve gives root all that is in the bounding set,
// whatever this process has given up, and os/exec may change the user. Where there
// is nothing to give up it makes no call that a sandbox might refuse.
func (l *launch) stubCaps(st *sys.Stub) {
	h := l.holds()
	for c := range uint64(lastCap) {
		if h.caps&(1<<c) == 0 {
			st.Try(unix.SYS_PRCTL, unix.PR_CAPBSET_DROP, c)
		}
	}
	header, data := st.Put(sys.Bytes(sys.CapHeader())), st.Put(sys.Bytes(sys.CapData(0, 0)))
	st.Add("ask for the capabilities", unix.SYS_CAPGET, header, data)
	for i := range uint64(2) {
		const size, permitted, inheritable = 12, 4, 8 // of struct __user_cap_data_struct; effective is first
		st.Mask(data+size*i, uint32(h.caps>>(32*i)))
		st.Mask(data+size*i+permitted, uint32(h.caps>>(32*i)))
		st.Mask(data+size*i+inheritable, uint32(h.ambient>>(32*i)))
	}
	st.Add("give up capabilities", unix.SYS_CAPSET, header, data)
	st.IfMasked()
}

// stubLandlock has the stub make the ruleset and enforce it: a descriptor of ours
// could be closed or moved on the way.
func stubLandlock(st *sys.Stub, r *landlock.Ruleset) error {
	rules, err := r.Resolve()
	if err != nil {
		return failf("%w", err)
	}
	ruleset := st.Put(sys.Words(0))
	st.Add("create a Landlock ruleset", unix.SYS_LANDLOCK_CREATE_RULESET, st.Put(sys.Words(r.FS, r.Net, r.Scoped)), r.AttrSize())
	st.Store(ruleset)
	walk := stubWalk{st, map[string]uint64{}}
	for _, rule := range rules {
		const fdAt = 8                                        // in struct landlock_path_beneath_attr
		attr := st.Put(sys.Words(rule.Access, badDescriptor)) // 0 would be standard input
		walk.open(rule)
		st.Store(attr + fdAt)
		add := []uint64{ruleset, unix.LANDLOCK_RULE_PATH_BENEATH, attr, 0}
		if rule.MayVanish {
			st.Try(unix.SYS_LANDLOCK_ADD_RULE, add...)
		} else {
			st.Add("add a Landlock rule for "+quote.Word(rule.Path), unix.SYS_LANDLOCK_ADD_RULE, add...)
		}
		st.Indirect()
	}
	for _, p := range r.Ports() {
		st.Add("add a Landlock rule for ports", unix.SYS_LANDLOCK_ADD_RULE, ruleset, landlock.RuleNetPort, st.Put(sys.Words(p.Access, p.Port)), 0)
		st.Indirect()
	}
	st.Add("enforce the Landlock ruleset", unix.SYS_LANDLOCK_RESTRICT_SELF, ruleset)
	st.Indirect()
	return nil
}

// A stubWalk has the stub open the paths of rules. In what was resolved there must be
// no link by then, so it goes name by name: promises do not admit openat2(2), which
// could say that in one call, and a program may be started under some.
type stubWalk struct {
	*sys.Stub
	dirs map[string]uint64 // where the descriptors of directories are kept
}

// open appends the call that opens a path; whether it may fail is the rule's.
func (w *stubWalk) open(rule landlock.PathRule) {
	const flags = unix.O_PATH | unix.O_CLOEXEC
	call := func(args ...uint64) {
		if rule.MayVanish {
			w.Try(unix.SYS_OPENAT, args...)
		} else {
			w.Add("open "+quote.Word(rule.Path), unix.SYS_OPENAT, args...)
		}
	}
	dir, name := path.Split(rule.Path)
	if !rule.Real || name == "" {
		call(atFdcwd, w.PutString(rule.Path), flags)
		return
	}
	from := w.dir(path.Clean(dir))
	call(from, w.PutString(name), flags|unix.O_NOFOLLOW)
	w.Indirect()
}

// dir is where the stub keeps the descriptor of a directory, -1 if it cannot be
// opened without following a link: what is opened in it then fails.
func (w *stubWalk) dir(name string) uint64 {
	if at, ok := w.dirs[name]; ok {
		return at
	}
	const flags = unix.O_PATH | unix.O_CLOEXEC | unix.O_DIRECTORY | unix.O_NOFOLLOW
	at := w.Put(sys.Words(badDescriptor))
	if name == "/" {
		w.Try(unix.SYS_OPENAT, atFdcwd, w.PutString(name), flags)
	} else {
		parent, last := path.Split(name)
		w.Try(unix.SYS_OPENAT, w.dir(path.Clean(parent)), w.PutString(last), flags)
		w.Indirect()
	}
	w.Store(at)
	w.dirs[name] = at
	return at
}

// badDescriptor is -1 as 32 bits hold it.
const badDescriptor = 0xffffffff

// atFdcwd is AT_FDCWD as a register holds it.
const atFdcwd = 0xffffff9c

// stubFilter has the stub load the filter, with its own process id in it.
func stubFilter(st *sys.Stub, p *filter.Program) {
	at := st.Put(sys.Instructions(p.Code))
	for _, i := range p.PIDs {
		const size, operand = 8, 4 // of struct sock_filter
		st.Add("ask for the process id", unix.SYS_GETPID)
		st.Store(at + uint64(size*i+operand))
	}
	prog := st.Put(sys.Words(uint64(len(p.Code)), at)) // struct sock_fprog: the length is its first two bytes
	st.Add("load the seccomp filter", unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, 0, prog)
}
