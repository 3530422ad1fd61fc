package trust

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
	"pgregory.net/rapid"

	"github.com/pledge-linux/pledge/internal/testbed"
)

// The stranger does all that the kernel lets one do, of what may change what a
// path leads to, as another user: the kernel is the oracle. It is this binary.
func TestMain(m *testing.M) {
	if tree := os.Getenv("STRANGER"); tree != "" {
		strange(tree)
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// strange goes through a tree and puts "evil" wherever it can: into files, in
// the place of files, of directories and of links; and root's file of the
// stranger's choice by link and by rename.
func strange(tree string) {
	evil := filepath.Dir(tree) + "/evil"
	var dirs, files []string
	filepath.WalkDir(tree, func(p string, d os.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			dirs = append(dirs, p)
		} else {
			files = append(files, p)
		}
		return nil
	})
	for _, f := range files {
		if st, err := os.Lstat(f); err == nil && st.Mode().IsRegular() {
			os.WriteFile(f, []byte("evil"), 0o644)
		}
	}
	for _, d := range dirs {
		for _, name := range names {
			p := d + "/" + name
			if old, err := os.Lstat(p); err == nil && old.IsDir() {
				if os.Rename(p, d+"/aside") == nil {
					os.Mkdir(p, 0o777)
					os.WriteFile(p+"/f", []byte("evil"), 0o644)
				}
				continue
			}
			if text, _ := os.ReadFile(p); string(text) == "evil" {
				continue
			}
			os.Remove(p)
			// A file of root's or the victim's that says what the stranger wants, if
			// there is one to move or to link.
			for _, whose := range []string{"root", "victim"} {
				if _, err := os.Lstat(evil + "/link" + strings.ReplaceAll(p, "/", "_")); err == nil {
					break
				}
				if os.Rename(evil+"/"+whose+strings.ReplaceAll(p, "/", "_"), p) == nil {
					break
				}
				os.Link(evil+"/"+whose, p)
			}
			// Or a link of root's to move, or one of the stranger's own.
			if os.Rename(evil+"/link"+strings.ReplaceAll(p, "/", "_"), p) != nil {
				os.Symlink(filepath.Dir(tree)+"/chosen", p)
			}
			os.WriteFile(p, []byte("evil"), 0o644)
		}
	}
}

var names = []string{"a", "b", "f", "l"}

// No file is taken that a stranger could have made what it is, or could change
// while it is taken: over random trees, owners, groups and modes, whatever was
// taken before the stranger came reads the same afterwards, and what is taken
// afterwards is not the stranger's.
func TestStrangers(t *testing.T) {
	if os.Geteuid() != 0 {
		testbed.Skip(t, "root, to be two users")
	}
	self, err := os.Executable()
	do(t, err)
	base, err := os.MkdirTemp("", "pledge-trust")
	do(t, err)
	defer os.RemoveAll(base)
	do(t, os.Chmod(base, 0o755), exec.Command("cp", self, base+"/test").Run(), os.Chmod(base+"/test", 0o755))
	taken, changed := 0, 0
	rapid.Check(t, func(r *rapid.T) {
		dir, err := os.MkdirTemp(base, "t")
		if err != nil {
			r.Fatal(err)
		}
		defer os.RemoveAll(dir)
		os.Chmod(dir, 0o755)
		os.Mkdir(dir+"/evil", 0o777)
		os.Chmod(dir+"/evil", 0o777) // the stranger may move what lies in it
		os.Chown(dir+"/evil", stranger, stranger)
		for who, uid := range map[string]int{"root": 0, "victim": victim} {
			os.WriteFile(dir+"/evil/"+who, []byte("evil"), 0o644)
			os.Chown(dir+"/evil/"+who, uid, uid)
		}
		// What root has, and a stranger may prefer to what was asked for.
		os.WriteFile(dir+"/chosen", []byte("evil"), 0o644)
		paths := grow(r, dir+"/t", 0)
		for i, p := range paths {
			if i%2 == 0 {
				os.Symlink(dir+"/chosen", dir+"/evil/link"+strings.ReplaceAll(p, "/", "_"))
				continue
			}
			for who, uid := range map[string]int{"root": 0, "victim": victim} {
				q := dir + "/evil/" + who + strings.ReplaceAll(p, "/", "_")
				os.WriteFile(q, []byte("evil"), 0o644)
				os.Chown(q, uid, uid)
			}
		}
		u := user{uint32(rapid.SampledFrom([]int{0, victim}).Draw(r, "user"))}
		before := map[string]bool{}
		for _, p := range paths {
			if f, err := u.take(p, unix.O_RDONLY); err == nil {
				f.Close()
				before[p] = true
				taken++
			}
		}
		cmd := exec.Command(base + "/test")
		cmd.Env = []string{"STRANGER=" + dir + "/t"}
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: stranger, Gid: stranger}}
		if out, err := cmd.CombinedOutput(); err != nil {
			r.Fatalf("%v: %s", err, out)
		}
		for _, p := range paths {
			if text, _ := os.ReadFile(p); strings.Contains(string(text), "evil") {
				changed++
				if before[p] {
					r.Fatalf("%s was taken, and a stranger could make it %q\n%s", p, text, show(dir+"/t"))
				}
			}
			f, err := u.take(p, unix.O_RDONLY)
			if err != nil {
				continue
			}
			b := make([]byte, 10)
			n, _ := f.Read(b)
			f.Close()
			if strings.Contains(string(b[:n]), "evil") {
				r.Fatalf("%s is taken after a stranger has made it\n%s", p, show(dir+"/t"))
			}
		}
	})
	if taken == 0 || changed == 0 {
		t.Errorf("%d files were taken, strangers changed %d: this proves nothing", taken, changed)
	}
}

