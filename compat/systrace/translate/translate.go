// Package translate says system calls of Linux in the words of systrace's
// policies: the names that rules may have for them, and their arguments as
// text.
//
//	questions, err := translate.Questions("native", &translate.Call{Arch: "amd64", Name: "openat", Args: args}, caller)
//	verdict := policy.Decide(&questions[0])
//
// A call of today has the name of the classic call that it succeeds, so that an
// old rule on open covers openat, openat2 and creat. What a call does is data:
// table.go, one line a call.
//
// # Limitations
//
// Arguments are read once, by [Caller]; whoever performs the call must use what
// was read, not read it again.
//
// # Stability
//
// Names and arguments of calls keep the form that policies have for them; calls that
// Linux gets are added. Before version 1 methods may be added to [Caller].
package translate

import (
	"errors"
	"slices"
	"strings"

	"github.com/pledge-linux/pledge/compat/systrace/calls"
	"github.com/pledge-linux/pledge/compat/systrace/policy"
)

// A Call is a system call as the kernel reports it.
type Call struct {
	Arch string // as in GOARCH; "386" has words of 32 bits, all others of 64
	Name string // as Linux has it
	Args [6]uint64
}

// Links is which symbolic links of a path are resolved before it is judged.
type Links uint8

// Ways of resolving.
const (
	Lexical  Links = iota // none: made absolute, "." and ".." taken out as text
	AllLinks              // all
	KeepLast              // all but a link that is the last component
)

// A Caller answers about the process that makes the call.
type Caller interface {
	// String reads a string that ends with a NUL, Bytes n bytes.
	String(addr uint64) (string, error)
	Bytes(addr uint64, n int) ([]byte, error)
	// Path makes a path absolute, as the caller sees it from the directory
	// dirfd. A path that cannot be resolved is not an error but has the form
	// of [NonExistent]. An empty one stands for dirfd itself where the call
	// takes it so, else it is an error.
	Path(dirfd int32, name string, links Links) (string, error)
	// Program is the path of a traced process's program; pid 0 is the caller.
	Program(pid int32) (string, bool)
	// UserName is the login name of a user.
	UserName(uid uint32) (string, bool)
}

// ErrPath says that a file name could not be read, or is none: the call fails
// whatever the policy says. What Caller said of it is wrapped.
var ErrPath = errors.New("file name cannot be read")

// NonExistent is the text of a file name that could not be resolved.
func NonExistent(name string) string { return NonExistentPrefix + name }

// NonExistentPrefix is what such texts begin with.
const NonExistentPrefix = "/<non-existent filename>: "

// Questions returns what a policy of the emulation must permit for the call to
// be made: one question, or several for a call that does several things. A
// multiplexed call (i386's socketcall) is taken apart.
func Questions(emulation string, c *Call, caller Caller) ([]policy.Question, error) {
	c, err := unwrap(c, caller)
	if err != nil {
		return nil, err
	}
	variant := shapeOf(c, caller)
	if c.Name == "sendmmsg" {
		return messages(emulation, c, variant, caller)
	}
	q, err := question(emulation, c, variant, caller)
	if err != nil {
		return nil, err
	}
	if c.Name == "renameat2" && c.Args[4]&renameExchange != 0 {
		return []policy.Question{q, swapped(q)}, nil
	}
	return []policy.Question{q}, nil
}

const renameExchange = 2

// swapped is the other half of an exchange.
func swapped(q policy.Question) policy.Question {
	args := make([]policy.Arg, len(q.Args))
	copy(args, q.Args)
	if len(args) == 2 {
		args[0], args[1] = args[1], args[0]
	}
	q.Args = args
	return q
}

func question(emulation string, c *Call, s *shape, caller Caller) (policy.Question, error) {
	q := policy.Question{Names: namesOf(emulation, c, s), Explicit: explicit(c)}
	if s == nil {
		return q, nil
	}
	linux := calls.IsLinux(emulation)
	valid := true
	for _, a := range s.args {
		if a.only == bsd && linux || a.only == linuxOnly && !linux {
			continue
		}
		text, ok, err := a.text(c, linux, caller)
		if err != nil {
			return q, err
		}
		// One that fails takes the later ones with it.
		if valid = valid && ok; !valid {
			continue
		}
		q.Args = append(q.Args, policy.Arg{Name: a.name, Text: text})
	}
	if q.Alias = s.aliasOf(q.Args, linux); q.Alias != "" && len(q.Args) > 0 {
		q.AliasArgs = q.Args[:1] // the file name alone
	}
	return q, nil
}

// Names returns the names of rules that are about a call with these arguments,
// as far as numbers tell.
func Names(emulation string, c *Call) []string {
	return namesOf(emulation, c, shapeOf(c, nil))
}

// Judged tells whether the emulation's policies can look at arguments of the
// call beyond its number.
func Judged(name string) bool {
	_, ok := shapes()[name]
	return ok
}

// Arguments returns the names of the arguments that rules for a name can look
// at; nil if there are none.
func Arguments(emulation, name string) (list []string) {
	if name == "fsread" || name == "fswrite" {
		return []string{"filename"}
	}
	if !calls.IsLinux(emulation) && strings.HasPrefix(name, "chflags") {
		return []string{"filename", "flags"} // Linux has no such call
	}
	add := func(s *shape) {
		if s.call != name && !slices.Contains(s.names, name) && !slices.Contains(renamings(emulation, s.call), name) {
			return
		}
		for _, a := range s.args {
			if linux := calls.IsLinux(emulation); a.only == bsd && linux || a.only == linuxOnly && !linux {
				continue
			}
			if count(list, a.name) < count(argNames(s.args), a.name) {
				list = append(list, a.name)
			}
		}
	}
	for i := range table {
		add(&table[i])
	}
	for _, s := range variants {
		add(&s)
	}
	return list
}

func argNames(args []arg) (list []string) {
	for _, a := range args {
		list = append(list, a.name)
	}
	return list
}

func count(list []string, name string) (n int) {
	for _, s := range list {
		if s == name {
			n++
		}
	}
	return n
}
