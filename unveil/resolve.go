package unveil

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// maxLinks is how many links a path may lead through, as in the kernel.
const maxLinks = 40

// resolve follows an absolute path to its end. It tells the links on the way,
// those before a failure too.
func resolve(path string) (real string, links []string, err error) {
	at := "/"
	for rest := path; rest != ""; {
		var name string
		name, rest, _ = strings.Cut(strings.TrimLeft(rest, "/"), "/")
		switch name {
		case "", ".":
			continue
		case "..":
			at = filepath.Dir(at)
			continue
		}
		next := filepath.Join(at, name)
		st, err := os.Lstat(next)
		if err != nil {
			return "", links, err
		}
		switch {
		case st.Mode()&fs.ModeSymlink != 0:
			links = append(links, next)
			var target string
			if target, err = follow(at, next, st, len(links)); err != nil {
				return "", links, err
			}
			if target[0] == '/' {
				at = "/"
			}
			rest = target + "/" + rest
		case !st.IsDir() && strings.Trim(rest, "/") != "":
			return "", links, &fs.PathError{Op: "lstat", Path: next, Err: syscall.ENOTDIR}
		default:
			at = next
		}
	}
	return at, links, nil
}

// follow reads a link, unless anybody may have put it there: the kernel does not
// follow such links either (protected_symlinks in proc_sys_fs(5)).
func follow(dir, path string, st fs.FileInfo, n int) (string, error) {
	if n > maxLinks {
		return "", &fs.PathError{Op: "lstat", Path: path, Err: errLoop}
	}
	in, err := os.Lstat(dir)
	if err != nil {
		return "", err
	}
	const anybody = fs.ModeSticky | 0o002
	own, ok := owner(st)
	its, known := owner(in)
	if ok && known && in.Mode()&anybody == anybody && int(own) != os.Geteuid() && own != its {
		return "", &fs.PathError{Op: "lstat", Path: path, Err: fmt.Errorf("%s is another user's link (uid %d), and everybody can put links into %s; unveil what it leads to", path, own, dir)}
	}
	target, err := os.Readlink(path)
	if err == nil && target == "" {
		err = &fs.PathError{Op: "readlink", Path: path, Err: syscall.ENOENT}
	}
	return target, err
}

// Direct reports whether no component of an absolute path is a symbolic link, as
// far as it exists: whether it is the real path that it was once.
func Direct(path string) bool {
	_, links, _ := resolve(path)
	return len(links) == 0
}

// Intersect returns the plan that allows what both allow. A nil plan hides
// nothing.
func (p *Plan) Intersect(o *Plan) *Plan {
	if p == nil || o == nil {
		if p == nil {
			return o
		}
		return p
	}
	both := &Plan{}
	for _, plan := range []*Plan{p, o} {
		for _, e := range plan.Entries() {
			a, _ := p.Lookup(e.Path)
			b, _ := o.Lookup(e.Path)
			both.set(Entry{e.Path, a & b, append(both.links[e.Path], e.Links...)})
		}
	}
	return both
}
