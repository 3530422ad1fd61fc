package policy

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/pledge-linux/pledge/compat/systrace/syntax"
)

func TestFileName(t *testing.T) {
	for in, want := range map[string]string{
		"/usr/bin/gcc-4.2": "usr_bin_gcc_4_2", "/bin/ls": "bin_ls", "ls": "ls", "//x": "x", "/a/b_c": "a_b_c", "/\xe9/b": "b",
	} {
		if got := FileName(in); got != want {
			t.Errorf("FileName(%q) = %q, want %q", in, got, want)
		}
	}
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestStore: given before the user's before the system's; one of the last two,
// never both.
func TestStore(t *testing.T) {
	dir := t.TempDir()
	s := &Store{User: dir + "/user", System: dir + "/system"}
	head := func(name string) string { return "Policy: " + name + ", Emulation: native\n\t" }
	write(t, dir+"/system/bin_a", head("/bin/a")+"native-read: permit\n")
	write(t, dir+"/system/bin_b", head("/bin/b")+"native-read: permit\n")
	write(t, dir+"/user/bin_b", head("/bin/b")+"native-write: permit\n"+head("/bin/c")+"native-read: permit\n"+head("/bin/b")+"native-close: permit\n")
	write(t, dir+"/user/bin_d", head("/bin/other")+"native-read: permit\n")
	write(t, dir+"/user/bin_e", head("/bin/e")+"nonsense\n")
	write(t, dir+"/given", head("*/f")+"native-read: permit\n"+head("/bin/a")+"\nPolicy: /bin/g, Emulation: native\ndetached\n")
	if _, err := s.Read(dir + "/given"); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		program, first string
		rules          int
	}{{"/bin/a", "read", 1}, {"/bin/b", "write", 2}, {"/usr/f", "read", 1}} {
		l, err := s.Find(c.program)
		if err != nil || len(l.Section.Rules) != c.rules || l.Section.Rules[0].Call != c.first {
			t.Errorf("%s: %+v, %v", c.program, l, err)
		}
	}
	if l, err := s.Find("/bin/g"); err != nil || !l.Section.Detached {
		t.Errorf("/bin/g: %+v, %v", l, err)
	}
	for _, program := range []string{"/bin/c", "/bin/d", "/other/f"} { // by file name only; of another program; bound already
		if _, err := s.Find(program); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %v", program, err)
		}
	}
	if _, err := s.Find("/bin/e"); err == nil || errors.Is(err, fs.ErrNotExist) {
		t.Errorf("/bin/e: %v", err)
	}
	if _, err := s.Read(dir + "/nosuch"); err == nil {
		t.Error("a missing -f file is no error")
	}
}

// TestOthers: a policy that others could have written is an error, and the
// system's is not taken in its place; one that is not there is passed over.
func TestOthers(t *testing.T) {
	dir := t.TempDir()
	s := &Store{User: dir + "/user", System: dir + "/system"}
	for _, f := range []string{"/user/bin_a", "/system/bin_a", "/system/bin_b"} {
		write(t, dir+f, "Policy: /bin/"+f[len(f)-1:]+", Emulation: native\n\tnative-read: permit\n")
	}
	for _, c := range []struct {
		path string
		mode os.FileMode
	}{{"/user/bin_a", 0o666}, {"/user", 0o777}, {"/user", 0o777 | os.ModeSticky}} {
		st, err := os.Stat(dir + c.path)
		if err != nil || os.Chmod(dir+c.path, c.mode) != nil {
			t.Fatal(err)
		}
		if l, err := s.Find("/bin/a"); err == nil {
			t.Errorf("%s %v: %+v", c.path, c.mode, l)
		}
		if _, err := s.All(); err == nil {
			t.Errorf("%s %v: all are read", c.path, c.mode)
		}
		if _, err := s.Find("/bin/b"); err != nil {
			t.Errorf("%s %v: /bin/b: %v", c.path, c.mode, err)
		}
		if err := os.Chmod(dir+c.path, st.Mode()); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Rename(dir+"/user/bin_a", dir+"/other"); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("../other", dir+"/user/bin_a"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Find("/bin/a"); err != nil {
		t.Errorf("by a link of one's own: %v", err)
	}
}

// TestWrite: what is written is found again, with the original's name, mode and
// form.
func TestWrite(t *testing.T) {
	s := &Store{User: t.TempDir(), System: "/nonexistent"}
	f, err := syntax.Parse("x", []byte("Policy: /bin/x, Emulation: linux64\n\tlinux64-read: permit\n\tlinux64-fsread: filename eq \"/a\\\"b\" then permit\n"), syntax.Options{})
	if err != nil {
		t.Fatal(err)
	}
	file, err := s.Write(f.Sections[0])
	if err != nil || file != s.User+"/bin_x" {
		t.Fatalf("%s, %v", file, err)
	}
	text, _ := os.ReadFile(file)
	if want := "Policy: /bin/x, Emulation: linux64\n\tlinux64-read: permit\n\tlinux64-fsread: filename eq \"/a\\\"b\" then permit\n\n"; string(text) != want {
		t.Errorf("%q\nwant %q", text, want)
	}
	st, _ := os.Stat(file)
	names, _ := os.ReadDir(s.User)
	if st.Mode() != 0o600 || len(names) != 1 {
		t.Errorf("mode %v, %d files", st.Mode(), len(names))
	}
	if l, err := s.Find("/bin/x"); err != nil || len(l.Section.Rules) != 2 {
		t.Errorf("%+v, %v", l, err)
	}
	broken := &Store{User: s.User + "/nosuch"}
	if _, err := broken.Write(f.Sections[0]); err == nil {
		t.Error("written to a directory that is not there")
	}
}

func TestConstant(t *testing.T) {
	p := compile(t, "Policy: /x, Emulation: native\n\tnative-a: permit\n\tnative-b: true then deny[eio]\n\tnative-c: filename eq \"x\" then permit\n\tnative-c: true then permit\n\tnative-fsread: true then permit\n\tnative-d: true then ask\n", &Env{})
	for _, c := range []struct {
		names []string
		alias string
		want  string
		ok    bool
	}{
		{[]string{"a"}, "", "permit by a", true}, {[]string{"z", "b"}, "", "deny EIO by b", true}, {[]string{"c"}, "", "nothing", false},
		{[]string{"c"}, "fsread", "nothing", false}, {[]string{"z"}, "fsread", "permit by fsread", true}, {[]string{"d"}, "fsread", "nothing", false},
		{[]string{"z"}, "", "nothing", true},
	} {
		v, ok := p.Constant(c.names, c.alias)
		if say(v) != c.want || ok != c.ok {
			t.Errorf("Constant(%q, %q) = %s, %v, want %s, %v", c.names, c.alias, say(v), ok, c.want, c.ok)
		}
	}
}
