package resolve

import (
	"bytes"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

const procRoot = 1 // PROC_ROOT_INO

// isProc tells whether a descriptor is of a procfs, mounted wherever.
func isProc(fd int) bool {
	var fs unix.Statfs_t
	return unix.Fstatfs(fd, &fs) == nil && fs.Type == unix.PROC_SUPER_MAGIC
}

// IsProc tells whether a descriptor is of a procfs.
func IsProc(fd int) bool { return isProc(fd) }

// inProc takes a name in a directory of a procfs.
func (w *walker) inProc(name string, last, slash, follow bool) (*Place, error) {
	var st unix.Stat_t
	if err := unix.Fstat(w.dir, &st); err != nil {
		return nil, err
	}
	if st.Ino == procRoot {
		if done, p, err := w.inProcRoot(name, last, slash, follow); done {
			return p, err
		}
	}
	fd, err := unix.Openat(w.dir, name, openPath|unix.O_NOFOLLOW, 0)
	if err != nil {
		if last && err == unix.ENOENT {
			return w.place(name, slash), nil
		}
		return nil, err
	}
	if err := w.crossed(fd); err != nil {
		unix.Close(fd)
		return nil, err
	}
	if err := unix.Fstat(fd, &st); err != nil {
		unix.Close(fd)
		return nil, err
	}
	link := st.Mode&unix.S_IFMT == unix.S_IFLNK
	switch {
	case last && !(link && follow):
		unix.Close(fd)
		return w.place(name, slash), nil
	case !link:
		return nil, w.into(fd)
	case w.isMagic(name):
		unix.Close(fd)
		return w.jump(name, last, slash)
	}
	if last && slash {
		w.pending = "/"
	}
	return nil, w.follow(fd, &st)
}

// inProcRoot takes the names of /proc that depend on who asks, or that are this
// process's.
func (w *walker) inProcRoot(name string, last, slash, follow bool) (done bool, p *Place, err error) {
	switch name {
	case "self", "thread-self":
		text, err := w.self(name)
		if err != nil {
			return true, nil, err
		}
		if last && !follow {
			p := w.place(name, slash)
			p.Link = text
			return true, p, nil
		}
		// Nobody can have planted this link.
		if w.links++; w.links > maxLinks {
			return true, nil, unix.ELOOP
		}
		if last && slash {
			w.pending = "/"
		}
		w.prepend(text)
		return true, nil, nil
	}
	if _, e := strconv.ParseUint(name, 10, 31); e == nil && w.ours(name) {
		return true, nil, unix.EACCES
	}
	return false, nil, nil
}

// readlink is the text of a link, "" if there is none.
func readlink(dir int, name string) string {
	var buf [128]byte
	n, err := unix.Readlinkat(dir, name, buf[:])
	if err != nil || n <= 0 {
		return ""
	}
	return string(buf[:n])
}

// ours tells whether a name of this /proc is one of this process's threads: as
// a procfs of another pid namespace would call it.
func (w *walker) ours(name string) bool {
	self := readlink(w.dir, "self")
	if self == "" {
		return false // this process is not in it
	}
	var st unix.Stat_t
	return unix.Fstatat(w.dir, name+"/task/"+self, &st, unix.AT_SYMLINK_NOFOLLOW) == nil
}

// self is what /proc/self or /proc/thread-self says to the other thread.
func (w *walker) self(name string) (string, error) {
	pid, tid := "", ""
	for _, n := range numbers(w.v.PID, "NStgid:") {
		if w.isTask(n, w.v.PID) {
			pid = n
			break
		}
	}
	if pid == "" {
		return "", unix.ENOENT
	}
	if name == "self" {
		return pid, nil
	}
	for _, n := range numbers(w.v.TID, "NSpid:") {
		if w.isTask(pid+"/task/"+n, w.v.TID) {
			tid = n
			break
		}
	}
	if tid == "" {
		return "", unix.ENOENT
	}
	return pid + "/task/" + tid, nil
}

// numbers are a thread's in all pid namespaces that it is in, the outermost one
// first.
func numbers(tid int, key string) []string {
	b, err := os.ReadFile("/proc/" + strconv.Itoa(tid) + "/status")
	if err != nil {
		return []string{strconv.Itoa(tid)}
	}
	for line := range strings.Lines(string(b)) {
		if rest, ok := strings.CutPrefix(line, key); ok {
			return strings.Fields(rest)
		}
	}
	return []string{strconv.Itoa(tid)}
}

// isTask tells whether a number of this /proc is a thread that this process
// knows by another one: it has begun at the same time.
func (w *walker) isTask(name string, tid int) bool {
	fd, err := unix.Openat(w.dir, name+"/stat", unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return false
	}
	defer unix.Close(fd)
	own, err := unix.Open("/proc/"+strconv.Itoa(tid)+"/stat", unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return false
	}
	defer unix.Close(own)
	a, b := began(fd), began(own)
	return a != "" && a == b
}

// began is when a thread began, of its stat.
func began(fd int) string {
	var buf [1024]byte
	n, err := unix.Read(fd, buf[:])
	if err != nil || n <= 0 {
		return ""
	}
	i := bytes.LastIndexByte(buf[:n], ')')
	f := strings.Fields(string(buf[i+1 : n]))
	const at = 19 // field 22, starttime; what is behind the name begins with field 3
	if len(f) <= at {
		return ""
	}
	return f[at]
}

// isMagic tells whether a link of /proc leads to an object rather than to a
// path.
func (w *walker) isMagic(name string) bool {
	how := unix.OpenHow{Flags: openPath, Resolve: unix.RESOLVE_NO_MAGICLINKS}
	fd, err := open2(w.dir, name, &how)
	if err == nil {
		unix.Close(fd)
	}
	return err == unix.ELOOP
}

// jump goes where a link of /proc leads, which no text says.
func (w *walker) jump(name string, last, slash bool) (*Place, error) {
	if w.v.NoLinks {
		return nil, unix.ELOOP
	}
	if w.links++; w.links > maxLinks {
		return nil, unix.ELOOP
	}
	fd, err := unix.Openat(w.dir, name, openPath, 0)
	if err != nil {
		return nil, err
	}
	if !last || slash {
		var st unix.Stat_t
		if err := unix.Fstat(fd, &st); err != nil || st.Mode&unix.S_IFMT != unix.S_IFDIR {
			unix.Close(fd)
			return nil, unix.ENOTDIR // also a link, which is not followed
		}
	}
	if !last {
		return nil, w.into(fd)
	}
	w.close()
	return &Place{Dir: -1, FD: fd, Slash: slash}, nil
}

// crossed refuses a mount of a part of a procfs, such as this process's memory,
// at another place. What is mounted from the root of one is walked as any.
func (w *walker) crossed(fd int) error {
	if !isProc(fd) {
		return nil
	}
	return partOfProc(w.v.TID, w.dir, fd)
}

// partOfProc looks at a descriptor of a procfs that was opened from dir.
func partOfProc(tid, dir, fd int) error {
	var in, of unix.Statx_t
	const what = unix.STATX_INO | unix.STATX_MNT_ID
	if err := unix.Statx(fd, "", unix.AT_EMPTY_PATH, what, &of); err != nil {
		return err
	}
	if of.Ino == procRoot {
		return nil
	}
	if dir >= 0 && unix.Statx(dir, "", unix.AT_EMPTY_PATH, what, &in) == nil && in.Mnt_id == of.Mnt_id {
		return nil
	}
	b, err := os.ReadFile("/proc/" + strconv.Itoa(tid) + "/mountinfo")
	if err != nil {
		return unix.EACCES
	}
	for line := range strings.Lines(string(b)) {
		f := strings.Fields(line)
		if len(f) < 5 || f[0] != strconv.FormatUint(of.Mnt_id, 10) {
			continue
		}
		first, _, _ := strings.Cut(strings.TrimPrefix(f[3], "/"), "/")
		if _, err := strconv.ParseUint(first, 10, 32); err != nil {
			return nil
		}
	}
	return unix.EACCES // a process's, or one of a mount namespace that cannot be seen
}

// Checked tells whether an object that was opened by a name of no procfs may be
// given away: a part of a procfs may be mounted there.
func (v *View) Checked(fd int) error {
	if !isProc(fd) {
		return nil
	}
	return partOfProc(v.TID, -1, fd)
}
