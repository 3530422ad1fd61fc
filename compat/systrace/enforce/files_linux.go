package enforce

import (
	"encoding/binary"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/sys"
)

// performers perform calls in the caller's stead, on what was judged. A call
// without one is refused if its verdict depends on the caller's memory.
var performers map[string]func(w *worker, c *call)

func init() {
	performers = map[string]func(w *worker, c *call){
		"open":       func(w *worker, c *call) { w.open(c, c.Args[1], c.Args[2]) },
		"openat":     func(w *worker, c *call) { w.open(c, c.Args[2], c.Args[3]) },
		"openat2":    (*worker).openat2,
		"creat":      func(w *worker, c *call) { w.open(c, unix.O_CREAT|unix.O_WRONLY|unix.O_TRUNC, c.Args[1]) },
		"stat":       func(w *worker, c *call) { w.stat(c, c.Args[1], false) },
		"lstat":      func(w *worker, c *call) { w.stat(c, c.Args[1], true) },
		"newfstatat": func(w *worker, c *call) { w.statat(c) },
		"statx":      (*worker).statx,
		"access":     func(w *worker, c *call) { w.access(c, c.Args[1], 0) },
		"faccessat":  func(w *worker, c *call) { w.access(c, c.Args[2], 0) },
		"faccessat2": func(w *worker, c *call) { w.access(c, c.Args[2], int(c.Args[3])) },
		"readlink":   func(w *worker, c *call) { w.readlink(c, c.Args[1], c.Args[2]) },
		"readlinkat": func(w *worker, c *call) { w.readlink(c, c.Args[2], c.Args[3]) },
		"truncate":   (*worker).truncate,
		"chmod":      func(w *worker, c *call) { w.chmod(c, c.Args[1], 0) },
		"fchmodat":   func(w *worker, c *call) { w.chmod(c, c.Args[2], 0) },
		"fchmodat2":  func(w *worker, c *call) { w.chmod(c, c.Args[2], c.Args[3]) },
		"chown":      func(w *worker, c *call) { w.chown(c, c.Args[1], c.Args[2], 0) },
		"lchown":     func(w *worker, c *call) { w.chown(c, c.Args[1], c.Args[2], unix.AT_SYMLINK_NOFOLLOW) },
		"fchownat":   func(w *worker, c *call) { w.chown(c, c.Args[2], c.Args[3], c.Args[4]) },
		"mkdir":      func(w *worker, c *call) { w.mkdir(c, c.Args[1]) },
		"mkdirat":    func(w *worker, c *call) { w.mkdir(c, c.Args[2]) },
		"rmdir":      func(w *worker, c *call) { w.unlink(c, unix.AT_REMOVEDIR) },
		"unlink":     func(w *worker, c *call) { w.unlink(c, 0) },
		"unlinkat":   func(w *worker, c *call) { w.unlink(c, int(c.Args[2])) },
		"mknod":      func(w *worker, c *call) { w.mknod(c, c.Args[1], c.Args[2]) },
		"mknodat":    func(w *worker, c *call) { w.mknod(c, c.Args[2], c.Args[3]) },
		"rename":     func(w *worker, c *call) { w.rename(c, 0) },
		"renameat":   func(w *worker, c *call) { w.rename(c, 0) },
		"renameat2":  func(w *worker, c *call) { w.rename(c, c.Args[4]) },
		"link":       func(w *worker, c *call) { w.link(c, 0) },
		"linkat":     func(w *worker, c *call) { w.link(c, int(c.Args[4])) },
		"symlink":    func(w *worker, c *call) { w.symlink(c, c.Args[0]) },
		"symlinkat":  func(w *worker, c *call) { w.symlink(c, c.Args[0]) },
		"bind":       (*worker).bind,
		"connect":    (*worker).connect,
		"sendto":     (*worker).sendto,
		"sendmsg":    (*worker).sendmsg,
		"socket":     (*worker).socket,
		"kill":       (*worker).kill,
		"fstat":      func(w *worker, c *call) { w.stat(c, c.Args[1], false) },
	}
}

// open opens what was judged and puts it into the caller.
func (w *worker) open(c *call, flags, mode uint64) {
	var fd int
	var err error
	fd, err = w.opened(c, int(flags), uint32(mode))
	if err == errBlocks {
		w.openSlowly(c, int(flags))
		return
	}
	if err != nil {
		c.answer(err)
		return
	}
	defer unix.Close(fd)
	if e := sys.NotifAddFD(c.engine.listener, c.ID, fd, uint32(flags)&unix.O_CLOEXEC); e != 0 && e != unix.ENOENT {
		c.fail(e)
	}
}

// errBlocks says that opening has to wait for somebody.
const errBlocks = unix.Errno(0x7fff)

