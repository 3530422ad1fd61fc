package layers

import (
	"fmt"

	"github.com/pledge-linux/pledge/internal/landlock"
	"github.com/pledge-linux/pledge/promises"
)

// A Mode says who answers for what the filter does not admit.
type Mode uint8

// The modes.
const (
	Supervised Mode = iota // a supervisor
	InPlace                // nobody: the program was started in place
	Library                // nobody, and the process may pledge again
)

// A Veil is unveiled paths; see package unveiled.
type Veil interface {
	// Rules translates it.
	Rules() (rules []landlock.PathRule, notes []string, err error)
	// CreateOnly reports whether something may be created in but not written.
	CreateOnly() bool
}

// An Ask is what is to be enforced, and where.
type Ask struct {
	Mode     Mode
	Promises promises.Set // words, and promises.Unpledged
	// Found are situations that only the caller can know: NetAdmin,
	// UnixInherited, ExecRefused, Trapped, and Loads where the loader's rights
	// cannot be ended.
	Found promises.Set
	// Kills is set where a supervisor ends violators.
	Kills bool

	// LimitTCP limits TCP to the ports of Connect and Bind.
	LimitTCP      bool
	Connect, Bind []uint16

	// Veil hides paths, if it is not nil.
	Veil Veil
	// Fallen is the veil that is in force, if its rules can still be had.
	Fallen Veil
	// LooseSockets is set where it is no error that hidden sockets can be connected
	// to: the caller has no other choice, or says so by itself.
	LooseSockets bool
	// Unfiltered is set where no filter comes with the ruleset.
	Unfiltered bool
	// Trace and Strict have a supervisor look at opens and at all paths.
	Trace, Strict bool

	// Whitelist, Start and Load return the rules of whitelisted files, of the
	// program's own files, and of what a dynamic loader needs; they are called
	// only if they are needed.
	Whitelist, Start, Load func() []landlock.PathRule
	// Root, if not 0, is a descriptor of / that is used instead of opening it.
	Root int

	// ABI is the kernel's version of Landlock, 0 for none.
	ABI int
	// PtraceFree is set where processes of one user may look at each other's
	// memory (kernel.yama.ptrace_scope is 0, or there is no Yama).
	PtraceFree bool
	// ThreadsApart is set where the signal scope would keep threads of one process
	// apart.
	ThreadsApart bool
	BestEffort   bool

	// Held is what is in force already.
	Held Held
}

// Held is what earlier layers of a process enforce.
type Held struct {
	Domains int    // rulesets
	Scoped  uint64 // scopes
	// Listed are the rights on files that are limited to whitelisted files, of
	// ListedFor.
	Listed    uint64
	ListedFor promises.Set
	// Veiled is set once a veil is in force.
	Veiled bool
	// Listing is how many whitelisted files are admitted, by those limits or through
	// the veil, and Loaded how many files of the loader: fewer words never have more.
	Listing, Loaded int
	TCP             Ports // what is open of TCP
	// Closed is set where no ruleset can be added any more.
	Closed bool
}

// Ports says how far TCP, and UDP where Landlock knows it, is limited.
type Ports uint8

// How far.
const (
	AllPorts  Ports = iota
	NamePorts       // to connecting to port 53
	NoPorts
)

// A Plan is what to enforce. It is a value: nobody changes it afterwards.
type Plan struct {
	// Set is the promises with all situations, for the filter.
	Set promises.Set
	// Ruleset is what Landlock has to enforce in addition to what it does; it may
	// be empty.
	Ruleset landlock.Ruleset
	// Added are the path rules beside those of the veil.
	Added []landlock.PathRule
	// Held is what is in force afterwards.
	Held Held
	// Notes say what is lost.
	Notes []string
	// Waived is what would have been the error without BestEffort.
	Waived []*Lack
}

// A Lack is something that the kernel's Landlock is too old for.
type Lack struct {
	What      string
	Need      landlock.Version
	Have      int
	Otherwise string // what would make it unnecessary, if not ""
	// Paths is set where paths were to be hidden: fewer words do not make up for it.
	Paths bool
}

func (e *Lack) Error() string {
	otherwise := ""
	if e.Otherwise != "" {
		otherwise = ", or " + e.Otherwise
	}
	if e.Have == 0 {
		return fmt.Sprintf("%s: this kernel has no Landlock, it is off, or a sandbox around this process hides it (needs Linux %s with lsm=landlock%s)", e.What, e.Need.Linux, otherwise)
	}
	return fmt.Sprintf("%s: needs Landlock ABI %d (Linux %s%s), this kernel has %d", e.What, e.Need.ABI, e.Need.Linux, otherwise, e.Have)
}
