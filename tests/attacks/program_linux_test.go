package attacks

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/pledge-linux/pledge/internal/program"
	"github.com/pledge-linux/pledge/internal/testbed"
)

// A bench is a directory in which programs of an attacker's are made.
type bench struct {
	t   *testing.T
	uid int
	dir string
}

func newBench(t *testing.T, uid int) *bench {
	return &bench{t, uid, testbed.Dir(t, uid)}
}

// gcc makes a program of a source; $T in the options is the directory.
func (b *bench) gcc(out, source string, options ...string) string {
	b.t.Helper()
	src := filepath.Join(b.dir, filepath.Base(out)+".c")
	testbed.Write(b.t, b.uid, src, source, 0o644)
	out = filepath.Join(b.dir, out)
	os.MkdirAll(filepath.Dir(out), 0o755)
	os.Chown(filepath.Dir(out), b.uid, -1)
	argv := []string{"-w", "-o", out, src}
	for _, o := range options {
		argv = append(argv, strings.ReplaceAll(o, "$T", b.dir))
	}
	if msg, err := exec.Command("gcc", argv...).CombinedOutput(); err != nil {
		b.t.Fatalf("gcc %v: %v\n%s", argv, err, msg)
	}
	os.Chown(out, b.uid, -1)
	return out
}

func (b *bench) run(argv ...string) testbed.Result {
	b.t.Helper()
	return testbed.Run(b.t, b.uid, b.dir, nil, "", argv...)
}

func (b *bench) file(name, text string, mode os.FileMode) string {
	path := filepath.Join(b.dir, name)
	testbed.Write(b.t, b.uid, path, text, mode)
	return path
}

const reader = `
#include <fcntl.h>
#include <unistd.h>
#include <stdio.h>
#include <string.h>
int main(int argc, char **argv) {
	for (int i = 1; i < argc; i++) {
		char b[64];
		int fd = open(argv[i], O_RDONLY);
		int n = fd < 0 ? 0 : read(fd, b, sizeof b);
		if (n > 0) write(1, b, n);
	}
	return 0;
}
`

// secondInterpreter turns the note of a program into a PT_INTERP that says
// where.
func secondInterpreter(t *testing.T, path, where string) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	f, err := elf.NewFile(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(b, append([]byte("MARK:"+where), 0))
	if at < 0 {
		t.Fatal("the program does not hold the name")
	}
	for i, p := range f.Progs {
		if p.Type == elf.PT_NOTE {
			ph := b[64+56*i:]
			binary.LittleEndian.PutUint32(ph, uint32(elf.PT_INTERP))
			binary.LittleEndian.PutUint64(ph[8:], uint64(at+len("MARK:")))
			binary.LittleEndian.PutUint64(ph[32:], uint64(len(where)+1))
			if err := os.WriteFile(path, b, 0o755); err != nil {
				t.Fatal(err)
			}
			return
		}
	}
	t.Fatal("the program has no note")
}

// Only the interpreter that the kernel starts becomes readable, and never a
// directory, a FIFO or a device.
func TestSecondInterpreter(t *testing.T) {
	testbed.Need(t, "gcc")
	pledge := testbed.Pledge(t)
	testbed.Users(t, func(t *testing.T, uid int) {
		b := newBench(t, uid)
		secret := b.file("outside/secret", "top secret", 0o600)
		b.file("inside/file", "x", 0o644)
		for name, where := range map[string]string{"root": "/", "file": secret, "directory": filepath.Dir(secret)} {
			// The kernel wants some first interpreter: the real one.
			prog := b.gcc("prog-"+name, `static const char mark[] __attribute__((used)) = "MARK:`+where+`";`+reader, "-no-pie", "-Wl,--build-id")
			secondInterpreter(t, prog, where)
			if r := b.run(prog, secret); !strings.Contains(r.Stdout, "top secret") {
				t.Fatalf("unconfined the attack fails: it proves nothing: %+v", r)
			}
			for _, argv := range [][]string{
				{pledge, "-q", "-u", "r:inside", "stdio rpath", "--"},
				{pledge, "-q", "-u", "r:inside", "--"},
				{pledge, "-q", "--exec", "stdio", "--"},
				{pledge, "-q", "--exec", "-u", "r:inside", "stdio rpath", "--"},
			} {
				if r := b.run(append(argv, prog, secret)...); strings.Contains(r.Stdout, "secret") || r.Status != 0 {
					t.Errorf("%v %s: %+v", argv[1:], name, r)
				}
			}
		}
	})
}