// opened opens the object, or makes it.
func (w *worker) opened(c *call, flags int, mode uint32) (fd int, err error) {
	nofollow := flags&unix.O_NOFOLLOW != 0 || flags&(unix.O_CREAT|unix.O_EXCL) == unix.O_CREAT|unix.O_EXCL
	perform := func() {
		object, e := -1, unix.Errno(0)
		if nofollow {
			object, e = c.self(0)
		} else {
			object, e = c.object(0)
		}
		switch {
		case e == 0:
			fd, err = reopen(object, flags)
		case e == unix.ENOENT && flags&unix.O_CREAT != 0:
			dir, base, e := c.entry(0)
			if e != 0 {
				fd, err = -1, e
				return
			}
			fd, err = unix.Openat(dir, base, flags|unix.O_NOFOLLOW|unix.O_CLOEXEC, mode)
		default:
			fd, err = -1, e
		}
	}
	if e := w.as(c.identity(), perform); e != nil {
		return -1, e
	}
	return fd, err
}

// reopen opens an object again with the flags that were asked for. Its kind has
// to be known first: even an open that does not wait would be the other side of
// a FIFO to those who do.
func reopen(object, flags int) (int, error) {
	var st unix.Stat_t
	if err := unix.Fstat(object, &st); err != nil {
		return -1, err
	}
	kind := st.Mode & unix.S_IFMT
	switch {
	case flags&(unix.O_CREAT|unix.O_EXCL) == unix.O_CREAT|unix.O_EXCL:
		return -1, unix.EEXIST
	case kind == unix.S_IFLNK:
		return -1, unix.ELOOP
	case flags&unix.O_PATH != 0:
		// The kernel takes no O_PATH descriptor for another process.
		return unix.Open(procFD(object), flags&unix.O_DIRECTORY|unix.O_RDONLY|unix.O_NONBLOCK|unix.O_CLOEXEC|unix.O_NOCTTY, 0)
	case kind == unix.S_IFDIR && flags&unix.O_CREAT != 0:
		return -1, unix.EISDIR
	case kind == unix.S_IFIFO && flags&unix.O_NONBLOCK == 0 && flags&unix.O_ACCMODE != unix.O_RDWR:
		return -1, errBlocks
	}
	return unix.Open(procFD(object), flags&^(unix.O_CREAT|unix.O_NOFOLLOW)|unix.O_CLOEXEC|unix.O_NOCTTY, 0)
}

func (w *worker) openat2(c *call) {
	const how = 24 // sizeof(struct open_how)
	if c.Args[3] < how {
		c.fail(unix.EINVAL)
		return
	}
	// The size is part of what the translator read: the flags, and what follows.
	b, err := c.Bytes(c.Args[2], how)
	if err != nil {
		c.fail(unix.EFAULT)
		return
	}
	if resolve := binary.LittleEndian.Uint64(b[16:]); resolve != 0 || c.Args[3] > how {
		c.fail(unix.ENOSYS) // callers fall back to openat
		return
	}
	w.open(c, binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[8:]))
}

// target is the object that a call is about, with the caller's credentials
// looked up.
func (w *worker) target(c *call, nofollow bool) (fd int, e unix.Errno) {
	err := w.as(c.identity(), func() {
		if nofollow {
			fd, e = c.self(0)
			return
		}
		fd, e = c.object(0)
	})
	if err != nil {
		return -1, errno(err)
	}
	return fd, e
}

func (w *worker) stat(c *call, addr uint64, nofollow bool) {
	fd, e := w.target(c, nofollow)
	if e != 0 {
		c.fail(e)
		return
	}
	w.fstat(c, fd, addr)
}

func (w *worker) fstat(c *call, fd int, addr uint64) {
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		c.answer(err)
		return
	}
	c.fail(c.write(addr, sys.Bytes(&st)))
}

// statat is newfstatat: of a path, or of a descriptor if the path is empty.
func (w *worker) statat(c *call) {
	if len(c.places) == 0 {
		if c.Args[3]&unix.AT_EMPTY_PATH == 0 {
			c.fail(unix.ENOENT)
			return
		}
		fd, e := c.emptyPath(c.Args[0])
		if e != 0 {
			c.fail(e)
			return
		}
		defer unix.Close(fd)
		w.fstat(c, fd, c.Args[2])
		return
	}
	w.stat(c, c.Args[2], c.Args[3]&unix.AT_SYMLINK_NOFOLLOW != 0)
}

// emptyPath is the object of a descriptor, or the working directory.
func (c *call) emptyPath(dirfd uint64) (int, unix.Errno) {
	if int32(dirfd) == unix.AT_FDCWD {
		fd, err := c.start(unix.AT_FDCWD, ".")
		return fd, errno(err)
	}
	fd, err := c.descriptorOf(dirfd)
	return fd, errno(err)
}

