//go:build amd64 || arm64

package launcher

import (
	"errors"
	"slices"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/notify"
	"github.com/pledge-linux/pledge/internal/rules"
	"github.com/pledge-linux/pledge/internal/sys"
	"github.com/pledge-linux/pledge/promises"
)

// observedSet is the set whose filter hands over all that is to be seen.
func (l *launch) observedSet() promises.Set {
	const hidden = rules.Loads | rules.TraceOpens | rules.StrictUnveil | rules.Unpledged
	set := l.set&^l.set.Words()&^hidden | l.spec.Observe.Beyond
	if l.spec.Observe.Everything || l.set.Has(promises.Rpath) {
		set |= rules.Watched // the kernel does that by itself: it must be admitted
	}
	return set
}

// lookups is what an observer remembers between calls.
type lookups struct {
	rules map[string][]rules.Rule
	// alternatives of calls without paths, addresses and descriptors.
	alternatives map[lookupKey][]promises.Set
	// listed are the words whose whitelist has a path, by path.
	listed map[string]listing
	// self is who the program was when it started.
	self rules.Self
	// programs are names by thread.
	programs map[uint64]string
}

// listing is what the whitelists say of a path.
type listing struct {
	reads, writes, looks []promises.Set
}

type lookupKey struct {
	name string
	args [6]uint64
}

// maxLookups bounds what is remembered.
const maxLookups = 1 << 14

func newLookups() *lookups {
	return &lookups{rules: map[string][]rules.Rule{}, alternatives: map[lookupKey][]promises.Set{}, listed: map[string]listing{}, programs: map[uint64]string{}}
}

// list looks a path up in the whitelists.
func (k *lookups) list(path string) listing {
	if l, ok := k.listed[path]; ok {
		return l
	}
	var l listing
	for i := range rules.Files {
		f := &rules.Files[i]
		if !f.Match(path) {
			continue
		}
		if path != "/" {
			l.reads = append(l.reads, f.Needs)
		}
		if f.Write {
			l.writes = append(l.writes, f.Needs)
		}
		if f.Stat {
			l.looks = append(l.looks, f.Needs)
		}
	}
	if rules.Find(rules.Quiet, 0, path) != nil && !slices.Contains(missed[:], path) || rules.Find(rules.Refused, promises.Everything, path) != nil {
		l.reads, l.looks = append(l.reads, 0), append(l.looks, 0)
	}
	if optionalModule(path) {
		l.reads, l.looks = append(l.reads, promises.Exec.Set(), 0), append(l.looks, promises.Exec.Set(), 0)
	}
	if len(k.listed) < maxLookups && len(path) < 256 {
		k.listed[path] = l
	}
	return l
}

func (k *lookups) rulesOf(call string) []rules.Rule {
	r, ok := k.rules[call]
	if !ok {
		r = rules.Of(call)
		k.rules[call] = r
	}
	return r
}

// missed are files that most programs do without, as they do without those that
// are refused quietly, and some do not: a result of learning has them.
var missed = [...]string{"/etc/ssl/openssl.cnf", "/usr/lib/ssl/openssl.cnf"}

// watched tells the observer of a call, and reports whether the kernel goes on
// with it.
func (s *supervisor) watched(c *notify.Call) (bool, error) {
	if err := prefetch(c); err != nil {
		return false, err
	}
	s.watching.Lock()
	defer s.watching.Unlock()
	loader, err := s.ofLoader(c)
	if err != nil {
		return false, err
	}
	if !loader {
		if real, ok := mapsCode(c); ok && spareModule(real) {
			c.Fail(unix.EPERM) // as it will be
			return true, nil
		}
		s.observe(c)
	}
	if s.continues(c) {
		c.Continue(byNumbers)
		return true, nil
	}
	return false, nil
}

// prefetch copies what observing a call looks at of its memory, so that it is
// there or the call waits for it elsewhere.
func prefetch(c *notify.Call) error {
	row := rowOf(c.Name)
	for _, a := range row.paths() {
		if _, err := c.String(c.Args[a.path]); errors.Is(err, notify.ErrWait) {
			return err
		}
	}
	if _, err := addresses(c); errors.Is(err, notify.ErrWait) {
		return err
	}
	return prefetchMessage(c)
}