// An interpreter that is not a regular file is not one, and nothing waits for it.
func TestInterpreterThatIsNoFile(t *testing.T) {
	testbed.Need(t, "gcc", "mkfifo")
	pledge := testbed.Pledge(t)
	testbed.Users(t, func(t *testing.T, uid int) {
		b := newBench(t, uid)
		fifo := filepath.Join(b.dir, "fifo")
		if r := b.run("mkfifo", "-m", "755", fifo); r.Status != 0 {
			t.Fatalf("%+v", r)
		}
		for _, where := range []string{fifo, b.dir, "/dev/null", b.dir + "/missing"} {
			prog := b.gcc("prog", reader, "-Wl,--dynamic-linker="+where)
			for _, argv := range [][]string{{pledge, "-u", "r:/etc", "stdio rpath", "--", prog}, {pledge, "stdio", "--", prog}, {pledge, "--exec", "stdio", "--", prog}} {
				if r := b.run(argv...); r.Status != 126 && r.Status != 127 || r.Stdout != "" {
					t.Errorf("%v with interpreter %s: %+v", argv, where, r)
				}
			}
		}
		script := b.file("script", "#!"+fifo+"\n", 0o755)
		if r := b.run(pledge, "stdio", "--", script); r.Status != 127 {
			t.Errorf("a script for a FIFO: %+v", r)
		}
	})
}

const talker = `
#include <fcntl.h>
#include <unistd.h>
#include <time.h>
#include <sys/socket.h>
void needed(void) {}
static void start(void) {
	char b[64];
	int s[2];
	write(1, "talks\n", 6);
	int in = read(0, b, sizeof b);
	if (in > 0) write(1, b, in);
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, s) == 0) write(1, "socketpair\n", 11);
	int fd = open("/usr/lib/os-release", O_RDONLY);
	int n = fd < 0 ? 0 : read(fd, b, sizeof b);
	if (n > 0) write(1, b, n);
	for (int i = 0; i < 2000; i++) getppid();
}
__attribute__((constructor)) static void constructor(void) { start(); }
`

// A constructor has no more than was promised, but what ld.so itself needs: it
// is refused, reported and killed as anybody.
func TestConstructorThatTalks(t *testing.T) {
	testbed.Need(t, "gcc")
	pledge := testbed.Pledge(t)
	testbed.Users(t, func(t *testing.T, uid int) {
		b := newBench(t, uid)
		b.gcc("libtalker.so", talker, "-shared", "-fPIC")
		prog := b.gcc("main", "void needed(void); int main(){needed();return 7;}", "-L$T", "-ltalker", "-Wl,-rpath,$T")
		if r := b.run(prog); r.Status != 7 || !strings.Contains(r.Stdout, "talks") || !strings.Contains(r.Stdout, "socketpair") {
			t.Fatalf("unconfined: %+v", r)
		}
		in := "what was typed"
		r := testbed.Run(t, uid, b.dir, nil, in, pledge, "", "--", prog)
		if r.Status != 7 || r.Stdout != "" || !strings.Contains(r.Stderr, "write") || !strings.Contains(r.Stderr, "read") || !strings.Contains(r.Stderr, "socketpair") {
			t.Errorf("promised nothing: %+v", r)
		}
		if r := testbed.Run(t, uid, b.dir, nil, in, pledge, "--kill", "", "--", prog); r.Status != 134 || r.Stdout != "" || r.Stderr == "" {
			t.Errorf("killed: %+v", r)
		}
		if r := b.run(pledge, "-q", "stdio", "--", prog); r.Status != 7 || strings.Contains(r.Stdout, "NAME=") {
			t.Errorf("with stdio, which does not read files: %+v", r)
		}
	})
}

const dumpReader = `
#include <fcntl.h>
#include <unistd.h>
void needed(void) {}
__attribute__((constructor)) static void start(void) {
	char b[4096];
	int fd = open(KEY, O_RDONLY);
	int n = fd < 0 ? 0 : pread(fd, b, sizeof b, OFF);
	for (int i = 0; i < n; i++) if (b[i] > 31 && b[i] < 127) write(1, b + i, 1);
}
`