const victim, stranger = 61001, 61002

// grow makes a random tree and returns the paths to ask for.
func grow(r *rapid.T, dir string, depth int) (paths []string) {
	if err := os.Mkdir(dir, 0o755); err != nil {
		r.Fatal(err)
	}
	for _, name := range names {
		p := dir + "/" + name
		switch what := rapid.IntRange(0, 5).Draw(r, p); {
		case name == "f" || what == 0:
			os.WriteFile(p, []byte("good"), 0o600)
			own(r, p, []os.FileMode{0o644, 0o644, 0o644, 0o664, 0o646})
			paths = append(paths, p)
		case what <= 3 && depth < 3 && name != "l":
			paths = append(paths, grow(r, p, depth+1)...)
		case name == "l":
			to := rapid.SampledFrom([]string{"f", "a/f", "b/f", "../f", dir + "/b/f"}).Draw(r, "link")
			os.Symlink(to, p)
			os.Lchown(p, rapid.SampledFrom([]int{0, 0, victim, stranger}).Draw(r, "owner"), 0)
			paths = append(paths, p)
		default:
			paths = append(paths, p) // not there, until a stranger makes it
		}
	}
	own(r, dir, []os.FileMode{0o755, 0o755, 0o755, 0o775, 0o777, 0o777 | os.ModeSticky, 0o775 | os.ModeSticky})
	return paths
}

func own(r *rapid.T, p string, modes []os.FileMode) {
	uid := rapid.SampledFrom([]int{0, 0, 0, victim, victim, stranger}).Draw(r, "owner")
	gid := rapid.SampledFrom([]int{0, victim, stranger}).Draw(r, "group")
	os.Chown(p, uid, gid)
	os.Chmod(p, rapid.SampledFrom(modes).Draw(r, "mode"))
}

func show(dir string) string {
	out, _ := exec.Command("ls", "-lanR", dir).CombinedOutput()
	return string(out)
}

// What mountinfo says of FUSE.
func TestMounter(t *testing.T) {
	const mounts = "21 1 0:20 / /proc rw - proc proc rw\n" +
		"30 1 0:50 / /mnt rw,nosuid shared:3 - fuse.sshfs host: rw,user_id=1000,group_id=1000,allow_other\n" +
		"31 1 0:51 / /v rw - virtiofs root rw\n3 1 0:52 / /x rw - fuse x rw\n"
	for id, want := range map[string]string{"30": "1000 <nil>", "31": "0 <nil>", "3": "0 no such file or directory", "99": "0 no such file or directory"} {
		uid, err := mounterOf(id, mounts)
		if got := fmt.Sprintf("%d %v", uid, err); got != want {
			t.Errorf("mount %s: %s, want %s", id, got, want)
		}
	}
}

// A group that may write by an access control list is not the group that the
// bits are of.
func TestACL(t *testing.T) {
	dir := home(t)
	do(t, put(dir+"/f", "f", 0o664), os.Chown(dir+"/f", -1, os.Getegid()))
	const list = "\x02\x00\x00\x00" + // version, then tag, rights, id
		"\x01\x00\x06\x00\xff\xff\xff\xff" + "\x02\x00\x06\x00\x4a\xee\x00\x00" + "\x04\x00\x04\x00\xff\xff\xff\xff" +
		"\x10\x00\x06\x00\xff\xff\xff\xff" + "\x20\x00\x04\x00\xff\xff\xff\xff"
	if err := unix.Setxattr(dir+"/f", "system.posix_acl_access", []byte(list), 0); err == unix.EOPNOTSUPP {
		testbed.Skip(t, "access control lists in "+dir)
	} else if err != nil {
		t.Fatal(err)
	}
	if _, err := read(dir + "/f"); err == nil || !strings.Contains(err.Error(), "access control list") {
		t.Errorf("taken: %v", err)
	}
}