// observe tells of a call. The observer's lock is held.
func (s *supervisor) observe(c *notify.Call) {
	o := &Observed{PID: int(c.Thread()), Name: c.Name, Syscall: c.Nr, Args: c.Args,
		Text: func() string { return told(c) }, Program: func() string { return s.seen.program(c) }}
	o.Uses = s.uses(c)
	o.Alternatives = s.alternatives(c)
	s.refine(c, o)
	s.launch.spec.Observe.Call(o)
	if strings.HasPrefix(c.Name, "exec") {
		delete(s.seen.programs, c.Thread()) // it will be another's
	}
}

// told is decode for a call whose memory was fetched.
func told(c *notify.Call) string {
	text, err := decode(c)
	if err != nil {
		return c.Name + "(…)"
	}
	return text
}

// program is the caller's name.
func (k *lookups) program(c *notify.Call) string {
	name, ok := k.programs[c.Thread()]
	if !ok {
		name = c.Comm()
		if len(k.programs) >= maxLookups {
			clear(k.programs)
		}
		k.programs[c.Thread()] = name
	}
	return name
}

// ofLoader reports whether a call before the entry point is the dynamic
// loader's own: what it maps, and where it looks for it. Constructors of
// libraries run before the entry point, too, and what they call is the
// program's.
func (s *supervisor) ofLoader(c *notify.Call) (bool, error) {
	if c.Name == "mprotect" && c.Args[2]&bti != 0 {
		return marksCode(c) // it will be let through, or refused without a penalty
	}
	if !s.loading.Load() {
		return false, nil
	}
	if c.Name == "mmap" || c.Name == "mmap2" {
		return true, nil
	}
	row := rowOf(c.Name)
	uses := row.observed()
	if len(uses) != 1 {
		return false, nil
	}
	given, err := c.String(c.Args[uses[0].path])
	if err != nil {
		return false, nil
	}
	o := &pathCall{dir: unix.AT_FDCWD, path: given}
	if uses[0].dir >= 0 {
		o.dir = int32(c.Args[uses[0].dir])
	}
	p, err := absolutePath(c, o)
	if err != nil {
		return false, nil
	}
	if b := s.launch.library(); b.places(p) {
		// What the launcher will not add has to be unveiled.
		err := mayTakeLong(c, p)
		return err == nil && b.admits(p), err
	}
	return given == "" || optionalModule(p) || slices.Contains(loaderFiles, p) || p == "/etc/ld.so.preload", nil
}

// linger watches what the program has left behind.
func (s *supervisor) linger() {
	if s.launch.spec.Observe == nil || s.launch.spec.Observe.Lingers == nil {
		return
	}
	var stop <-chan struct{}
	for {
		fds := []unix.PollFd{{Fd: int32(s.listener.FD()), Events: unix.POLLIN}}
		const look = 50 // milliseconds
		n, err := unix.Poll(fds, look)
		s.child.kin.oblige()
		switch {
		case err == nil && n > 0 && fds[0].Revents&unix.POLLHUP != 0:
			return
		case err == nil && n > 0:
			s.serve()
		case stop == nil:
			sys.ReleaseSignals() // there is no program any more that they could be for
			stop = s.launch.spec.Observe.Lingers()
		}
		select {
		case <-stop:
			return
		default:
		}
	}
}

// continues reports whether the kernel shall go on with a call that was seen:
// where nothing is enforced, or where the promises admit it by its numbers.
// Paths are Landlock's then.
func (s *supervisor) continues(c *notify.Call) bool {
	if s.launch.spec.Observe.Everything {
		return true
	}
	return rules.Judge(s.seen.rulesOf(c.Name), s.set, c.Args, s.seen.self) == rules.Allow
}

func (s *supervisor) alternatives(c *notify.Call) []promises.Set {
	found := s.seen.rulesOf(c.Name)
	situations := s.launch.observedSet() &^ s.launch.spec.Observe.Beyond.Words()
	// Pointers differ from call to call and decide nothing.
	key := lookupKey{name: c.Name}
	for _, r := range found {
		for _, w := range r.When {
			key.args[w.Arg] = c.Args[w.Arg]
		}
	}
	list, ok := s.seen.alternatives[key]
	if !ok {
		list, _ = rules.Alternatives(found, c.Args, situations, s.seen.self)
		if len(s.seen.alternatives) < maxLookups {
			s.seen.alternatives[key] = list
		}
	}
	return list[:len(list):len(list)]
}

