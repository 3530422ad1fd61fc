//go:build unix && !(aix || dragonfly || illumos || solaris)

package trust

import (
	"errors"
	"strings"

	"golang.org/x/sys/unix"
)

// maxLinks is how many links a path may lead through, as in the kernel.
const maxLinks = 40

// A walk is a path that is being followed.
type walk struct {
	user   user
	strict bool // directories have to be trusted

	dir    int         // where it has come to, -1 at first
	at     string      // the name of that
	have   unix.Stat_t // of that
	shared bool        // others can make files there
	links  int
}

// follow walks to the last component of path and returns its name in w.dir. It
// is no link; its type is 0 if it does not exist.
func (u user) follow(path string, strict bool) (w *walk, name string, st unix.Stat_t, err error) {
	w = &walk{user: u, strict: strict, dir: -1}
	name, st, err = w.follow(path)
	if err != nil {
		w.close()
		var own *Error
		if !errors.As(err, &own) {
			err = &walkError{path, err}
		}
	}
	return w, name, st, err
}

// A walkError is the system's, with the path as it was asked for.
type walkError struct {
	path string
	err  error
}

func (e *walkError) Error() string { return e.path + ": " + e.err.Error() }

// Unwrap returns the system's error.
func (e *walkError) Unwrap() error { return e.err }

func (w *walk) close() {
	if w.dir >= 0 {
		unix.Close(w.dir)
		w.dir = -1
	}
}

func (w *walk) follow(path string) (name string, st unix.Stat_t, err error) {
	if path == "" || strings.IndexByte(path, 0) >= 0 {
		return "", st, unix.ENOENT
	}
	if err := w.begin(path); err != nil {
		return "", st, err
	}
	for rest := path; ; {
		name, rest, _ = strings.Cut(strings.TrimLeft(rest, "/"), "/")
		if name == "" {
			return "", st, unix.EISDIR
		}
		if name == "." {
			continue
		}
		last := strings.Trim(rest, "/") == ""
		err := unix.Fstatat(w.dir, name, &st, unix.AT_SYMLINK_NOFOLLOW)
		switch {
		case err == unix.ENOENT && last:
			return name, unix.Stat_t{}, nil
		case err != nil:
		case kind(&st) == unix.S_IFLNK:
			var target string
			target, err = w.link(name, &st)
			rest = target + "/" + rest
		case last && name != "..":
			return name, st, nil
		default:
			err = w.enter(name)
		}
		if err != nil {
			return "", st, err
		}
	}
}

// begin opens where a path starts.
func (w *walk) begin(path string) error {
	if path[0] == '/' {
		return w.enter("/")
	}
	return w.enter(".")
}

// enter opens a directory below, above, or the root, and judges it.
func (w *walk) enter(name string) error {
	from := w.dir
	if from < 0 {
		from = unix.AT_FDCWD
	}
	fd, err := unix.Openat(from, name, directory|unix.O_DIRECTORY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	before := w.have
	known := w.dir >= 0
	w.close()
	w.dir, w.at = fd, join(w.at, name)
	if err := unix.Fstat(fd, &w.have); err != nil {
		return err
	}
	if w.strict && (!known || before.Dev != w.have.Dev) {
		if err := w.user.mounted(w.at, fd); err != nil {
			return err
		}
	}
	return w.judge()
}

// judge looks at the directory that was come to.
func (w *walk) judge() error {
	reason, fix := w.user.open(w.dir, &w.have)
	w.shared = reason != "" || !w.user.owns(&w.have)
	switch {
	case !w.strict:
		return nil
	case !w.user.owns(&w.have):
		return w.user.foreign(w.at, &w.have)
	case reason != "" && uint32(w.have.Mode)&unix.S_ISVTX == 0:
		return &Error{w.at, reason, fix}
	}
	return nil
}

// link returns where a link leads. An absolute one begins at the root again.
func (w *walk) link(name string, st *unix.Stat_t) (string, error) {
	if w.links++; w.links > maxLinks {
		return "", unix.ELOOP
	}
	if !w.user.owns(st) {
		return "", w.user.foreign(join(w.at, name), st)
	}
	if w.strict && w.shared {
		return "", w.planted(name)
	}
	b := make([]byte, unix.PathMax)
	n, err := unix.Readlinkat(w.dir, name, b)
	if err != nil {
		return "", err
	}
	target := string(b[:n])
	if target == "" {
		return "", unix.ENOENT
	}
	if target[0] == '/' {
		return target, w.enter("/")
	}
	return target, nil
}

// planted is the error of what lies where anybody could have put it.
func (w *walk) planted(name string) error {
	return &Error{join(w.at, name), "others can put files into " + w.at, "move it to a directory of your own"}
}

func join(dir, name string) string {
	switch {
	case name[0] == '/' || dir == "" || dir == ".":
		return name
	case dir == "/":
		return "/" + name
	}
	return dir + "/" + name
}
