//go:build amd64 || arm64

package enforce

import (
	"encoding/binary"
	"fmt"
	"os"
	"slices"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/abi"
)

// nameOf is the path that a program's policy goes by: the file's own, as this
// process sees it. A file that does not lie where it says, because it was
// removed or lies in another mount namespace, goes by a name that no file has.
func (e *engine) nameOf(fd int) (string, error) {
	text, err := e.textOf(fd)
	if err != nil {
		return "", err
	}
	var is, there unix.Stat_t
	if err := unix.Fstat(fd, &is); err != nil {
		return "", err
	}
	if unix.Stat(text, &there) != nil || is.Dev != there.Dev || is.Ino != there.Ino {
		return text + " (not there)", nil
	}
	return text, nil
}

// maxInterpreters is how many scripts may run each other, as in the kernel.
const maxInterpreters = 5

// read finds the file that the kernel will start: the file, or a script's
// interpreter; and what that gets before the arguments.
func (img *image) read(c *call, fd int, name string) error {
	for range maxInterpreters {
		if err := unix.Fstat(fd, &img.exe); err != nil {
			return err
		}
		interpreter, arg := shebang(fd)
		if interpreter == "" {
			return nil
		}
		img.script = true
		words := []string{interpreter}
		if arg != "" {
			words = append(words, arg)
		}
		if len(img.prefix) == 0 {
			img.prefix = append(words, name)
		} else {
			img.prefix = append(words, img.prefix...)
		}
		next, err := c.found(interpreter)
		if err != nil {
			return err
		}
		defer unix.Close(next)
		fd = next
	}
	return unix.ELOOP
}

// found opens a file of the caller's (O_PATH).
func (c *call) found(name string) (int, error) {
	v, err := c.view()
	if err != nil {
		return -1, err
	}
	start, owned, err := c.start(unix.AT_FDCWD, name)
	if err != nil {
		return -1, err
	}
	if owned {
		defer unix.Close(start)
	}
	at, err := v.Find(start, name, true)
	if err != nil {
		return -1, err
	}
	defer at.Close()
	return at.Object()
}

// shebang is the interpreter that a script names, and the one argument that may
// stand behind it; "" if the file is none or cannot be read, as the kernel then
// says. It takes blanks and tabs for white, nothing else.
func shebang(fd int) (interpreter, arg string) {
	const head = 256 // BINPRM_BUF_SIZE
	f, err := unix.Open(procFD(fd), unix.O_RDONLY|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
	if err != nil {
		return "", ""
	}
	defer unix.Close(f)
	b := make([]byte, head)
	n, err := unix.Read(f, b)
	if err != nil || n < 2 || b[0] != '#' || b[1] != '!' {
		return "", ""
	}
	line, _, whole := strings.Cut(string(b[2:n]), "\n")
	line = strings.Trim(line, " \t")
	interpreter, arg, found := cutAny(line)
	if !whole && n == head && !found {
		return "", "" // the name is cut: the kernel does not take it
	}
	if i := strings.IndexByte(arg, 0); i >= 0 {
		arg = arg[:i]
	}
	return interpreter, strings.Trim(arg, " \t")
}

// cutAny cuts a line at its first blank, tab or NUL.
func cutAny(line string) (before, after string, found bool) {
	i := strings.IndexAny(line, " \t\x00")
	switch {
	case i < 0:
		return line, "", false
	case line[i] == 0:
		return line[:i], "", true
	}
	return line[:i], line[i+1:], true
}

// differs says how a process that has just executed is another than was judged.
func (img *image) differs(pid int) string {
	var st unix.Stat_t
	if err := unix.Stat(fmt.Sprintf("/proc/%d/exe", pid), &st); err != nil {
		return err.Error()
	}
	if st.Dev != img.exe.Dev || st.Ino != img.exe.Ino {
		return "another file"
	}
	args, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	if err != nil {
		return err.Error()
	}
	argv := strings.Split(strings.TrimSuffix(string(args), "\x00"), "\x00")
	if img.script {
		if len(argv) < len(img.prefix) || !slices.Equal(argv[:len(img.prefix)], img.prefix) {
			return "another script"
		}
		argv = argv[len(img.prefix)-1:]
	}
	if img.hasArgv && !img.sameArguments(argv) {
		return "other arguments"
	}
	return ""
}

// sameArguments compares what was executed with what was judged, which was
// read as far as it is judged. A script's first argument is its name.
func (img *image) sameArguments(argv []string) bool {
	judged := img.argv
	if len(judged) == 0 {
		judged = []string{""} // the kernel gives a program one argument at least
	}
	size := 0
	for i, a := range judged {
		size += len(a) + 1
		if i >= len(argv) || argv[i] != a && !(img.script && i == 0) {
			return false
		}
	}
	return len(argv) == len(judged) || size > maxJudged
}

// maxJudged is how much of the arguments package translate reads.
const maxJudged = 2047

// arguments are those that were read when the call was judged, from what is
// kept of them: the caller's memory is not looked at again.
func (c *call) arguments(at uint64) (list []string) {
	word := uint64(8)
	if c.arch == abi.I386 {
		word = 4
	}
	for ; ; at += word {
		b := c.knownBytes(at)
		if len(b) < int(word) {
			return list
		}
		pointer := uint64(binary.LittleEndian.Uint32(b))
		if word == 8 {
			pointer = binary.LittleEndian.Uint64(b)
		}
		s, ok := c.knownString(pointer)
		if !ok {
			return list
		}
		list = append(list, s)
	}
}
