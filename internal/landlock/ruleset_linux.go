// Package landlock makes one Landlock ruleset (landlock(7)) out of path rules,
// ports and scopes. It does not enforce it: a confined program's thread does,
// with the descriptor that [Ruleset.Open] returns.
package landlock

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/quote"
	"github.com/pledge-linux/pledge/internal/sys"
)

// Access rights for files.
const (
	Execute    = unix.LANDLOCK_ACCESS_FS_EXECUTE
	WriteFile  = unix.LANDLOCK_ACCESS_FS_WRITE_FILE
	ReadFile   = unix.LANDLOCK_ACCESS_FS_READ_FILE
	ReadDir    = unix.LANDLOCK_ACCESS_FS_READ_DIR
	RemoveDir  = unix.LANDLOCK_ACCESS_FS_REMOVE_DIR
	RemoveFile = unix.LANDLOCK_ACCESS_FS_REMOVE_FILE
	MakeChar   = unix.LANDLOCK_ACCESS_FS_MAKE_CHAR
	MakeDir    = unix.LANDLOCK_ACCESS_FS_MAKE_DIR
	MakeReg    = unix.LANDLOCK_ACCESS_FS_MAKE_REG
	MakeSock   = unix.LANDLOCK_ACCESS_FS_MAKE_SOCK
	MakeFifo   = unix.LANDLOCK_ACCESS_FS_MAKE_FIFO
	MakeBlock  = unix.LANDLOCK_ACCESS_FS_MAKE_BLOCK
	MakeSym    = unix.LANDLOCK_ACCESS_FS_MAKE_SYM
	Refer      = unix.LANDLOCK_ACCESS_FS_REFER
	Truncate   = unix.LANDLOCK_ACCESS_FS_TRUNCATE
	IoctlDev   = unix.LANDLOCK_ACCESS_FS_IOCTL_DEV
	// ResolveUnix is connecting and sending to sockets by their path.
	ResolveUnix = unix.LANDLOCK_ACCESS_FS_RESOLVE_UNIX

	// ForFiles are the rights that a rule on something else than a directory
	// can give.
	ForFiles = Execute | WriteFile | ReadFile | Truncate | IoctlDev | ResolveUnix
)

// Rights for TCP and UDP ports, and scopes.
const (
	BindTCP        = unix.LANDLOCK_ACCESS_NET_BIND_TCP
	ConnectTCP     = unix.LANDLOCK_ACCESS_NET_CONNECT_TCP
	BindUDP        = unix.LANDLOCK_ACCESS_NET_BIND_UDP
	ConnectSendUDP = unix.LANDLOCK_ACCESS_NET_CONNECT_SEND_UDP
	ScopeAbstract  = unix.LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET
	ScopeSignal    = unix.LANDLOCK_SCOPE_SIGNAL
)

// MaxLayers is how many rulesets a thread can be under.
const MaxLayers = 16

// A PathRule gives rights on a file, or on a directory and all below it.
type PathRule struct {
	Path   string
	Access uint64
	// MayVanish is set for a path that nobody asked for by name: if it is gone
	// there is nothing to allow.
	MayVanish bool
	// FD, if not 0, is a descriptor of the path that is used instead of opening it.
	// Who sets it answers for Access: nothing is looked at any more.
	FD int
	// Real is set for a path that was resolved: nothing in it may be a link now.
	Real bool
	// Dir, if not nil, is the directory in which the path's last name was listed,
	// and Kind the type that it had there (S_IFMT): that name is opened in it, and
	// a rule is made of nothing but such a file.
	Dir  *os.File
	Kind uint32
}

// A Ruleset is what to handle, that is to deny, and the exceptions.
type Ruleset struct {
	FS     uint64 // handled file rights
	Net    uint64 // handled port rights
	Scoped uint64
	Paths  []PathRule
	// Bind and Connect are the ports that the handled rights allow all the same,
	// of TCP and, where that is handled, of UDP.
	Bind    []uint16
	Connect []uint16
}

// Reading and Writing are the rights of opening files for either.
const (
	Reading = ReadFile | ReadDir
	Writing = WriteFile
)

// Without takes rights out of rules: paths were unveiled, and what the rights
// allow was not promised. Where programs are executed, what may be executed can
// be read, for the kernel reads it with the rights of who executes.
func Without(rules []PathRule, rights uint64, executes bool) []PathRule {
	var list []PathRule
	for _, r := range rules {
		lost := rights
		if executes && r.Access&Execute != 0 {
			lost &^= ReadFile
		}
		r.Access &^= lost
		list = append(list, r)
	}
	return list
}

// ABI returns the kernel's Landlock version, 0 if it has none or it is off.
func ABI() int { return sys.LandlockABI() }

// Empty reports whether the ruleset would restrict nothing.
func (r *Ruleset) Empty() bool { return r.FS == 0 && r.Net == 0 && r.Scoped == 0 }

// Open creates the ruleset in the kernel and returns its descriptor, which
// closes on exec. Rules on paths that vanished since they were planned are an
// error.
func (r *Ruleset) Open() (int, error) {
	fd, err := sys.CreateRuleset(sys.LandlockRuleset{FS: r.FS, Net: r.Net, Scoped: r.Scoped})
	if err != nil {
		return -1, fmt.Errorf("landlock_create_ruleset: %w", err)
	}
	if err := r.addRules(fd); err != nil {
		unix.Close(fd)
		return -1, err
	}
	return fd, nil
}

func (r *Ruleset) addRules(fd int) error {
	for _, p := range merged(r.Paths) {
		err := addPath(fd, p, r.FS)
		if err != nil && !(p.MayVanish && errors.Is(err, unix.ENOENT)) {
			return ruleError(p, err)
		}
	}
	for _, p := range r.Ports() {
		if err := sys.AddPort(fd, p.Port, p.Access); err != nil {
			return fmt.Errorf("landlock rule for port %d: %w", p.Port, err)
		}
	}
	return nil
}

