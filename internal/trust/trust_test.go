//go:build unix && !(aix || dragonfly || illumos || solaris)

package trust

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/testbed"
)

// home makes a directory that is trusted: the test's own, in one that others
// can write.
func home(t *testing.T) string {
	t.Helper()
	dir := testbed.Dir(t, os.Geteuid())
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

func do(t *testing.T, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

func put(path, text string, mode os.FileMode) error {
	return errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), mode), os.Chmod(path, mode))
}

func read(path string) (string, error) {
	data, _, err := ReadFile(path, 1<<10)
	return string(data), err
}

// What is taken: links of the user's, step by step, and files of root's.
func TestTaken(t *testing.T) {
	dir := home(t)
	do(t, put(dir+"/opt/app/f", "f", 0o644), os.MkdirAll(dir+"/usr/bin", 0o755),
		os.Symlink("usr/bin", dir+"/bin"), os.Symlink(dir+"/opt/app", dir+"/usr/app"),
		os.Symlink("../app/f", dir+"/usr/bin/link"), os.Symlink("../../opt/./app/f", dir+"/usr/bin/plain"))
	for _, path := range []string{"/opt/app/f", "/bin/link", "/usr/bin/plain", "//usr//app/f", "/usr/../bin/link", "/opt/app/../app/f"} {
		if text, err := read(dir + path); text != "f" || err != nil {
			t.Errorf("%s: %q, %v", path, text, err)
		}
	}
	t.Chdir(dir + "/usr/bin")
	for _, path := range []string{"link", "./link", "../../bin/plain", "../app/f"} {
		if text, err := read(path); text != "f" || err != nil {
			t.Errorf("%s: %q, %v", path, text, err)
		}
	}
	if _, err := read("/etc/passwd"); err == nil || strings.Contains(err.Error(), "owned") {
		if st, e := os.Stat("/etc/passwd"); e != nil || st.Size() <= 1<<10 {
			t.Errorf("/etc/passwd: %v", err)
		}
	}
}

// What is refused, with what is wrong of which directory.
func TestRefused(t *testing.T) {
	dir := home(t)
	do(t, put(dir+"/w/f", "f", 0o666), put(dir+"/open/d/f", "f", 0o644), os.Chmod(dir+"/open", 0o777),
		put(dir+"/sticky/f", "f", 0o644), put(dir+"/sticky/d/f", "f", 0o644), os.Chmod(dir+"/sticky", 0o777|os.ModeSticky),
		os.Symlink("d/f", dir+"/sticky/link"), os.Symlink("loop", dir+"/loop"), os.Symlink("sticky/f", dir+"/into"),
		unix.Mkfifo(dir+"/fifo", 0o600), os.Mkdir(dir+"/d", 0o755))
	for path, want := range map[string]string{
		"/w/f":         dir + "/w/f: everybody can write it: chmod o-w it",
		"/open/d/f":    dir + "/open: everybody can write it: chmod o-w it",
		"/sticky/f":    dir + "/sticky/f: others can put files into " + dir + "/sticky: move it to a directory of your own",
		"/into":        dir + "/sticky/f: others can put files into",
		"/sticky/link": dir + "/sticky/link: others can put files into",
		"/loop":        "/loop: too many levels of symbolic links",
		"/fifo":        "/fifo: not a regular file",
		"/d":           "/d: is a directory",
		"/none":        "/none: no such file or directory",
		"/none/f":      "/none/f: no such file or directory",
		"/w/f/x":       "/w/f/x: not a directory",
	} {
		_, err := read(dir + path)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", path, err, want)
		}
		if strings.Contains(want, "no such") != Absent(dir+path, err) {
			t.Errorf("%s: absent: %v", path, err)
		}
	}
	if text, err := read(dir + "/sticky/d/f"); text != "f" || err != nil {
		t.Errorf("a directory of one's own in a sticky one: %q, %v", text, err)
	}
	if _, err := read(dir + "/open/none"); !Absent(dir+"/open/none", err) {
		t.Errorf("what does not exist in a directory that is not trusted: %v", err)
	}
	do(t, put(dir+"/big", strings.Repeat("x", 2<<10), 0o644))
	if _, err := read(dir + "/big"); err == nil || !strings.HasSuffix(err.Error(), "larger than 1 KiB") {
		t.Errorf("big: %v", err)
	}
}

// A directory that a program of ours keeps files in.
func TestDir(t *testing.T) {
	dir := home(t)
	do(t, os.Mkdir(dir+"/ok", 0o700), os.Symlink("ok", dir+"/link"), os.Mkdir(dir+"/s", 0o755), os.Chmod(dir+"/s", 0o777|os.ModeSticky), put(dir+"/f", "", 0o600))
	for path, want := range map[string]string{"/ok": "", "/link": "", "/s": "others can put files into it", "/f": "/f: not a directory", "/none": "/none: no such file"} {
		if err := Dir(dir + path); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", path, err, want)
		}
	}
}

