package systrace

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/testbed"
	"github.com/pledge-linux/pledge/tests/internal/bypath"
)

// TestDifferential makes random calls in random trees, once unconfined and once
// under a policy that permits everything by path, so that each is judged and
// performed. The kernel is the oracle: values, errors, what is opened and what
// is left behind must be the same. $DIFFERENTIAL_CALLS is how many calls each
// user and emulation make, $DIFFERENTIAL_SEED and $DIFFERENTIAL_FROM where they
// begin. All of it happens
// in a jail: the calls would ruin the machine.
func TestDifferential(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		testbed.Skip(t, "amd64")
	}
	if os.Getuid() != 0 {
		testbed.Skip(t, "root, for a jail")
	}
	testbed.Need(t, "gcc")
	jail := testbed.Dir(t, 0)
	os.Chmod(jail, 0o755)
	for name, from := range map[string]string{".systrace": testbed.Systrace(t), ".differ": compiled(t, "differ")} {
		program, err := os.ReadFile(from)
		if err != nil {
			t.Fatal(err)
		}
		testbed.Write(t, 0, filepath.Join(jail, name), string(program), 0o755)
	}
	os.Mkdir(jail+"/proc", 0o755)
	if err := unix.Mount("proc", jail+"/proc", "proc", 0, ""); err != nil {
		testbed.Skip(t, "mount of proc: "+err.Error())
	}
	t.Cleanup(func() { unix.Unmount(jail+"/proc", unix.MNT_DETACH) })
	calls, seed := number("DIFFERENTIAL_CALLS", 2000), number("DIFFERENTIAL_SEED", 1)
	for _, who := range []struct {
		name    string
		uid     int  // the program's
		dropped bool // its supervisor is root: -c
	}{{"root", 0, false}, {"ordinary", testbed.Ordinary, false}, {"dropped", testbed.Ordinary, true}} {
		for _, emulation := range []string{"linux64", "native"} {
			t.Run(who.name+" "+emulation, func(t *testing.T) {
				testbed.Write(t, 0, jail+"/.policy", bypath.Policy("/.differ", emulation, nil), 0o644)
				argv, owner := []string{"/.systrace", "-a", "-e", "-U", "-f", "/.policy"}, who.uid
				if who.dropped {
					argv, owner = append(argv, "-c", fmt.Sprintf("%d:%d", who.uid, who.uid)), 0
				}
				const each = 400
				for at, failures := number("DIFFERENTIAL_FROM", 0), 0; at < calls && failures < 3; at += each {
					b := &differential{jail: jail, uid: who.uid, rand: rand.New(rand.NewPCG(uint64(seed), uint64(at)))}
					if !b.compare(t, argv, owner, each) {
						failures++
						t.Logf("seed %d, calls from %d", seed, at)
					}
				}
			})
		}
	}
}

func number(name string, other int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return n
	}
	return other
}

// differential is one tree and its calls.
type differential struct {
	jail string
	uid  int
	rand *rand.Rand
}

// compare runs the calls twice: by the program itself, and by its supervisor.
func (b *differential) compare(t *testing.T, supervisor []string, owner, calls int) bool {
	lines := make([]string, calls)
	for i := range lines {
		lines[i] = b.call()
	}
	b.tree(t)
	b.write(t, lines)
	bare, _ := b.run(t, b.uid, nil)
	want := b.left()
	b.tree(t)
	b.write(t, lines)
	confined, said := b.run(t, owner, supervisor)
	got := b.left()
	if said != "" {
		t.Errorf("%.2000s", said)
	}
	for i := range min(len(bare), len(confined), calls) {
		if bare[i] != confined[i] && !excepted(lines[i], bare[i], confined[i]) {
			t.Errorf("%s\nunconfined %s\nconfined   %s", readable(lines[i]), bare[i], confined[i])
			return false // what follows follows from it
		}
	}
	if got != want {
		t.Errorf("left behind, unconfined:\n%s\nconfined:\n%s", want, got)
	}
	return got == want
}