// What a program's header names is read only if it is a library, and in the
// program's own directory: neither a core dump, nor another's library.
func TestHeaderNamesFiles(t *testing.T) {
	testbed.Need(t, "gcc")
	pledge := testbed.Pledge(t)
	testbed.Users(t, func(t *testing.T, uid int) {
		b := newBench(t, uid)
		secret := "password=hunter2"
		dump := make([]byte, 4096)
		copy(dump, "\x7fELF\x02\x01\x01")
		binary.LittleEndian.PutUint16(dump[16:], 4) // ET_CORE
		binary.LittleEndian.PutUint16(dump[18:], 62)
		copy(dump[200:], secret)
		lib := b.gcc("victim/libkeys.so", `const char key[] = "`+secret+`";`, "-shared", "-fPIC")
		exe := b.gcc("app/bin/tool", `const char key[] = "`+secret+`"; int main(){return 0;}`, "-pie", "-fPIE")
		for name, key := range map[string]string{
			"dump beside": b.file("app/bin/core.1", string(dump), 0o600), "dump elsewhere": b.file("crash/core.1", string(dump), 0o600),
			"library elsewhere": lib, "program beside": exe,
		} {
			off := "0"
			if strings.HasPrefix(name, "library") || strings.HasPrefix(name, "program") {
				data, _ := os.ReadFile(key)
				off = strconv.Itoa(bytes.Index(data, []byte(secret)))
			}
			b.gcc("app/bin/libreader.so", dumpReader, "-shared", "-fPIC", `-DKEY="`+key+`"`, "-DOFF="+off)
			prog := b.gcc("app/bin/main", "void needed(void); int main(){needed();return 0;}", "-L$T/app/bin", "-lreader", "-Wl,-rpath,$T/app/bin:"+filepath.Dir(key))
			if r := b.run(prog); !strings.Contains(r.Stdout, secret) {
				t.Fatalf("%s: unconfined: %+v", name, r)
			}
			for _, argv := range [][]string{
				{pledge, "-q", "stdio", "--", prog}, {pledge, "-q", "-u", "r:/etc", "stdio", "--", prog},
				{pledge, "-q", "-u", "r:/etc", "stdio rpath", "--", prog}, {pledge, "-q", "", "--", prog},
			} {
				if r := b.run(argv...); strings.Contains(r.Stdout, secret) || r.Status != 0 {
					t.Errorf("%s: %v: %+v", name, argv[1:], r)
				}
			}
		}
	})
}