// A group may write if nobody else is in it, as the system's files tell.
func TestOnlyMember(t *testing.T) {
	dir := home(t)
	do(t, put(dir+"/passwd", "root:x:0:0::/root:/bin/sh\nann:x:1000:1000::/:/bin/sh\nbob:x:1001:1001::/:/bin/sh\ncy:x:1002:50::/:/bin/sh\n", 0o644),
		put(dir+"/group", "root:x:0:\nann:x:1000:\nstaff:x:50:\nteam:x:51:ann,bob\nown:x:52:ann,root\nodd\nbob:x:1001:ann\n", 0o644))
	defer func(p, g string) { passwdFile, groupFile = p, g }(passwdFile, groupFile)
	passwdFile, groupFile = dir+"/passwd", dir+"/group"
	for gid, want := range map[uint32]bool{0: true, 1000: true, 50: false, 51: false, 52: true, 1001: false, 4711: false} {
		if got := onlyMember(gid, 1000); got != want {
			t.Errorf("group %d: %v", gid, got)
		}
	}
	groupFile = dir + "/none"
	if onlyMember(1000, 1000) {
		t.Error("without a file of groups")
	}
}

// Lines go to what the user means, and not where a stranger would have them.
func TestAppend(t *testing.T) {
	dir := home(t)
	do(t, put(dir+"/f", "a", 0o600), put(dir+"/ext/f", "a", 0o600), os.Symlink("f", dir+"/link"), os.Mkdir(dir+"/s", 0o755), os.Chmod(dir+"/s", 0o777|os.ModeSticky),
		os.Link(dir+"/ext/f", dir+"/s/hard"), unix.Mkfifo(dir+"/fifo", 0o600))
	for path, want := range map[string]string{
		"/f": "", "/new": "", "/link": "", "/s/new": "",
		"/s/hard": "it has another name, and others can put files into", "/fifo": "nobody reads this FIFO", "/s": "is a directory",
	} {
		fd, err := Append(dir + path)
		if err == nil {
			unix.Write(fd, []byte("b"))
			unix.Close(fd)
		}
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", path, err, want)
		}
	}
	if text, _ := os.ReadFile(dir + "/f"); string(text) != "abb" {
		t.Errorf("f: %q", text)
	}
	if st, err := os.Stat(dir + "/s/new"); err != nil || st.Mode() != 0o600 {
		t.Errorf("new: %v, %v", st.Mode(), err)
	}
	if fd, err := Append("/dev/null"); err != nil {
		t.Error(err)
	} else {
		unix.Close(fd)
	}
}

// Files are replaced whole, with their mode, through the user's own links.
func TestReplace(t *testing.T) {
	dir := home(t)
	do(t, put(dir+"/f", "a", 0o640), os.Symlink("f", dir+"/link"), os.Mkdir(dir+"/d", 0o755))
	for path, want := range map[string]string{"/link": "", "/new": "", "/d": "is a directory", "/none/x": "no such file"} {
		o, err := NewOutput(dir + path)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s is writable: %v, want %q", path, err, want)
		}
		if err == nil {
			o.Close()
		}
		if err := Replace(dir+path, []byte("b"), 0o644); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", path, err, want)
		}
	}
	if st, err := os.Lstat(dir + "/link"); err != nil || st.Mode()&fs.ModeSymlink == 0 {
		t.Error("the link is gone")
	}
	text, _ := os.ReadFile(dir + "/f")
	if st, _ := os.Stat(dir + "/f"); string(text) != "b" || st.Mode() != 0o640 {
		t.Errorf("f: %q, %v", text, st.Mode())
	}
	names, _ := os.ReadDir(dir)
	if len(names) != 4 {
		t.Errorf("files are left: %v", names)
	}
	if err := Replace("/dev/null", []byte("b"), 0o644); err != nil {
		t.Error(err)
	}
}

// What an output was found to be stays it, whatever takes its name or its
// directory's.
func TestOutputIsHeld(t *testing.T) {
	for _, before := range []bool{true, false} {
		dir := home(t)
		do(t, os.Mkdir(dir+"/d", 0o755), put(dir+"/ext/f", "a", 0o600))
		if before {
			do(t, put(dir+"/d/f", "a", 0o640))
		}
		own, err := NewOutput(dir + "/d/f")
		moved, err2 := NewOutput(dir + "/d/g")
		do(t, err, err2)
		os.Remove(dir + "/d/f")
		do(t, os.Symlink(dir+"/ext/f", dir+"/d/f"), own.Write([]byte("b"), 0o644))
		do(t, os.Rename(dir+"/d", dir+"/e"), os.Symlink("ext", dir+"/d"), moved.Write([]byte("c"), 0o644))
		own.Close()
		moved.Close()
		for path, want := range map[string]string{"/ext/f": "a", "/e/f": "b", "/e/g": "c"} {
			if text, err := os.ReadFile(dir + path); string(text) != want {
				t.Errorf("%s: %q, %v", path, text, err)
			}
		}
		if st, err := os.Lstat(dir + "/e/f"); err != nil || !st.Mode().IsRegular() || before && st.Mode() != 0o640 {
			t.Errorf("%v, %v", st, err)
		}
		if _, err := os.Stat(dir + "/ext/g"); err == nil {
			t.Error("written where the new directory leads")
		}
	}
}