func (b *differential) write(t *testing.T, lines []string) {
	os.Remove(b.jail + "/.calls")
	testbed.Write(t, 0, b.jail+"/.calls", strings.Join(lines, "\n")+"\n", 0o644)
}

// run makes the calls in the jail, and returns what came of them.
func (b *differential) run(t *testing.T, uid int, supervisor []string) (lines []string, said string) {
	t.Helper()
	argv := append(append([]string{}, supervisor...), "/.differ", "/.calls")
	cmd := exec.Command(argv[0], argv[1:]...)
	var stdout, stderr bytes.Buffer
	// Not the machine's own /dev/null, which the calls would change by its descriptor.
	stdin, err := os.OpenFile(filepath.Join(b.jail, "stdin"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer stdin.Close()
	cmd.Stdin = stdin
	cmd.Dir, cmd.Stdout, cmd.Stderr, cmd.Env = "/w", &stdout, &stderr, []string{"PATH=/"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Chroot: b.jail, Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(uid)}}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	stuck := time.AfterFunc(time.Minute, func() { cmd.Process.Kill() })
	defer stuck.Stop()
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%v: %v\n%.2000s", argv, err, stderr.String())
	}
	return strings.Split(stdout.String(), "\n"), stderr.String()
}

// excepted are the differences that there may be: the directory of a process's
// own descriptors is another one for the process itself than for others, and of
// two reasons not to change a name in /proc either may be told.
func excepted(line, bare, confined string) bool {
	refused := func(s string) bool {
		return strings.HasSuffix(s, " -1") || strings.HasSuffix(s, " -13") || strings.HasSuffix(s, " -20")
	}
	text := readable(line)
	if strings.HasPrefix(line, "265 ") && strings.HasSuffix(bare, " -2") {
		// AT_EMPTY_PATH is refused for descriptors that another one has opened,
		// whatever the path is.
		flags, _ := strconv.Atoi(line[strings.LastIndexByte(line, 'n')+1:])
		return flags&unix.AT_EMPTY_PATH != 0
	}
	switch {
	case strings.Contains(text, "/fd") || strings.Contains(text, "lfd"):
		return refused(confined)
	case strings.Contains(text, "/proc") || strings.Contains(text, "lproc") || strings.Contains(text, "lex"):
		return refused(bare) && refused(confined)
	}
	return false
}

// readable is a call for people.
func readable(line string) string {
	words := strings.Fields(line)
	for i, w := range words {
		if w[0] == 's' {
			if b, err := hex.DecodeString(w[1:]); err == nil {
				words[i] = fmt.Sprintf("%.200q", b)
			}
		}
	}
	return strings.Join(words, " ")
}