// refine looks at what numbers cannot tell: whitelisted files, libraries,
// addresses.
func (s *supervisor) refine(c *notify.Call, o *Observed) {
	switch c.Name {
	case "open", "openat", "stat", "lstat", "newfstatat", "statx", "access", "faccessat", "faccessat2", "readlink", "readlinkat":
		if len(o.Uses) == 1 {
			s.refinePath(c, o)
		}
	case "mmap", "mmap2":
		refineMap(c, o)
	case "socket":
		if uint32(c.Args[0]) == unix.AF_UNIX {
			// Maybe for the name service cache, which these words do without. Who
			// connects to something else needs unix for that.
			o.Alternatives = append(o.Alternatives, promises.Getpw.Set(), promises.DNS.Set())
		}
	case "connect":
		refineAddress(c, o, 1, 2)
	case "bind", "listen":
		s.refineSocket(c, o)
	case "sendto":
		refineAddress(c, o, 4, 5)
	case "sendmsg", "sendmmsg", "recvmsg":
		refineMessage(c, o)
	case "chown", "lchown", "fchown", "fchownat":
		if s.seen.self.UID != 0 {
			// What fattr refuses politely the kernel refuses an ordinary user, too.
			o.Alternatives = rules.Narrowest(append(o.Alternatives, promises.Fattr.Set()))
		}
	case "tkill":
		if c.Owns(int(int32(c.Args[0]))) {
			o.Alternatives = []promises.Set{0}
		}
	}
}

func without(list []promises.Set, p promises.Promise) (kept []promises.Set) {
	for _, a := range list {
		if !a.Has(p) {
			kept = append(kept, a)
		}
	}
	if kept == nil {
		return list
	}
	return kept
}

// refinePath adds the words whose whitelist has the file; files that programs
// do without need no word.
func (s *supervisor) refinePath(c *notify.Call, o *Observed) {
	u := &o.Uses[0]
	given := u.Given
	if given[0] != '/' {
		given = u.Real
	}
	if given == "" {
		return
	}
	l := s.seen.list(given)
	found := l.looks
	if strings.HasPrefix(c.Name, "open") {
		const beyond = unix.O_CREAT | unix.O_TRUNC | unix.O_TMPFILE&^unix.O_DIRECTORY
		found = l.writes
		if i := rowOf(c.Name).index('o'); i >= 0 && c.Args[i]&(unix.O_ACCMODE|beyond) == unix.O_RDONLY {
			found = l.reads
		}
	}
	if found != nil {
		o.Alternatives = rules.Narrowest(append(o.Alternatives, found...))
	}
}

// refineMap: a library is mapped executable only where it could be opened.
func refineMap(c *notify.Call, o *Observed) {
	real, ok := mapsCode(c)
	if !ok || !optionalModule(real) {
		return
	}
	o.Alternatives = rules.Narrowest(append(o.Alternatives, promises.Exec.Set()))
	o.Unless = promises.Rpath.Set()
}

// refineAddress keeps the words that fit where a socket is connected to.
func refineAddress(c *notify.Call, o *Observed, at, length int) {
	a, err := readAddress(c, c.Args[at], c.Args[length]&0xffffffff)
	if err != nil || len(a) == 0 {
		return
	}
	var words []promises.Set
	switch a.family() {
	case unix.AF_UNIX:
		words = []promises.Set{promises.Unix.Set()}
		if name, _, _ := strings.Cut(string(a[min(2, len(a)):]), "\x00"); name == "/var/run/nscd/socket" || name == "/run/nscd/socket" {
			words = append(words, promises.Getpw.Set(), promises.DNS.Set())
		}
	case unix.AF_INET, unix.AF_INET6:
		words = []promises.Set{promises.Inet.Set()}
		if a.forNameServer() {
			words = append(words, promises.DNS.Set())
		}
	default:
		return
	}
	o.Alternatives = words
	o.Text = func() string {
		return c.Name + "(" + itoa(int32(c.Args[0])) + ", " + decodeAddress(a) + ")"
	}
}

// forNameServer reports whether dns admits the destination: port 53, or the port
// 0 with which libc asks for a route to an answer.
func (a address) forNameServer() bool { return a.port() == 53 || a.port() == 0 }