func (w *worker) statx(c *call) {
	flags := int(c.Args[2])
	var fd int
	var e unix.Errno
	if len(c.places) == 0 {
		if flags&unix.AT_EMPTY_PATH == 0 {
			c.fail(unix.ENOENT)
			return
		}
		if fd, e = c.emptyPath(c.Args[0]); e == 0 {
			defer unix.Close(fd)
		}
	} else {
		fd, e = w.target(c, flags&unix.AT_SYMLINK_NOFOLLOW != 0)
	}
	if e != 0 {
		c.fail(e)
		return
	}
	var st unix.Statx_t
	if err := unix.Statx(fd, "", flags&(unix.AT_STATX_FORCE_SYNC|unix.AT_STATX_DONT_SYNC)|unix.AT_EMPTY_PATH, int(c.Args[3]), &st); err != nil {
		c.answer(err)
		return
	}
	c.fail(c.write(c.Args[4], sys.Bytes(&st)))
}

// access judges by the real ids, unless AT_EACCESS.
func (w *worker) access(c *call, mode uint64, flags int) {
	id := *c.identity()
	if flags&unix.AT_EACCESS == 0 && c.as == nil {
		id.fsuid, id.fsgid = id.ruid, id.rgid
	}
	var e unix.Errno
	err := w.as(&id, func() {
		var fd int
		if flags&unix.AT_SYMLINK_NOFOLLOW != 0 {
			fd, e = c.self(0)
		} else {
			fd, e = c.object(0)
		}
		if e == 0 {
			e = errno(unix.Faccessat(fd, "", uint32(mode), unix.AT_EMPTY_PATH|unix.AT_EACCESS))
		}
	})
	if err != nil {
		e = errno(err)
	}
	c.fail(e)
}

func (w *worker) readlink(c *call, addr, size uint64) {
	if int32(size) <= 0 {
		c.fail(unix.EINVAL)
		return
	}
	fd, e := w.target(c, true)
	if e != 0 {
		c.fail(e)
		return
	}
	var buf [unix.PathMax]byte
	n, err := unix.Readlinkat(fd, "", buf[:])
	if err == unix.ENOENT {
		err = unix.EINVAL // no link
	}
	if err != nil {
		c.answer(err)
		return
	}
	n = min(n, int(int32(size)))
	if e := c.write(addr, buf[:n]); e != 0 {
		c.fail(e)
		return
	}
	c.result(int64(n))
}

func (w *worker) truncate(c *call) {
	length := int64(c.Args[1])
	var limit unix.Rlimit
	if err := unix.Prlimit(c.process.pid, unix.RLIMIT_FSIZE, nil, &limit); err == nil && length > 0 && uint64(length) > limit.Cur {
		unix.Kill(c.tid(), unix.SIGXFSZ)
		c.fail(unix.EFBIG)
		return
	}
	w.change(c, false, func(fd int) error {
		f, err := unix.Open(procFD(fd), unix.O_WRONLY|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
		if err != nil {
			return err
		}
		defer unix.Close(f)
		return unix.Ftruncate(f, length)
	})
}

// change changes an object.
func (w *worker) change(c *call, nofollow bool, f func(fd int) error) {
	var e unix.Errno
	err := w.as(c.identity(), func() {
		var fd int
		if nofollow {
			fd, e = c.self(0)
		} else {
			fd, e = c.object(0)
		}
		if e == 0 {
			e = errno(f(fd))
		}
	})
	if err != nil {
		e = errno(err)
	}
	c.fail(e)
}

func (w *worker) chmod(c *call, mode, flags uint64) {
	nofollow := flags&unix.AT_SYMLINK_NOFOLLOW != 0
	w.change(c, nofollow, func(fd int) error {
		if nofollow {
			var st unix.Stat_t
			if err := unix.Fstat(fd, &st); err == nil && st.Mode&unix.S_IFMT == unix.S_IFLNK {
				return unix.EOPNOTSUPP
			}
		}
		return unix.Chmod(procFD(fd), uint32(mode)&0o7777)
	})
}

func (w *worker) chown(c *call, uid, gid, flags uint64) {
	if len(c.places) == 0 && flags&unix.AT_EMPTY_PATH != 0 {
		fd, e := c.emptyPath(c.Args[0])
		if e != 0 {
			c.fail(e)
			return
		}
		defer unix.Close(fd)
		err := w.as(c.identity(), func() { e = errno(unix.Fchownat(fd, "", int(int32(uid)), int(int32(gid)), unix.AT_EMPTY_PATH)) })
		if err != nil {
			e = errno(err)
		}
		c.fail(e)
		return
	}
	w.change(c, flags&unix.AT_SYMLINK_NOFOLLOW != 0, func(fd int) error {
		return unix.Fchownat(fd, "", int(int32(uid)), int(int32(gid)), unix.AT_EMPTY_PATH)
	})
}