func ruleError(p PathRule, err error) error {
	return fmt.Errorf("landlock rule for %s: %w", quote.Word(p.Path), err)
}

// RuleNetPort is the kind of a PortRule in landlock_add_rule(2).
const RuleNetPort = 2

// A PortRule gives rights on a port.
type PortRule struct{ Access, Port uint64 }

// Ports are the port rules as they are added: with the rights that are handled.
func (r *Ruleset) Ports() []PortRule {
	var list []PortRule
	add := func(ports []uint16, rights uint64) {
		for _, port := range ports {
			if rights &= r.Net; rights != 0 {
				list = append(list, PortRule{rights, uint64(port)})
			}
		}
	}
	add(r.Bind, BindTCP|BindUDP)
	add(r.Connect, ConnectTCP|ConnectSendUDP)
	return list
}

// merged has each path once, with the rights of all its rules: a file may be
// asked for by several.
func merged(rules []PathRule) []PathRule {
	at := make(map[key]int, len(rules))
	list := make([]PathRule, 0, len(rules))
	for _, p := range rules {
		k := key{p.Path, p.FD, p.Real, p.Dir}
		i, again := at[k]
		if !again {
			at[k] = len(list)
			list = append(list, p)
			continue
		}
		list[i].Access |= p.Access
		list[i].MayVanish = list[i].MayVanish && p.MayVanish
	}
	return list
}

// A key tells rules apart: those of one name that are opened in different ways
// may be of different files.
type key struct {
	path string
	fd   int
	real bool
	dir  *os.File
}

// Resolve returns the rules as they are added: with the rights that are handled
// and, on something else than a directory, those that a file can have. Paths that
// nobody asked for by name may be gone.
func (r *Ruleset) Resolve() ([]PathRule, error) {
	var list []PathRule
	for _, p := range merged(r.Paths) {
		fd, access, err := openRule(p, r.FS)
		switch {
		case err != nil && p.MayVanish && errors.Is(err, unix.ENOENT):
			continue
		case err != nil:
			return nil, ruleError(p, err)
		case fd < 0:
			continue
		}
		unix.Close(fd)
		list = append(list, PathRule{Path: p.Path, Access: access, MayVanish: p.MayVanish, Real: p.Real || p.Dir != nil || p.FD != 0})
	}
	return list, nil
}

// AttrSize is the size of struct landlock_ruleset_attr up to the last field that
// the ruleset uses: a kernel takes none that it does not know, unless it is zero.
func (r *Ruleset) AttrSize() uint64 {
	switch {
	case r.Scoped != 0:
		return 24
	case r.Net != 0:
		return 16
	}
	return 8
}

// changing are the rights that change what there is.
const changing = WriteFile | Truncate | RemoveDir | RemoveFile | MakeChar | MakeDir | MakeReg | MakeSock | MakeFifo | MakeBlock | MakeSym

// IsProc reports whether a file system is procfs: no rule lets it be written, for
// /proc/self/mem changes running code.
func IsProc(st *unix.Statfs_t) bool { return st.Type == unix.PROC_SUPER_MAGIC }

// openRule opens the path of a rule and returns the rights to give. The
// descriptor is -1 if there are none.
func openRule(p PathRule, handled uint64) (fd int, access uint64, err error) {
	access = p.Access & handled
	if access == 0 {
		return -1, 0, nil
	}
	if fd, err = p.open(); err != nil {
		return -1, 0, err
	}
	if p.FD == 0 {
		access, err = p.judge(fd, access)
	}
	if err != nil || access == 0 {
		unix.Close(fd)
		return -1, 0, err
	}
	return fd, access, nil
}

// judge returns the rights that what was opened can have: those of directories are
// EINVAL on a file, and nothing on procfs is changed.
func (p *PathRule) judge(fd int, access uint64) (uint64, error) {
	if access&changing != 0 {
		var fs unix.Statfs_t
		if err := unix.Fstatfs(fd, &fs); err != nil {
			return 0, err
		}
		if IsProc(&fs) {
			access &^= changing
		}
	}
	if access&^ForFiles == 0 && p.Dir == nil {
		return access, nil
	}
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return 0, err
	}
	kind := st.Mode & unix.S_IFMT
	switch {
	case p.Dir != nil && kind != p.Kind:
		return 0, unix.ENOENT // what was listed is gone
	case kind != unix.S_IFDIR:
		access &= ForFiles
	}
	return access, nil
}

// open opens the path of the rule, in the way that the rule says.
func (p *PathRule) open() (int, error) {
	const flags = unix.O_PATH | unix.O_CLOEXEC
	switch {
	case p.FD != 0:
		return unix.FcntlInt(uintptr(p.FD), unix.F_DUPFD_CLOEXEC, 3)
	case p.Dir != nil:
		fd, err := unix.Openat(int(p.Dir.Fd()), filepath.Base(p.Path), flags|unix.O_NOFOLLOW, 0)
		runtime.KeepAlive(p.Dir)
		return fd, err
	case p.Real:
		return sys.OpenReal(p.Path, flags)
	}
	return unix.Open(p.Path, flags, 0)
}

func addPath(ruleset int, p PathRule, handled uint64) error {
	fd, access, err := openRule(p, handled)
	if err != nil || fd < 0 {
		return err
	}
	defer unix.Close(fd)
	err = sys.AddPath(ruleset, fd, access)
	if errors.Is(err, unix.EBADFD) {
		return nil // an anonymous inode, such as a pipe: Landlock never restricts it
	}
	return err
}
