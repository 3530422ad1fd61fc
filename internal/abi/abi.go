// Package abi names the system calls of the architectures that filters are
// built for, and the numbers they have there.
package abi

//go:generate go tool calls

// Call is one system call of an architecture.
type Call struct {
	Name   string
	Number uint32
}

// Arch is a system-call table and the AUDIT_ARCH_* value that seccomp reports
// for calls made through it.
type Arch struct {
	Name  string // as in GOARCH
	Audit uint32
	calls []Call // sorted by name

	newest uint32
}

// The architectures that filters can be built for.
var (
	AMD64 = &Arch{"amd64", 0xc000003e, amd64Calls, amd64Newest}
	ARM64 = &Arch{"arm64", 0xc00000b7, arm64Calls, arm64Newest}
	I386  = &Arch{"386", 0x40000003, i386Calls, i386Newest}
)

// All lists them.
var All = []*Arch{AMD64, ARM64, I386}

// ByAudit returns the architecture with that AUDIT_ARCH_* value, or nil.
func ByAudit(audit uint32) *Arch {
	for _, a := range All {
		if a.Audit == audit {
			return a
		}
	}
	return nil
}

// ByName returns the architecture of that GOARCH name, or nil.
func ByName(name string) *Arch {
	for _, a := range All {
		if a.Name == name {
			return a
		}
	}
	return nil
}

// Number returns the number of the named call.
func (a *Arch) Number(name string) (uint32, bool) {
	lo, hi := 0, len(a.calls)
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		if a.calls[mid].Name < name {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo < len(a.calls) && a.calls[lo].Name == name {
		return a.calls[lo].Number, true
	}
	return 0, false
}

// CallName returns the name of a system-call number, or "".
func (a *Arch) CallName(nr uint32) string {
	for _, c := range a.calls {
		if c.Number == nr {
			return c.Name
		}
	}
	return ""
}

// Calls returns the table, sorted by name. Callers must not change it.
func (a *Arch) Calls() []Call { return a.calls }

// Newest returns the highest number that the table knows.
func (a *Arch) Newest() uint32 { return a.newest }
