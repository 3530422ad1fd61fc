package policy

import (
	"bufio"
	"encoding/binary"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/pledge-linux/pledge/internal/testbed"
)

// fnmatchC answers with C's fnmatch: two strings, each with its length before
// it, in; a byte out.
const fnmatchC = `#define _GNU_SOURCE
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
static char *get(void) {
	unsigned char n[4];
	if (fread(n, 1, 4, stdin) != 4) exit(0);
	size_t len = n[0] | n[1] << 8 | n[2] << 16;
	char *s = malloc(len + 1);
	if (fread(s, 1, len, stdin) != len) exit(1);
	s[len] = 0;
	return s;
}
int main(void) {
	for (;;) {
		char *pattern = get(), *name = get();
		putchar(fnmatch(pattern, name, FNM_PATHNAME | FNM_LEADING_DIR) == 0 ? '1' : '0');
		fflush(stdout);
		free(pattern); free(name);
	}
}
`

// reference is a running fnmatchC.
type reference struct {
	mu  sync.Mutex
	in  io.Writer
	out *bufio.Reader
}

func startReference(t testing.TB) *reference {
	testbed.Need(t, "gcc")
	dir := t.TempDir()
	src, bin := filepath.Join(dir, "fnmatch.c"), filepath.Join(dir, "fnmatch")
	if err := os.WriteFile(src, []byte(fnmatchC), 0o666); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("gcc", "-O1", "-o", bin, src).CombinedOutput(); err != nil {
		t.Fatalf("gcc: %v\n%s", err, out)
	}
	cmd := exec.Command(bin)
	cmd.Env = []string{"LC_ALL=C"}
	in, _ := cmd.StdinPipe()
	out, _ := cmd.StdoutPipe()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		cmd.Wait()
	})
	return &reference{in: in, out: bufio.NewReader(out)}
}

func (r *reference) match(t testing.TB, pattern, name string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	var b []byte
	for _, s := range []string{pattern, name} {
		b = append(binary.LittleEndian.AppendUint32(b, uint32(len(s))), s...)
	}
	if _, err := r.in.Write(b); err != nil {
		t.Fatal(err)
	}
	c, err := r.out.ReadByte()
	if err != nil {
		t.Fatal(err)
	}
	return c == '1'
}

// undefined are patterns whose meaning POSIX leaves open, and on which C
// libraries differ.
func undefined(pattern string) bool {
	return strings.HasSuffix(strings.ReplaceAll(pattern, `\\`, ""), `\`) || // a lone backslash at the end
		strings.Contains(pattern, "[.") || strings.Contains(pattern, "[=") || strings.Contains(pattern, "[:") || // classes: TestClasses
		strings.Contains(pattern, `\/`) || // glibc does not find it after a "*"
		strings.Contains(pattern, "\x00")
}

func FuzzFnmatch(f *testing.F) {
	for _, s := range [][2]string{
		{"/usr/lib/libc.so.*", "/usr/lib/libc.so.6"}, {"/[a-c]*", "/bx/y"}, {"*/x[!a]", "a/xb"}, {`/a\*b`, "/a*b"},
		{"/[", "/["}, {"[]a]", "]"}, {"[!]]", "x"}, {"a[b/c]d", "a[b/c]d"}, {"[a-", "[a-"}, {"[z-a]", "b"}, {"*a*b*c", "xaxbxc/d"}, {"[\\]]", "]"},
		{"", ""}, {"", "/"}, {"*", ""}, {"?", "/"}, {"[/]", "/"}, {"[^a", "[^a"}, {"[a-\\", "[a-\\"},
	} {
		f.Add(s[0], s[1])
	}
	r := startReference(f)
	f.Fuzz(func(t *testing.T, pattern, name string) {
		if len(pattern) > 64 || len(name) > 64 || undefined(pattern) || strings.Contains(name, "\x00") {
			return
		}
		if got, want := Fnmatch(pattern, name), r.match(t, pattern, name); got != want {
			t.Errorf("Fnmatch(%q, %q) = %v, C says %v", pattern, name, got, want)
		}
	})
}

// TestFnmatchRandom tries patterns of few characters, where most matter.
func TestFnmatchRandom(t *testing.T) {
	r := startReference(t)
	const alphabet = `ab/*?[]!^-\`
	state := uint64(1)
	next := func(n int) int {
		state = state*6364136223846793005 + 1442695040888963407
		return int(state>>33) % n
	}
	word := func(max int, letters string) string {
		b := make([]byte, next(max+1))
		for i := range b {
			b[i] = letters[next(len(letters))]
		}
		return string(b)
	}
	for range 100000 {
		pattern, name := word(8, alphabet), word(6, "ab/[]-!")
		if undefined(pattern) {
			continue
		}
		if got, want := Fnmatch(pattern, name), r.match(t, pattern, name); got != want {
			t.Fatalf("Fnmatch(%q, %q) = %v, C says %v", pattern, name, got, want)
		}
	}
}

// TestClasses: character classes and single collating elements.
func TestClasses(t *testing.T) {
	r := startReference(t)
	for class := range classes {
		pattern := "[[:" + class + ":]]"
		for c := 1; c < 128; c++ {
			name := string([]byte{byte(c)})
			if got, want := Fnmatch(pattern, name), r.match(t, pattern, name); got != want {
				t.Errorf("Fnmatch(%q, %q) = %v, C says %v", pattern, name, got, want)
			}
		}
	}
	for _, p := range []string{"[[.a.]]", "[[=a=]]", "[[.a.]-c]", "[x[:digit:]y]"} {
		for _, name := range []string{"a", "b", "5", "x", "["} {
			if got, want := Fnmatch(p, name), r.match(t, p, name); got != want {
				t.Errorf("Fnmatch(%q, %q) = %v, C says %v", p, name, got, want)
			}
		}
	}
}
