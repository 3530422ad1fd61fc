package attacks

import (
	"bytes"
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/pledge-linux/pledge/internal/testbed"
)

// The key of the starting execve is nowhere in the launcher's memory once the
// program runs: not in the script, not in the filter, not on a stack. The launcher
// is built to reveal its key for this, and, so that the search is seen to find
// what there is, to forget to forget it.
func TestKeyIsForgotten(t *testing.T) {
	testbed.NeedRoot(t, "to read the memory of a process that is not dumpable")
	dir := testbed.Dir(t, os.Getuid())
	bin := filepath.Join(dir, "pledge")
	cmd := exec.Command("go", "build", "-tags", "revealkey", "-o", bin, "github.com/pledge-linux/pledge/cmd/pledge")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	for _, words := range []string{"stdio", "stdio rpath proc unix", "stdio rpath wpath cpath proc exec unix inet dns id"} {
		if n := keysFound(t, dir, bin, words, "PLEDGE_KEEP_KEY=1"); n < 3 {
			t.Errorf("%q: %d pieces of a key that is kept are found: the search proves nothing", words, n)
		}
		if n := keysFound(t, dir, bin, words); n != 0 {
			t.Errorf("%q: %d pieces of the key are in the launcher's memory", words, n)
		}
	}
}

// keysFound starts a program that waits and counts where pieces of the key are.
func keysFound(t *testing.T, dir, bin, words string, env ...string) int {
	t.Helper()
	file := filepath.Join(dir, "key")
	cmd := exec.Command(bin, "-q", words, "--", "cat")
	cmd.Env = append(append(os.Environ(), "PLEDGE_REVEAL_KEY="+file), env...)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Wait()
	defer in.Close()
	in.Write([]byte("x"))
	if _, err := out.Read(make([]byte, 1)); err != nil { // the program runs
		t.Fatal(err)
	}
	key, err := os.ReadFile(file)
	if err != nil || len(key) != 24 {
		t.Fatalf("the key: %d bytes, %v", len(key), err)
	}
	return pieces(t, memory(t, cmd.Process.Pid), key)
}

// memory is all that a process has in memory, read as root or as its parent may.
func memory(t *testing.T, pid int) [][]byte {
	t.Helper()
	proc := "/proc/" + strconv.Itoa(pid)
	maps, err := os.ReadFile(proc + "/maps")
	if err != nil || len(maps) == 0 {
		t.Fatalf("the launcher's memory cannot be read: %v", err)
	}
	mem, err := os.Open(proc + "/mem")
	if err != nil {
		t.Fatalf("the launcher's memory cannot be read: %v", err)
	}
	defer mem.Close()
	var list [][]byte
	for _, line := range strings.Split(string(maps), "\n") {
		from, to, ok := strings.Cut(strings.SplitN(line, " ", 2)[0], "-")
		start, err := strconv.ParseUint(from, 16, 64)
		end, err2 := strconv.ParseUint(to, 16, 64)
		if !ok || err != nil || err2 != nil || end > 1<<47 {
			continue
		}
		const piece = 1 << 20
		for at := start; at < end; at += piece {
			b := make([]byte, min(piece, end-at))
			if n, _ := mem.ReadAt(b, int64(at)); n > 0 {
				list = append(list, b[:n])
			}
		}
	}
	return list
}

// pieces counts the words of a key, and the instructions that compare with the
// halves of them.
func pieces(t *testing.T, mem [][]byte, key []byte) int {
	t.Helper()
	const compare = 0x15 // BPF_JMP | BPF_JEQ | BPF_K
	n := 0
	for _, b := range mem {
		for i := 0; i < 24; i += 8 {
			n += bytes.Count(b, key[i:i+8])
		}
		for i := 0; i < 24; i += 4 {
			for rest := b; ; {
				at := bytes.Index(rest, key[i:i+4])
				if at < 0 {
					break
				}
				if at >= 4 && binary.LittleEndian.Uint16(rest[at-4:]) == compare {
					n++
				}
				rest = rest[at+4:]
			}
		}
	}
	return n
}