// A program with libraries of its own starts with stdio alone, however its
// header or its user names them, but not with those of somewhere else.
func TestOwnLibrariesAreFound(t *testing.T) {
	testbed.Need(t, "gcc")
	pledge := testbed.Pledge(t)
	testbed.Users(t, func(t *testing.T, uid int) {
		b := newBench(t, uid)
		source := "void needed(void) {}"
		use := "void needed(void); int main(){needed();return 5;}"
		b.gcc("app/lib/libown.so", source, "-shared", "-fPIC", "-Wl,-soname,libown.so")
		b.gcc("far/libown.so", source, "-shared", "-fPIC", "-Wl,-soname,libown.so")
		os.Symlink(b.dir+"/far/libown.so", b.dir+"/links.so")
		os.MkdirAll(b.dir+"/links", 0o755)
		os.Symlink(b.dir+"/far/libown.so", b.dir+"/links/libown.so")
		beside := b.gcc("app/bin/beside", use, "-L$T/app/lib", "-lown", "-Wl,-rpath,$ORIGIN/../lib")
		old := b.gcc("app/bin/old", use, "-L$T/app/lib", "-lown", "-Wl,-rpath,$ORIGIN/../lib", "-Wl,--disable-new-dtags")
		absent := b.gcc("app/bin/absent", use, "-L$T/app/lib", "-lown", "-Wl,-rpath,/nowhere:$T/far/none:$ORIGIN/../lib")
		far := b.gcc("app/bin/far", use, "-L$T/far", "-lown", "-Wl,-rpath,$T/far")
		plain := b.gcc("app/bin/plain", use, "-L$T/far", "-lown")
		slash := b.gcc("app/bin/slash", use, b.gcc("app/lib/libnameless.so", source, "-shared", "-fPIC"))
		interp := map[string]string{}
		for _, dir := range []string{"app/lib", "far"} {
			code, err := os.ReadFile(interpreterOf(t, plain))
			if err != nil {
				t.Fatal(err)
			}
			interp[dir] = b.gcc("app/bin/interp-"+filepath.Base(dir), "int main(){return 5;}", "-Wl,--dynamic-linker="+b.file(dir+"/ld.so", string(code), 0o755))
		}
		for _, c := range []struct {
			name   string
			argv   []string
			env    string
			status int
		}{
			{"an interpreter of its own", []string{"-u", "r:/etc", "stdio rpath", "--", interp["app/lib"]}, "", 5},
			{"an interpreter of its own, in place", []string{"--exec", "-u", "r:/etc", "stdio rpath", "--", interp["app/lib"]}, "", 5},
			{"an interpreter of elsewhere", []string{"stdio", "--", interp["far"]}, "", 5},
			{"an interpreter of elsewhere, unveiled", []string{"-u", "x:far", "stdio rpath", "--", interp["far"]}, "", 5},
			{"an interpreter of elsewhere, hidden", []string{"-u", "r:/etc", "stdio rpath", "--", interp["far"]}, "", 126},
			{"$ORIGIN/../lib", []string{"stdio", "--", beside}, "", 5},
			{"$ORIGIN/../lib, nothing promised", []string{"", "--", beside}, "", 5},
			{"$ORIGIN/../lib, unveil", []string{"-u", "r:/etc", "stdio rpath", "--", beside}, "", 5},
			{"DT_RPATH", []string{"stdio", "--", old}, "", 5},
			{"directories that are not there", []string{"--kill", "stdio", "--", absent}, "", 5},
			{"LD_LIBRARY_PATH", []string{"--kill", "stdio", "--", plain}, "LD_LIBRARY_PATH=" + b.dir + "/far", 5},
			{"LD_LIBRARY_PATH, relative", []string{"--kill", "stdio", "--", plain}, "LD_LIBRARY_PATH=far", 5},
			{"LD_LIBRARY_PATH of links", []string{"--kill", "stdio", "--", plain}, "LD_LIBRARY_PATH=" + b.dir + "/links", 5},
			{"LD_LIBRARY_PATH of links, rpath", []string{"--kill", "stdio rpath", "--", plain}, "LD_LIBRARY_PATH=" + b.dir + "/links", 5},
			{"LD_LIBRARY_PATH, unveil", []string{"-u", "r:/etc", "stdio rpath", "--", plain}, "LD_LIBRARY_PATH=" + b.dir + "/links", 5},
			{"LD_PRELOAD", []string{"--kill", "stdio", "--", plain}, "LD_PRELOAD=" + b.dir + "/links.so", 5},
			{"a name with a slash", []string{"--kill", "stdio", "--", slash}, "", 5},
			{"a name with a slash, unveil", []string{"-u", "r:/etc", "stdio rpath", "--", slash}, "", 5},
			{"elsewhere, rpath", []string{"--kill", "stdio rpath", "--", far}, "", 5},
			{"elsewhere, unveiled", []string{"-u", "r:far", "stdio rpath", "--", far}, "", 5},
			{"elsewhere", []string{"stdio", "--", far}, "", 127},
			{"elsewhere, hidden", []string{"-u", "r:/etc", "stdio rpath", "--", far}, "", 127},
			{"strict, $ORIGIN", []string{"--strict-unveil", "-u", "r:/etc", "stdio rpath", "--", beside}, "", 5},
		} {
			var env []string
			if c.env != "" {
				env = []string{c.env}
			}
			r := testbed.Run(t, uid, b.dir, env, "", append([]string{pledge}, c.argv...)...)
			if r.Status != c.status {
				t.Errorf("%s: status %d, want %d: %s", c.name, r.Status, c.status, r.Stderr)
			}
			if c.name == "elsewhere" && !strings.Contains(r.Stderr, "rpath") || c.name == "elsewhere, hidden" && !strings.Contains(r.Stderr, b.dir+"/far/libown.so") {
				t.Errorf("%s: does not say what is missing: %s", c.name, r.Stderr)
			}
		}
	})
}

