package launcher

import (
	"errors"
	"path"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/sys"
	"github.com/pledge-linux/pledge/unveil"
)

// A pathUse says where a call has a path and what it does with it: l looks, f
// looks at a link itself, o opens, x executes, w writes, c makes or removes the
// name.
type pathUse struct {
	dir, path int
	kind      byte
}

var pathUses = table[string, []pathUse]{
	{"open", []pathUse{{-1, 0, 'o'}}}, {"openat", []pathUse{{0, 1, 'o'}}}, {"openat2", []pathUse{{0, 1, 'l'}}}, {"creat", []pathUse{{-1, 0, 'o'}}},
	{"stat", []pathUse{{-1, 0, 'l'}}}, {"lstat", []pathUse{{-1, 0, 'f'}}}, {"newfstatat", []pathUse{{0, 1, 'l'}}}, {"statx", []pathUse{{0, 1, 'l'}}},
	{"access", []pathUse{{-1, 0, 'l'}}}, {"faccessat", []pathUse{{0, 1, 'l'}}}, {"faccessat2", []pathUse{{0, 1, 'l'}}},
	{"readlink", []pathUse{{-1, 0, 'f'}}}, {"readlinkat", []pathUse{{0, 1, 'f'}}}, {"chdir", []pathUse{{-1, 0, 'l'}}},
	{"execve", []pathUse{{-1, 0, 'x'}}}, {"execveat", []pathUse{{0, 1, 'x'}}}, {"truncate", []pathUse{{-1, 0, 'w'}}},
	{"mkdir", []pathUse{{-1, 0, 'c'}}}, {"mkdirat", []pathUse{{0, 1, 'c'}}}, {"rmdir", []pathUse{{-1, 0, 'c'}}},
	{"unlink", []pathUse{{-1, 0, 'c'}}}, {"unlinkat", []pathUse{{0, 1, 'c'}}}, {"mknod", []pathUse{{-1, 0, 'c'}}}, {"mknodat", []pathUse{{0, 1, 'c'}}},
	{"symlink", []pathUse{{-1, 1, 'c'}}}, {"symlinkat", []pathUse{{1, 2, 'c'}}},
	{"link", []pathUse{{-1, 0, 'c'}, {-1, 1, 'c'}}}, {"linkat", []pathUse{{0, 1, 'c'}, {2, 3, 'c'}}},
	{"rename", []pathUse{{-1, 0, 'c'}, {-1, 1, 'c'}}}, {"renameat", []pathUse{{0, 1, 'c'}, {2, 3, 'c'}}}, {"renameat2", []pathUse{{0, 1, 'c'}, {2, 3, 'c'}}},
	{"chmod", []pathUse{{-1, 0, 'l'}}}, {"fchmodat", []pathUse{{0, 1, 'l'}}}, {"chown", []pathUse{{-1, 0, 'l'}}}, {"fchownat", []pathUse{{0, 1, 'l'}}},
	{"utimensat", []pathUse{{0, 1, 'l'}}},
}

// uses resolves the paths of a call. Only those that unveil asks anything for
// are followed to where they lead.
func (s *supervisor) uses(c *call) (list []Use) {
	paths, _ := pathUses.find(c.name)
	for _, p := range paths {
		given, err := sys.ReadString(int(c.PID), c.Args[p.path], unix.PathMax)
		if err != nil || given == "" {
			continue
		}
		u := Use{Given: given}
		switch p.kind {
		case 'o':
			s.opens(c, p, &u)
		case 'x':
			u.Perms = unveil.Exec
			s.reach(c, p, &u, false)
		case 'w':
			u.Perms = unveil.Write
			s.reach(c, p, &u, false)
		case 'c':
			u.Perms = unveil.Create
			s.named(c, p, &u)
		default:
			// Landlock does not see it, but the launcher keeps a working directory
			// only if something in it is shown.
			if given[0] != '/' && (p.dir < 0 || int32(c.Args[p.dir]) == unix.AT_FDCWD) {
				s.reach(c, p, &u, p.kind == 'f')
			}
		}
		if plan := s.launch.spec.Unveil; plan != nil && u.Real != "" && u.Perms != 0 {
			at := u.Real
			if u.Perms&unveil.Create != 0 {
				at = filepath.Dir(at)
			}
			missing, _ := s.lacking(at, u.Perms)
			u.Refused = missing != ""
		}
		list = append(list, u)
	}
	return list
}

// opens fills in what an open asks for.
func (s *supervisor) opens(c *call, p pathUse, u *Use) {
	flags := uint64(unix.O_CREAT | unix.O_WRONLY | unix.O_TRUNC)
	if c.name != "creat" {
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
	s.reach(c, p, u, flags&unix.O_NOFOLLOW != 0)
	if u.Missing && flags&unix.O_CREAT != 0 || temporary {
		u.Perms |= unveil.Create
	}
}

// reach follows a path to its end.
func (s *supervisor) reach(c *call, p pathUse, u *Use, nofollow bool) {
	flags := unix.O_PATH | unix.O_CLOEXEC
	if nofollow {
		flags |= unix.O_NOFOLLOW
	}
	fd, err := s.at(c, p, u.Given, flags)
	if errors.Is(err, unix.ENOENT) {
		u.Missing = true
		perms := u.Perms
		s.named(c, p, u)
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
func (s *supervisor) named(c *call, p pathUse, u *Use) {
	clean := strings.TrimRight(u.Given, "/")
	fd, err := s.at(c, p, dirOf(clean), unix.O_PATH|unix.O_CLOEXEC)
	if err != nil {
		return
	}
	defer unix.Close(fd)
	if dir, err := realPath(fd); err == nil {
		u.Real = filepath.Join(dir, path.Base(clean))
	}
}

// at opens a path of the caller's.
func (s *supervisor) at(c *call, p pathUse, name string, flags int) (int, error) {
	if strings.HasPrefix(name, "/") {
		return unix.Open(s.procSelf(c, name), flags, 0)
	}
	dir := "/proc/" + strconv.Itoa(int(c.PID)) + "/cwd"
	if p.dir >= 0 && int32(c.Args[p.dir]) != unix.AT_FDCWD {
		dir = "/proc/" + strconv.Itoa(int(c.PID)) + "/fd/" + strconv.Itoa(int(int32(c.Args[p.dir])))
	}
	return unix.Open(dir+"/"+name, flags, 0)
}
