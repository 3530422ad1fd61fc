//go:build amd64 || arm64

package launcher

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"runtime"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/abi"
	"github.com/pledge-linux/pledge/internal/program"
	"github.com/pledge-linux/pledge/internal/rules"
	"github.com/pledge-linux/pledge/promises"
)

// An image is the program that execve will start, and what that takes.
type image struct {
	path string   // absolute
	argv []string // with an interpreter in front where env(1) was resolved
	// chain is every file that the kernel reads to start it: the script, its
	// interpreters, the program. Each was opened once.
	chain   []*program.File
	arch    *abi.Arch
	dynamic bool // has an ELF interpreter
	// elf is what the program's header says, nil if it cannot be read.
	elf *program.Image
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
	if err := im.follow(path, s.Argv, s); err != nil {
		im.close()
		return nil, err
	}
	return im, nil
}

// close closes the files of the chain; they are not used any more.
func (im *image) close() {
	for _, f := range im.chain {
		f.Close()
	}
	im.chain = nil
}

// last is the file of the program itself.
func (im *image) last() *program.File { return im.chain[len(im.chain)-1] }

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

// follow opens a file, reads its head, and goes on to its interpreter. argv is
// what the kernel would start it with.
func (im *image) follow(path string, argv []string, s *Spec) error {
	if len(im.chain) > maxInterpreters {
		return &Error{statusNotExec, fmt.Errorf("%s: interpreters nest too deep", path)}
	}
	f, err := program.Open(path)
	if err != nil {
		return &Error{statusNotExec, fmt.Errorf("%s: %w", path, err)}
	}
	im.chain = append(im.chain, f)
	r, err := f.Reader()
	if err != nil {
		// The kernel may execute what we cannot read; only the architecture is
		// unknown then, and the launcher's own is the safe answer.
		im.arch, im.dynamic = hostArch(), true
		return nil
	}
	defer r.Close()
	if sc, ok := program.ParseScript(r.Head()); ok {
		return im.script(path, sc, argv, s)
	}
	return im.binary(path, r)
}

// script goes on to the interpreter. env(1) would execute the interpreter
// itself, which needs exec: what it would do is done here, with the arguments
// that the kernel would give it.
func (im *image) script(path string, sc program.Script, argv []string, s *Spec) error {
	if sc.Interpreter == "" {
		return &Error{statusNotExec, fmt.Errorf("%s: its #! line names no interpreter", path)}
	}
	interp, err := executable(absolute(sc.Interpreter, s.Dir), sc.Interpreter)
	if err != nil {
		return &Error{statusNotFound, fmt.Errorf("%s: interpreter %q: not found or not executable", path, sc.Interpreter)}
	}
	if !isEnv(interp) || !plainWord(sc.Arg) {
		return im.follow(interp, scriptArgs(sc, path, argv), s)
	}
	real, err := lookPath(sc.Arg, s.Env, s.Dir)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	im.path, im.argv = real, append([]string{sc.Arg, path}, argv[1:]...)
	return im.follow(real, im.argv, s)
}

// scriptArgs is the argument list that the kernel gives a script's interpreter.
func scriptArgs(sc program.Script, path string, argv []string) []string {
	args := []string{sc.Interpreter}
	if sc.HasArg {
		args = append(args, sc.Arg)
	}
	return append(append(args, path), argv[1:]...)
}

func isEnv(path string) bool { return path == "/usr/bin/env" || path == "/bin/env" }

func plainWord(s string) bool {
	return s != "" && !strings.ContainsAny(s, " \t=") && s[0] != '-'
}

// binary reads the class, the machine and whether an interpreter is asked for.
func (im *image) binary(path string, r *program.Reader) error {
	elf, err := program.ReadImage(r)
	if err != nil {
		if errors.Is(err, program.ErrFormat) && len(r.Head()) > 4 && string(r.Head()[:4]) != program.Magic {
			err = errors.New("neither an ELF program nor a script with a #! line")
		}
		return &Error{statusNotExec, fmt.Errorf("%s: %w", path, err)}
	}
	switch elf.Machine {
	case program.MachineAMD64:
		im.arch = abi.AMD64
	case program.Machine386, program.Machine486:
		im.arch = abi.I386
	case program.MachineARM64:
		im.arch = abi.ARM64
	default:
		return &Error{statusNotExec, fmt.Errorf("%s: %w", path, program.ErrMachine(elf.Machine))}
	}
	im.dynamic, im.elf = elf.Dynamic, elf
	return nil
}

// codeOf refuses a program whose memory the kernel would make writable and
// executable at once, which only prot_exec promises. Programs that are executed
// later are not looked at: exec lets files be mapped executable anyway.
func codeOf(im *image, s *Spec) error {
	if s.Promises&(promises.ProtExec.Set()|rules.Unpledged) != 0 || s.Observe != nil {
		return nil
	}
	refused := func(why string) error {
		return &Error{statusNotExec, fmt.Errorf("%q %s", im.last().Path, why)}
	}
	switch {
	case im.elf == nil:
		return refused("may be executed but not read, so that it is not known what it asks for: make it readable, or add promise \"prot_exec\"")
	case !im.elf.WritableCode():
		return nil
	case im.elf.Stack == program.StackDefault:
		return refused("has no PT_GNU_STACK, so that all its memory is executable: add promise \"prot_exec\", or link it with -z noexecstack")
	}
	return refused("asks for an executable stack (PT_GNU_STACK): add promise \"prot_exec\", or link it with -z noexecstack")
}

// tellHeader tells an observer of the promise that the program's header takes.
func (l *launch) tellHeader(pid int) {
	if l.image.elf == nil || !l.image.elf.WritableCode() {
		return
	}
	l.spec.Observe.Call(&Observed{
		PID: pid, Name: "execve", Alternatives: []promises.Set{promises.ProtExec.Set()},
		Text:    func() string { return fmt.Sprintf("execve(%q): its stack is executable", l.image.last().Path) },
		Program: func() string { return filepath.Base(l.image.last().Path) },
	})
}

func hostArch() *abi.Arch { return abi.ByName(runtime.GOARCH) }
