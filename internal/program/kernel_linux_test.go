package program

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pledge-linux/pledge/internal/testbed"
)

// sayer is a program without a libc that writes its arguments, each behind a
// number of bytes, or in place of them its own name, and ends.
const sayer = `
#ifdef __x86_64__
static long sys3(long n, long a, long b, long c) { long r; __asm__ volatile("syscall" : "=a"(r) : "a"(n), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory"); return r; }
#define WRITE 1
#define EXIT 60
__asm__(".globl _start\n_start: mov %rsp,%rdi\nand $-16,%rsp\ncall begin\n");
#else
static long sys3(long n, long a, long b, long c) { long r; __asm__ volatile("int $0x80" : "=a"(r) : "a"(n), "b"(a), "c"(b), "d"(c) : "memory"); return r; }
#define WRITE 4
#define EXIT 1
__asm__(".globl _start\n_start: mov %esp,%eax\nand $-16,%esp\nsub $12,%esp\npush %eax\ncall begin\n");
#endif
__attribute__((used)) static const char other[] = OTHER;
__attribute__((used)) void begin(long *sp) {
#ifdef NAME
	sys3(WRITE, 1, (long)NAME, sizeof NAME - 1);
#else
	char **argv = (char **)(sp + 1);
	for (long i = 0; i < sp[0]; i++) {
		long n = 0;
		while (argv[i][n]) n++;
		sys3(WRITE, 1, (long)argv[i], n + 1);
	}
#endif
	sys3(EXIT, 7, 0, 0);
}
`

func compile(t testing.TB, dir, name string, flags ...string) string {
	t.Helper()
	src := filepath.Join(dir, "sayer.c")
	testbed.Write(t, os.Getuid(), src, sayer, 0o644)
	out := filepath.Join(dir, name)
	argv := append([]string{"-O1", "-nostdlib", "-fno-stack-protector", "-fcf-protection=none", "-o", out, src}, flags...)
	if !strings.Contains(strings.Join(flags, " "), "-DOTHER") {
		argv = append(argv, `-DOTHER=""`)
	}
	if msg, err := exec.Command("gcc", argv...).CombinedOutput(); err != nil {
		t.Fatalf("gcc %v: %v\n%s", argv, err, msg)
	}
	return out
}

// The #! line is read as the kernel reads it: every random line starts what
// ParseScript says, with those arguments, or nothing.
func TestScriptsAsTheKernelStartsThem(t *testing.T) {
	testbed.Need(t, "gcc")
	dir := testbed.Dir(t, os.Getuid())
	interp := compile(t, dir, "i", "-static")
	file := filepath.Join(dir, "script")
	pieces := []string{" ", "\t", "\r", "\n", "\x00", "-x", "a b", interp, interp, interp + "\r", strings.Repeat(" ", 100), strings.Repeat("y", 120), "\v", "/", "=", "#!"}
	rng := rand.New(rand.NewPCG(1, 2))
	started := 0
	for range 1500 {
		line := "#!"
		if rng.IntN(2) == 0 {
			line += []string{"", " ", "\t "}[rng.IntN(3)] + interp + []string{"", " ", "\t", "  "}[rng.IntN(4)]
		}
		for range rng.IntN(6) {
			line += pieces[rng.IntN(len(pieces))]
		}
		if rng.IntN(2) == 0 {
			line += "\n"
		}
		if rng.IntN(4) == 0 { // around the end of what the kernel looks at
			pad := lineSize - len(line) - len(interp) + rng.IntN(5) - 2
			line += strings.Repeat(" ", max(pad, 0)) + interp
		}
		os.Remove(file)
		testbed.Write(t, os.Getuid(), file, line, 0o755)
		out, err := exec.Command(file).Output()
		s, ok := ParseScript([]byte(line))
		ran := err != nil && strings.Contains(err.Error(), "exit status 7")
		if want := ok && sameFile(s.Interpreter, interp); ran != want {
			t.Fatalf("%q: the kernel started it: %v (%v); read: %+v %v", line, ran, err, s, ok)
		}
		if !ran {
			continue
		}
		started++
		want := s.Interpreter + "\x00"
		if s.HasArg {
			want += s.Arg + "\x00"
		}
		if want += file + "\x00"; string(out) != want {
			t.Fatalf("%q: the kernel's arguments %q, read %q", line, out, want)
		}
	}
	if started < 300 {
		t.Errorf("only %d lines started something", started)
	}
}

func sameFile(a, b string) bool {
	x, err := os.Stat(a)
	y, err2 := os.Stat(b)
	return err == nil && err2 == nil && os.SameFile(x, y)
}

