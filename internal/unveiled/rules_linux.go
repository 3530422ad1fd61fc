package unveiled

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/landlock"
	"github.com/pledge-linux/pledge/internal/quote"
	"github.com/pledge-linux/pledge/internal/sys"
)

// maxSiblings bounds how many names one carved-out directory may hold.
const maxSiblings = 10000

// Rules translates the plan. Notes say, for people, what Landlock allows less
// of than was asked. An error means that the plan cannot be enforced.
func (p Plan) Rules() (rules []landlock.PathRule, notes []string, err error) {
	guarded, err := p.guardProc()
	if err != nil {
		return nil, nil, err
	}
	x := expansion{plan: guarded, list: guarded.Entries()}
	for _, e := range x.list {
		if err := x.grant(place{path: e.Path}, e.Perms); err != nil {
			return nil, nil, err
		}
		x.noteFile(e)
	}
	return x.rules, x.notes, nil
}

type expansion struct {
	plan  Plan
	list  []Entry
	rules []landlock.PathRule
	notes []string
}

// noteFile says that a file's own name cannot be given to create and remove.
func (x *expansion) noteFile(e Entry) {
	if e.Perms&Create == 0 {
		return
	}
	if st, err := os.Stat(e.Path); err == nil && !st.IsDir() {
		x.notes = append(x.notes, fmt.Sprintf("unveil %s:%s: the file can be opened but not removed or replaced; unveil its directory for that", e.Perms, quote.Word(e.Path)))
	}
}

// below calls f with the entries strictly below path.
func (x *expansion) below(path string, f func(Entry)) {
	prefix := strings.TrimSuffix(path, "/") + "/"
	for _, e := range x.list {
		if e.Path != path && strings.HasPrefix(e.Path, prefix) {
			f(e)
		}
	}
}

// A place is a path, and for one that was listed the directory that has it.
type place struct {
	path string
	dir  *os.File
	kind fs.FileMode
}

// open opens a directory for being listed; links lead nowhere.
func (p place) open() (*os.File, error) {
	const flags = unix.O_RDONLY | unix.O_DIRECTORY | unix.O_NOFOLLOW | unix.O_CLOEXEC
	fd, err := -1, error(nil)
	if p.dir != nil {
		fd, err = unix.Openat(int(p.dir.Fd()), filepath.Base(p.path), flags, 0)
		runtime.KeepAlive(p.dir)
	} else {
		fd, err = sys.OpenReal(p.path, flags)
	}
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(fd), p.path), nil
}

// grant gives perms to a place and to all below it except where a more specific
// entry allows less.
func (x *expansion) grant(p place, perms Perms) error {
	var lacking Perms
	x.below(p.path, func(e Entry) { lacking |= perms &^ e.Perms })
	x.rule(p, perms&^lacking)
	if lacking == 0 {
		return nil
	}
	if lacking&(Read|Create) != 0 && p.path != "/" {
		x.notes = append(x.notes, fmt.Sprintf("unveil: %s holds a path that allows less, so the directory itself cannot be %s, and names that appear in it later stay hidden", quote.Word(p.path), splitLoss(lacking)))
	}
	dir, err := p.open()
	if errors.Is(err, fs.ErrNotExist) && p.dir != nil {
		return nil
	}
	if err != nil {
		return fmt.Errorf("unveil %s: a path below it allows less, which needs a list of what is beside it: %w", quote.Word(p.path), err)
	}
	// dir stays open as long as a rule has it.
	names, err := dir.ReadDir(-1)
	if err != nil {
		return fmt.Errorf("unveil %s: a path below it allows less, which needs a list of what is beside it: %w", quote.Word(p.path), err)
	}
	if len(names) > maxSiblings {
		return fmt.Errorf("unveil %s: a path below it allows less, and %d names beside it are too many to allow one by one", quote.Word(p.path), len(names))
	}
	for _, name := range names {
		if err := x.sibling(place{filepath.Join(p.path, name.Name()), dir, name.Type()}, lacking); err != nil {
			return err
		}
	}
	return nil
}

// sibling gives perms to what was listed beside a path that allows less. A link
// is not followed, now or when the rule is made: what it leads to is elsewhere.
func (x *expansion) sibling(p place, perms Perms) error {
	if _, own := x.plan[p.path]; own || p.kind&fs.ModeSymlink != 0 {
		return nil
	}
	inside := false
	x.below(p.path, func(Entry) { inside = true })
	if inside {
		return x.grant(p, perms)
	}
	x.rule(p, perms)
	return nil
}

func splitLoss(p Perms) string {
	switch {
	case p&Read == 0:
		return "created in"
	case p&Create == 0:
		return "listed"
	}
	return "listed or created in"
}

func (x *expansion) rule(p place, perms Perms) {
	a := Rights(perms)
	if a == 0 {
		return
	}
	r := landlock.PathRule{Path: p.path, Access: a, Real: true}
	if p.dir != nil {
		r.Dir, r.Kind, r.MayVanish = p.dir, kindOf(p.kind), true
	}
	x.rules = append(x.rules, r)
}

// kindOf is the type of a file as stat(2) has it.
func kindOf(m fs.FileMode) uint32 {
	switch m.Type() {
	case fs.ModeDir:
		return unix.S_IFDIR
	case fs.ModeNamedPipe:
		return unix.S_IFIFO
	case fs.ModeSocket:
		return unix.S_IFSOCK
	case fs.ModeDevice:
		return unix.S_IFBLK
	case fs.ModeDevice | fs.ModeCharDevice:
		return unix.S_IFCHR
	case fs.ModeSymlink:
		return unix.S_IFLNK
	}
	return unix.S_IFREG
}

// Rights returns the Landlock rights of a permission: x gives reading too,
// because Landlock's EXECUTE alone does not execute.
func Rights(p Perms) uint64 {
	var a uint64
	if p&Read != 0 {
		a |= landlock.ReadFile | landlock.ReadDir | landlock.IoctlDev
	}
	if p&Write != 0 {
		a |= landlock.WriteFile | landlock.Truncate | landlock.IoctlDev
	}
	if p&Exec != 0 {
		a |= landlock.Execute | landlock.ReadFile
	}
	if p&Create != 0 {
		a |= landlock.MakeReg | landlock.MakeDir | landlock.MakeSym | landlock.MakeSock | landlock.MakeFifo |
			landlock.RemoveDir | landlock.RemoveFile | landlock.Refer
	}
	return a
}
