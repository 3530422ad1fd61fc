package unveil

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/pledge-linux/pledge/internal/landlock"
)

// maxSiblings bounds how many names one carved-out directory may hold.
const maxSiblings = 10000

// Rules translates the plan. Notes say, for people, what Landlock allows less
// of than was asked. An error means that the plan cannot be enforced.
func (p *Plan) Rules() (rules []landlock.PathRule, notes []string, err error) {
	guarded, err := p.guardProc()
	if err != nil {
		return nil, nil, err
	}
	x := expansion{plan: guarded, list: guarded.Entries()}
	for _, e := range x.list {
		if err := x.grant(e.Path, e.Perms); err != nil {
			return nil, nil, err
		}
		x.noteFile(e)
	}
	return x.rules, x.notes, nil
}

type expansion struct {
	plan  *Plan
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
		x.notes = append(x.notes, fmt.Sprintf("unveil %s:%s: the file can be opened but not removed or replaced; unveil its directory for that", e.Perms, e.Path))
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

// grant gives perms to path and to all below it except where a more specific
// entry allows less.
func (x *expansion) grant(path string, perms Perms) error {
	var lacking Perms
	x.below(path, func(e Entry) { lacking |= perms &^ e.Perms })
	x.rule(path, perms&^lacking)
	if lacking == 0 {
		return nil
	}
	if lacking&(Read|Create) != 0 && path != "/" {
		x.notes = append(x.notes, fmt.Sprintf("unveil: %s holds a path that allows less, so the directory itself cannot be %s, and names that appear in it later stay hidden", path, splitLoss(lacking)))
	}
	names, err := os.ReadDir(path)
	if err != nil {
		return fmt.Errorf("unveil %s: a path below it allows less, which needs a list of what is beside it: %w", path, err)
	}
	if len(names) > maxSiblings {
		return fmt.Errorf("unveil %s: a path below it allows less, and %d names beside it are too many to allow one by one", path, len(names))
	}
	for _, name := range names {
		if err := x.sibling(filepath.Join(path, name.Name()), name.Type(), lacking); err != nil {
			return err
		}
	}
	return nil
}

func (x *expansion) sibling(path string, kind fs.FileMode, perms Perms) error {
	if _, own := x.plan.entries[path]; own || kind&fs.ModeSymlink != 0 {
		return nil
	}
	inside := false
	x.below(path, func(Entry) { inside = true })
	if inside {
		return x.grant(path, perms)
	}
	if a := Rights(perms); a != 0 {
		x.rules = append(x.rules, landlock.PathRule{Path: path, Access: a, MayVanish: true})
	}
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

func (x *expansion) rule(path string, perms Perms) {
	if a := Rights(perms); a != 0 {
		x.rules = append(x.rules, landlock.PathRule{Path: path, Access: a})
	}
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