// ELF headers are read as the kernel reads them: of random changes of real
// programs, what the kernel starts, the program itself or one of two
// interpreters, is what ReadImage says. The kernel may refuse more.
func TestHeadersAsTheKernelReadsThem(t *testing.T) {
	testbed.Need(t, "gcc")
	dir := testbed.Dir(t, os.Getuid())
	kinds := [][]string{{}}
	if testbed.RunsI386(t) {
		kinds = append(kinds, []string{"-m32"})
	}
	for _, kind := range kinds {
		a := compile(t, dir, "A", append(kind, "-static", `-DNAME="A"`)...)
		b := compile(t, dir, "B", append(kind, "-static", `-DNAME="B"`)...)
		self := append(kind, `-DNAME="main"`, `-DOTHER="`+b+`"`)
		for _, shape := range [][]string{{"-static"}, {"-static-pie", "-fPIE"}, {"-no-pie", "-Wl,--dynamic-linker=" + a, "-Wl,-shared"}, {"-pie", "-fPIE", "-Wl,--dynamic-linker=" + a}} {
			if strings.Contains(shape[len(shape)-1], "shared") {
				shape = []string{"-no-pie", "-Wl,--dynamic-linker=" + a, "-Wl,-export-dynamic", "-L" + dir, "-l:lib.so"}
				testbed.Write(t, os.Getuid(), filepath.Join(dir, "lib.c"), "int one(void){return 1;}\n", 0o644)
				if out, err := exec.Command("gcc", append(kind, "-shared", "-nostdlib", "-fPIC", "-o", dir+"/lib.so", dir+"/lib.c")...).CombinedOutput(); err != nil {
					t.Fatalf("%v\n%s", err, out)
				}
				shape = append([]string{"-Wl,--no-as-needed"}, shape...)
			}
			base, err := os.ReadFile(compile(t, dir, "main", append(append([]string{}, self...), shape...)...))
			if err != nil {
				t.Fatal(err)
			}
			mutate(t, dir, base, a, b)
		}
	}
}

func mutate(t *testing.T, dir string, base []byte, a, b string) {
	rng := rand.New(rand.NewPCG(3, uint64(len(base))))
	started := map[string]int{}
	file := filepath.Join(dir, "mutant")
	for i := range 400 {
		bytes := append([]byte(nil), base...)
		if i > 0 {
			change(rng, bytes, a, b)
		}
		os.Remove(file)
		testbed.Write(t, os.Getuid(), file, string(bytes), 0o755)
		out, _ := exec.Command(file).Output()
		got := string(out)
		if got != "" {
			started[got]++
			if want := reading(file, a, b); got != want {
				t.Fatalf("the kernel started %q, the header reads as %q:\n%x", got, want, bytes[:1024])
			}
		}
	}
	if len(started) == 0 || started["A"]+started["main"]+started["B"] < 40 {
		t.Errorf("hardly a mutant started: %v", started)
	}
}

// reading is what ReadImage says the kernel starts.
func reading(file, a, b string) string {
	f, err := Open(file)
	if err != nil {
		return err.Error()
	}
	defer f.Close()
	r, err := f.Reader()
	if err != nil {
		return err.Error()
	}
	defer r.Close()
	im, err := ReadImage(r)
	switch {
	case err != nil:
		return err.Error()
	case !im.Dynamic:
		return "main"
	case im.Interpreter == a:
		return "A"
	case im.Interpreter == b:
		return "B"
	}
	return fmt.Sprintf("%q", im.Interpreter)
}

// change makes one to three changes of the headers.
func change(rng *rand.Rand, b []byte, names ...string) {
	le := binary.LittleEndian
	wide := b[4] == 2
	ehsize, phsize, size, typeAt, offAt := 52, 32, 16, 0, 4
	phnum := int(le.Uint16(b[44:]))
	if wide {
		ehsize, phsize, size, offAt = 64, 56, 32, 8
		phnum = int(le.Uint16(b[56:]))
	}
	word := func(at int, v uint64) {
		if wide {
			le.PutUint64(b[at:], v)
			return
		}
		le.PutUint32(b[at:], uint32(v))
	}
	for range 1 + rng.IntN(3) {
		ph := ehsize + phsize*rng.IntN(phnum)
		name := names[rng.IntN(len(names))]
		at := bytes.Index(b, append([]byte(name), 0))
		switch rng.IntN(10) {
		case 0, 1, 2, 3: // an interpreter, of a length that may be right
			if at >= 0 && le.Uint32(b[ph:]) != uint32(elf.PT_LOAD) {
				le.PutUint32(b[ph+typeAt:], uint32(elf.PT_INTERP))
				word(ph+offAt, uint64(at))
				word(ph+size, uint64(len(name)+[]int{1, 1, 1, 0, 2, 4096, 1 - len(name)}[rng.IntN(7)]))
			}
		case 4:
			le.PutUint32(b[ph+typeAt:], []uint32{0, 1, 2, 3, 4, 6, 0x6474e551, 0x6474e553}[rng.IntN(8)])
		case 5:
			other := ehsize + phsize*rng.IntN(phnum)
			x := append([]byte(nil), b[ph:ph+phsize]...)
			copy(b[ph:ph+phsize], b[other:other+phsize])
			copy(b[other:other+phsize], x)
		case 6:
			b[rng.IntN(20)] = byte(rng.IntN(256))
		case 7:
			b[4+rng.IntN(2)] = byte(rng.IntN(4)) // class, byte order
		case 8:
			le.PutUint16(b[ehsize-10:], uint16([]int{phsize, phsize + 1, 0, 0xffff}[rng.IntN(4)])) // e_phentsize
		default:
			le.PutUint16(b[ehsize-8:], uint16([]int{phnum - 1, phnum - 2, 0, phnum + 1, 1170, 1171, 0xffff}[rng.IntN(7)])) // e_phnum
		}
	}
}