// tree makes the files: everybody's, others' and those that are special.
func (b *differential) tree(t *testing.T) {
	t.Helper()
	entries, _ := os.ReadDir(b.jail)
	for _, e := range entries {
		switch e.Name() {
		case "proc", ".systrace", ".differ", ".calls", ".policy":
		default:
			remove(filepath.Join(b.jail, e.Name()))
		}
	}
	for _, name := range []string{"", "/.differ", "/.systrace", "/proc"} { // /proc/self/exe is one of them
		os.Chmod(b.jail+name, 0o755)
		os.Chown(b.jail+name, 0, 0)
	}
	r := rand.New(rand.NewPCG(7, 7))
	make := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, dir := range []string{"/dev", "/etc", "/tmp"} {
		make(os.Mkdir(b.jail+dir, 0o755))
	}
	make(os.Chmod(b.jail+"/tmp", 0o777|os.ModeSticky))
	for name, minor := range map[string]uint32{"null": 3, "full": 7} {
		make(unix.Mknod(b.jail+"/dev/"+name, unix.S_IFCHR|0o666, int(unix.Mkdev(1, minor))))
		make(os.Chmod(b.jail+"/dev/"+name, 0o666))
	}
	for link, to := range map[string]string{"/dev/fd": "/proc/self/fd", "/dev/stdin": "/proc/self/fd/0", "/etc/mtab": "../proc/self/mounts"} {
		make(os.Symlink(to, b.jail+link))
	}
	make(os.WriteFile(b.jail+"/etc/passwd", []byte("root:x:0:0::/:/bin/sh\nnobody:x:65534:65534::/:/bin/sh\n"), 0o644))
	make(os.WriteFile(b.jail+"/etc/shadow", []byte("secret"), 0o600))
	make(os.WriteFile(b.jail+"/etc/hostname", []byte("jail\n"), 0o644))
	w := b.jail + "/w"
	for _, d := range []struct {
		name string
		mode os.FileMode
	}{{"/w", 0o755}, {"/w/d", 0o755}, {"/w/d/e", 0o755}, {"/w/d/e/f", 0o700}, {"/w/x", 0o711}, {"/w/t", 0o777}, {"/w/no", 0}, {"/w/ro", 0o555}} {
		make(os.Mkdir(b.jail+d.name, 0o755))
		make(os.Chmod(b.jail+d.name, d.mode))
		os.Chown(b.jail+d.name, b.uid, b.uid)
	}
	for _, name := range []string{"a", "b", "d/a", "d/e/a", "t/a", "x/a", "no/a", "ro/a"} {
		make(os.WriteFile(w+"/"+name, fmt.Appendf(nil, "%s of %d", name, r.IntN(9)), 0o644))
		os.Chown(w+"/"+name, b.uid, b.uid)
	}
	make(os.Link(w+"/a", w+"/d/hard"))
	make(os.Chmod(w+"/b", 0o600))
	for link, to := range map[string]string{
		"l": "a", "ld": "d", "dang": "nowhere", "loop": "loop", "lab": "/w/a", "lup": "d/e/../..", "d/up": "../a", "lslash": "d/", "t/la": "../a",
		"lself": "/proc/self/cwd", "lfd": "/dev/fd", "lex": "/proc/self/exe", "dchain": "dang", "t/lt": "/w/d", "lproc": "/proc", "ldd": "d/e/f/nothing",
	} {
		make(os.Symlink(to, w+"/"+link))
		os.Lchown(w+"/"+link, b.uid, b.uid)
	}
	make(unix.Mkfifo(w+"/p", 0o666))
	os.Chown(w+"/p", b.uid, b.uid)
	{
		make(unix.Mknod(w+"/null", unix.S_IFCHR|0o666, int(unix.Mkdev(1, 3))))
		make(os.Chmod(w+"/null", 0o666))
		make(os.Chmod(w+"/t", 0o777|os.ModeSticky))
		for _, name := range []string{"other", "t/other"} { // another user's
			make(os.Mkdir(w+"/"+name, 0o750))
			make(os.WriteFile(w+"/"+name+"/a", []byte("theirs"), 0o644))
			make(os.WriteFile(w+"/"+name+"f", []byte("theirs"), 0o644))
			make(os.Symlink("a", w+"/"+name+"l"))
			for _, n := range []string{name, name + "/a", name + "f", name + "l"} {
				make(os.Lchown(w+"/"+n, 12, 12))
			}
		}
	}
}

// left lists what is there.
func (b *differential) left() string {
	var s strings.Builder
	filepath.WalkDir(b.jail, func(path string, _ fs.DirEntry, err error) error {
		switch path {
		case b.jail + "/proc":
			return fs.SkipDir
		case b.jail + "/p", b.jail + "/.calls", b.jail + "/.systrace", b.jail + "/.differ":
			return nil
		}
		var st unix.Stat_t
		if e := unix.Lstat(path, &st); e != nil {
			fmt.Fprintf(&s, "%s %v\n", path, e)
			return nil
		}
		fmt.Fprintf(&s, "%s %o %d:%d %d", path, st.Mode, st.Uid, st.Gid, st.Nlink)
		switch st.Mode & unix.S_IFMT {
		case unix.S_IFLNK:
			to, _ := os.Readlink(path)
			fmt.Fprintf(&s, " -> %q", to)
		case unix.S_IFREG:
			data, _ := os.ReadFile(path)
			fmt.Fprintf(&s, " %d %.40q", len(data), data)
		}
		s.WriteString("\n")
		return nil
	})
	return s.String()
}

