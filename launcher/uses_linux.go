//go:build amd64 || arm64

package launcher

import (
	"errors"
	"path"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/notify"
	"github.com/pledge-linux/pledge/unveil"
)

// uses resolves the paths of a call. Only those that unveil asks anything for
// are followed to where they lead.
func (s *supervisor) uses(c *notify.Call) (list []Use) {
	for _, p := range rowOf(c.Name).observed() {
		given, err := c.String(c.Args[p.path])
		if err != nil || given == "" {
			continue
		}
		u := Use{Given: given}
		switch p.use {
		case 'o':
			openUse(c, p, &u)
		case 'x':
			u.Perms = unveil.Exec
			followPath(c, p, &u, false)
		case 'w':
			u.Perms = unveil.Write
			followPath(c, p, &u, false)
		case 'c':
			u.Perms = unveil.Create
			nameIn(c, p, &u)
		default:
			// Landlock does not see it, but the launcher keeps a working directory
			// only if something in it is shown.
			if given[0] != '/' && (p.dir < 0 || int32(c.Args[p.dir]) == unix.AT_FDCWD) {
				followPath(c, p, &u, p.use == 'f')
			}
		}
		s.compare(&u)
		list = append(list, u)
	}
	if c.Name == "ioctl" && uint32(c.Args[1]) == unix.TIOCGPTPEER {
		list = append(list, Use{Given: "/dev/pts", Real: "/dev/pts", Dir: true, Perms: unveil.Read | unveil.Write})
	}
	return append(list, s.usesSocket(c)...)
}

// usesSocket resolves the paths of local sockets, which are no arguments of their
// own.
func (s *supervisor) usesSocket(c *notify.Call) (list []Use) {
	found, err := addresses(c)
	if err != nil {
		return nil
	}
	for _, a := range found {
		if len(a) < 2 || a.family() != unix.AF_UNIX || a.path() == "" {
			continue
		}
		u, p := Use{Perms: unveil.Write, Given: a.path()}, pathArg{path: 1, dir: -1}
		if c.Name == "bind" {
			u.Perms = unveil.Create
			nameIn(c, p, &u)
		} else {
			followPath(c, p, &u, false)
		}
		s.compare(&u)
		list = append(list, u)
	}
	return list
}

// compare tells whether what is enforced meanwhile shows the path.
func (s *supervisor) compare(u *Use) {
	if plan := s.launch.spec.Unveil; plan == nil || u.Real == "" || u.Perms == 0 {
		return
	}
	at := u.Real
	if u.Perms&unveil.Create != 0 {
		at = filepath.Dir(at)
	}
	missing, _ := s.veil.lacking(at, u.Perms)
	u.Refused = missing != ""
}

// opens fills in what an open asks for.
func openUse(c *notify.Call, p pathArg, u *Use) {
	flags := uint64(unix.O_CREAT | unix.O_WRONLY | unix.O_TRUNC)
	if c.Name != "creat" {
		flags = c.Args[p.path+1]
	}
	if flags&unix.O_PATH != 0 {
		return
	}
	u.Perms = [4]unveil.Perms{unveil.Read, unveil.Write, unveil.Read | unveil.Write, unveil.Read}[flags&unix.O_ACCMODE]
	if flags&unix.O_TRUNC != 0 {
		u.Perms |= unveil.Write
	}
	temporary := flags&unix.O_TMPFILE == unix.O_TMPFILE
	followPath(c, p, u, flags&unix.O_NOFOLLOW != 0)
	if u.Missing && flags&unix.O_CREAT != 0 || temporary {
		u.Perms |= unveil.Create
	}
	if temporary && u.Real != "" {
		u.Real, u.Dir = filepath.Join(u.Real, "O_TMPFILE"), false // a file in it that has no name
	}
}

// follows goes along a path to its end.
func followPath(c *notify.Call, p pathArg, u *Use, nofollow bool) {
	flags := unix.O_PATH | unix.O_CLOEXEC
	if nofollow {
		flags |= unix.O_NOFOLLOW
	}
	fd, err := openFrom(c, p, u.Given, flags)
	if errors.Is(err, unix.ENOENT) {
		u.Missing = true
		perms := u.Perms
		nameIn(c, p, u)
		u.Perms = perms
		return
	}
	if err != nil {
		return
	}
	defer unix.Close(fd)
	var st unix.Stat_t
	if u.Real, err = realPath(fd); err != nil || unix.Fstat(fd, &st) != nil {
		u.Real = ""
	}
	u.Dir = st.Mode&unix.S_IFMT == unix.S_IFDIR
}

// named finds the directory that a name is in.
func nameIn(c *notify.Call, p pathArg, u *Use) {
	clean := strings.TrimRight(u.Given, "/")
	fd, err := openFrom(c, p, dirOf(clean), unix.O_PATH|unix.O_CLOEXEC)
	if err != nil {
		return
	}
	defer unix.Close(fd)
	if dir, err := realPath(fd); err == nil {
		u.Real = filepath.Join(dir, path.Base(clean))
	}
}

// at opens a path of the caller's.
func openFrom(c *notify.Call, p pathArg, name string, flags int) (int, error) {
	dir := int32(unix.AT_FDCWD)
	if p.dir >= 0 {
		dir = int32(c.Args[p.dir])
	}
	from, err := placeOf(c, dir, name)
	if err != nil {
		return -1, err
	}
	defer from.close()
	return from.lookUp(flags)
}
