// Package calls is the table of the system calls that systrace policies name,
// and what they are on Linux.
//
//	c, ok := calls.Lookup("native", "sigprocmask")   // c.Linux: rt_sigprocmask
//
// A policy names calls as its emulation did: "native" is OpenBSD, "linux" is
// Linux on i386, "linux64" on x86_64. The table is calls.tsv, a line a name.
//
// # Stability
//
// Lines are added as Linux gets calls.
package calls

import (
	_ "embed"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/pledge-linux/pledge/internal/abi"
)

//go:embed calls.tsv
var text string

// Fidelity is how a name's meaning survives on Linux.
type Fidelity string

// Fidelities.
const (
	Same    Fidelity = "same"    // the same call
	Rename  Fidelity = "rename"  // the same under another name
	Expand  Fidelity = "expand"  // several calls do what it did
	Nearest Fidelity = "nearest" // another interface of similar purpose
	Lossy   Fidelity = "lossy"   // its meaning changes
	None    Fidelity = "none"    // Linux has nothing like it
	Alias   Fidelity = "alias"   // stands for several calls
)

// A Call is a name in policies of one emulation.
type Call struct {
	Emulation string
	Name      string
	Linux     []string // system calls of Linux, the closest first
	Fidelity  Fidelity
	Alias     string   // fsread, fswrite or ""
	Promises  []string // words that admit it; which of several depends on arguments
	Note      string
}

// table is calls.tsv by emulation and name, and each emulation's in order.
var table = sync.OnceValue(func() map[[2]string]*Call {
	m := map[[2]string]*Call{}
	for line := range strings.Lines(text) {
		if line[0] == '#' {
			continue
		}
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		f = append(f, "", "")
		c := &Call{Emulation: f[0], Name: f[1], Linux: words(f[2]), Fidelity: Fidelity(f[3]), Promises: words(f[5]), Note: f[6]}
		if f[4] == "fsread" || f[4] == "fswrite" {
			c.Alias = f[4]
		}
		m[[2]string{c.Emulation, c.Name}] = c
	}
	return m
})

func words(s string) []string {
	if s == "-" || s == "by mode" {
		return nil
	}
	return strings.Fields(s)
}

// Names returns the names of an emulation that the table has, sorted.
func Names(emulation string) []string {
	var list []string
	for k := range table() {
		if k[0] == emulation {
			list = append(list, k[1])
		}
	}
	slices.Sort(list)
	return list
}

// Emulations are the names that policies of the original could carry; all but
// linux and linux64 are BSD's or go through names like its.
var Emulations = []string{"native", "netbsd", "linux", "linux64", "bsdos", "freebsd",
	"aout", "hpux", "ibcs2", "osf1", "sunos", "svr4", "ultrix", "darwin", "mach", "irix", "pecoff"}

// IsEmulation tells whether the original knew the emulation.
func IsEmulation(name string) bool {
	return slices.Contains(Emulations, name) || strings.HasPrefix(name, "svr4_") || strings.HasPrefix(name, "netbsd32")
}

// IsLinux tells whether names of the emulation are those of Linux.
func IsLinux(emulation string) bool { return emulation == "linux" || emulation == "linux64" }

// arch is the architecture of the programs that an emulation is about:
// i386 for linux, x86_64 for linux64, and the machine's own for BSD's names.
func arch(emulation string, own *abi.Arch) *abi.Arch {
	switch emulation {
	case "linux":
		return abi.I386
	case "linux64":
		return abi.AMD64
	}
	return own
}

// Lookup finds a name, also one that the table has in another form: holes and
// compatibility names of the kernel tables, names that BSDs share, numbers.
func Lookup(emulation, name string) (*Call, bool) {
	if c, ok := table()[[2]string{emulation, name}]; ok {
		return c, true
	}
	if inner, ok := strings.CutPrefix(name, "#"); ok {
		return hole(emulation, name, inner)
	}
	if strings.HasPrefix(name, "compat_") {
		if parts := strings.SplitN(name, "_", 3); len(parts) == 3 {
			return renamed(emulation, name, parts[2])
		}
	}
	if IsLinux(emulation) {
		return linuxName(emulation, name)
	}
	if emulation != "native" && IsEmulation(emulation) {
		c, ok := Lookup("native", name)
		if !ok {
			return nil, false
		}
		own := *c
		own.Emulation = emulation
		return &own, true
	}
	return nil, false
}

// renamed is a name that means what another does, without its alias.
func renamed(emulation, name, as string) (*Call, bool) {
	c, ok := Lookup(emulation, as)
	if !ok {
		if c, ok = Lookup(emulation, strings.TrimPrefix(as, "o")); !ok {
			return nil, false
		}
	}
	own := *c
	own.Name, own.Alias, own.Note = name, "", "as "+c.Name
	return &own, true
}

// hole is a name such as "#224 (unimplemented gettid)".
func hole(emulation, name, inner string) (*Call, bool) {
	_, what, ok := strings.Cut(inner, "(")
	kind, call, two := strings.Cut(strings.TrimSuffix(what, ")"), " ")
	if !ok {
		return nil, false
	}
	if two && kind == "unimplemented" {
		if c, ok := renamed(emulation, name, call); ok {
			return c, true
		}
	}
	return &Call{Emulation: emulation, Name: name, Fidelity: None, Note: "a hole in the kernel's table"}, true
}

// linuxName finds names that today's Linux has, and numbers.
func linuxName(emulation, name string) (*Call, bool) {
	if emulation == "linux64" {
		if c, ok := table()[[2]string{"linux", name}]; ok {
			own := *c
			own.Emulation = emulation
			return &own, true
		}
	}
	own := arch(emulation, nil)
	if n, ok := strings.CutPrefix(name, "unknown-"); ok {
		nr, err := strconv.ParseUint(n, 10, 32)
		if err != nil {
			return nil, false
		}
		if known := own.CallName(uint32(nr)); known != "" {
			return renamed(emulation, name, known)
		}
		return &Call{Emulation: emulation, Name: name, Fidelity: None, Note: "no such number"}, true
	}
	if strings.HasPrefix(name, "ni_syscall") {
		return &Call{Emulation: emulation, Name: name, Fidelity: None, Note: "a hole in one version of the kernel's table: which call it was cannot be told"}, true
	}
	if _, ok := own.Number(name); ok {
		return &Call{Emulation: emulation, Name: name, Linux: []string{name}, Fidelity: Same}, true
	}
	return nil, false
}

// A Spec has the names of an emulation whose rules are about a call of Linux:
// those that mean the same, and harmless ones of another interface.
type Spec struct{ Exact, Nearest []string }

// Inverse is the table from Linux to an emulation.
func Inverse(emulation string) map[string]Spec {
	m := map[string]Spec{}
	if !IsLinux(emulation) && emulation != "native" {
		m = Inverse("native") // BSDs share most names
	}
	for _, name := range Names(emulation) {
		c := table()[[2]string{emulation, name}]
		for _, linux := range c.Linux {
			s := m[linux]
			if slices.Contains(s.Exact, name) || slices.Contains(s.Nearest, name) {
				continue
			}
			switch c.Fidelity {
			case Same, Rename, Expand:
				s.Exact = append(s.Exact, name)
			case Nearest:
				s.Nearest = append(s.Nearest, name)
			case Lossy:
				if slices.Equal(c.Promises, []string{"stdio"}) {
					s.Nearest = append(s.Nearest, name)
				}
			}
			m[linux] = s
		}
	}
	return m
}