// remove removes a tree whatever its modes are.
func remove(dir string) {
	filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if d != nil && d.IsDir() {
			os.Chmod(path, 0o700)
		}
		return nil
	})
	os.RemoveAll(dir)
}

func (b *differential) one(list ...string) string { return list[b.rand.IntN(len(list))] }

func (b *differential) chance(percent int) bool { return b.rand.IntN(100) < percent }

// path is one of all kinds.
func (b *differential) path() string {
	if b.chance(3) {
		return b.one("", "/", "/.", "//..", ".", "..", "//", strings.Repeat("x", 255), strings.Repeat("y", 256), strings.Repeat("d/../", 800), strings.Repeat("./", 2000), strings.Repeat("./", 2100), strings.Repeat("n/", 2047)+"n")
	}
	if b.chance(8) {
		return b.one("/proc/self/exe", "/proc/self/fd/0", "/proc/self/cwd/a", "/proc/self/cwd", "/proc/self/cwd/", "/proc/self", "/proc/self/", "/proc/thread-self", "/proc/self/root/etc/hostname",
			"/proc/self/comm", "/proc/self/fd/3", "/proc/self/fd/4/a", "/dev/fd/1", "/dev/stdin", "/dev/null", "/dev/null/", "/dev/full", "/proc/self/ns/net", "/proc/self/task/../comm",
			"/proc/self/../self/comm", "/proc/nothing", "/proc/self/nothing", "/proc/mounts", "/etc/mtab", "/proc/self/fd", "/proc", "/etc/passwd", "/etc/shadow", "/etc/hostname", "/tmp/new", "/dev/new")
	}
	var s strings.Builder
	if b.chance(12) {
		s.WriteString(b.one("/w/", "//w//", "/w/../w/", "/./w/"))
	}
	for range 1 + b.rand.IntN(4)*b.rand.IntN(2) {
		s.WriteString(b.one("d", "d", "d/e", "x", "t", "no", "ro", "ld", "lup", "lslash", "other", "..", ".", "t/lt", "lself", "new", "t/other", "lproc", "lproc/self/cwd") + b.one("/", "/", "/", "//", "/./"))
	}
	s.WriteString(b.one("a", "a", "b", "l", "lab", "dang", "dchain", "loop", "hard", "new", "new2", "new3", "p", "null", "d", "e", "f", "x", "t", "no", "ro", "ld", "lslash", "other", "otherf", "otherl", "..", ".", "la", "lt", "lself", "lex", "lfd", "up", "ldd"))
	if b.chance(15) {
		s.WriteString(b.one("/", "//", "/.", "/.."))
	}
	return s.String()
}

func (b *differential) s() string {
	if b.chance(2) {
		return b.one("b", "n0")
	}
	return "s" + hex.EncodeToString([]byte(b.path()))
}

// second is the second path of a call. Where both are wrong the kernel says what
// is wrong with the first; here what cannot be read or is empty is said at once.
func (b *differential) second() string {
	for {
		if path := b.path(); path != "" && len(path) < 4096 {
			return "s" + hex.EncodeToString([]byte(path))
		}
	}
}

func (b *differential) secondAt() string {
	return "n" + strconv.Itoa(unix.AT_FDCWD) + " " + b.second()
}

// at is a directory and a path.
func (b *differential) at() string { return b.from() + " " + b.s() }

func (b *differential) from() string {
	dir := "n" + strconv.Itoa(unix.AT_FDCWD)
	if b.chance(30) {
		dir = b.one("f0", "f1", "f2", "f3", "f4", "f5", "n0", "n999", "n-1", "n-5")
	}
	return dir
}

