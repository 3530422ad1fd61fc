package launcher

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"runtime"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/abi"
)

// An image is the program that execve will start, and what that takes.
type image struct {
	path string   // absolute
	argv []string // with an interpreter in front where env(1) was resolved
	// chain is every file that the kernel reads to start it: the script, its
	// interpreters, the program.
	chain   []string
	arch    *abi.Arch
	dynamic bool // has an ELF interpreter
}

// findImage looks the program up as execvp does, in the PATH of the program's
// environment and relative to its directory.
func findImage(s *Spec) (*image, error) {
	if len(s.Argv) == 0 || s.Argv[0] == "" {
		return nil, failf("no command to run")
	}
	path, err := lookPath(s.Argv[0], s.Env, s.Dir)
	if err != nil {
		return nil, err
	}
	im := &image{path: path, argv: s.Argv}
	if err := im.follow(path, s, 0); err != nil {
		return nil, err
	}
	return im, nil
}

func lookPath(name string, env []string, dir string) (string, error) {
	if strings.Contains(name, "/") {
		return executable(absolute(name, dir), name)
	}
	var denied error
	for _, d := range filepath.SplitList(envValue(env, "PATH", "/usr/local/bin:/usr/bin:/bin")) {
		if d == "" {
			d = "."
		}
		p, err := executable(absolute(filepath.Join(d, name), dir), name)
		if err == nil {
			return p, nil
		}
		if e := (*Error)(nil); errors.As(err, &e) && e.Status == statusNotExec && denied == nil && !errors.Is(err, unix.EACCES) {
			denied = err
		}
	}
	if denied != nil {
		return "", denied
	}
	return "", &Error{statusNotFound, fmt.Errorf("%s: not found in PATH", name)}
}

func executable(path, name string) (string, error) {
	var st unix.Stat_t
	if err := unix.Stat(path, &st); err != nil {
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, unix.ENOTDIR) {
			return "", &Error{statusNotFound, fmt.Errorf("%s: not found", name)}
		}
		return "", &Error{statusNotExec, fmt.Errorf("%s: %w", name, err)}
	}
	if st.Mode&unix.S_IFMT == unix.S_IFDIR {
		return "", &Error{statusNotExec, fmt.Errorf("%s: is a directory", name)}
	}
	if st.Mode&unix.S_IFMT != unix.S_IFREG || unix.Access(path, unix.X_OK) != nil {
		return "", &Error{statusNotExec, fmt.Errorf("%s: not executable; chmod +x it", name)}
	}
	return path, nil
}

func absolute(path, dir string) string {
	if filepath.IsAbs(path) {
		return path
	}
	if dir != "" {
		path = filepath.Join(dir, path)
	}
	if abs, err := filepath.Abs(path); err == nil {
		return abs
	}
	return path
}

func envValue(env []string, name, missing string) string {
	for _, kv := range env {
		if v, ok := strings.CutPrefix(kv, name+"="); ok {
			return v
		}
	}
	return missing
}

// maxInterpreters is how deep the kernel follows #! lines.
const maxInterpreters = 5

// follow reads the head of a file and goes on to its interpreter.
func (im *image) follow(path string, s *Spec, depth int) error {
	if depth > maxInterpreters {
		return &Error{statusNotExec, fmt.Errorf("%s: interpreters nest too deep", path)}
	}
	im.chain = append(im.chain, path)
	head, err := readHead(path)
	if err != nil {
		// The kernel may execute what we cannot read; only the architecture is
		// unknown then, and the launcher's own is the safe answer.
		im.arch, im.dynamic = hostArch(), true
		return nil
	}
	if rest, ok := bytes.CutPrefix(head, []byte("#!")); ok {
		return im.script(path, rest, s, depth)
	}
	return im.binary(path, head)
}

func readHead(path string) ([]byte, error) {
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer unix.Close(fd)
	head := make([]byte, 4096)
	n, err := unix.Read(fd, head)
	if err != nil {
		return nil, err
	}
	return head[:n], nil
}

func (im *image) script(path string, line []byte, s *Spec, depth int) error {
	if i := bytes.IndexByte(line, '\n'); i >= 0 {
		line = line[:i]
	}
	interp, arg, _ := strings.Cut(strings.TrimSpace(strings.ReplaceAll(string(line), "\t", " ")), " ")
	arg = strings.TrimSpace(arg)
	if interp == "" {
		return &Error{statusNotExec, fmt.Errorf("%s: its #! line names no interpreter", path)}
	}
	// env(1) would execute the interpreter itself, which needs exec. Do what it
	// would do.
	if filepath.Base(interp) == "env" && plainWord(arg) {
		real, err := lookPath(arg, s.Env, s.Dir)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		im.argv = append([]string{arg, path}, im.argv[1:]...)
		im.path = real
		return im.follow(real, s, depth+1)
	}
	if _, err := executable(interp, interp); err != nil {
		return &Error{statusNotFound, fmt.Errorf("%s: interpreter %s: not found or not executable", path, interp)}
	}
	return im.follow(interp, s, depth+1)
}

func plainWord(s string) bool {
	return s != "" && !strings.ContainsAny(s, " =") && s[0] != '-'
}

// Of an ELF header (elf(5)). debug/elf would bring its decompressors into every
// launch.
const (
	elfMagic      = "\x7fELF"
	elfClass64    = 2
	machine386    = 3
	machineAMD64  = 62
	machineARM64  = 183
	programInterp = 3
)

// binary reads the class, the machine and whether an interpreter is asked for.
func (im *image) binary(path string, head []byte) error {
	notExec := func(why string) error { return &Error{statusNotExec, fmt.Errorf("%s: %s", path, why)} }
	if len(head) < 64 || string(head[:4]) != elfMagic {
		return notExec("neither an ELF program nor a script with a #! line")
	}
	machine := binary.LittleEndian.Uint16(head[18:])
	switch {
	case machine == machineAMD64 && head[4] == elfClass64:
		im.arch = abi.AMD64
	case machine == machine386:
		im.arch = abi.I386
	case machine == machineARM64:
		im.arch = abi.ARM64
	default:
		return notExec(fmt.Sprintf("made for ELF machine %d, which no filter is built for (amd64, arm64, 386)", machine))
	}
	im.dynamic = hasInterpreter(head)
	return nil
}

// hasInterpreter looks for PT_INTERP in the program headers; where they lie
// beyond what was read the answer is yes, which only costs time.
func hasInterpreter(head []byte) bool {
	le := binary.LittleEndian
	off, size, n := uint64(le.Uint32(head[28:])), int(le.Uint16(head[42:])), int(le.Uint16(head[44:]))
	if head[4] == elfClass64 {
		off, size, n = le.Uint64(head[32:]), int(le.Uint16(head[54:])), int(le.Uint16(head[56:]))
	}
	if off > uint64(len(head)) || size < 32 || off+uint64(size*n) > uint64(len(head)) {
		return true
	}
	for i := range n {
		if le.Uint32(head[int(off)+i*size:]) == programInterp {
			return true
		}
	}
	return false
}

func hostArch() *abi.Arch { return abi.ByName(runtime.GOARCH) }