// What is learned of a program with libraries of elsewhere is enough to start it.
func TestLearnedLibraries(t *testing.T) {
	testbed.Need(t, "gcc")
	pledge := testbed.Pledge(t)
	testbed.Users(t, func(t *testing.T, uid int) {
		b := newBench(t, uid)
		b.gcc("far/libown.so", "void needed(void) {}", "-shared", "-fPIC", "-Wl,-soname,libown.so")
		for _, option := range []string{"-Wl,-rpath,$T/far", "-Wl,-rpath,$ORIGIN/../../far"} {
			far := b.gcc("app/bin/far", "void needed(void); int main(){needed();return 5;}", "-L$T/far", "-lown", option)
			r := b.run(pledge, "learn", "-o", "learned", "--", far)
			env := []string{"PATH=" + filepath.Dir(pledge) + ":" + os.Getenv("PATH")}
			if got := testbed.Run(t, uid, b.dir, env, "", "sh", "learned"); got.Status != 5 {
				t.Errorf("learned: %+v; then: %+v", r, got)
			}
		}
	})
}

func interpreterOf(t *testing.T, path string) string {
	t.Helper()
	interp := program.Interpreter(path)
	if interp == "" {
		t.Fatalf("%s has no interpreter", path)
	}
	return interp
}

// While a dynamic loader is served, what lies beside its directories' names is
// not told.
func TestLoaderNamesWithDots(t *testing.T) {
	testbed.Need(t, "gcc")
	pledge := testbed.Pledge(t)
	testbed.Users(t, func(t *testing.T, uid int) {
		b := newBench(t, uid)
		victim := b.file("victim", "x", 0o600)
		prog := b.gcc("probe", `
#include <unistd.h>
#include <stdio.h>
#include <sys/stat.h>
#include <fcntl.h>
int main(int argc, char **argv) {
	struct stat st;
	for (int i = 1; i < argc; i++) {
		if (access(argv[i], R_OK) == 0) puts("access");
		if (faccessat(AT_FDCWD, argv[i], W_OK, 0) == 0) puts("faccessat");
		if (lstat(argv[i], &st) == 0) puts("lstat");
		if (open(argv[i], O_RDONLY) >= 0) puts("open");
	}
	return 3;
}`, "-static")
		var names []string
		for _, prefix := range []string{"/etc/ld.so.conf.d/../..", "/etc/ld.so.cache/../../..", "/usr/lib/../..", "/lib/../..", "/etc/ld-musl-x/../..", "/usr/lib/x86_64-linux-gnu/../../.."} {
			names = append(names, prefix+victim)
		}
		if r := b.run(append([]string{prog}, names...)...); !strings.Contains(r.Stdout, "access") {
			t.Fatalf("unconfined: %+v", r)
		}
		if r := b.run(append([]string{pledge, "-q", "stdio exec", "--", prog}, names...)...); r.Status != 3 || r.Stdout != "" {
			t.Errorf("%+v", r)
		}
	})
}

// Memory that is writable and executable needs prot_exec, whoever asks for it:
// a program's header, or the lack of one.
func TestExecutableStack(t *testing.T) {
	testbed.Need(t, "gcc")
	pledge := testbed.Pledge(t)
	source := `
#include <unistd.h>
#include <string.h>
static char area[4096];
int main(void) {
	char code[16];
	char *volatile p = STACK ? code : area;
	memcpy(p, "\xb8\x39\x05\x00\x00\xc3", 6); /* mov $1337,%eax; ret: the same on i386 */
	if (((int (*)(void))p)() == 1337) write(1, "ran\n", 4);
	return 0;
}`
	kinds := map[string][]string{"stack": {"-DSTACK=1", "-Wl,-z,execstack"}, "stack, static": {"-DSTACK=1", "-static", "-Wl,-z,execstack"}}
	testbed.Users(t, func(t *testing.T, uid int) {
		b := newBench(t, uid)
		progs := map[string]string{}
		for name, options := range kinds {
			progs[name] = b.gcc("p"+strconv.Itoa(len(progs)), source, options...)
		}
		if testbed.RunsI386(t) {
			prog := b.gcc("narrow", source, "-m32", "-static", "-DSTACK=0")
			withoutStackHeader(t, prog)
			progs["i386 without PT_GNU_STACK"] = prog
		}
		for name, prog := range progs {
			if r := b.run(prog); r.Stdout != "ran\n" {
				t.Fatalf("%s: unconfined: %+v", name, r)
			}
			if r := b.run(pledge, "-q", "stdio prot_exec", "--", prog); r.Stdout != "ran\n" {
				t.Errorf("%s: with prot_exec: %+v", name, r)
			}
			if r := b.run(pledge, "learn", "-o", "-", "--", prog); !strings.Contains(r.Stdout, "prot_exec") {
				t.Errorf("%s: learned without prot_exec: %+v", name, r)
			}
			for _, argv := range [][]string{{pledge, "stdio", "--", prog}, {pledge, "--exec", "stdio", "--", prog}, {pledge, "--kill", "stdio rpath", "--", prog}} {
				if r := b.run(argv...); r.Status != 126 || r.Stdout != "" || !strings.Contains(r.Stderr, "prot_exec") {
					t.Errorf("%s: %v: %+v", name, argv[1:], r)
				}
			}
		}
	})
}