func (b *differential) out() string {
	if b.chance(3) {
		return b.one("b", "r", "n0")
	}
	return "o"
}

func (b *differential) bits(garbage int, flags ...int) string {
	n := 0
	for _, f := range flags {
		if b.chance(25) {
			n |= f
		}
	}
	if b.chance(garbage) {
		n |= 1 << b.rand.IntN(31)
	}
	return "n" + strconv.Itoa(n)
}

func (b *differential) mode() string {
	return "n" + b.one("0644", "0600", "0777", "0", "04755", "01777", "0177777", "02750")
}

func (b *differential) openFlags() string {
	n := []int{unix.O_RDONLY, unix.O_RDONLY, unix.O_WRONLY, unix.O_RDWR, 3}[b.rand.IntN(5)] | unix.O_NONBLOCK
	for _, f := range []int{unix.O_CREAT, unix.O_EXCL, unix.O_TRUNC, unix.O_APPEND, unix.O_DIRECTORY, unix.O_NOFOLLOW, unix.O_CLOEXEC, unix.O_NOCTTY, unix.O_LARGEFILE, unix.O_NOATIME, unix.O_SYNC} {
		if b.chance(15) {
			n |= f
		}
	}
	if b.chance(8) {
		n |= unix.O_PATH
	}
	if b.chance(4) {
		n |= unix.O_TMPFILE
	}
	if b.chance(2) {
		n |= 1 << b.rand.IntN(31)
	}
	return "n" + strconv.Itoa(n|unix.O_NONBLOCK)
}

func (b *differential) how() string {
	how := make([]byte, 24)
	flags, _ := strconv.Atoi(b.openFlags()[1:])
	binary.LittleEndian.PutUint64(how, uint64(flags))
	if flags&(unix.O_CREAT|unix.O_TMPFILE&^unix.O_DIRECTORY) != 0 || b.chance(5) {
		binary.LittleEndian.PutUint64(how[8:], 0o640)
	}
	size := 24
	if b.chance(10) {
		size = []int{0, 8, 23, 32, 5000}[b.rand.IntN(5)]
		how = append(how, make([]byte, 8)...)
		if b.chance(30) {
			how[27] = 1
		}
	}
	return "s" + hex.EncodeToString(how) + " n" + strconv.Itoa(size)
}

func (b *differential) id() string {
	return "n" + b.one("-1", "-1", strconv.Itoa(b.uid), strconv.Itoa(b.uid), "0", "12")
}

