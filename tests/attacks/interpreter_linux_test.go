package attacks

import (
	"encoding/binary"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/pledge-linux/pledge/internal/testbed"
)

// ownInterpreter is a program's interpreter that never goes to the entry point.
// Each attempt that succeeds is written as a letter, at the end, by a call that
// may be refused, and told by the status as well.
const ownInterpreter = `
static long sys6(long n, long a, long b, long c, long d, long e, long f) {
	long r;
	register long r10 __asm__("r10") = d, r8 __asm__("r8") = e, r9 __asm__("r9") = f;
	__asm__ volatile("syscall" : "=a"(r) : "a"(n), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9) : "rcx", "r11", "memory");
	return r;
}
#define call(n, a, b, c) sys6(n, (long)(a), (long)(b), (long)(c), 0, 0, 0)
static char buffer[256], said[32];
static int count;
static void say(char c) { said[count++] = c; }
static long opened(const char *path) { return sys6(257, -100, (long)path, 0, 0, 0, 0); }
static long map(long prot, long flags, long fd) { long p = sys6(9, 0, 4096, prot, flags, fd, 0); return p < 0 && p > -4096 ? 0 : p; }
__attribute__((used)) void begin(void) {
	long fd, p;
	if (map(7, 0x22, -1)) say('a');                              /* writable code */
	if ((p = map(3, 0x22, -1)) && call(10, p, 4096, 5) == 0) say('b'); /* code out of data */
	if ((fd = opened(SECRET)) >= 0 && call(0, fd, buffer, 64) > 0) say('c');
	if ((fd = opened(DUMP)) >= 0 && call(0, fd, buffer, 64) > 0) say('d');
	if ((fd = opened("/usr/lib/os-release")) >= 0 && call(0, fd, buffer, 64) > 0) say('e');
	if ((fd = opened("/etc/passwd")) >= 0) say('f');
	if ((fd = sys6(319, (long)"m", 0, 0, 0, 0, 0)) >= 0 && call(77, fd, 4096, 0) == 0 && map(5, 2, fd)) say('g'); /* memory as a file */
	if (call(53, 1, 1, 0) != -1 && sys6(53, 1, 1, 0, (long)buffer, 0, 0) == 0) say('h');   /* socketpair */
	if (call(0, 0, buffer, 64) > 0) say('i');                    /* standard input */
	if (call(8, 0, 0, 0) >= 0) say('j');                         /* its place */
	if (call(72, 1, 4, 2048) == 0) say('k');                     /* O_NONBLOCK of what others share */
	if (call(262, -100, SECRET, buffer) == 0) say('l');          /* stat */
	if (call(21, "/etc/ld.so.conf.d/../../" SECRET, 4, 0) == 0) say('m');
	long t[2] = {0, 1000};
	if (call(35, t, 0, 0) == 0) say('n');                        /* sleeps */
	call(1, 1, said, count);
	call(231, 40 + count, 0, 0);
}
__asm__(".globl _start\n_start: and $-16,%rsp\ncall begin\n");
`

// A program with an interpreter of its own, which has the loader's rights for as
// long as it likes, gets nothing from them.
func TestOwnInterpreter(t *testing.T) {
	testbed.Need(t, "gcc")
	if runtime.GOARCH != "amd64" {
		testbed.Skip(t, "an amd64 machine")
	}
	pledge := testbed.Pledge(t)
	testbed.Users(t, func(t *testing.T, uid int) {
		b := newBench(t, uid)
		secret := b.file("secret", "top secret", 0o600)
		dump := make([]byte, 4096)
		copy(dump, "\x7fELF\x02\x01\x01")
		binary.LittleEndian.PutUint16(dump[16:], 4)
		core := b.file("app/core", string(dump), 0o600)
		interp := b.gcc("app/interp", ownInterpreter, "-O1", "-nostdlib", "-static-pie", "-fPIE", "-fno-stack-protector", `-DSECRET="`+secret+`"`, `-DDUMP="`+core+`"`)
		prog := b.gcc("app/prog", "int main(){return 0;}", "-pie", "-fPIE", "-Wl,--dynamic-linker="+interp, "-Wl,-rpath,"+filepath.Dir(core))
		run := func(argv ...string) testbed.Result {
			return testbed.Run(t, uid, b.dir, nil, "typed", argv...)
		}
		all := run(prog)
		for _, letter := range "abcdefgilmn" {
			if !strings.ContainsRune(all.Stdout, letter) {
				t.Fatalf("unconfined %c fails: it proves nothing: %+v", letter, all)
			}
		}
		for _, c := range []struct {
			words, may string
			flags      []string
		}{
			{"", "", nil}, {"stdio", "hijkn", nil}, {"stdio", "hijkn", []string{"-u", "r:/etc"}}, {"rpath", "cdeflm", nil},
			{"stdio rpath", "cdefhijklmn", nil}, {"stdio rpath", "fhijklmn", []string{"-u", "r:/etc"}},
		} {
			r := run(append(append([]string{pledge, "-q"}, c.flags...), c.words, "--", prog)...)
			if extra := strings.Trim(r.Stdout, c.may); extra != "" || r.Status-40 > len(c.may) || r.Status < 40 {
				t.Errorf("%q %v: status %d, %q succeed beyond %q: %s", c.words, c.flags, r.Status, extra, c.may, r.Stderr)
			}
		}
		for _, words := range []string{"", "stdio"} {
			if r := run(pledge, "--kill", words, "--", prog); r.Status != 134 || r.Stderr == "" {
				t.Errorf("--kill %q: %+v", words, r)
			}
		}
	})
}