func withoutStackHeader(t *testing.T, path string) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	phoff, n := binary.LittleEndian.Uint32(b[28:]), int(binary.LittleEndian.Uint16(b[44:]))
	for i := range n {
		if ph := b[int(phoff)+32*i:]; binary.LittleEndian.Uint32(ph) == 0x6474e551 {
			binary.LittleEndian.PutUint32(ph, 0)
		}
	}
	if err := os.WriteFile(path, b, 0o755); err != nil {
		t.Fatal(err)
	}
}

const racer = `
#define _GNU_SOURCE
#include <fcntl.h>
#include <unistd.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
static volatile int stop;
static int lib, memory, slot;
static void *exchange(void *x) {
	while (!stop) { dup2(lib, slot); dup2(memory, slot); }
	return 0;
}
int race(void) {
	pthread_t t;
	lib = open("/lib/x86_64-linux-gnu/libc.so.6", O_RDONLY);
	if (lib < 0) lib = open("/usr/lib64/libc.so.6", O_RDONLY);
	memory = open(MEMORY, O_RDONLY);
	slot = dup(lib);
	if (lib < 0 || memory < 0) return 2;
	if (pthread_create(&t, 0, exchange, 0)) return 3;
	int found = 0;
	for (int i = 0; i < 20000 && !found; i++) {
		unsigned char *p = mmap(0, 4096, PROT_READ|PROT_EXEC, MAP_PRIVATE, slot, 0);
		if (p == MAP_FAILED) continue;
		if (!memcmp(p, "mine", 4)) found = 1;
		munmap(p, 4096);
	}
	stop = 1;
	pthread_join(t, 0);
	if (found) write(1, "mapped\n", 7);
	return 0;
}
void needed(void) {}
__attribute__((constructor)) static void start(void) { int r = race(); if (r) write(1, "no race\n", 8); }
`

// A descriptor that another thread exchanges while it is looked at maps no code
// of the program's own making: the loader's rights end with the first thread.
func TestDescriptorIsExchanged(t *testing.T) {
	testbed.Need(t, "gcc")
	pledge := testbed.Pledge(t)
	testbed.Users(t, func(t *testing.T, uid int) {
		b := newBench(t, uid)
		mine := b.file("mine", "mine"+strings.Repeat("x", 5000), 0o644)
		b.gcc("libracer.so", racer, "-shared", "-fPIC", "-pthread", `-DMEMORY="`+mine+`"`)
		prog := b.gcc("main", "void needed(void); int main(){needed();return 4;}", "-L$T", "-lracer", "-Wl,-rpath,$T")
		if r := b.run(prog); r.Status != 4 || r.Stdout != "mapped\n" {
			t.Fatalf("unconfined: %+v", r)
		}
		if r := b.run(pledge, "-q", "stdio rpath", "--", prog); r.Status != 4 || r.Stdout != "" {
			t.Errorf("%+v", r)
		}
	})
}

