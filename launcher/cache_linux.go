//go:build amd64 || arm64

package launcher

import (
	"encoding/binary"
	"path"
	"runtime"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/notify"
)

// asksCache reports whether a socket is the one with which glibc looks for the
// cache of names before it reads the files of users, groups and hosts: a stream that
// libc makes of itself. What other code makes of that kind libc's function makes for
// it, and returns to there.
//
// It only chooses the word to advise. A program can have it say yes, and is then
// advised the narrower word.
func asksCache(c *notify.Call) bool {
	const kind = unix.SOCK_STREAM | unix.SOCK_CLOEXEC | unix.SOCK_NONBLOCK
	if runtime.GOARCH != "amd64" || c.Name != "socket" || uint32(c.Args[0]) != unix.AF_UNIX || uint32(c.Args[1]) != kind {
		return false // arm64 has where a function returns to in a register
	}
	text, err := readOf(c, "syscall")
	if err != nil {
		return false
	}
	sp, pc, ok := parsePlace(string(text))
	if !ok {
		return false
	}
	back, err := c.Bytes(sp, 8)
	if err != nil {
		return false
	}
	maps, err := mapsOf(c)
	return err == nil && isLibc(codeAt(maps, pc)) && codeAt(maps, pc) == codeAt(maps, binary.NativeEndian.Uint64(back))
}

// parsePlace reads the stack pointer and the program counter, the last two of
// /proc/PID/syscall.
func parsePlace(text string) (sp, pc uint64, ok bool) {
	f := strings.Fields(text)
	if len(f) != 9 {
		return 0, 0, false // it runs
	}
	sp, e1 := strconv.ParseUint(f[7], 0, 64)
	pc, e2 := strconv.ParseUint(f[8], 0, 64)
	return sp, pc, e1 == nil && e2 == nil
}

// codeAt returns the path of the file that is mapped as code at an address, "" if
// none is.
func codeAt(maps string, addr uint64) string {
	for line := range strings.Lines(maps) {
		f := strings.Fields(line)
		if len(f) != 6 || len(f[1]) < 3 || f[1][2] != 'x' {
			continue
		}
		low, high, _ := strings.Cut(f[0], "-")
		from, e1 := strconv.ParseUint(low, 16, 64)
		to, e2 := strconv.ParseUint(high, 16, 64)
		if e1 == nil && e2 == nil && from <= addr && addr < to {
			return f[5]
		}
	}
	return ""
}

// isLibc reports whether a file is glibc's by its name.
func isLibc(file string) bool {
	name := path.Base(file)
	return name == "libc.so.6" || strings.HasPrefix(name, "libc-2.") && strings.HasSuffix(name, ".so")
}