// call is a line of the script.
func (b *differential) call() string {
	line := func(nr int, args ...string) string { return strconv.Itoa(nr) + " " + strings.Join(args, " ") }
	switch b.rand.IntN(40) {
	case 0:
		return line(unix.SYS_OPEN, b.s(), b.openFlags(), b.mode())
	case 1:
		flags := unix.O_RDONLY | unix.O_NONBLOCK
		for _, f := range []int{unix.O_PATH, unix.O_DIRECTORY, unix.O_NOFOLLOW, unix.O_CLOEXEC} {
			if b.chance(20) {
				flags |= f
			}
		}
		return line(unix.SYS_OPENAT, b.at(), "n"+strconv.Itoa(flags), "n0")
	case 2, 3, 4:
		return line(unix.SYS_OPENAT, b.at(), b.openFlags(), b.mode())
	case 5:
		return line(unix.SYS_OPENAT2, b.at(), b.how())
	case 6:
		return line(unix.SYS_CREAT, "s"+hex.EncodeToString([]byte(b.one("new", "t/new2", "d/new", "l", "dang", "new/", "a", "t/la", "ro/new", "no/new", "dchain", "t/other"))), b.mode())
	case 7:
		return line(unix.SYS_STAT, b.s(), b.out())
	case 8, 9:
		return line(unix.SYS_LSTAT, b.s(), b.out())
	case 10, 11:
		return line(unix.SYS_NEWFSTATAT, b.at(), b.out(), b.bits(5, unix.AT_SYMLINK_NOFOLLOW, unix.AT_NO_AUTOMOUNT, unix.AT_EMPTY_PATH))
	case 12:
		return line(unix.SYS_STATX, b.at(), b.bits(5, unix.AT_SYMLINK_NOFOLLOW, unix.AT_NO_AUTOMOUNT, unix.AT_EMPTY_PATH, 0x2000, 0x4000), "n0x7ff", b.out())
	case 13:
		return line(unix.SYS_ACCESS, b.s(), "n"+b.one("0", "1", "2", "4", "6", "7", "8"))
	case 14:
		return line(unix.SYS_FACCESSAT2, b.at(), "n"+b.one("0", "1", "2", "4", "6", "7", "9"), b.bits(5, unix.AT_SYMLINK_NOFOLLOW, unix.AT_EACCESS, unix.AT_EMPTY_PATH))
	case 15:
		return line(unix.SYS_READLINK, b.s(), b.out(), "n"+b.one("4096", "3", "0", "-1"))
	case 16:
		return line(unix.SYS_READLINKAT, b.at(), b.out(), "n"+b.one("4096", "3", "0", "-1"))
	case 17:
		return line(unix.SYS_TRUNCATE, b.s(), "n"+b.one("0", "5", "100", "-1"))
	case 18:
		return line(unix.SYS_CHMOD, b.s(), b.mode())
	case 19:
		return line(unix.SYS_FCHMODAT2, b.at(), b.mode(), b.bits(5, unix.AT_SYMLINK_NOFOLLOW, unix.AT_EMPTY_PATH))
	case 20:
		return line([]int{unix.SYS_CHOWN, unix.SYS_LCHOWN}[b.rand.IntN(2)], b.s(), b.id(), b.id())
	case 21:
		return line(unix.SYS_FCHOWNAT, b.at(), b.id(), b.id(), b.bits(5, unix.AT_SYMLINK_NOFOLLOW, unix.AT_EMPTY_PATH))
	case 22:
		return line(unix.SYS_MKDIR, b.s(), b.mode())
	case 23, 24:
		return line(unix.SYS_MKDIRAT, b.at(), b.mode())
	case 25:
		return line(unix.SYS_RMDIR, b.s())
	case 26:
		return line(unix.SYS_UNLINK, b.s())
	case 27:
		return line(unix.SYS_UNLINKAT, b.at(), b.bits(5, unix.AT_REMOVEDIR))
	case 28:
		return line(unix.SYS_MKNOD, b.s(), "n"+b.one("0100644", "0644", "010600", "0140600", "0120600", "040700", "0170000"), "n0")
	case 29:
		return line(unix.SYS_MKNODAT, b.at(), "n"+b.one("0100644", "0644", "010600", "020666", "060600"), "n"+b.one("0", "259"))
	case 30, 31:
		return line(unix.SYS_RENAME, b.s(), b.second())
	case 32, 33:
		return line(unix.SYS_RENAMEAT2, b.at(), b.secondAt(), b.bits(5, unix.RENAME_NOREPLACE, unix.RENAME_EXCHANGE))
	case 34:
		return line(unix.SYS_LINK, b.s(), b.second())
	case 35:
		return line(unix.SYS_LINKAT, b.at(), b.secondAt(), b.bits(5, unix.AT_SYMLINK_FOLLOW, unix.AT_EMPTY_PATH))
	case 36:
		return line(unix.SYS_SYMLINK, b.s(), b.s())
	case 37:
		return line(unix.SYS_SYMLINKAT, b.s(), b.at())
	case 38:
		return line(unix.SYS_UMASK, "n"+b.one("022", "077", "0", "027", "0777"))
	}
	return line(unix.SYS_CHDIR, "s"+hex.EncodeToString([]byte(b.one("d", "..", ".", "/w", "/w", "/w", "/", "x", "no", "a", "ld", "nothing", "d/", "/proc/self/cwd", "lself", "", "t/lt", "dang"))))
}