const worker = `
#define _GNU_SOURCE
#include <unistd.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <sys/wait.h>
#include <fcntl.h>
#include <sys/mman.h>
static void *thread(void *x) { return x; }
static int code(void) {
	int fd = open("/lib/x86_64-linux-gnu/libm.so.6", O_RDONLY);
	void *p = fd < 0 ? MAP_FAILED : mmap(0, 4096, PROT_READ|PROT_EXEC, MAP_PRIVATE, fd, 0);
	return p != MAP_FAILED;
}
void needed(void) {}
__attribute__((constructor)) static void start(void) {
	int status = 0;
	printf("%d", code());
	if (HOW == 't') {
		pthread_t t;
		if (pthread_create(&t, 0, thread, 0) || pthread_join(t, 0)) _exit(20);
	} else {
		fflush(stdout);
		pid_t p = HOW == 'v' ? vfork() : fork();
		if (p < 0) _exit(21);
		if (p == 0 && HOW == 'v') _exit(0);
		if (p == 0) return; /* through the entry point */
		waitpid(p, &status, 0);
		if (!WIFEXITED(status)) _exit(22);
	}
	cpu_set_t set;
	sched_getaffinity(0, sizeof set, &set);
	printf("%d %d\n", code(), CPU_COUNT(&set));
}
`

// A constructor that makes threads or processes goes on without the loader's
// rights, and so do they, unharmed.
func TestConstructorThatMultiplies(t *testing.T) {
	testbed.Need(t, "gcc")
	pledge := testbed.Pledge(t)
	testbed.Users(t, func(t *testing.T, uid int) {
		b := newBench(t, uid)
		for how, words := range map[string]string{"t": "stdio rpath", "f": "stdio rpath proc", "v": "stdio rpath proc"} {
			b.gcc("libworker.so", worker, "-shared", "-fPIC", "-pthread", "-DHOW='"+how+"'")
			prog := b.gcc("main", "void needed(void); int main(){needed();return 6;}", "-L$T", "-lworker", "-Wl,-rpath,$T")
			plain := b.run(prog)
			if plain.Status != 6 || !strings.Contains(plain.Stdout, "1") {
				t.Fatalf("%s: unconfined: %+v", how, plain)
			}
			want := "10" + plain.Stdout[strings.LastIndex(plain.Stdout, " "):]
			if r := b.run(pledge, "-q", words, "--", prog); r.Status != 6 || !strings.HasSuffix(r.Stdout, want) {
				t.Errorf("%s: %+v, want %q", how, r, want)
			}
		}
	})
}

// A file that takes the program's name between being judged and executed is not
// run, and does not get the first one's rights.
func TestProgramIsExchanged(t *testing.T) {
	testbed.Need(t, "gcc")
	pledge := testbed.Pledge(t)
	testbed.Users(t, func(t *testing.T, uid int) {
		b := newBench(t, uid)
		swap := b.gcc("swap", `
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
int main(int c, char **v) { for (;;) if (renameat2(AT_FDCWD, v[1], AT_FDCWD, v[2], RENAME_EXCHANGE)) return 1; }`)
		good := b.gcc("good", `#include <unistd.h>
int main(){ write(1, "good\n", 5); return 0; }`)
		stack := b.gcc("stack", `#include <unistd.h>
#include <string.h>
int main(void) {
	char code[16];
	char *volatile p = code;
	memcpy(p, "\xb8\x39\x05\x00\x00\xc3", 6);
	if (((int (*)(void))p)() == 1337) write(1, "ran\n", 4);
	return 0;
}`, "-Wl,-z,execstack")
		stop := b.background(swap, good, stack)
		defer stop()
		started := 0
		for range 60 {
			r := b.run(pledge, "-q", "stdio", "--", good)
			if strings.Contains(r.Stdout, "ran") {
				t.Fatalf("a program that was not judged ran: %+v", r)
			}
			if r.Stdout == "good\n" {
				started++
			}
		}
		t.Logf("%d of 60 started", started)
	})
}

// background runs a command until stop is called.
func (b *bench) background(argv ...string) (stop func()) {
	cmd := exec.Command(argv[0], argv[1:]...)
	if b.uid != os.Getuid() {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(b.uid), Gid: uint32(b.uid)}}
	}
	if err := cmd.Start(); err != nil {
		b.t.Fatal(err)
	}
	return func() { cmd.Process.Kill(); cmd.Wait() }
}

// What lies beside a path that allows less is opened as it was listed: a link
// that takes a name's place leads nowhere.
func TestSiblingBecomesALink(t *testing.T) {
	testbed.Need(t, "gcc")
	pledge := testbed.Pledge(t)
	testbed.Users(t, func(t *testing.T, uid int) {
		b := newBench(t, uid)
		swap := b.gcc("swap", `
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
int main(int c, char **v) { for (;;) if (renameat2(AT_FDCWD, v[1], AT_FDCWD, v[2], RENAME_EXCHANGE)) return 1; }`)
		b.file("shared/keep/f", "x", 0o644)
		b.file("shared/sub/keep/f", "x", 0o644)
		secret := b.file("priv/secret", "top secret", 0o600)
		for _, dir := range []string{"shared", "shared/sub"} {
			b.file(dir+"/zz/f", "x", 0o644)
			if err := os.Symlink(filepath.Dir(secret), filepath.Join(b.dir, dir, "zzlink")); err != nil {
				t.Fatal(err)
			}
			defer b.background(swap, filepath.Join(b.dir, dir, "zz"), filepath.Join(b.dir, dir, "zzlink"))()
		}
		args := []string{"-q", "-u", "rw:shared", "-u", ":shared/keep", "-u", ":shared/sub/keep"}
		for range 60 {
			for _, more := range [][]string{{"stdio rpath wpath"}, {"--exec", "stdio rpath wpath"}} {
				argv := append(append([]string{pledge}, args...), more...)
				if r := b.run(append(argv, "--", "/bin/cat", secret)...); strings.Contains(r.Stdout, "secret") {
					t.Fatalf("%v: %+v", argv[1:], r)
				}
			}
		}
		if r := b.run("/bin/cat", secret); r.Stdout != "top secret" {
			t.Fatalf("unconfined: %+v", r)
		}
	})
}

// The #! line is what the kernel takes it for.
func TestCarriageReturnInScript(t *testing.T) {
	pledge := testbed.Pledge(t)
	testbed.Users(t, func(t *testing.T, uid int) {
		b := newBench(t, uid)
		own := b.file("bin/env", "#!/bin/sh\necho own\n", 0o755)
		for _, c := range []struct {
			text, out string
			status    int
		}{
			{"#!/usr/bin/env sh\r\necho hi\n", "", 127},
			{"#!/bin/sh\r\necho hi\n", "", 127},
			{"#!/usr/bin/env sh\necho hi\n", "hi\n", 0},
			{"#! \t/usr/bin/env\t sh \necho hi $0\n", "hi ./script\n", 0},
			{"#!" + own + " sh\necho hi\n", "own\n", 0}, // not env(1)
		} {
			b.file("script", c.text, 0o755)
			plain := b.run("/bin/sh", "-c", "./script")
			got := b.run(pledge, "-q", "stdio rpath", "--", "./script")
			if c.status == 0 && (plain.Status != 0 || got.Status != 0) || c.status != 0 && got.Status != c.status {
				t.Errorf("%q: status %d, by itself %d: %s", c.text, got.Status, plain.Status, got.Stderr)
			}
			if !strings.Contains(c.text, "$0") && (got.Stdout != c.out || plain.Stdout != c.out && c.status == 0) {
				t.Errorf("%q: %q, by itself %q", c.text, got.Stdout, plain.Stdout)
			}
		}
	})
}

// What is unveiled for executing can be read, not listed and not written, and the
// dry run says so: Landlock asks for both rights when the kernel opens a program.
func TestExecuteShowsContent(t *testing.T) {
	pledge := testbed.Pledge(t)
	testbed.Users(t, func(t *testing.T, uid int) {
		b := newBench(t, uid)
		file := b.file("tools/file", "content", 0o644)
		veil := []string{pledge, "-q", "-u", "x:tools", "stdio rpath wpath", "--"}
		if r := b.run(append(veil, "/bin/cat", file)...); r.Stdout != "content" {
			t.Errorf("it cannot be read; the documents say that it can: %+v", r)
		}
		if r := b.run(append(veil, "/bin/ls", filepath.Dir(file))...); strings.Contains(r.Stdout, "file") {
			t.Errorf("it is listed: %+v", r)
		}
		if r := b.run(append(veil, "/bin/dd", "if=/dev/null", "of="+file, "conv=notrunc")...); r.Status == 0 {
			t.Errorf("it is written: %+v", r)
		}
		if r := b.run(pledge, "--dry-run", "-u", "x:tools", "stdio rpath", "--", "/bin/true"); !strings.Contains(r.Stdout, "can be read as well") {
			t.Errorf("the dry run does not say so: %+v", r)
		}
	})
}
